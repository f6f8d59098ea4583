// What stands around the open group, for everything that is drawn in it: what roles are called, and whose an action is.
import { createContext, use, useMemo } from "react";
import type { Around, ClosedAction, Role } from "../junto/index.ts";
import { useWords, type Words } from "../words/words.ts";

export const AroundContext: React.Context<Around | null> = createContext<Around | null>(null);

/** What a role is called in the open group; its name, as long as nobody has said. */
export function useRoleTitle(): (role: string) => string {
  const say = useWords();
  const roles = use(AroundContext)?.roles;
  return useMemo(() => roleTitles(roles ?? [], say), [roles, say]);
}

export function roleTitles(roles: readonly Role[], say: Words): (role: string) => string {
  const titles = new Map(roles.map((role) => [role.name, say.nameOf(role)]));
  return (role) => titles.get(role) ?? role;
}

/** Why an action is not for who looks: for whom it is, or who would have to share it. */
export function useWhyClosed(): (action: ClosedAction) => string {
  const say = useWords();
  const around = use(AroundContext);
  return ({ policy, organization }) => {
    const owner = say.nameOf(organization);
    if (policy === null) return say("closed.ownPeople", { organization: owner });
    const granted = around?.grants.filter((grant) => grant.policy === policy).map(({ role }) => role) ?? [];
    const roles = around?.roles.filter(({ name }) => granted.includes(name)) ?? [];
    if (roles.length === 0) return say("closed.nobody", { organization: owner });
    return say("closed.for", { roles: say.list(roles.map((role) => roleOf(role, say))) });
  };
}

/** A role with whose people it is for. */
function roleOf(role: Role, say: Words): string {
  const title = say.nameOf(role);
  return role.organization
    ? say("closed.roleOf", { role: title, organization: say.nameOf(role.organization) })
    : title;
}
