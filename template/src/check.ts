// Finds what is wrong with an expression before there is data: fields that the fragment does not ask for, values
// that an enum does not have, a function that gets something else than it takes.
import { FUNCTIONS, type Parameter } from "./functions.ts";
import { BOOLEAN, NUMBER, STRING, UNKNOWN, type Shape } from "./shape.ts";
import type { Expression } from "./syntax.ts";

/** What is known where an expression stands. */
export interface ShapeScope {
  readonly root: Shape;
  readonly data: Shape;
  /** Within a list that is repeated. */
  readonly repeated: boolean;
  readonly names: Readonly<Record<string, Shape>>;
  /** Somebody reads what comes out; false for conditions and bindings. */
  readonly speaks: boolean;
  /** Gathers which messages are used, and how. */
  readonly uses: MessageUse[];
}

export type MessageUse =
  | { readonly kind: "key"; readonly key: string; readonly args: Readonly<Record<string, Shape>> }
  | { readonly kind: "prefix"; readonly prefix: string; readonly values: readonly string[] };

type Report = (message: string, at: number) => void;

/** Reports every fault and says what the expression comes out as. */
export function checkExpression(tree: Expression, scope: ShapeScope, report: Report): Shape {
  switch (tree.kind) {
    case "literal":
      if (tree.value === null) return UNKNOWN;
      return { string: STRING, number: NUMBER, boolean: BOOLEAN }[typeof tree.value as "string"];
    case "path":
      return checkPath(tree, scope, report);
    case "unary": {
      const operand = checkExpression(tree.operand, scope, report);
      if (tree.operator === "!") return BOOLEAN;
      needNumber(operand, tree.operand, report);
      return NUMBER;
    }
    case "choice": {
      checkExpression(tree.condition, scope, report);
      const then = checkExpression(tree.then, scope, report);
      const otherwise = checkExpression(tree.otherwise, scope, report);
      return then.kind === otherwise.kind ? then : UNKNOWN;
    }
    case "binary":
      return checkBinary(tree, scope, report);
    case "call":
      return checkCall(tree, scope, report);
  }
}

function checkPath(tree: Extract<Expression, { kind: "path" }>, scope: ShapeScope, report: Report): Shape {
  const { root, segments, at } = tree;
  let shape: Shape;
  if (root === "$data") shape = scope.data;
  else if (root === "$root") shape = scope.root;
  else if (root === "$index" && scope.repeated) shape = NUMBER;
  else if (Object.hasOwn(scope.names, root)) shape = scope.names[root]!;
  else {
    const known = ["$data", "$root", ...(scope.repeated ? ["$index"] : []), ...Object.keys(scope.names)];
    report(`there is no ${root} here, only ${known.join(", ")}`, at);
    return UNKNOWN;
  }
  for (const segment of segments) {
    if (shape.kind === "unknown") return shape;
    const next = stepShape(shape, segment);
    if (!next) {
      report(notThere(shape, segment), at);
      return UNKNOWN;
    }
    shape = next;
  }
  return shape;
}

function stepShape(shape: Shape, segment: string | number): Shape | undefined {
  if (typeof segment === "number") return shape.kind === "list" ? shape.of : undefined;
  return shape.kind === "object" ? shape.fields.get(segment) : undefined;
}

function notThere(shape: Shape, segment: string | number): string {
  if (typeof segment === "number") return `[${segment}] is taken of something that is no list`;
  if (shape.kind === "list")
    return `"${segment}" is taken of a list; take it of an item: [0], or sum, any, all`;
  if (shape.kind !== "object") return `"${segment}" is taken of a single value`;
  if (shape.fields.size === 0) return `there is no "${segment}": ${shape.type} has no data`;
  return `"${segment}" of ${shape.type} is not in the fragment, only ${[...shape.fields.keys()].join(", ")}`;
}

function checkBinary(
  tree: Extract<Expression, { kind: "binary" }>,
  scope: ShapeScope,
  report: Report,
): Shape {
  const { operator, at } = tree;
  const left = checkExpression(tree.left, scope, report);
  const right = checkExpression(tree.right, scope, report);
  if (["+", "-", "*", "/"].includes(operator)) {
    needNumber(left, tree.left, report);
    needNumber(right, tree.right, report);
    return NUMBER;
  }
  if (operator === "&&" || operator === "||") return BOOLEAN;
  if ([tree.left, tree.right].some((side) => side.kind === "literal" && side.value === null)) {
    report("a comparison with null never holds; use exists(…)", at);
  }
  checkEnum(left, tree.right, report);
  checkEnum(right, tree.left, report);
  const [a, b] = [typeName(left), typeName(right)];
  if (a && b && a !== b) report(`${a} is compared with ${b}, which never holds`, at);
  return BOOLEAN;
}

function checkEnum(shape: Shape, other: Expression, report: Report): void {
  if (shape.kind !== "leaf" || !shape.values || other.kind !== "literal" || typeof other.value !== "string")
    return;
  if (!shape.values.includes(other.value)) {
    report(`"${other.value}" is none of ${shape.type}'s values: ${shape.values.join(", ")}`, other.at);
  }
}

function needNumber(shape: Shape, tree: Expression, report: Report): void {
  const name = typeName(shape);
  if (name && name !== "a number") report(`a number is needed here, not ${name}`, tree.at);
}

/** What a value is at run time; undefined when that is not known. */
function typeName(shape: Shape): string | undefined {
  if (shape.kind === "unknown") return undefined;
  if (shape.kind !== "leaf") return shape.kind === "list" ? "a list" : "an object";
  if (shape.type === "Int" || shape.type === "Float") return "a number";
  if (shape.type === "Boolean") return "true or false";
  return shape.type === "String" || shape.type === "ID" || shape.values ? "a text" : undefined;
}

function checkCall(tree: Extract<Expression, { kind: "call" }>, scope: ShapeScope, report: Report): Shape {
  const definition = FUNCTIONS.get(tree.name)!;
  if (definition.speaks === true && !scope.speaks)
    report(`${tree.name} is for texts, not for conditions`, tree.at);
  const shapes: Shape[] = [];
  tree.args.forEach((arg, index) => {
    const param = definition.params[Math.min(index, definition.params.length - 1)]!;
    const inItem = param === "each" || param === "eachList";
    const shape = checkExpression(arg, inItem ? itemScope(scope, shapes[0]!) : scope, report);
    checkArgument(param, shape, arg, tree.name, report);
    shapes.push(shape);
  });
  const named = Object.fromEntries(
    tree.named.map(([name, value]) => [name, checkExpression(value, scope, report)]),
  );
  noteMessages(tree, shapes, named, scope);
  if (definition.returns === "number") return tree.name === "sum" ? sumShape(shapes, tree, report) : NUMBER;
  if (definition.returns === "boolean") return BOOLEAN;
  if (definition.returns === "text") return STRING;
  return (definition.returns === "flat" ? shapes[1] : shapes[0]) ?? UNKNOWN;
}

function itemScope(scope: ShapeScope, list: Shape): ShapeScope {
  return { ...scope, data: list.kind === "list" ? list.of : UNKNOWN };
}

function sumShape(
  shapes: readonly Shape[],
  tree: Extract<Expression, { kind: "call" }>,
  report: Report,
): Shape {
  needNumber(shapes[1]!, tree.args[1]!, report);
  return NUMBER;
}

function checkArgument(param: Parameter, shape: Shape, arg: Expression, name: string, report: Report): void {
  const type = typeName(shape);
  if (type === undefined && param !== "money") return;
  if ((param === "list" || param === "eachList") && shape.kind !== "list")
    report(`${name} needs a list here`, arg.at);
  if (param === "number") needNumber(shape, arg, report);
  if ((param === "instant" || param === "string") && type !== "a text")
    report(`${name} needs a text here`, arg.at);
  if (param !== "money" || shape.kind === "unknown") return;
  const fields = shape.kind === "object" ? shape.fields : new Map<string, Shape>();
  if (!fields.has("minor") || !fields.has("currency")) {
    report(`${name} needs an amount here: { minor currency }`, arg.at);
  }
}

function noteMessages(
  tree: Extract<Expression, { kind: "call" }>,
  shapes: readonly Shape[],
  args: Readonly<Record<string, Shape>>,
  scope: ShapeScope,
): void {
  const [first] = tree.args;
  if (first?.kind !== "literal" || typeof first.value !== "string") return;
  if (tree.name === "t") scope.uses.push({ kind: "key", key: first.value, args });
  const word = shapes[1];
  if (tree.name === "word") {
    const values = word?.kind === "leaf" ? (word.values ?? []) : [];
    scope.uses.push({ kind: "prefix", prefix: first.value, values });
  }
}
