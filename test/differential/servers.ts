// Who answers: the oracle, which is plain graphql-js over the merged schema, and the subgraphs, each of which sees
// only what it owns.
import {
  buildASTSchema,
  buildSchema,
  execute,
  Kind,
  parse,
  visit,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  type GraphQLTypeResolver,
  type TypeNode,
} from "graphql";
import { computed, isItem, keyOf, requiredOf, valueOf, type Data, type Item } from "./data.ts";
import { fieldOf, keyFields, ownersOf, type FieldModel, type Model, type Selected } from "./model.ts";
import { subgraphSdl } from "./schemas.ts";

/** What one run changes: mutations are counted, so that their order shows. */
export interface Turn {
  mutations: number;
  /** What a subgraph was asked and should not have been. */
  readonly strays: string[];
  /** For whom it is: whether they may see a field of a type. The oracle leaves the others out. */
  readonly sees?: (type: string, field: string) => boolean;
  /** Told of each field that a subgraph is asked for. */
  readonly onField?: (subgraph: string, type: string, field: string) => void;
}

export type Variables = Readonly<Record<string, unknown>>;

export interface Server {
  readonly schema: GraphQLSchema;
  run(document: DocumentNode, variables: Variables, turn: Turn): Promise<ExecutionResult>;
}

/** The answer that there should be. `nullable`: no type is non-null, so that every error shows. */
export function createOracle(model: Model, data: Data, merged: string, nullable = false): Server {
  const document = parse(merged);
  const schema = buildASTSchema(nullable ? withoutNonNull(document) : document, { assumeValidSDL: true });
  const fieldResolver: GraphQLFieldResolver<Item | undefined, Turn> = (source, args, turn, info) => {
    const item = source ?? data.roots.get(info.parentType.name)!;
    if (turn.sees?.(item.type.name, info.fieldName) === false) return null;
    if (item.type.name === "Mutation") return mutate(model, item, info.fieldName, args, turn);
    return valueOf(model, item, fieldOf(item.type, info.fieldName), args);
  };
  const typeResolver: GraphQLTypeResolver<Item, Turn> = (item) => item.type.name;
  return {
    schema,
    run: async (document, variableValues, turn) =>
      execute({ schema, document, variableValues, contextValue: turn, fieldResolver, typeResolver }),
  };
}

/** Output types only: an input stays as it is. */
function withoutNonNull(document: DocumentNode): DocumentNode {
  const bare = (type: TypeNode): TypeNode => {
    if (type.kind === Kind.NON_NULL_TYPE) return bare(type.type);
    return type.kind === Kind.LIST_TYPE ? { ...type, type: bare(type.type) } : type;
  };
  return visit(document, { FieldDefinition: (node) => ({ ...node, type: bare(node.type) }) });
}

/** A result of a mutation says which one in the row it was. */
function mutate(model: Model, root: Item, name: string, args: object, turn: Turn): unknown {
  turn.mutations += 1;
  const done = valueOf(model, root, { ...fieldOf(root.type, name), args: [] }, args);
  if (!isItem(done)) return done;
  return { ...done, values: { ...done.values, seq: turn.mutations } };
}

/** An object in a subgraph's answer, and how it was come by. */
interface Node {
  readonly item: Item;
  /** The type as which it was asked for: of an `@interfaceObject`, not its own. */
  readonly as?: string;
  readonly given?: Readonly<Record<string, unknown>>;
  readonly provided?: readonly Selected[];
}

export function createSubgraph(model: Model, data: Data, subgraph: string): Server {
  const schema = buildSchema(executable(model, subgraph), { assumeValidSDL: true });
  const find = createFinder(model, data, subgraph);
  const fieldResolver: GraphQLFieldResolver<Node | undefined, Turn> = (source, args, turn, info) => {
    if (info.fieldName === "_entities")
      return (args.representations as Variables[]).map((each) => find(each, turn));
    const node = source ?? { item: data.roots.get(info.parentType.name)! };
    turn.onField?.(subgraph, node.item.type.name, info.fieldName);
    const field = fieldOf(node.item.type, info.fieldName);
    const stray = (why: string): Error => {
      turn.strays.push(`${subgraph} was asked for ${info.parentType.name}.${info.fieldName}: ${why}`);
      return new Error("stray");
    };
    return asNodes(resolve(model, subgraph, node, field, args, turn, stray), field.provides.get(subgraph));
  };
  const typeResolver: GraphQLTypeResolver<Node, Turn> = ({ as, item }) => as ?? item.type.name;
  return {
    schema,
    run: async (document, variableValues, turn) =>
      execute({ schema, document, variableValues, contextValue: turn, fieldResolver, typeResolver }),
  };
}

function resolve(
  model: Model,
  subgraph: string,
  { item, given, provided }: Node,
  field: FieldModel,
  args: object,
  turn: Turn,
  stray: (why: string) => Error,
): unknown {
  if (item.type.name === "Mutation") return mutate(model, item, field.name, args, turn);
  const isOwn =
    ownersOf(item.type, field).includes(subgraph) ||
    keyFields(item.type, subgraph).has(field.name) ||
    (field.name === "id" && isInterfaceObject(model, item.type.name, subgraph));
  const inHand = provided?.some(({ name }) => name === field.name) === true;
  if (!isOwn && !inHand)
    throw stray(field.overridden === subgraph ? "it was moved away" : "it does not own it");
  if (!field.requires || inHand) return valueOf(model, item, field, args);
  if (!given) throw stray("it was not given what the field requires");
  try {
    return computed(requiredOf(given, field.requires), args);
  } catch (error) {
    throw stray((error as Error).message);
  }
}

/** Whether a subgraph knows an entity type only as an object that is another's interface. */
function isInterfaceObject(model: Model, type: string, subgraph: string): boolean {
  return [...model.abstracts.values()].some(
    ({ members, keyed }) => keyed?.objectIn === subgraph && members.includes(type),
  );
}

function asNodes(value: unknown, provided: readonly Selected[] | undefined): unknown {
  if (Array.isArray(value)) return value.map((each) => asNodes(each, provided));
  return isItem(value) ? { item: value, ...(provided && { provided }) } : value;
}

function createFinder(
  model: Model,
  data: Data,
  subgraph: string,
): (representation: Variables, turn: Turn) => Node | null {
  const known = new Map<string, { fields: readonly Selected[]; items: Map<string, Item> }[]>();
  const add = (name: string, type: string, fields: readonly Selected[]): void => {
    const items = (data.entities.get(type) ?? []).map((item) => [keyOf(fields, item)!, item] as const);
    known.set(name, [...(known.get(name) ?? []), { fields, items: new Map(items) }]);
  };
  for (const type of model.objects.values())
    for (const { fields, resolvable } of type.keys.get(subgraph) ?? [])
      if (resolvable) add(type.name, type.name, fields);
  for (const { name, members, keyed } of model.abstracts.values())
    if (keyed?.objectIn === subgraph || keyed?.subgraph === subgraph)
      for (const member of members) add(name, member, [{ name: "id" }]);
  return (given, turn) => {
    const name = String(given.__typename);
    const keys = (known.get(name) ?? []).map(({ fields, items }) => ({ key: keyOf(fields, given), items }));
    const whole = keys.filter(({ key }) => key !== undefined);
    if (whole.length === 0)
      turn.strays.push(`${subgraph} cannot find an entity by ${JSON.stringify(given)}: it knows no such key`);
    for (const { key, items } of whole) {
      const item = items.get(key!);
      const isObject = [...model.abstracts.values()].some(
        (each) => each.name === name && each.keyed?.objectIn === subgraph,
      );
      if (item && !item.missingIn.has(subgraph)) return { item, given, ...(isObject && { as: name }) };
    }
    return null;
  };
}

function executable(model: Model, subgraph: string): string {
  const sdl = subgraphSdl(model, subgraph, true);
  const objects = [...model.abstracts.values()].filter(({ keyed }) => keyed?.objectIn === subgraph);
  const entities = [...[...model.objects.values()].filter(({ keys }) => keys.has(subgraph)), ...objects].map(
    ({ name }) => name,
  );
  const hasQuery = /^type Query \{/m.test(sdl);
  // Every subgraph has a query, if it is only for what it says of itself.
  if (entities.length === 0) return hasQuery ? sdl : `${sdl}\ntype Query { _service: String }`;
  const machinery = `scalar _Any\nunion _Entity = ${entities.join(" | ")}\n`;
  const field = "_entities(representations: [_Any!]!): [_Entity]!";
  return `${sdl}\n${machinery}${hasQuery ? "extend " : ""}type Query { ${field} }`;
}

/** The gateway's own subgraph: the planner asks it for the `__typename` of a root. */
export function createGroups(): Server {
  const schema = buildSchema("type Query { me: String }");
  return {
    schema,
    run: async (document, variableValues) => execute({ schema, document, variableValues }),
  };
}

const parsed = new Map<string, DocumentNode>();

/** A subgraph is asked the same again and again. */
export function parseOnce(text: string): DocumentNode {
  let found = parsed.get(text);
  if (!found) {
    if (parsed.size > 5000) parsed.clear();
    parsed.set(text, (found = parse(text)));
  }
  return found;
}
