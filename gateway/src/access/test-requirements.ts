// For tests of requirements: two organizations with policies, fields of which only that is said which matters, viewers.
import { NOTHING_ASKED, type Asks } from "../supergraph/authorization.ts";
import type { FieldFacts } from "../supergraph/fields.ts";
import { createRequirements, type PolicyFacts, type Requirements } from "./requirements.ts";
import { personViewer, type Viewer } from "./viewer.ts";

const POLICIES = new Map<string, PolicyFacts>([
  ["mall.price", { organization: "mall", held: "people" }],
  ["mall.sales", { organization: "mall", held: "people" }],
  ["mall.approve", { organization: "mall", held: "grant" }],
  ["brand.catalog", { organization: "brand", held: "people" }],
  ["brand.place", { organization: "brand", held: "grant" }],
]);

export type Facts = Partial<Omit<FieldFacts, "asks">> & Partial<Asks>;

export function requirements(
  fields: Record<string, Facts>,
  policiesAt: readonly string[] = [],
): Requirements {
  const factsOf = ({ authenticated, scopes, policies, ...facts }: Facts): FieldFacts => {
    const subgraphs = facts.subgraphs ?? ["mall"];
    const asks = { ...NOTHING_ASKED, ...clean({ authenticated, scopes, policies }) };
    return {
      guarded: true,
      authenticatedBy: subgraphs,
      besides: [],
      requires: [],
      ...facts,
      subgraphs,
      asks,
    };
  };
  const of = (type: string, field: string): FieldFacts | undefined => {
    const facts = fields[`${type}.${field}`];
    return facts && factsOf(facts);
  };
  return createRequirements({
    supergraph: { fields: { of, policiesAt: () => new Set(policiesAt), scopes: SCOPES } },
    policies: POLICIES,
    ownerOf: (subgraph) => subgraph.replace(/-\d$/, ""),
  });
}

function clean(given: { readonly [Key in keyof Asks]: Asks[Key] | undefined }): Partial<Asks> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

const SCOPES: ReadonlySet<string> = new Set(["read", "write", "audit"]);

export function viewer(
  organization: string,
  granted?: readonly string[],
  scopes: readonly string[] = [],
): Viewer {
  const group = granted && { id: "g", role: "guide", subjects: [], granted: new Set(granted) };
  const person = { id: `${organization}:x`, organization, name: "x", roles: [], scopes, expiresAt: 0 };
  return personViewer(person, group ?? null, SCOPES);
}

export const MALL: Viewer = viewer("mall");
export const BRAND: Viewer = viewer("brand");
export const PLAZA: Viewer = viewer("plaza");
export const as = (organization: string, ...granted: string[]): Viewer => viewer(organization, granted);
export const having = (organization: string, ...scopes: string[]): Viewer =>
  viewer(organization, ALL, scopes);
export const ALL: readonly string[] = [...POLICIES.keys()];
