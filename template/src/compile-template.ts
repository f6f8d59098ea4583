// A template's JSON ▸ what can be expanded. Everything that is wrong with it is found here, before it is shown to
// anybody: what Adaptive Cards do not know, expressions that do not parse, fields that the fragment does not hold.
import { checkExpression, type ShapeScope } from "./check.ts";
import type { ElementDefinition, ElementKind, PropertyKind } from "./definition.ts";
import { elementDefinition } from "./elements.ts";
import { compileText, ExpressionError, type CompiledExpression, type CompiledText } from "./expression.ts";
import { EXTENSIONS, INPUT_PARTS } from "./extensions.ts";
import { addressOf, unsafeLinks } from "./markdown.ts";
import type { Shape } from "./shape.ts";
import type { Json, Node, ObjectNode } from "./template.ts";

/** Where something stands in the JSON. */
export type JsonPath = readonly (string | number)[];

export interface TemplateContext {
  readonly scope: ShapeScope;
  /** A form may hold inputs. */
  readonly inForm: boolean;
  /** False within the fallback of an extension. Default true. */
  readonly extensions?: boolean;
  readonly report: (path: JsonPath, message: string) => void;
  /** Hears of every input of a form: its id, with expressions in it. */
  readonly onInput?: (id: CompiledText, path: JsonPath) => void;
  /** Hears of every Action.Execute: the name of an action in app.yaml. */
  readonly onVerb?: (verb: string, path: JsonPath) => void;
}

const MAX_DEPTH = 40;
/** A file of an app has room for a tenth of it. */
const MAX_ELEMENTS = 10_000;

/** The context of one template's elements. */
interface ElementContext extends TemplateContext {
  /** Elements that there may still be. */
  readonly room: { left: number };
}

/** The root of a template; undefined when it is not even an object. */
export function compileTemplate(source: Json, context: TemplateContext): ObjectNode | undefined {
  if (!isObject(source)) {
    context.report([], "a template is an object");
    return undefined;
  }
  if (source["version"] !== "1.5") context.report(["version"], `"version" must be "1.5"`);
  for (const key of ["$data", "$when"]) {
    if (Object.hasOwn(source, key)) context.report([key], `"${key}" cannot stand on the card itself`);
  }
  if (context.inForm && Object.hasOwn(source, "actions"))
    context.report(["actions"], "a form has one button, which sends it");
  return compileElement(source, "card", [], { ...context, room: { left: MAX_ELEMENTS } }, false);
}

type JsonObject = { readonly [key: string]: Json };

function compileElement(
  source: Json,
  kind: ElementKind,
  path: JsonPath,
  context: ElementContext,
  inList: boolean,
): ObjectNode | undefined {
  if (!isObject(source)) {
    context.report(path, "an object is expected here");
    return undefined;
  }
  if (path.length > MAX_DEPTH) {
    context.report(path, "this is nested too deeply");
    return undefined;
  }
  if (--context.room.left < 0) {
    if (context.room.left === -1) context.report(path, `a template has ${MAX_ELEMENTS} elements at most`);
    return undefined;
  }
  const data = compileControl(source, "$data", path, context);
  const inner = data ? { ...context, scope: dataScope(context, data, [...path, "$data"], inList) } : context;
  const when = compileControl(source, "$when", path, inner);
  if (when) check(when, [...path, "$when"], inner);
  const { inForm, extensions = true } = context;
  const definition = elementDefinition(kind, source["type"], { inForm, extensions });
  if (typeof definition === "string") return compileFallback(source, kind, path, context, inList, definition);
  const type = typeof source["type"] === "string" ? source["type"] : "";
  if (type.startsWith("Input.") || INPUT_PARTS.has(kind)) noteInput(source, path, inner);
  const { required, filled = false } = definition;
  const base = { kind: "object", data, when, required, filled } as const;
  if (type === "Action.Execute")
    return { ...base, properties: [], verb: compileVerb(source, definition, path, inner) };
  if (kind === "element" && EXTENSIONS.has(type))
    return { ...base, ...compileExtension(source, type, definition, path, inner) };
  return { ...base, properties: compileProperties(source, definition, path, inner) };
}

/** The action is done with the whole card, once: it cannot be one of a line's, or of a form's. */
function compileVerb(
  source: JsonObject,
  definition: ElementDefinition,
  path: JsonPath,
  context: ElementContext,
): string {
  compileProperties(source, definition, path, context);
  const { verb } = source;
  const place = [...path, "verb"];
  if (context.inForm) context.report(path, "a form has one button, which sends it");
  if (context.scope.repeated)
    context.report(path, "this is repeated, and what is done with a card is done once, with all of it");
  if (typeof verb !== "string" || verb.includes("${")) {
    context.report(place, "an action of app.yaml is named here");
    return "";
  }
  context.onVerb?.(verb, place);
  return verb;
}

/** An extension and the standard elements in its stead, which stand or fall with it. */
function compileExtension(
  { fallback, ...source }: JsonObject,
  type: string,
  definition: ElementDefinition,
  path: JsonPath,
  context: ElementContext,
): Pick<ObjectNode, "properties" | "extension"> {
  const [own, theirs] = [new Set<string>(), new Set<string>()];
  const listening = (heard: Set<string>): ElementContext => ({
    ...context,
    onInput: (id, at) => {
      heard.add(id.parts.map((part) => (typeof part === "string" ? part : "*")).join(""));
      context.onInput?.(id, at);
    },
  });
  const properties = compileProperties(source, definition, path, listening(own));
  const place = [...path, "fallback"];
  if (!isObject(fallback)) {
    context.report(path, `${type} is an extension: "fallback" must say in standard elements what it is`);
    return { properties, extension: { type, fallback: undefined } };
  }
  const standard = compileElement(
    fallback,
    "element",
    place,
    { ...listening(theirs), extensions: false },
    false,
  );
  const missing = [...own].filter((id) => !theirs.has(id));
  if (standard && missing.length > 0)
    context.report(
      place,
      `what is sent must be the same: there is no input with the id ${missing.join(", ")}`,
    );
  return { properties, extension: { type, fallback: standard } };
}

/** An element that is not known here is what it says to show instead; without that it is a fault. */
function compileFallback(
  { fallback }: JsonObject,
  kind: ElementKind,
  path: JsonPath,
  context: ElementContext,
  inList: boolean,
  problem: string,
): ObjectNode | undefined {
  if (isObject(fallback)) return compileElement(fallback, kind, [...path, "fallback"], context, inList);
  if (fallback !== "drop") context.report(path, problem);
  return undefined;
}

function compileProperties(
  source: JsonObject,
  { properties, required }: ElementDefinition,
  path: JsonPath,
  context: ElementContext,
): [string, Node][] {
  for (const name of required) {
    if (!Object.hasOwn(source, name)) context.report(path, `"${name}" is missing`);
  }
  return Object.entries(source).flatMap(([name, value]): [string, Node][] => {
    if (name === "$data" || name === "$when") return [];
    const place = [...path, name];
    const kind = properties.get(name);
    if (!kind && name === "regex") {
      context.report(place, "a pattern may take for ever to match: leave this check to the owner's system");
      return [];
    }
    if (!kind) {
      const known = [...properties.keys()].sort().join(", ");
      context.report(place, `"${name}" means nothing here; there are ${known}`);
      return [];
    }
    const node = compileProperty(value, kind, place, context, source);
    return node ? [[name, node]] : [];
  });
}

function compileProperty(
  value: Json,
  kind: PropertyKind,
  path: JsonPath,
  context: ElementContext,
  parent: JsonObject,
): Node | undefined {
  switch (kind.is) {
    case "list":
      return compileItems(value, kind.of, path, context, parent);
    case "one":
      return typeof value === "string" && kind.of === "background"
        ? compileString(value, { is: "url" }, path, context)
        : compileElement(value, kind.of, path, context, false);
    case "fallback":
      return value === "drop"
        ? { kind: "constant", value }
        : compileElement(value, kind.of, path, context, false);
    case "texts":
      return compileTexts(value, path, context);
    default:
      if (typeof value === "string") return compileString(value, kind, path, context);
      if (typeof value === "object" || kind.is !== "scalar") {
        context.report(
          path,
          kind.is === "scalar" ? "a single value is expected here" : "a text is expected here",
        );
      }
      return typeof value === "object" ? undefined : { kind: "constant", value };
  }
}

function compileItems(
  value: Json,
  of: ElementKind,
  path: JsonPath,
  context: ElementContext,
  parent: JsonObject,
): Node {
  if (!Array.isArray(value)) {
    context.report(path, "a list is expected here");
    return { kind: "list", items: [] };
  }
  const items = (value as readonly Json[]).map((item, index) => {
    const place = [...path, index];
    // A text among inlines is short for a TextRun, one among targets for a target that is toggled.
    if ((of === "run" || of === "target") && typeof item === "string")
      return compileString(item, { is: "plain" }, place, context);
    const element = compileElement(item, of, place, context, true);
    return element && of === "choice" ? withTitles(element, parent) : element;
  });
  return { kind: "list", items: items.filter((item) => item !== undefined) };
}

function compileTexts(value: Json, path: JsonPath, context: ElementContext): Node {
  if (!Array.isArray(value) || value.some((item) => typeof item !== "string"))
    context.report(path, "a list of texts is expected here");
  const texts = (Array.isArray(value) ? value : []).filter((item) => typeof item === "string");
  const items = texts.map((item, index) => compileString(item, { is: "plain" }, [...path, index], context));
  return { kind: "list", items: items.filter((item) => item !== undefined) };
}

/** Titles of choices are read as Markdown where each has its own button, and as they are in a drop-down list. */
function withTitles(choice: ObjectNode, { style, isMultiSelect }: JsonObject): ObjectNode {
  if (style !== "expanded" && isMultiSelect !== true) return choice;
  const properties = choice.properties.map(([name, node]): [string, Node] => {
    return name === "title" && node.kind === "text" ? [name, { ...node, medium: "markdown" }] : [name, node];
  });
  return { ...choice, properties };
}

function compileString(
  source: string,
  kind: PropertyKind,
  path: JsonPath,
  context: ElementContext,
): Node | undefined {
  const text = parseText(source, path, context);
  if (!text) return undefined;
  for (const part of text.parts) {
    if (typeof part !== "string") check(part, path, context);
    else if (kind.is === "markdown")
      unsafeLinks(part).forEach((link) => context.report(path, linkProblem(link)));
  }
  if (kind.is === "markdown" || kind.is === "plain") return { kind: "text", text, medium: kind.is };
  if (kind.is !== "url" && kind.is !== "link") return { kind: "scalar", text };
  const isLink = kind.is === "link";
  if (text.parts.every((part) => typeof part === "string") && addressOf(source, isLink) === null) {
    context.report(path, `this is not an ${isLink ? "https" : "http(s)"} address`);
  }
  return { kind: "url", text, isLink };
}

function linkProblem(link: string): string {
  return `the link ${link} must lead to a fixed http(s) address; for one of the data use an Action.OpenUrl`;
}

/** `$data` and `$when`: a text that is one expression. */
function compileControl(
  source: JsonObject,
  name: "$data" | "$when",
  path: JsonPath,
  context: ElementContext,
): CompiledExpression | undefined {
  if (!Object.hasOwn(source, name)) return undefined;
  const value = source[name];
  const place = [...path, name];
  const text = typeof value === "string" ? parseText(value, place, context) : undefined;
  if (typeof value === "string" && !text) return undefined;
  if (!text?.only) context.report(place, `"${name}" must be one expression: "\${…}"`);
  return text?.only;
}

function dataScope(
  { scope, report }: TemplateContext,
  data: CompiledExpression,
  path: JsonPath,
  inList: boolean,
): ShapeScope {
  const shape = checkExpression(data.tree, scope, (message, at) => report(path, where(message, data, at)));
  if (!data.locate) report(path, `"$data" must be a list or an object`);
  if (shape.kind === "leaf") report(path, `"$data" must be a list or an object, not a single value`);
  if (shape.kind === "list" && !inList) report(path, "only what stands in a list can be repeated");
  const item: Shape = shape.kind === "list" ? shape.of : shape;
  return { ...scope, data: item, repeated: scope.repeated || shape.kind !== "object" };
}

function check(expression: CompiledExpression, path: JsonPath, { scope, report }: TemplateContext): Shape {
  return checkExpression(expression.tree, scope, (message, at) =>
    report(path, where(message, expression, at)),
  );
}

function where(message: string, { source }: CompiledExpression, at: number): string {
  return `\${${source}}, character ${at + 1}: ${message}`;
}

function parseText(source: string, path: JsonPath, { report }: TemplateContext): CompiledText | undefined {
  try {
    return compileText(source);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    report(path, `"${source.slice(0, 80)}", character ${error.at + 1}: ${error.message}`);
    return undefined;
  }
}

function noteInput(source: JsonObject, path: JsonPath, context: ElementContext): void {
  const id = typeof source["id"] === "string" ? parseText(source["id"], [...path, "id"], context) : undefined;
  if (!id) return;
  if (context.scope.repeated && id.parts.every((part) => typeof part === "string"))
    context.report(
      [...path, "id"],
      "this is repeated: its id must be made of what is repeated, to be its own",
    );
  context.onInput?.(id, [...path, "id"]);
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
