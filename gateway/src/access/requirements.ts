// What a field asks of who wants to see it, and whether a viewer has it. Implements @policy of the federation
// specification (an AND of ORs), and Junto's rule for what has no policy: closed to other organizations.
import { LRUCache } from "lru-cache";
import type { Policies, Supergraph } from "../supergraph/load.ts";
import { GROUPS } from "../supergraph/compose.ts";
import type { Viewer } from "./viewer.ts";

/** An organization's policy, and whether its own people hold it or only who is granted it. */
export interface PolicyFacts {
  readonly organization: string;
  readonly held: "people" | "grant";
}

export interface Requirement {
  /** Equal requirements are one object. */
  readonly index: number;
  /** Organizations that resolve the field; the first is named in errors. */
  readonly owners: readonly string[];
  readonly policies: Policies;
}

export interface Requirements {
  /** null: whoever reaches the field may see it. */
  of(type: string, field: string): Requirement | null;
  satisfied(requirement: Requirement, viewer: Viewer): boolean;
  /** The policies of one organization that a viewer holds: what the token to its subgraphs says. */
  policiesHeld(organization: string, viewer: Viewer): readonly string[];
  /** A policy of which a grant would open the field to this viewer; null when none would. */
  wouldOpen(requirement: Requirement, viewer: Viewer): string | null;
}

export function createRequirements(options: {
  readonly supergraph: Supergraph;
  readonly policies: ReadonlyMap<string, PolicyFacts>;
  /** Which organization owns a subgraph. */
  readonly ownerOf: (subgraph: string) => string;
}): Requirements {
  const { supergraph, policies, ownerOf } = options;
  const byContent = new Map<string, Requirement>();
  const byField = new Map<string, Requirement | null>();
  const namesOf = new Map<string, string[]>();
  /** By audience, whose key says all that decides which policies it holds. */
  const held = new LRUCache<string, Map<string, readonly string[]>>({ max: 5000 });
  for (const [name, { organization }] of policies)
    namesOf.set(organization, [...(namesOf.get(organization) ?? []), name]);

  const holds = (policy: string, viewer: Viewer): boolean => {
    if (viewer.group?.granted.has(policy)) return true;
    const facts = policies.get(policy);
    return facts !== undefined && facts.held === "people" && facts.organization === viewer.organization;
  };

  const find = (type: string, field: string): Requirement | null => {
    const facts = supergraph.field(type, field);
    if (!facts || !facts.guarded) return null;
    const foreign = facts.subgraphs.filter((name) => name !== GROUPS);
    if (foreign.length === 0 && facts.policies.length === 0) return null; // the gateway's own: its resolvers check
    const owners = [...new Set(foreign.map(ownerOf))];
    const key = JSON.stringify([owners, facts.policies]);
    let requirement = byContent.get(key);
    if (!requirement)
      byContent.set(key, (requirement = { index: byContent.size, owners, policies: facts.policies }));
    return requirement;
  };

  return {
    of(type, field) {
      const key = `${type}.${field}`;
      let found = byField.get(key);
      if (found === undefined) byField.set(key, (found = find(type, field)));
      return found;
    },
    satisfied({ owners, policies: anyOf }, viewer) {
      const isOwn = (policy: string): boolean =>
        (policies.get(policy)?.organization ?? viewer.organization) === viewer.organization;
      // What an organization resolves itself its people see by its own word alone: by what it says of its own
      // policies where it says anything, else without.
      if (owners.includes(viewer.organization)) {
        const own = anyOf.map((all) => all.filter(isOwn));
        if (own.every((all) => all.length === 0)) return true;
        if (own.some((all) => all.length > 0 && all.every((policy) => holds(policy, viewer)))) return true;
      }
      return anyOf.some((all) => all.every((policy) => holds(policy, viewer)));
    },
    policiesHeld(organization, viewer) {
      let byOrganization = held.get(viewer.audience);
      if (!byOrganization) held.set(viewer.audience, (byOrganization = new Map()));
      let names = byOrganization.get(organization);
      if (!names)
        byOrganization.set(
          organization,
          (names = (namesOf.get(organization) ?? []).filter((policy) => holds(policy, viewer))),
        );
      return names;
    },
    wouldOpen(requirement, viewer) {
      for (const all of requirement.policies) {
        const missing = all.filter((policy) => !holds(policy, viewer));
        if (missing.length > 0) return missing[0]!;
      }
      return null;
    },
  };
}
