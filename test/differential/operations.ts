// Random operations over a schema: nested selections, aliases that collide, fragments on what is abstract and what is
// not, conditions, arguments by literal and by variable.
import {
  getNamedType,
  getNullableType,
  GraphQLList,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isNonNullType,
  isRequiredArgument,
  isRequiredInputField,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLSchema,
} from "graphql";
import type { Random } from "./random.ts";

export interface RandomOperation {
  readonly text: string;
  readonly variables: Record<string, unknown>;
}

interface Writing {
  readonly schema: GraphQLSchema;
  readonly random: Random;
  readonly definitions: string[];
  readonly variables: Record<string, unknown>;
  readonly fragments: string[];
  /** Fields that may still be written. */
  budget: number;
  count: number;
  /** How often things are conditional in this operation: often or never, since a condition makes another plan. */
  readonly conditional: number;
}

export function randomOperation(schema: GraphQLSchema, random: Random): RandomOperation {
  const mutates = schema.getMutationType() != null && random.chance(0.1);
  const root = mutates ? schema.getMutationType()! : schema.getQueryType()!;
  const writing: Writing = {
    schema,
    random,
    definitions: [],
    variables: {},
    fragments: [],
    budget: random.pick([6, 12, 12, 24, 40]),
    count: 0,
    conditional: random.chance(0.4) ? 0.12 : 0,
  };
  const body = selection(writing, root, random.between(2, 5));
  const head = writing.definitions.length > 0 ? ` Q(${writing.definitions.join(", ")})` : "";
  const text = [`${mutates ? "mutation" : "query"}${head} ${body}`, ...writing.fragments].join("\n");
  return { text, variables: writing.variables };
}

function selection(writing: Writing, type: GraphQLCompositeType, depth: number): string {
  const { random, schema } = writing;
  const parts: string[] = [];
  const taken = new Map<string, string>();
  const fields = ("getFields" in type ? Object.values(type.getFields()) : []).filter(isTestField);
  const often = fields.filter((field) => depth > 1 || !isCompositeType(getNamedType(field.type)));
  for (let n = random.between(1, 4); n > 0 && often.length > 0 && writing.budget > 0; n--)
    parts.push(field(writing, type, random.pick(often), depth, taken));
  if (isAbstractType(type)) {
    for (const member of random.some(schema.getPossibleTypes(type), 0.6))
      parts.push(fragment(writing, member, depth));
    if (random.chance(0.25)) parts.push(fragment(writing, random.pick(overlapping(schema, type)), depth));
  } else if (random.chance(0.08)) {
    parts.push(fragment(writing, random.pick([type, ...overlapping(schema, type)]), depth));
  }
  if (parts.length === 0 || random.chance(0.15))
    parts.push(random.chance(0.3) ? `kind: __typename` : "__typename");
  if (random.chance(0.05)) parts.push(parts[0]!);
  return `{ ${parts.filter(Boolean).join(" ")} }`;
}

/** What the gateway adds of its own is no part of the test. */
function isTestField({ name }: GraphQLField<unknown, unknown>): boolean {
  return name !== "me" && name !== "entity";
}

/** Interfaces that some type of this one may be. */
function overlapping(schema: GraphQLSchema, type: GraphQLCompositeType): GraphQLCompositeType[] {
  const types = isAbstractType(type) ? schema.getPossibleTypes(type) : [type];
  const all = types.flatMap((each) => ("getInterfaces" in each ? each.getInterfaces() : []));
  return all.length > 0 ? all : [type];
}

function fragment(writing: Writing, type: GraphQLCompositeType, depth: number): string {
  const { random } = writing;
  const condition = conditions(writing);
  if (random.chance(0.2)) {
    const name = `F${writing.fragments.length}_${writing.count++}`;
    const body = selection(writing, type, depth);
    writing.fragments.push(`fragment ${name} on ${type.name} ${body}`);
    return `...${name}${condition}`;
  }
  return `... on ${type.name}${condition} ${selection(writing, type, depth)}`;
}

function field(
  writing: Writing,
  parent: GraphQLCompositeType,
  chosen: GraphQLField<unknown, unknown>,
  depth: number,
  taken: Map<string, string>,
): string {
  const { random } = writing;
  writing.budget -= 1;
  const args = chosen.args.flatMap((arg) => {
    if (!isRequiredArgument(arg) && random.chance(0.5)) return [];
    return `${arg.name}: ${input(writing, arg.type, 0, arg.defaultValue !== undefined)}`;
  });
  const call = `${chosen.name}${args.length > 0 ? `(${args.join(", ")})` : ""}`;
  let key = random.chance(0.25) ? alias(writing, parent) : chosen.name;
  if (taken.has(key) && taken.get(key) !== call) key = `x${writing.count++}`;
  const named = getNamedType(chosen.type);
  const condition = conditions(writing);
  taken.set(key, call);
  const below = isCompositeType(named) ? ` ${selection(writing, named, depth - 1)}` : "";
  return `${key === chosen.name ? "" : `${key}: `}${call}${condition}${below}`;
}

/** A name of another field of the type, of a key, or a new one. */
function alias(writing: Writing, parent: GraphQLCompositeType): string {
  const { random } = writing;
  const names = "getFields" in parent ? Object.keys(parent.getFields()) : [];
  return random.pick([...names, "id", "code", "ref", "a", "b", `y${writing.count++}`]);
}

function conditions(writing: Writing): string {
  const { random } = writing;
  return ["skip", "include"]
    .filter(() => random.chance(writing.conditional))
    .map((name) => {
      const value = random.chance(0.25) ? String(random.chance(0.5)) : booleanVariable(writing);
      return ` @${name}(if: ${value})`;
    })
    .join("");
}

function booleanVariable(writing: Writing): string {
  const { random, definitions, variables } = writing;
  const name = `if${random.below(3)}`;
  if (!definitions.some((each) => each.startsWith(`$${name}:`))) {
    const initial = random.chance(0.4);
    definitions.push(`$${name}: ${initial ? `Boolean = ${random.chance(0.5)}` : "Boolean!"}`);
    if (!initial || random.chance(0.5)) variables[name] = random.chance(0.5);
  }
  return `$${name}`;
}

/** A value as it is written in an operation. */
function input(writing: Writing, type: GraphQLInputType, depth: number, hasDefault = false): string {
  const { random, definitions, variables } = writing;
  if (random.chance(depth === 0 ? 0.4 : 0.15)) {
    const name = `v${writing.count++}`;
    const kind = random.below(4);
    // A nullable variable may stand where a default takes its place.
    const declared = isNonNullType(type) && hasDefault && kind === 0 ? type.ofType : type;
    if (kind === 1 && !isNonNullType(type))
      definitions.push(`$${name}: ${String(declared)} = ${literal(writing, type, depth)}`);
    else definitions.push(`$${name}: ${String(declared)}`);
    if (isNonNullType(declared) || random.chance(0.6)) variables[name] = json(writing, declared, depth);
    return `$${name}`;
  }
  return literal(writing, type, depth, (inner) => input(writing, inner, depth + 1));
}

function literal(
  writing: Writing,
  type: GraphQLInputType,
  depth: number,
  inner: (type: GraphQLInputType) => string = (each) => literal(writing, each, depth + 1),
): string {
  const { random } = writing;
  if (!isNonNullType(type) && random.chance(0.1)) return "null";
  const bare = getNullableType(type);
  if (bare instanceof GraphQLList) {
    if (random.chance(0.2) && isNonNullType(bare.ofType)) return literal(writing, bare.ofType, depth + 1);
    return `[${Array.from({ length: random.below(3) }, () => inner(bare.ofType)).join(", ")}]`;
  }
  if (isInputObjectType(bare)) {
    const fields = Object.values(bare.getFields()).filter(
      (each) => isRequiredInputField(each) || (depth < 2 && random.chance(0.5)),
    );
    return `{${fields.map((each) => `${each.name}: ${each.defaultValue === undefined ? inner(each.type) : literal(writing, each.type, depth + 1)}`).join(", ")}}`;
  }
  if (isEnumType(bare)) return random.pick(bare.getValues()).name;
  if (bare.name === "Json") return random.pick(['{ a: [1, "x"], b: null }', "7", "[]", '"s"', "{ e: UP }"]);
  return JSON.stringify(leaf(writing, bare.name));
}

function json(writing: Writing, type: GraphQLInputType, depth: number): unknown {
  const { random } = writing;
  if (!isNonNullType(type) && random.chance(0.15)) return null;
  const bare = getNullableType(type);
  if (bare instanceof GraphQLList) {
    if (random.chance(0.15) && isNonNullType(bare.ofType)) return json(writing, bare.ofType, depth + 1);
    return Array.from({ length: random.below(3) }, () => json(writing, bare.ofType, depth + 1));
  }
  if (isInputObjectType(bare)) {
    const fields = Object.values(bare.getFields()).filter(
      (each) => isRequiredInputField(each) || (depth < 2 && random.chance(0.5)),
    );
    return Object.fromEntries(fields.map((each) => [each.name, json(writing, each.type, depth + 1)]));
  }
  if (isEnumType(bare)) return random.pick(bare.getValues()).name;
  if (bare.name === "Json")
    return random.pick<unknown>([{ a: [1, { b: null }] }, 7, [], "s", { __typename: "X" }]);
  return leaf(writing, bare.name);
}

function leaf({ random }: Writing, name: string): unknown {
  switch (name) {
    case "Int":
      return random.pick([0, 1, 2, 3, -1]);
    case "Float":
      return random.pick([0, 1.5]);
    case "Boolean":
      return random.chance(0.5);
    case "ID":
      return random.pick<unknown>(["1", 2, "x"]);
    default:
      return random.pick(["", "cm", 'q"', "née", "$x"]);
  }
}
