// One of the things that a field asks, and whether a viewer has it: where several organizations meet, whose word counts
// for whom. ADR 7.
import type { Alternatives } from "../supergraph/authorization.ts";
import type { Viewer } from "./viewer.ts";

export interface Clause {
  /** Organizations that resolve what it is about; the first is named in errors. */
  readonly owners: readonly string[];
  readonly scopes: Alternatives;
  readonly policies: Alternatives;
  /**
   * Who of other organizations it lets in, when nothing is asked of them or they hold what is asked: anyone who is
   * signed in, or only who was granted a policy of an owner.
   */
  readonly outsiders: "people" | "granted";
}

export interface PolicyRights {
  holds(policy: string, viewer: Viewer): boolean;
  /** The organization that owns it; undefined: none of the graph. */
  ownerOf(policy: string): string | undefined;
}

export interface Clauses extends PolicyRights {
  isMet(clause: Clause, viewer: Viewer): boolean;
  /** The first policy that a viewer would have to be granted for it; null when no grant helps. */
  missing(clause: Clause, viewer: Viewer): string | null;
}

export function createClauses({ holds, ownerOf }: PolicyRights): Clauses {
  /** Of the alternatives those that can let a viewer in at all: for outsiders, where an owner has a word in it. */
  const ways = ({ owners, policies, outsiders }: Clause, { organization }: Viewer): Alternatives => {
    if (outsiders === "people" || owners.includes(organization)) return policies;
    return policies.filter((all) =>
      all.some((policy) => {
        const owner = ownerOf(policy);
        return owner !== undefined && owners.includes(owner);
      }),
    );
  };

  /** What an organization resolves itself its people see by what it says of its own policies, where it says anything. */
  const byOwnWord = ({ policies }: Clause, viewer: Viewer): boolean => {
    const isOwn = (policy: string): boolean =>
      (ownerOf(policy) ?? viewer.organization) === viewer.organization;
    const own = policies.map((all) => all.filter(isOwn));
    if (own.every((all) => all.length === 0)) return true;
    return own.some((all) => all.length > 0 && all.every((policy) => holds(policy, viewer)));
  };

  /** A person's scopes are the word of their organization's issuer: it counts where that organization is asked. */
  const hasScopes = ({ owners, scopes }: Clause, viewer: Viewer): boolean =>
    scopes.length === 0 ||
    (owners.includes(viewer.organization) &&
      scopes.some((all) => all.every((scope) => viewer.scopes.has(scope))));

  return {
    holds,
    ownerOf,
    isMet(clause, viewer) {
      const isOwner = clause.owners.includes(viewer.organization);
      if (!hasScopes(clause, viewer)) return false;
      if (clause.policies.length === 0) return isOwner || clause.outsiders === "people";
      if (isOwner && byOwnWord(clause, viewer)) return true;
      return ways(clause, viewer).some((all) => all.every((policy) => holds(policy, viewer)));
    },
    missing(clause, viewer) {
      if (!hasScopes(clause, viewer)) return null;
      for (const all of ways(clause, viewer)) {
        const policy = all.find((each) => !holds(each, viewer));
        if (policy !== undefined) return policy;
      }
      return null;
    },
  };
}
