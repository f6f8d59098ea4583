// Reads a supergraph: its API schema, its subgraphs, and for each field who resolves it and under which policies.
import {
  Kind,
  parse,
  print,
  type ConstDirectiveNode,
  type DocumentNode,
  type EnumTypeDefinitionNode,
  type GraphQLSchema,
  type ObjectTypeDefinitionNode,
} from "graphql";
import { JuntoError } from "../errors/index.ts";
import { apiSchema } from "./api.ts";
import { GROUPS } from "./compose.ts";
import { readCosts, type Costs } from "./costs.ts";
import { argumentsOf } from "./links.ts";
import { refuseUnsupported } from "./supported.ts";
import { groupsTypeDefs, leavesOf } from "./entities.ts";
import type { EntityKeyFields } from "./entity-keys.ts";

/** ANDs of policies, of which one must hold. Empty: no policy. */
export type Policies = readonly (readonly string[])[];

/** What the owners said of one field. */
export interface FieldFacts {
  /** Names of the subgraphs that resolve it. */
  readonly subgraphs: readonly string[];
  readonly policies: Policies;
  /** It is reached through an entity or a root type, so that it has a requirement of its own. */
  readonly guarded: boolean;
}

export interface SupergraphSubgraph {
  readonly name: string;
  /** As composed; the operator may name another address. Empty for the gateway's own. */
  readonly url: string;
}

export interface Supergraph {
  readonly sdl: string;
  readonly schema: GraphQLSchema;
  /** What the owners say that things cost. */
  readonly costs: Costs;
  readonly subgraphs: ReadonlyMap<string, SupergraphSubgraph>;
  /** Facts of `Type.field`, or undefined for what the gateway adds (introspection). */
  field(type: string, field: string): FieldFacts | undefined;
  /** Key fields by which a subgraph other than the gateway's own resolves an entity; undefined when it does not. */
  keyOf(subgraph: string, entity: string): readonly string[] | undefined;
  /** All its keys there, as field sets: `id org { code }`. */
  keysOf(subgraph: string, entity: string): readonly string[];
  /** Entity types, with the key by which a card names them. */
  readonly entities: ReadonlyMap<string, readonly string[]>;
  /** schema/groups.graphql ▸ the whole schema of the gateway's own subgraph, as it was composed. */
  groupsTypeDefs(own: string): string;
}

/** @throws JuntoError CONFIGURATION when the text is not a supergraph that this gateway can serve. */
export function loadSupergraph(sdl: string): Supergraph {
  const document = parseSupergraph(sdl);
  refuseUnsupported(document);
  const subgraphs = readSubgraphs(document);
  const names = (graphs: readonly unknown[]) => graphs.map((graph) => subgraphs.get(String(graph))!.name);
  const facts = new Map<string, FieldFacts>();
  const keys = new Map<string, Map<string, string[]>>();
  const fieldSets = new Map<string, string[]>();
  const own: EntityKeyFields[] = [];

  for (const type of document.definitions) {
    if (type.kind !== Kind.OBJECT_TYPE_DEFINITION && type.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    const joins = argumentsOf(type.directives, "join__type");
    const typeKeys = new Map<string, string[]>();
    for (const { graph, key } of joins) {
      const subgraph = subgraphs.get(String(graph))!.name;
      if (typeof key !== "string") continue;
      if (!typeKeys.has(subgraph)) typeKeys.set(subgraph, topLevel(key));
      const place = `${subgraph} ${type.name.value}`;
      fieldSets.set(place, [...(fieldSets.get(place) ?? []), key]);
    }
    if (typeKeys.size > 0) keys.set(type.name.value, typeKeys);
    if (isStub(typeKeys)) own.push({ type: type.name.value, fields: keyTypes(type, typeKeys.get(GROUPS)!) });
    const guarded = typeKeys.size > 0 || ROOTS.has(type.name.value);
    const typePolicies = policiesOf(type.directives);
    const typeGraphs = joins.map((join) => join.graph);
    for (const field of type.fields ?? []) {
      const placed = argumentsOf(field.directives, "join__field").filter((join) => join.graph !== undefined);
      const graphs =
        placed.length === 0
          ? typeGraphs
          : placed.filter((join) => join.external !== true).map((join) => join.graph);
      const policies = both(typePolicies, policiesOf(field.directives));
      const resolving = names(graphs);
      // The stubs that the gateway makes of foreign entities own nothing.
      const subgraphs = isStub(typeKeys) ? resolving.filter((name) => name !== GROUPS) : resolving;
      facts.set(`${type.name.value}.${field.name.value}`, {
        subgraphs,
        policies,
        guarded: guarded || policies.length > 0,
      });
    }
  }
  return {
    sdl,
    schema: apiSchema(document),
    costs: readCosts(document),
    subgraphs: new Map([...subgraphs.values()].map((subgraph) => [subgraph.name, subgraph])),
    field: (type, field) => facts.get(`${type}.${field}`),
    keyOf: (subgraph, entity) => (subgraph === GROUPS ? undefined : keys.get(entity)?.get(subgraph)),
    keysOf: (subgraph, entity) => fieldSets.get(`${subgraph} ${entity}`) ?? [],
    entities: new Map(own.map(({ type, fields }) => [type, Object.keys(fields)])),
    groupsTypeDefs: (text) => groupsTypeDefs(text, { keys: own, leaves: leavesOf([document]) }),
  };
}

const ROOTS: ReadonlySet<string> = new Set(["Query", "Mutation", "Subscription"]);

function isStub(keys: ReadonlyMap<string, unknown>): boolean {
  return keys.has(GROUPS) && keys.size > 1;
}

function parseSupergraph(sdl: string): DocumentNode {
  try {
    return parse(sdl, { noLocation: true });
  } catch (cause) {
    throw new JuntoError(
      "CONFIGURATION",
      `The supergraph is not valid GraphQL: ${(cause as Error).message}`,
      { cause },
    );
  }
}

function readSubgraphs(document: DocumentNode): Map<string, SupergraphSubgraph> {
  const graphs = document.definitions.find(
    (node): node is EnumTypeDefinitionNode =>
      node.kind === Kind.ENUM_TYPE_DEFINITION && node.name.value === "join__Graph",
  );
  if (!graphs)
    throw new JuntoError(
      "CONFIGURATION",
      "This is not a supergraph: it has no enum join__Graph. Run `junto compose`.",
    );
  return new Map(
    (graphs.values ?? []).map((value) => {
      const graph = argumentsOf(value.directives, "join__graph")[0];
      return [value.name.value, { name: graph?.name as string, url: graph?.url as string }];
    }),
  );
}

function policiesOf(directives: readonly ConstDirectiveNode[] | undefined): Policies {
  return argumentsOf(directives, "policy").reduce<Policies>(
    (sum, { policies }) => both(sum, policies as Policies),
    [],
  );
}

/** One of `a` and one of `b` must hold. */
function both(a: Policies, b: Policies): Policies {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  return a.flatMap((left) => b.map((right) => [...new Set([...left, ...right])]));
}

/** Names of the fields at the top of a field set: `id org { code }` ▸ `id`, `org`. */
function topLevel(fieldSet: string): string[] {
  const parsed = parse(`{${fieldSet}}`, { noLocation: true }).definitions[0];
  if (parsed?.kind !== Kind.OPERATION_DEFINITION) return [];
  return parsed.selectionSet.selections.flatMap((node) =>
    node.kind === Kind.FIELD ? [node.name.value] : [],
  );
}

function keyTypes(
  type: Pick<ObjectTypeDefinitionNode, "fields">,
  names: readonly string[],
): Record<string, string> {
  return Object.fromEntries(
    (type.fields ?? [])
      .filter((field) => names.includes(field.name.value))
      .map((field) => [field.name.value, print(field.type)]),
  );
}
