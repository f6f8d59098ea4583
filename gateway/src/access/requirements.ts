// What a field asks of who wants to see it, and whether a viewer has it. Implements @authenticated, @requiresScopes and
// @policy of the federation specification for several organizations, and Junto's rule for what says nothing: closed to
// other organizations. ADR 7.
import { LRUCache } from "lru-cache";
import { GROUPS } from "../supergraph/compose.ts";
import type { FieldFacts } from "../supergraph/fields.ts";
import type { Supergraph } from "../supergraph/load.ts";
import { createClauses, type Clause, type Clauses } from "./clauses.ts";
import type { Viewer } from "./viewer.ts";

/** An organization's policy, and whether its own people hold it or only who is granted it. */
export interface PolicyFacts {
  readonly organization: string;
  readonly held: "people" | "grant";
}

export interface Requirement {
  /** Equal requirements are one object. */
  readonly index: number;
  /** All of them must hold. */
  readonly clauses: readonly Clause[];
}

/** What the token to a subgraph says that a viewer has. */
export interface Held {
  /** Of the subgraph's owner, and of others those that it names itself. */
  readonly policies: readonly string[];
  /** What a token of the owner's own people may be used for; nothing, of anybody else's. */
  readonly scopes: readonly string[];
}

export interface Requirements {
  /** null: whoever reaches the field may see it. */
  of(type: string, field: string): Requirement | null;
  satisfied(requirement: Requirement, viewer: Viewer): boolean;
  readonly clauses: Clauses;
  held(subgraph: string, viewer: Viewer): Held;
  /** Who keeps a field from this viewer, and a policy of which a grant would help; null when none would. */
  closedBy(
    requirement: Requirement,
    viewer: Viewer,
  ): { readonly owner: string; readonly policy: string | null };
}

export function createRequirements(options: {
  readonly supergraph: Pick<Supergraph, "fields">;
  readonly policies: ReadonlyMap<string, PolicyFacts>;
  /** Which organization owns a subgraph. */
  readonly ownerOf: (subgraph: string) => string;
}): Requirements {
  const { policies, ownerOf } = options;
  const { fields } = options.supergraph;
  const byContent = new Map<string, Requirement>();
  const byField = new Map<string, Requirement | null>();
  /** By audience, whose key says all that decides what it holds. */
  const held = new LRUCache<string, Map<string, readonly string[]>>({ max: 5000 });

  const holds = (policy: string, viewer: Viewer): boolean => {
    if (viewer.group?.granted.has(policy)) return true;
    const facts = policies.get(policy);
    return facts !== undefined && facts.held === "people" && facts.organization === viewer.organization;
  };
  const clauses = createClauses({ holds, ownerOf: (policy) => policies.get(policy)?.organization });

  const ownersOf = (subgraphs: readonly string[]): readonly string[] => [
    ...new Set(subgraphs.filter((name) => name !== GROUPS).map(ownerOf)),
  ];

  /** `under`: fields that this one is required for, so that a circle ends. */
  const clausesOf = (type: string, field: string, under: ReadonlySet<string>): readonly Clause[] => {
    const facts = fields.of(type, field);
    const name = `${type}.${field}`;
    if (!facts || under.has(name)) return [];
    const inherited = facts.requires.flatMap(([from, each]) =>
      clausesOf(from, each, new Set([...under, name])),
    );
    return [...ownClauses(facts, ownersOf), ...inherited];
  };

  const find = (type: string, field: string): Requirement | null => {
    const distinct = new Map(clausesOf(type, field, new Set()).map((each) => [JSON.stringify(each), each]));
    if (distinct.size === 0) return null;
    const key = [...distinct.keys()].join("\n");
    let requirement = byContent.get(key);
    if (!requirement)
      byContent.set(key, (requirement = { index: byContent.size, clauses: [...distinct.values()] }));
    return requirement;
  };

  const findHeld = (subgraph: string, viewer: Viewer): readonly string[] => {
    const owner = ownerOf(subgraph);
    const own = [...policies].flatMap(([name, { organization }]) => (organization === owner ? [name] : []));
    const named = new Set([...own, ...fields.policiesAt(subgraph)]);
    return [...named].filter((policy) => holds(policy, viewer));
  };

  return {
    clauses,
    of(type, field) {
      const key = `${type}.${field}`;
      let found = byField.get(key);
      if (found === undefined) byField.set(key, (found = find(type, field)));
      return found;
    },
    satisfied: (requirement, viewer) => requirement.clauses.every((clause) => clauses.isMet(clause, viewer)),
    held(subgraph, viewer) {
      let bySubgraph = held.get(viewer.audience);
      if (!bySubgraph) held.set(viewer.audience, (bySubgraph = new Map()));
      let found = bySubgraph.get(subgraph);
      if (!found) bySubgraph.set(subgraph, (found = findHeld(subgraph, viewer)));
      // What an issuer says of its people is no matter of anybody else's.
      const isOwn = ownerOf(subgraph) === viewer.organization;
      return { policies: found, scopes: isOwn ? (viewer.person?.scopes ?? [...viewer.scopes]) : [] };
    },
    closedBy(requirement, viewer) {
      const unmet = requirement.clauses.filter((clause) => !clauses.isMet(clause, viewer));
      const missing = unmet.map((clause) => clauses.missing(clause, viewer));
      const policy = missing.includes(null) ? null : (missing[0] ?? null);
      return { owner: unmet[0]?.owners[0] ?? "junto", policy };
    },
  };
}

/** What is asked at a field itself, without what it is computed from. */
function ownClauses(
  facts: FieldFacts,
  ownersOf: (subgraphs: readonly string[]) => readonly string[],
): Clause[] {
  const { subgraphs, guarded, asks, authenticatedBy, besides } = facts;
  const owners = ownersOf(subgraphs);
  const { policies, scopes, authenticated } = asks;
  // The gateway's own, of which its resolvers say who may see it.
  const isGateways = subgraphs.length > 0 && owners.length === 0;
  const asksThis = policies.length > 0 || scopes.length > 0;
  // One that stands on a type may be the word of another organization that defines the type too.
  const isOpen = authenticated && ownersOf(authenticatedBy).every((each) => owners.includes(each));
  const own: Clause = { owners, policies, scopes, outsiders: isOpen ? "people" : "granted" };
  const isClosed = asksThis || ((guarded || authenticated) && !isOpen && !isGateways);
  return [
    ...(isClosed ? [own] : []),
    ...besides.flatMap((beside) => besideClause(beside, owners, ownersOf(beside.subgraphs))),
  ];
}

/** What is asked of a type closes the fields at which it stands. It opens none: it may be another organization's word. */
function besideClause(
  { kind, asks: { policies, scopes } }: FieldFacts["besides"][number],
  owners: readonly string[],
  ofType: readonly string[],
): Clause[] {
  const scoped: Clause = { owners, policies: [], scopes, outsiders: "people" };
  const of: Clause = {
    owners: kind === "object" ? ofType : owners,
    policies,
    scopes: [],
    outsiders: "people",
  };
  return [...(scopes.length > 0 ? [scoped] : []), ...(policies.length > 0 ? [of] : [])];
}
