// What the parts of an app are compiled with, and what they have in common: fragments, templates, conditions.
import type { GraphQLSchema } from "graphql";
import {
  checkExpression,
  checkUses,
  type CompiledExpression,
  compileExpression,
  compileTemplate,
  ExpressionError,
  type Json,
  type JsonPath,
  type Locale,
  LOCALES,
  type Messages,
  type MessageUse,
  type Shape,
  type ShapeScope,
  type Template,
  type TemplateContext,
  usedMessages,
} from "@junto/template";
import { contentRef } from "../digest.ts";
import { parseTree } from "./folder.ts";
import { readFragment, type Fragment } from "./fragment.ts";

export interface AppContext {
  readonly name: string;
  readonly schema: GraphQLSchema;
  readonly messages: Messages;
  /** The text of a file, which then counts as used; what is missing is reported. */
  readonly take: (file: string, neededBy: JsonPath) => string | undefined;
  readonly has: (file: string) => boolean;
  readonly fault: (file: string, line: number, message: string) => void;
  /** A fault in app.yaml. */
  readonly faultAt: (path: JsonPath, message: string) => void;
}

/** Reads `<path>.graphql`: one fragment. */
export function readFragmentFile(
  path: string,
  neededBy: JsonPath,
  context: AppContext,
): Fragment | undefined {
  const file = `${path}.graphql`;
  const source = context.take(file, neededBy);
  if (source === undefined) return undefined;
  return readFragment(source, context.schema, (message, line) => context.fault(file, line, message));
}

/** Reads a template; `inputs` are the ids of its inputs, `verbs` the actions that it places. */
export function readTemplate(
  file: string,
  neededBy: JsonPath,
  shape: Shape,
  context: AppContext,
  inForm: boolean,
): { template: Template; inputs: InputPlace[]; verbs: VerbPlace[] } | undefined {
  const text = context.take(file, neededBy);
  if (text === undefined) return undefined;
  const tree = parseTree(text, "JSON", (message, line) => context.fault(file, line, message));
  if (!tree) return undefined;
  const uses: MessageUse[] = [];
  const inputs: InputPlace[] = [];
  const verbs: VerbPlace[] = [];
  const templateContext: TemplateContext = {
    scope: textScope(shape, uses),
    inForm,
    report: (path, message) => context.fault(file, tree.line(path), message),
    onInput: (id, path) => inputs.push({ id: id.parts, line: tree.line(path) }),
    onVerb: (verb, path) => verbs.push({ verb, line: tree.line(path) }),
  };
  const source = tree.value as Json;
  const root = compileTemplate(source, templateContext);
  for (const message of checkUses(uses, context.messages)) context.fault(file, 1, message);
  if (!root) return undefined;
  const { messages } = context;
  const words = Object.fromEntries(
    LOCALES.map((locale) => [locale, usedMessages(uses, messages[locale])]),
  ) as Record<Locale, Record<string, string>>;
  return { template: { ref: contentRef({ source, words }), source, words, root, messages }, inputs, verbs };
}

/** An input's id, with the expressions in it. */
export interface InputPlace {
  readonly id: readonly (string | CompiledExpression)[];
  readonly line: number;
}

/** An action that a card has a button for. */
export interface VerbPlace {
  readonly verb: string;
  readonly line: number;
}

/** Compiles and checks a condition or a binding of app.yaml. */
export function compileCondition(
  source: string,
  scope: ShapeScope,
  path: JsonPath,
  { faultAt }: AppContext,
): CompiledExpression | undefined {
  const fault = (message: string, at: number) =>
    faultAt(path, `${source.slice(0, 80)}, character ${at + 1}: ${message}`);
  try {
    const expression = compileExpression(source);
    checkExpression(expression.tree, scope, fault);
    return expression;
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    fault(error.message, error.at);
    return undefined;
  }
}

export function conditionScope(data: Shape, names: ShapeScope["names"] = {}): ShapeScope {
  return { root: data, data, repeated: false, names, speaks: false, uses: [] };
}

export function textScope(data: Shape, uses: MessageUse[]): ShapeScope {
  return { root: data, data, repeated: false, names: {}, speaks: true, uses };
}
