// Why a field is visible in a group, or not: to whoever asks about themselves, and to the administrators of its owners about
// the members of a group that their organization is in.
import type { Need, NeededPolicy } from "../access/explain.ts";
import { JuntoError } from "../errors/index.ts";
import type { GroupsContext } from "./context.ts";
import { found } from "./fields.ts";
import { loaders } from "./loaders.ts";
import { isAdmin, personOf } from "./rules.ts";
import type { GrantRow } from "./store.ts";

interface ExplainArgs {
  readonly field: string;
  readonly groupId?: string | null;
  readonly personId?: string | null;
}

export async function explainAccess(_: unknown, args: ExplainArgs, context: GroupsContext): Promise<unknown> {
  const { field, groupId = null } = args;
  const self = personOf(context);
  const person = args.personId ?? self;
  if (person !== self) await mayAskAbout(groupId, context);
  const { role, visible, needs } = await context.explain({ field, groupId, person });
  if (person !== self && !needs.some(({ owners }) => owners.includes(context.viewer.organization))) forbid();
  const grants = groupId === null ? [] : await context.groups.grants(groupId);
  return {
    field,
    person: found(loaders(context).person.load(person)),
    role,
    visible,
    needs: needs.map((need) => shownNeed(need, (policy) => grantOf(policy, role, grants))),
  };
}

/** @throws JuntoError for whoever does not decide about it */
async function mayAskAbout(groupId: string | null, context: GroupsContext): Promise<void> {
  if (!isAdmin(context)) forbid();
  if (groupId === null)
    throw new JuntoError("BAD_USER_INPUT", "Say in which group: only there do others see what is yours.");
  const organizations = await context.groups.organizations(groupId);
  if (!organizations.includes(context.viewer.organization))
    throw new JuntoError("NOT_FOUND", "There is no such group, or your organization is not in it.");
}

function forbid(): never {
  throw new JuntoError(
    "FORBIDDEN",
    "What somebody else may see is told to administrators of an organization that resolves it.",
  );
}

function shownNeed(
  { owners, policies, ...need }: Need,
  grantFor: (policy: NeededPolicy) => GrantRow | null,
): unknown {
  return {
    ...need,
    owners: owners.map((id) => ({ id })),
    policies: policies.map((all) =>
      all.map((policy) => ({
        ...policy,
        organization: policy.organization === null ? null : { id: policy.organization },
        grant: grantFor(policy),
      })),
    ),
  };
}

function grantOf(
  { policy, held }: NeededPolicy,
  role: string | null,
  grants: readonly GrantRow[],
): GrantRow | null {
  if (held !== "GRANT") return null;
  return grants.find((grant) => grant.policy === policy && grant.role === role) ?? null;
}
