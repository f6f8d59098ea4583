// Why a viewer sees a field, or does not: what is asked, and what of it is there. For the owner who wants to check, and for
// who wonders; it says what clauses.ts decides, and decides nothing.
import type { Clause, Clauses } from "./clauses.ts";
import type { Requirement } from "./requirements.ts";
import type { Viewer } from "./viewer.ts";

export interface Explanation {
  readonly visible: boolean;
  /** All of them have to be met. None: whoever reaches the field sees it. */
  readonly needs: readonly Need[];
}

export interface Need {
  /** Organizations that resolve what it is about. */
  readonly owners: readonly string[];
  readonly met: boolean;
  /** One sentence, in English. */
  readonly because: string;
  /** Any of them is enough, with all that is in it. Empty: no policy is asked for. */
  readonly policies: readonly (readonly NeededPolicy[])[];
  /** The same of scopes, which count for people of the owners. */
  readonly scopes: readonly (readonly string[])[];
}

export interface NeededPolicy {
  readonly policy: string;
  /** null: no organization of the graph owns it. */
  readonly organization: string | null;
  readonly held: Holding | null;
}

/** By a grant to the viewer's role in the group, or as one of the owner's own people. */
export type Holding = "GRANT" | "PEOPLE";

export function explain(requirement: Requirement | null, clauses: Clauses, viewer: Viewer): Explanation {
  const needs = (requirement?.clauses ?? []).map((clause) => explainClause(clause, clauses, viewer));
  return { visible: needs.every(({ met }) => met), needs };
}

function explainClause(clause: Clause, clauses: Clauses, viewer: Viewer): Need {
  const { owners, scopes } = clause;
  const policies = clause.policies.map((all) => all.map((policy) => neededPolicy(policy, clauses, viewer)));
  const met = clauses.isMet(clause, viewer);
  const because = met ? whyMet(clause, policies, viewer) : whyNot(clause, policies, clauses, viewer);
  return { owners, met, because, policies, scopes };
}

function neededPolicy(policy: string, { ownerOf, holds }: Clauses, viewer: Viewer): NeededPolicy {
  const granted = viewer.group?.granted.has(policy) === true;
  return {
    policy,
    organization: ownerOf(policy) ?? null,
    held: granted ? "GRANT" : holds(policy, viewer) ? "PEOPLE" : null,
  };
}

function whyMet(
  { owners, scopes, outsiders }: Clause,
  policies: readonly (readonly NeededPolicy[])[],
  { organization, group }: Viewer,
): string {
  const isOwner = owners.includes(organization);
  const scoped = scopes.length > 0 ? `, and ${organization}'s sign-in gives a scope that it asks for` : "";
  const way = policies.find((all) => all.every(({ held }) => held !== null));
  const granted = way?.filter(({ held }) => held === "GRANT").map(({ policy }) => policy) ?? [];
  if (granted.length > 0) return `${list(granted)} is granted to ${group!.role} in this group${scoped}.`;
  if (isOwner) return `${organization} resolves it, and this is for its own people to see${scoped}.`;
  if (outsiders === "people" && policies.length === 0) return `Its owner shows it to whoever is signed in.`;
  return `${list((way ?? []).map(({ policy }) => policy))} is of ${organization}, whose people hold it.`;
}

function whyNot(
  clause: Clause,
  policies: readonly (readonly NeededPolicy[])[],
  clauses: Clauses,
  viewer: Viewer,
): string {
  const { owners, scopes } = clause;
  const missing = clauses.missing(clause, viewer);
  const owner = owners.join(", ");
  if (missing !== null)
    return viewer.group
      ? `${missing} is not granted to ${viewer.group.role} in this group.`
      : `${missing} is granted to roles in groups, and this is asked in none.`;
  if (scopes.length > 0)
    return owners.includes(viewer.organization)
      ? `It asks for a scope (${scopes.map((all) => all.join(" and ")).join(", or ")}) that ${viewer.organization}'s sign-in has not given.`
      : `It asks for a scope, which only people of ${owner} can have.`;
  return policies.length === 0
    ? `It has no policy, so it is for the people of ${owner} alone; no grant opens it.`
    : `None of its policies is of ${owner}, so that no grant opens it to others.`;
}

function list(names: readonly string[]): string {
  return names.join(" and ");
}
