// What the owners ask of whoever wants to see something: @authenticated, @requiresScopes and @policy of the federation
// specification, as composed, by whatever names the supergraph has for them.
// https://specs.apollo.dev/federation/v2.9 ("Authorization")
import { Kind, type ConstDirectiveNode, type DocumentNode } from "graphql";
import { argumentsOf, linksOf } from "./links.ts";

/** ANDs of names, of which one must hold. Empty: nothing is asked. */
export type Alternatives = readonly (readonly string[])[];

/** All of it must hold. */
export interface Asks {
  readonly authenticated: boolean;
  readonly scopes: Alternatives;
  readonly policies: Alternatives;
}

export const NOTHING_ASKED: Asks = { authenticated: false, scopes: [], policies: [] };

/** Reads what stands at one place of the supergraph. */
export type ReadAsks = (directives: readonly ConstDirectiveNode[] | undefined) => Asks;

export function createAsksReader(document: DocumentNode): ReadAsks {
  const links = linksOf(document);
  // A supergraph that does not link what it uses means it by its own name.
  const nameOf = (spec: string): string => links.find((link) => link.spec === spec)?.nameOf(spec) ?? spec;
  const [authenticated, scopes, policy] = [
    nameOf("authenticated"),
    nameOf("requiresScopes"),
    nameOf("policy"),
  ];
  return (directives) => {
    if (!directives?.length) return NOTHING_ASKED;
    return {
      authenticated: argumentsOf(directives, authenticated).length > 0,
      scopes: allOf(argumentsOf(directives, scopes).map((given) => given.scopes as Alternatives)),
      policies: allOf(argumentsOf(directives, policy).map((given) => given.policies as Alternatives)),
    };
  };
}

/** What is asked of the scalars, enums and objects of a graph, by their names. */
export function asksOfTypes(document: DocumentNode, read: ReadAsks): ReadonlyMap<string, Asks> {
  const asks = new Map<string, Asks>();
  for (const node of document.definitions)
    if (
      node.kind === Kind.OBJECT_TYPE_DEFINITION ||
      node.kind === Kind.SCALAR_TYPE_DEFINITION ||
      node.kind === Kind.ENUM_TYPE_DEFINITION
    ) {
      const found = read(node.directives);
      if (asksAnything(found)) asks.set(node.name.value, found);
    }
  return asks;
}

export function asksAnything({ authenticated, scopes, policies }: Asks): boolean {
  return authenticated || scopes.length > 0 || policies.length > 0;
}

/** Both must hold. */
export function both(one: Asks, other: Asks): Asks {
  if (!asksAnything(one)) return other;
  if (!asksAnything(other)) return one;
  return {
    authenticated: one.authenticated || other.authenticated,
    scopes: allOf([one.scopes, other.scopes]),
    policies: allOf([one.policies, other.policies]),
  };
}

/** One alternative of each must hold, as one list of alternatives. */
function allOf(lists: readonly Alternatives[]): Alternatives {
  return lists
    .filter(({ length }) => length > 0)
    .reduce(
      (sum, list) =>
        sum.length === 0 ? list : sum.flatMap((a) => list.map((b) => [...new Set([...a, ...b])])),
      [],
    );
}
