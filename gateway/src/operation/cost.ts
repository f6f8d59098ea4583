// What an operation may cost: an upper bound of the objects that it asks for, weighted as their owners say.
// Implements the static query cost of the Cost Directives specification, with the client's variables.
// https://ibm.github.io/graphql-specs/cost-spec.html
//
// Worked out once for an operation. What depends on variables (sizes of lists, input, @skip and @include) stays a
// function; everything else is a number.
import {
  getNamedType,
  getNullableType,
  isAbstractType,
  isCompositeType,
  isInputObjectType,
  isListType,
  Kind,
  OperationTypeNode,
  valueFromASTUntyped,
  type DirectiveNode,
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedInputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
} from "graphql";
import { JuntoError } from "../errors/index.ts";
import type { Costs, ListSize } from "../supergraph/costs.ts";
import type { Variables } from "./variables.ts";

export type Cost = number | ((variables: Variables) => number);

export interface CostModel {
  readonly schema: GraphQLSchema;
  readonly costs: Costs;
  /** Items of a list of whose size nobody says anything. */
  readonly listSize: number;
}

/** What a mutation costs before anything of it is counted. */
const MUTATION = 10;

/** @throws JuntoError BAD_REQUEST when a list is asked without the argument that says how much of it */
export function compileCost(model: CostModel, definition: OperationDefinitionNode): Cost {
  const root = model.schema.getRootType(definition.operation)!;
  const base =
    model.costs.type(root.name) ?? (definition.operation === OperationTypeNode.MUTATION ? MUTATION : 0);
  return plus(bounded(base), ofSelections(model, definition.selectionSet, root, NO_SIZES));
}

/** @throws JuntoError BAD_REQUEST */
export function costWith(cost: Cost, variables: Variables): number {
  return typeof cost === "number" ? cost : cost(variables);
}

type Sizes = ReadonlyMap<string, Cost>;
const NO_SIZES: Sizes = new Map();

function ofSelections(
  model: CostModel,
  set: SelectionSetNode,
  parent: GraphQLCompositeType,
  sizes: Sizes,
): Cost {
  let sum: Cost = 0;
  for (const node of set.selections) {
    if (node.kind === Kind.FRAGMENT_SPREAD) continue; // an operation has none left
    const type =
      node.kind === Kind.INLINE_FRAGMENT && node.typeCondition
        ? (model.schema.getType(node.typeCondition.name.value) as GraphQLCompositeType)
        : parent;
    const cost =
      node.kind === Kind.FIELD
        ? ofField(model, node, parent, sizes)
        : ofSelections(model, node.selectionSet, type, sizes);
    sum = plus(sum, onlyIf(node.directives, cost));
  }
  return sum;
}

function ofField(model: CostModel, node: FieldNode, parent: GraphQLCompositeType, sizes: Sizes): Cost {
  const name = node.name.value;
  const field = "getFields" in parent ? parent.getFields()[name] : undefined;
  if (!field) return 0; // __typename, and introspection, which the gateway answers itself
  const { schema, costs } = model;
  const types = isAbstractType(parent) ? [parent, ...schema.getPossibleTypes(parent)] : [parent];
  // Of an interface any of its types may come: the dearest counts.
  const said = types.flatMap((type) => costs.field(type.name, name) ?? []);
  const weights = said.flatMap(({ weight }) => weight ?? []);
  const type = getNamedType(field.type);
  const weight = weights.length > 0 ? Math.max(...weights) : weightOfType(model, type.name);
  const expected = said.flatMap(({ listSize }) =>
    listSize ? [{ listSize, size: sizeSaid(model, node, field, listSize) }] : [],
  );
  const below = new Map<string, Cost>();
  let own: Cost | undefined = sizes.get(name);
  for (const { listSize, size } of expected) {
    if (listSize.sizedFields.length === 0) own = own === undefined ? size : most(own, size);
    for (const sized of listSize.sizedFields) below.set(sized, most(below.get(sized) ?? 0, size));
  }
  const count = isListType(getNullableType(field.type)) ? (own ?? model.listSize) : 1;
  const inner =
    node.selectionSet && isCompositeType(type) ? ofSelections(model, node.selectionSet, type, below) : 0;
  const input = (node.arguments ?? []).reduce<Cost>((sum, argument) => {
    const definition = field.args.find((each) => each.name === argument.name.value)!;
    const weight = Math.max(...said.map((each) => each.arguments.get(definition.name) ?? -Infinity));
    const own = Number.isFinite(weight) ? weight : undefined;
    return plus(sum, ofInput(model, argument.value, definition.type, own));
  }, 0);
  return plus(times(count, plus(weight, inner)), input);
}

function weightOfType({ schema, costs }: CostModel, name: string): number {
  const type = schema.getType(name);
  const names = isAbstractType(type) ? schema.getPossibleTypes(type).map((each) => each.name) : [name];
  const byDefault = type && (isCompositeType(type) || isInputObjectType(type)) ? 1 : 0;
  return Math.max(...names.map((each) => costs.type(each) ?? byDefault));
}

/** How many items a field says that it returns, or its fields do. */
function sizeSaid(
  { listSize: otherwise }: CostModel,
  node: FieldNode,
  field: GraphQLField<unknown, unknown>,
  { assumedSize, slicingArguments, requireOneSlicingArgument }: ListSize,
): Cost {
  if (slicingArguments.length === 0) return bounded(assumedSize ?? otherwise);
  const readers = slicingArguments.map((name) => argumentReader(node, field, name));
  const size = (variables: Variables): number => {
    const given = readers
      .map((read) => read(variables))
      .filter((value) => value !== undefined && value !== null);
    if (requireOneSlicingArgument && given.length !== 1)
      throw new JuntoError(
        "BAD_REQUEST",
        `"${field.name}" must be asked with ${slicingArguments.length === 1 ? "" : "one of "}${slicingArguments.join(", ")}, so that it is known how much is asked; ${given.length} are given.`,
      );
    const sizes = given.map(Number).filter((each) => !Number.isNaN(each));
    return bounded(sizes.length > 0 ? Math.max(...sizes) : (assumedSize ?? otherwise));
  };
  return (node.arguments ?? []).some(({ value }) => mentionsVariable(value)) ? size : size({});
}

/** Reads an argument; the schema's default counts as given. */
function argumentReader(
  node: FieldNode,
  field: GraphQLField<unknown, unknown>,
  name: string,
): (variables: Variables) => unknown {
  const byDefault: unknown = field.args.find((argument) => argument.name === name)?.defaultValue;
  const given = node.arguments?.find((argument) => argument.name.value === name)?.value;
  return (variables) => {
    const value =
      given?.kind === Kind.VARIABLE
        ? variables[given.name.value]
        : given && valueFromASTUntyped(given, variables);
    return value === undefined ? byDefault : value;
  };
}

/** Input objects count one each, unless their owner says otherwise; each item of a list counts. */
function ofInput(
  model: CostModel,
  value: ValueNode,
  type: GraphQLInputType,
  weight: number | undefined,
): Cost {
  const score = scoring(model, getNamedType(type), weight, new Map());
  if (!score) return 0;
  if (value.kind === Kind.VARIABLE) {
    const name = value.name.value;
    return (variables) => bounded(scoreOf(variables[name], score));
  }
  if (!mentionsVariable(value)) return bounded(scoreOf(valueFromASTUntyped(value), score));
  return (variables) => bounded(scoreOf(valueFromASTUntyped(value, variables), score));
}

/** What one value costs, and what the fields of an input object add: those that may cost something. */
interface Score {
  readonly own: number;
  readonly fields: Map<string, Score>;
}

function scoreOf(value: unknown, score: Score): number {
  if (value === undefined || value === null) return 0;
  let sum = 0;
  if (Array.isArray(value)) {
    for (const each of value as unknown[]) sum += scoreOf(each, score);
    return sum;
  }
  sum = score.own;
  if (typeof value === "object")
    for (const [name, field] of score.fields) sum += scoreOf((value as Variables)[name], field);
  return sum;
}

/** undefined: whatever comes, it costs nothing. A type is read once, since it may hold itself. */
function scoring(
  model: CostModel,
  type: GraphQLNamedInputType,
  weight: number | undefined,
  read: Map<GraphQLNamedInputType, Score>,
): Score | undefined {
  const own = weight ?? weightOfType(model, type.name);
  if (!isInputObjectType(type)) return own === 0 ? undefined : { own, fields: new Map() };
  let score = read.get(type);
  if (!score) {
    read.set(type, (score = { own: weightOfType(model, type.name), fields: new Map() }));
    for (const field of Object.values(type.getFields())) {
      const said = model.costs.inputField(type.name, field.name);
      const inner = scoring(model, getNamedType(field.type), said, read);
      if (inner) score.fields.set(field.name, inner);
    }
  }
  return { own, fields: score.fields };
}

function mentionsVariable(value: ValueNode): boolean {
  if (value.kind === Kind.VARIABLE) return true;
  if (value.kind === Kind.LIST) return value.values.some(mentionsVariable);
  return value.kind === Kind.OBJECT && value.fields.some((field) => mentionsVariable(field.value));
}

/** What is skipped costs nothing. */
function onlyIf(directives: readonly DirectiveNode[] | undefined, cost: Cost): Cost {
  return (directives ?? []).reduce<Cost>((sum, { name, arguments: given }) => {
    if (name.value !== "skip" && name.value !== "include") return sum;
    const condition = given?.find((argument) => argument.name.value === "if")?.value;
    const asked = name.value === "include";
    if (condition?.kind === Kind.BOOLEAN) return condition.value === asked ? sum : 0;
    if (condition?.kind !== Kind.VARIABLE) return sum;
    const variable = condition.name.value;
    return (variables) => (variables[variable] === asked ? costWith(sum, variables) : 0);
  }, cost);
}

/** Beyond this it is far too much anyway, and sums and products stay exact: no infinity, nothing that is no number. */
const BOUND = 1e15;

/** Weights may be below zero; what they belong to is never cheaper than nothing. */
function bounded(cost: number): number {
  return cost > 0 ? Math.min(cost, BOUND) : 0;
}

function combine(operation: (a: number, b: number) => number): (a: Cost, b: Cost) => Cost {
  return (a, b) => {
    if (typeof a === "number" && typeof b === "number") return bounded(operation(a, b));
    return (variables) => bounded(operation(costWith(a, variables), costWith(b, variables)));
  };
}

const plus = combine((a, b) => a + b);
const times = combine((a, b) => a * b);
const most = combine(Math.max);
