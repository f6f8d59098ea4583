// One action of app.yaml with its mutation and form: is every field of the input filled in, and by whom?
import {
  isInputObjectType,
  isListType,
  isNonNullType,
  type GraphQLInputObjectType,
  type GraphQLInputType,
} from "graphql";
import {
  checkUses,
  type CompiledExpression,
  type JsonPath,
  type MessageUse,
  objectShape,
  type Shape,
  STRING,
  UNKNOWN,
} from "@junto/template";
import type { ActionType } from "./app.ts";
import {
  compileCondition,
  conditionScope,
  readFragmentFile,
  readTemplate,
  type AppContext,
  type InputPlace,
} from "./app-context.ts";
import type { Form, Lists } from "./form.ts";
import { readMutation, type Fragment, type Mutation } from "./fragment.ts";
import type { ManifestAction } from "./manifest.ts";

/** @param on fragments of the cards that offer it; undefined for those that could not be read */
export function compileAction(
  action: ManifestAction,
  on: readonly (Fragment | undefined)[],
  context: AppContext,
): ActionType | undefined {
  const path = ["actions", action.name];
  if (action.scope === "card" && on.length === 0) context.faultAt(path, `no card offers ${action.name}`);
  const shapes = action.scope === "card" ? on.map((fragment) => fragment?.shape ?? UNKNOWN) : [];
  const title: MessageUse = { kind: "key", key: `action.${action.name}`, args: {} };
  for (const message of checkUses([title], context.messages)) context.faultAt(path, message);
  const mutation = readMutationFile(action, path, context);
  const names = action.scope === "card" ? { ...GROUP_NAMES, $key: UNKNOWN } : GROUP_NAMES;
  const when = compileFor(action.when, shapes, names, [...path, "when"], context);
  const bind = new Map<string, CompiledExpression>();
  for (const [field, source] of Object.entries(action.bind)) {
    const bound = compileFor(source, shapes, names, [...path, "bind", field], context);
    if (bound) bind.set(field, bound);
  }
  const form = action.form === undefined ? undefined : readForm(action, action.form, shapes, path, context);
  if (mutation) checkInputs(mutation, action, form?.inputs ?? [], path, context);
  if (!mutation || (action.form !== undefined && !form)) return undefined;
  return {
    app: context.name,
    name: action.name,
    verb: `${context.name}.${action.name}`,
    scope: action.scope,
    when,
    bind,
    form: form?.form,
    mutation,
    messages: context.messages,
  };
}

/** What a binding can take from, beside the card's data: the group's subject, the action's idempotency key. */
const GROUP_NAMES = {
  $subject: objectShape("the subject", { type: STRING, id: STRING }),
  $action: objectShape("the action", { key: STRING }),
};

/** Compiles once, checks against every card that offers the action; without any, only its names can be used. */
function compileFor(
  source: string | undefined,
  shapes: readonly Shape[],
  names: Readonly<Record<string, Shape>>,
  path: JsonPath,
  context: AppContext,
): CompiledExpression | undefined {
  if (source === undefined) return undefined;
  const scopes = shapes.length > 0 ? shapes : [objectShape("a group's action", {})];
  return scopes.map((shape) => compileCondition(source, conditionScope(shape, names), path, context)).at(-1);
}

function readMutationFile(
  { name }: ManifestAction,
  path: JsonPath,
  context: AppContext,
): Mutation | undefined {
  const file = `actions/${name}.graphql`;
  const source = context.take(file, path);
  if (source === undefined) return undefined;
  return readMutation(source, context.schema, (message, line) => context.fault(file, line, message));
}

/** A form of a group's action may have a fragment on the subject; that of a card's action shows the card's data. */
function readForm(
  action: ManifestAction,
  name: string,
  shapes: readonly Shape[],
  path: JsonPath,
  context: AppContext,
): { form: Form; inputs: InputPlace[] } | undefined {
  const neededBy = [...path, "form"];
  if (!/^[a-z][a-z0-9-]*$/.test(name)) {
    context.faultAt(neededBy, `"${name.slice(0, 80)}" is no name`);
    return undefined;
  }
  const own = context.has(`forms/${name}.graphql`);
  if (own && action.scope === "card") {
    context.faultAt(neededBy, "the form of an action on a card shows the card's data; it has no fragment");
  }
  const fragment = own ? readFragmentFile(`forms/${name}`, neededBy, context) : undefined;
  const data = own
    ? [fragment?.shape ?? UNKNOWN]
    : shapes.length > 0
      ? shapes
      : [objectShape("a form without a fragment", {})];
  const read = data.map((shape) => readTemplate(`forms/${name}.json`, neededBy, shape, context, true)).at(-1);
  if (!read) return undefined;
  return { form: { name, template: read.template, fragment, lists: action.lists }, inputs: read.inputs };
}

/** Every input must be a field, every bound field too, and every field that is needed must be one of the two. */
function checkInputs(
  { inputType, field }: Mutation,
  { bind, lists, form, name }: ManifestAction,
  inputs: readonly InputPlace[],
  path: JsonPath,
  context: AppContext,
): void {
  const fields = inputType.getFields();
  for (const bound of Object.keys(bind)) {
    if (!Object.hasOwn(fields, bound))
      context.faultAt([...path, "bind", bound], `${inputType.name} has no field ${bound}`);
  }
  for (const [list, each] of Object.entries(lists)) {
    const row = Object.hasOwn(fields, list) ? rowType(fields[list]!.type) : undefined;
    if (!row || !Object.hasOwn(row.getFields(), each)) {
      context.faultAt(
        [...path, "lists", list],
        `${inputType.name} has no list ${list} whose rows have ${each}`,
      );
    }
  }
  const filled = new Set(Object.keys(bind));
  for (const { id, line } of inputs) {
    const fault = (message: string) => context.fault(`forms/${form}.json`, line, message);
    const segments = id
      .map((part) => (typeof part === "string" ? part : "0"))
      .join("")
      .split(".");
    const problem = inputProblem(segments, inputType, lists);
    if (problem) fault(problem);
    else if (Object.hasOwn(bind, segments[0]!)) fault(`${segments[0]} is bound in app.yaml`);
    filled.add(segments[0]!);
  }
  for (const [needed, { type, defaultValue }] of Object.entries(fields)) {
    if (isNonNullType(type) && defaultValue === undefined && !filled.has(needed)) {
      context.faultAt(path, `${field} needs ${needed}: bind it, or let the form of ${name} ask for it`);
    }
  }
}

function inputProblem(
  segments: readonly string[],
  inputType: GraphQLInputObjectType,
  lists: Lists,
): string | undefined {
  const [first = "", row, column, ...more] = segments;
  const fields = inputType.getFields();
  if (!Object.hasOwn(fields, first)) return `${inputType.name} has no field ${first}`;
  if (row === undefined) return undefined;
  const type = rowType(fields[first]!.type);
  if (!type || column === undefined || more.length > 0)
    return `write the id as ${first}, or as ${first}.<row>.<field> for a list`;
  const each = Object.hasOwn(lists, first) ? lists[first] : undefined;
  if (each === undefined && !/^\d+$/.test(row))
    return `${first}.${row}: give a number, or declare "lists" in app.yaml`;
  if (!Object.hasOwn(type.getFields(), column) || column === each)
    return `${type.name} has no field ${column} to fill in`;
  return undefined;
}

/** The type of a list's rows, if it is a list of objects. */
function rowType(type: GraphQLInputType): GraphQLInputObjectType | undefined {
  const nullable = isNonNullType(type) ? type.ofType : type;
  const item: unknown = isListType(nullable) ? nullable.ofType : undefined;
  const row = isNonNullType(item) ? item.ofType : item;
  return isInputObjectType(row) ? row : undefined;
}
