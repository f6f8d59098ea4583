// What a subgraph of a golden folder answers: generic resolvers over its data file. The format is in README.md.
import { GraphQLError, Kind, parse, type GraphQLFieldResolver, type SelectionSetNode } from "graphql";
import { isDeepStrictEqual } from "node:util";
import { parse as parseYaml } from "yaml";
import { federationNames } from "../../gateway/src/supergraph/links.ts";

type Json = { readonly [key: string]: unknown };
type Arguments = Readonly<Record<string, unknown>>;

/** Lists that `$append` writes and `$read` reads: one set for all subgraphs of a graph. */
export type Lists = Map<string, unknown[]>;

export interface SubgraphData {
  readonly resolvers: Record<string, Record<string, unknown>>;
  readonly fieldResolver: GraphQLFieldResolver<unknown, unknown>;
  /** Set: what the whole subgraph answers, instead of GraphQL. */
  readonly says?: { readonly status: number; readonly body: string };
  /** Set: nothing listens where the subgraph is said to be. */
  readonly away: boolean;
}

export function readData(sdl: string, yaml: string, lists: Lists): SubgraphData {
  const file = (parseYaml(yaml) ?? {}) as {
    readonly entities?: Readonly<Record<string, readonly Json[]>>;
    readonly answers?: { readonly status: number; readonly body: string } | "nothing";
    readonly [type: string]: unknown;
  };
  const { entities = {}, answers } = file;
  const give = giver(entities, lists);
  return {
    resolvers: references(sdl, entities, give),
    fieldResolver(source, args: Arguments, _context, info) {
      const { schema, parentType, fieldName } = info;
      const root =
        parentType === schema.getQueryType()
          ? file.Query
          : parentType === schema.getMutationType()
            ? file.Mutation
            : undefined;
      const parent = (root ?? source ?? {}) as Json;
      return give(parent[fieldName], parent, args);
    },
    ...(typeof answers === "object" && { says: answers }),
    away: answers === "nothing",
  };
}

type Give = (value: unknown, parent: Json, args: Arguments) => unknown;

/** What a value of a data file stands for. */
function giver(entities: Readonly<Record<string, readonly Json[]>>, lists: Lists): Give {
  const give: Give = (value, parent, args) => {
    if (Array.isArray(value)) return value.map((item) => settle(() => give(item, parent, args)));
    if (typeof value === "string") return value.startsWith("=") ? fill(value.slice(1), parent, args) : value;
    if (!isJson(value)) return value;
    if ("$error" in value)
      throw new GraphQLError(
        String(value.$error),
        value.code === undefined ? {} : { extensions: { code: value.code } },
      );
    if ("$entity" in value) return link(value, parent, args);
    if ("$append" in value) return append(value, parent, args);
    if ("$read" in value) return [...(lists.get(String(value.$read)) ?? [])];
    if ("$slow" in value)
      return new Promise((done) => void setTimeout(done, 20)).then(() => give(value.$slow, parent, args));
    return value;
  };
  const link = ({ $entity, ...key }: Json, parent: Json, args: Arguments): Json => {
    const wanted = Object.fromEntries(
      Object.entries(key).map(([name, value]) => [name, give(value, parent, args)]),
    );
    const found = entities[String($entity)]?.find((entity) =>
      Object.entries(wanted).every(([name, value]) => isDeepStrictEqual(entity[name], value)),
    );
    return { __typename: $entity, ...wanted, ...found };
  };
  const append = ({ $append, item, give: given }: Json, parent: Json, args: Arguments): unknown => {
    const list = lists.get(String($append)) ?? [];
    lists.set(String($append), [...list, give(item, parent, args)]);
    return give(given, parent, args);
  };
  const fill = (template: string, parent: Json, args: Arguments): unknown => {
    const whole = /^\{([^{}]*)\}$/.exec(template);
    if (whole) return at(whole[1]!, parent, args);
    return template.replace(/\{([^{}]*)\}/g, (_, path: string) => {
      const value = at(path, parent, args);
      return typeof value === "string" ? value : `${JSON.stringify(value) as string | undefined}`;
    });
  };
  const at = (path: string, parent: Json, args: Arguments): unknown => {
    const [first, ...rest] = path.split(".");
    return first === "args" ? follow(rest, args, args) : follow([first!, ...rest], parent, args);
  };
  const follow = (path: readonly string[], value: unknown, args: Arguments): unknown => {
    const [name, ...rest] = path;
    if (name === undefined) return value;
    if (Array.isArray(value)) return value.map((item) => follow(path, item, args));
    return isJson(value) ? follow(rest, give(value[name], value, args), args) : value;
  };
  return give;
}

/** An item of a list that throws is an error of that item. */
function settle(resolve: () => unknown): unknown {
  try {
    return resolve();
  } catch (error) {
    return error;
  }
}

/** `__resolveReference` for every type with a key: by the first key that the representation holds. */
function references(
  sdl: string,
  entities: Readonly<Record<string, readonly Json[]>>,
  give: Give,
): SubgraphData["resolvers"] {
  const resolve = (type: string, keys: readonly SelectionSetNode[], reference: Json): unknown => {
    const known = entities[type];
    if (!known) return reference;
    const key = keys.find((each) => isComplete(project(reference, each, give)));
    const wanted = key && project(reference, key, give);
    const found = key && known.find((entity) => isDeepStrictEqual(project(entity, key, give), wanted));
    if (!found) return null;
    return "$error" in found ? give(found, found, {}) : { ...reference, ...found };
  };
  return Object.fromEntries(
    [...keysOf(sdl)].map(([type, keys]) => [
      type,
      // A promise, so that one that throws is an error of its own entity and not of all.
      { __resolveReference: async (reference: Json) => resolve(type, keys, reference) },
    ]),
  );
}

function keysOf(sdl: string): Map<string, SelectionSetNode[]> {
  const keys = new Map<string, SelectionSetNode[]>();
  const document = parse(sdl);
  const key = federationNames(document)("key");
  for (const node of document.definitions) {
    if (!("directives" in node) || !("name" in node) || !node.name || !("fields" in node)) continue;
    for (const { name, arguments: given } of node.directives ?? []) {
      const fields = given?.find((each) => each.name.value === "fields")?.value;
      if (name.value !== key || fields?.kind !== Kind.STRING) continue;
      const set = parse(`{${fields.value}}`).definitions[0];
      if (set?.kind === Kind.OPERATION_DEFINITION)
        keys.set(node.name.value, [...(keys.get(node.name.value) ?? []), set.selectionSet]);
    }
  }
  return keys;
}

/** The part of a value that a field set names. */
function project(value: unknown, set: SelectionSetNode, give: Give): unknown {
  if (Array.isArray(value)) return value.map((item) => project(item, set, give));
  if (!isJson(value)) return value;
  return Object.fromEntries(
    set.selections.flatMap((node): [string, unknown][] => {
      if (node.kind === Kind.INLINE_FRAGMENT)
        return Object.entries((project(value, node.selectionSet, give) as Json | undefined) ?? {});
      if (node.kind !== Kind.FIELD) return [];
      const inner = give(value[node.name.value], value, {});
      return [[node.name.value, node.selectionSet ? project(inner, node.selectionSet, give) : inner]];
    }),
  );
}

function isComplete(value: unknown): boolean {
  if (value === undefined) return false;
  if (Array.isArray(value)) return value.every(isComplete);
  return !isJson(value) || Object.values(value).every(isComplete);
}

function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
