// The GraphQL documents of an app: fragments that say what a card shows, mutations that say what can be done.
import {
  getNamedType,
  GraphQLError,
  isInputObjectType,
  isObjectType,
  Kind,
  NoUnusedFragmentsRule,
  OperationTypeNode,
  parse,
  print,
  specifiedRules,
  validate,
  visit,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLInputObjectType,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from "graphql";
import type { Shape } from "@junto/template";
import { shapeOf } from "./fragment-shape.ts";

export interface Fragment {
  readonly name: string;
  /** The entity type that it is about. */
  readonly on: string;
  /** Its text, in the printer's form. */
  readonly text: string;
  readonly document: DocumentNode;
  /** What its data looks like. */
  readonly shape: Shape;
}

export interface Mutation {
  /** The document's text, in the printer's form. It has one variable, `$input`. */
  readonly text: string;
  readonly document: DocumentNode;
  /** The field of Mutation, which is also its response name. */
  readonly field: string;
  readonly inputType: GraphQLInputObjectType;
}

type Fault = (message: string, line: number) => void;

/** A file with one fragment on an object type. */
export function readFragment(source: string, schema: GraphQLSchema, fault: Fault): Fragment | undefined {
  const document = parseDocument(source, fault);
  if (!document) return undefined;
  const [node] = document.definitions;
  if (document.definitions.length !== 1 || node?.kind !== Kind.FRAGMENT_DEFINITION) {
    fault("there must be one fragment here and nothing else", 1);
    return undefined;
  }
  const rules = specifiedRules.filter((rule) => rule !== NoUnusedFragmentsRule);
  if (!isValid(document, schema, rules, fault) || !isPlain(node, fault)) return undefined;
  const on = node.typeCondition.name.value;
  if (!isObjectType(schema.getType(on))) {
    fault(`a card is about an entity; ${on} is not an object type`, lineOf(node));
    return undefined;
  }
  return { name: node.name.value, on, text: print(node), document, shape: shapeOf(node, schema) };
}

/** What a card's, a watch's or a form's data is asked with. It has the variables `$type`, `$key` and `$groupId`. */
export function entityOperation({ name, text }: Fragment): string {
  return `query Card($type: String!, $key: JSON!, $groupId: ID) {
  entity(type: $type, key: $key, groupId: $groupId) {
    __typename
    ...${name}
  }
}

${text}`;
}

/** Nothing in it may depend on a variable: it is asked for every group alike. */
function isPlain(fragment: FragmentDefinitionNode, fault: Fault): boolean {
  let plain = true;
  visit(fragment, {
    Variable(node) {
      plain = false;
      fault(`$${node.name.value}: there are no variables here`, lineOf(node));
    },
  });
  return plain;
}

/** A file with one mutation: one field, whose one argument is `input: $input`. */
export function readMutation(source: string, schema: GraphQLSchema, fault: Fault): Mutation | undefined {
  const document = parseDocument(source, fault);
  if (!document || !isValid(document, schema, specifiedRules, fault)) return undefined;
  const [node] = document.definitions;
  if (
    document.definitions.length !== 1 ||
    node?.kind !== Kind.OPERATION_DEFINITION ||
    node.operation !== OperationTypeNode.MUTATION
  ) {
    fault("there must be one mutation here and nothing else", 1);
    return undefined;
  }
  const field = onlyField(node, fault);
  const inputType = field && inputTypeOf(node, field, schema, fault);
  if (!field || !inputType || !asksForErrors(field, fault)) return undefined;
  return { text: print(document), document, field: field.name.value, inputType };
}

function onlyField(operation: OperationDefinitionNode, fault: Fault): FieldNode | undefined {
  const [field, ...more] = operation.selectionSet.selections;
  if (field?.kind !== Kind.FIELD || more.length > 0 || field.name.value.startsWith("__")) {
    fault("an action does one thing: there must be one field of Mutation", lineOf(operation.selectionSet));
    return undefined;
  }
  const directives = [...(field.directives ?? []), ...(operation.directives ?? [])];
  if (field.alias) fault("the field must not have an alias", lineOf(field));
  if (directives.length > 0) fault("there are no directives here", lineOf(field));
  return field.alias || directives.length > 0 ? undefined : field;
}

function inputTypeOf(
  operation: OperationDefinitionNode,
  field: FieldNode,
  schema: GraphQLSchema,
  fault: Fault,
): GraphQLInputObjectType | undefined {
  const [argument, ...more] = field.arguments ?? [];
  const isInput =
    argument?.name.value === "input" &&
    argument.value.kind === Kind.VARIABLE &&
    argument.value.name.value === "input" &&
    more.length === 0 &&
    operation.variableDefinitions?.length === 1 &&
    operation.variableDefinitions[0]!.defaultValue === undefined;
  const definition = schema.getMutationType()?.getFields()[field.name.value];
  const type = definition?.args.find(({ name }) => name === "input")?.type;
  const named = type && getNamedType(type);
  if (isInput && isInputObjectType(named)) return named;
  fault(`${field.name.value} must be called with (input: $input) and nothing else`, lineOf(field));
  return undefined;
}

/** What the owner's system has against an input is said to whoever made it. */
function asksForErrors(field: FieldNode, fault: Fault): boolean {
  const errors = field.selectionSet?.selections.find(
    (selection): selection is FieldNode =>
      selection.kind === Kind.FIELD && selection.name.value === "userErrors",
  );
  const asked =
    errors?.selectionSet?.selections.map((each) => (each.kind === Kind.FIELD ? each.name.value : "")) ?? [];
  if (!errors?.alias && ["field", "code", "message"].every((name) => asked.includes(name))) return true;
  fault("ask for `userErrors { field code message }`", lineOf(field));
  return false;
}

function parseDocument(source: string, fault: Fault): DocumentNode | undefined {
  try {
    return parse(source, { maxTokens: 2_000 });
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    fault(error.message, error.locations?.[0]?.line ?? 1);
    return undefined;
  }
}

function isValid(
  document: DocumentNode,
  schema: GraphQLSchema,
  rules: typeof specifiedRules,
  fault: Fault,
): boolean {
  const errors = validate(schema, document, rules);
  for (const error of errors) fault(error.message, error.locations?.[0]?.line ?? 1);
  return errors.length === 0;
}

function lineOf(node: {
  readonly loc?: { readonly startToken: { readonly line: number } } | undefined;
}): number {
  return node.loc?.startToken.line ?? 1;
}
