// Reads a supergraph: its API schema, its subgraphs, and what there is to know of each field (fields.ts).
import {
  Kind,
  parse,
  print,
  type DocumentNode,
  type EnumTypeDefinitionNode,
  type GraphQLSchema,
  type ObjectTypeDefinitionNode,
} from "graphql";
import { JuntoError } from "../errors/index.ts";
import { apiSchema } from "./api.ts";
import { GROUPS } from "./compose.ts";
import { readCosts, type Costs } from "./costs.ts";
import { readFields, type Fields } from "./fields.ts";
import { argumentsOf } from "./links.ts";
import { refuseUnsupported } from "./supported.ts";
import { groupsTypeDefs, leavesOf } from "./entities.ts";
import type { EntityKeyFields } from "./entity-keys.ts";

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
  /** Who resolves a field, and what is asked of whoever wants to see it. */
  readonly fields: Fields;
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
  const keys = new Map<string, Map<string, string[]>>();
  const fieldSets = new Map<string, string[]>();
  const own: EntityKeyFields[] = [];
  for (const type of document.definitions) {
    if (type.kind !== Kind.OBJECT_TYPE_DEFINITION && type.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    const typeKeys = new Map<string, string[]>();
    for (const { graph, key } of argumentsOf(type.directives, "join__type")) {
      const subgraph = subgraphs.get(String(graph))!.name;
      if (typeof key !== "string") continue;
      if (!typeKeys.has(subgraph)) typeKeys.set(subgraph, topLevel(key));
      const place = `${subgraph} ${type.name.value}`;
      fieldSets.set(place, [...(fieldSets.get(place) ?? []), key]);
    }
    if (typeKeys.size > 0) keys.set(type.name.value, typeKeys);
    // The stubs that the gateway makes of foreign entities.
    if (typeKeys.has(GROUPS) && typeKeys.size > 1)
      own.push({ type: type.name.value, fields: keyTypes(type, typeKeys.get(GROUPS)!) });
  }
  return {
    sdl,
    schema: apiSchema(document),
    costs: readCosts(document),
    subgraphs: new Map([...subgraphs.values()].map((subgraph) => [subgraph.name, subgraph])),
    fields: readFields(document, (graph) => subgraphs.get(graph)!.name),
    keyOf: (subgraph, entity) => (subgraph === GROUPS ? undefined : keys.get(entity)?.get(subgraph)),
    keysOf: (subgraph, entity) => fieldSets.get(`${subgraph} ${entity}`) ?? [],
    entities: new Map(own.map(({ type, fields }) => [type, Object.keys(fields)])),
    groupsTypeDefs: (text) => groupsTypeDefs(text, { keys: own, leaves: leavesOf([document]) }),
  };
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
