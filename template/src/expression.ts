// Expressions: parsed and turned into a closure once, evaluated often. They only read: own properties of the data,
// no functions but those of functions.ts, no loops but over lists of the data, and no more steps than there is a budget
// for, so that an evaluation always ends soon.
import { CardTooLargeError, createBudget, spend } from "./budget.ts";
import { calculate, divide, printNumber, tidy } from "./decimal.ts";
import {
  FUNCTIONS,
  type Arguments,
  type Evaluate,
  type FunctionDefinition,
  type Locate,
} from "./functions.ts";
import { ExpressionError, parseExpression, splitText, type Expression } from "./syntax.ts";
import {
  holds,
  isText,
  printData,
  printText,
  step,
  type Located,
  type Medium,
  type Scope,
  type Speech,
  type Value,
} from "./values.ts";

export { ExpressionError, type Expression } from "./syntax.ts";

export interface CompiledExpression {
  readonly source: string;
  readonly tree: Expression;
  readonly evaluate: Evaluate;
  /** The items with their places, if this can be a list. */
  readonly locate: Locate | undefined;
  /** The value with its place, if this is a path. */
  readonly place: ((scope: Scope) => Located) | undefined;
}

/** @throws ExpressionError */
export function compileExpression(source: string): CompiledExpression {
  const tree = parseExpression(source);
  return {
    source,
    tree,
    evaluate: compile(tree),
    locate: isListLike(tree) ? compileList(tree) : undefined,
    place: tree.kind === "path" ? compilePath(tree) : undefined,
  };
}

/**
 * The value of an expression over JSON data, for conditions and bindings. A missing value is null, and so is one for which
 * more would have to be looked at than for any card.
 *
 *     evaluate(compileExpression("stock < soldPerDay * leadDays"), { stock: 3, soldPerDay: 1.5, leadDays: 7 }) // true
 */
export function evaluate(
  expression: CompiledExpression,
  data: unknown,
  names: Readonly<Record<string, unknown>> = {},
): Value {
  try {
    return expression.evaluate(rootScope(data, SILENT, names));
  } catch (error) {
    if (error instanceof CardTooLargeError) return null;
    throw error;
  }
}

/** Whether a condition holds; a comparison with a missing value does not. */
export function isTrue(
  expression: CompiledExpression,
  data: unknown,
  names: Readonly<Record<string, unknown>> = {},
): boolean {
  return holds(evaluate(expression, data, names));
}

export function rootScope(
  data: unknown,
  speech: Speech,
  names: Readonly<Record<string, unknown>> = {},
): Scope {
  const root: Located = { value: data ?? null, path: [] };
  return { root, data: root, index: null, names, speech, budget: createBudget() };
}

export const SILENT: Speech = {
  locale: "en",
  timeZone: "UTC",
  message: () => null,
  whyMissing: () => null,
  personName: () => null,
};

/** A text with expressions in it: `"${pairs} pairs"`. */
export interface CompiledText {
  readonly source: string;
  readonly parts: readonly (string | CompiledExpression)[];
  /** The expression, if the text is nothing else. */
  readonly only: CompiledExpression | undefined;
}

/** @throws ExpressionError whose position is one in the text */
export function compileText(source: string): CompiledText {
  const parts = splitText(source).map((part) => {
    if (typeof part === "string") return part;
    try {
      return compileExpression(part.source);
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      throw new ExpressionError(error.message, part.at + error.at);
    }
  });
  const [first] = parts;
  return { source, parts, only: parts.length === 1 && typeof first !== "string" ? first : undefined };
}

/** The text with the values in it. What is missing prints as nothing; `show(…)` says why. */
export function printCompiled(compiled: CompiledText, scope: Scope, medium: Medium): string {
  const printed = compiled.parts
    .map((part) => (typeof part === "string" ? part : printValue(part.evaluate(scope), scope, medium)))
    .join("");
  spend(scope.budget, "characters", printed.length);
  return printed;
}

function printValue(value: Value, scope: Scope, medium: Medium): string {
  if (isText(value)) return printText(value, medium);
  if (typeof value === "number") return printNumber(value);
  if (typeof value === "boolean") return String(value);
  return typeof value === "string" ? printData(value, scope, medium) : "";
}

function compile(tree: Expression): Evaluate {
  const evaluate = compileKind(tree);
  if (tree.kind === "literal") return evaluate;
  return (scope) => {
    spend(scope.budget, "steps", 1);
    return evaluate(scope);
  };
}

function compileKind(tree: Expression): Evaluate {
  switch (tree.kind) {
    case "literal":
      return () => tree.value;
    case "path": {
      const locate = compilePath(tree);
      return (scope) => locate(scope).value;
    }
    case "unary": {
      const operand = compile(tree.operand);
      if (tree.operator === "!") return (scope) => !holds(operand(scope));
      return (scope) => {
        const value = operand(scope);
        return typeof value === "number" ? 0 - value : null;
      };
    }
    case "choice": {
      const [condition, then, otherwise] = [tree.condition, tree.then, tree.otherwise].map(compile) as [
        Evaluate,
        Evaluate,
        Evaluate,
      ];
      return (scope) => (holds(condition(scope)) ? then(scope) : otherwise(scope));
    }
    case "binary":
      return compileBinary(tree);
    case "call":
      return compileCall(tree);
  }
}

function compilePath(tree: Extract<Expression, { kind: "path" }>): (scope: Scope) => Located {
  const { root, segments } = tree;
  return (scope) => {
    const start = startOf(root, scope);
    let value = start.value;
    for (const segment of segments) value = step(value, segment);
    const path = [...start.path, ...segments];
    if (value === null) scope.misses?.push(path);
    if (scope.reads && !Array.isArray(value) && (root === "$data" || root === "$root"))
      scope.reads.push(path);
    return { value, path };
  };
}

function startOf(root: string, scope: Scope): Located {
  if (root === "$data") return scope.data;
  if (root === "$root") return scope.root;
  if (root === "$index") return { value: scope.index, path: [root] };
  return { value: step(scope.names, root), path: [root] };
}

function compileBinary(tree: Extract<Expression, { kind: "binary" }>): Evaluate {
  const { operator } = tree;
  const [left, right] = [compile(tree.left), compile(tree.right)];
  switch (operator) {
    case "&&":
      return (scope) => holds(left(scope)) && holds(right(scope));
    case "||":
      return (scope) => holds(left(scope)) || holds(right(scope));
    case "+":
    case "-":
    case "*":
    case "/":
      return (scope) => {
        const [a, b] = [left(scope), right(scope)];
        if (typeof a !== "number" || typeof b !== "number") return null;
        return operator === "/" ? divide(a, b) : calculate(operator, a, b);
      };
    default:
      return (scope) => compare(operator, left(scope), right(scope));
  }
}

function compare(operator: "==" | "!=" | "<" | "<=" | ">" | ">=", left: Value, right: Value): boolean {
  if (left === null || right === null || typeof left !== typeof right || typeof left === "object")
    return false;
  const [a, b] = [left, right].map((value) => (typeof value === "number" ? tidy(value) : value)) as [
    never,
    never,
  ];
  if (operator === "==") return a === b;
  if (operator === "!=") return a !== b;
  if (typeof left === "boolean") return false;
  if (operator === "<") return a < b;
  if (operator === "<=") return a <= b;
  return operator === ">" ? a > b : a >= b;
}

function compileCall(tree: Extract<Expression, { kind: "call" }>): Evaluate {
  const { build } = definitionOf(tree);
  if (!build) return valuesOf(compileList(tree));
  return build({
    ...compileArguments(tree),
    named: tree.named.map(([name, value]) => [name, compile(value)] as const),
  });
}

/** Each once, or what is nested would be compiled twice as often with each level. */
function compileArguments({
  args,
}: Extract<Expression, { kind: "call" }>): Pick<Arguments, "values" | "lists"> {
  const lists = args.map((arg) => (isListLike(arg) ? compileList(arg) : undefined));
  const values = args.map((arg, index) =>
    lists[index] && arg.kind === "call" ? valuesOf(lists[index]) : compile(arg),
  );
  return { values, lists };
}

function valuesOf(locate: Locate): Evaluate {
  return (scope) => locate(scope)?.map(({ value }) => value) ?? null;
}

/** Only these can be lists: a path, and a function that makes one. */
function isListLike(tree: Expression): boolean {
  if (tree.kind === "path") return tree.root !== "$index";
  return tree.kind === "call" && FUNCTIONS.get(tree.name)?.buildList !== undefined;
}

function compileList(tree: Expression): Locate {
  if (tree.kind === "path") {
    const locate = compilePath(tree);
    return (scope, most) => {
      const { value, path } = locate(scope);
      if (!Array.isArray(value)) return null;
      const items = most === undefined ? value : value.slice(0, most);
      spend(scope.budget, "steps", items.length);
      return items.map((item: unknown, index) => ({ value: item ?? null, path: [...path, index] }));
    };
  }
  const call = tree as Extract<Expression, { kind: "call" }>;
  return definitionOf(call).buildList!({ ...compileArguments(call), named: [] });
}

function definitionOf({ name, args, named, at }: Extract<Expression, { kind: "call" }>): FunctionDefinition {
  const definition = FUNCTIONS.get(name);
  if (!definition)
    throw new ExpressionError(`there is no function ${name}; known: ${[...FUNCTIONS.keys()].join(", ")}`, at);
  const { params, optional = 0, repeated = false } = definition;
  const few = args.length < params.length - optional;
  if (few || (args.length > params.length && !repeated)) {
    throw new ExpressionError(`${name} takes ${usage(definition)}, not ${args.length} arguments`, at);
  }
  if (named.length > 0 && definition.named !== true)
    throw new ExpressionError(`${name} takes no named arguments`, at);
  args.forEach((arg, index) => checkLiteral(arg, params[index], name));
  return definition;
}

function usage({ params, optional = 0, repeated = false, named = false }: FunctionDefinition): string {
  const shown = params.map((param, index) => (index < params.length - optional ? param : `[${param}]`));
  return `(${[...shown, ...(repeated ? ["…"] : []), ...(named ? ["name: value…"] : [])].join(", ")})`;
}

/** What decides which messages are used, or how much is shown, is written out: it can be checked. */
function checkLiteral(arg: Expression, param: string | undefined, name: string): void {
  const literal = arg.kind === "literal" ? arg.value : undefined;
  if ((param === "key" || param === "prefix") && (typeof literal !== "string" || literal === "")) {
    throw new ExpressionError(`${name} needs the key of a message here, in quotes`, arg.at);
  }
  if (param === "places" && !(typeof literal === "number" && Number.isInteger(literal) && literal <= 100)) {
    throw new ExpressionError(`${name} needs a whole number of 100 at most here`, arg.at);
  }
  if ((param === "list" || param === "eachList") && !isListLike(arg)) {
    throw new ExpressionError(`${name} needs a list here`, arg.at);
  }
}
