// Forms: what a person filled in ▸ the input that a mutation takes.
//
// A form's inputs are flat and their values are strings. An input's id is a path: `reason`, `lines.0.pairs`. Two
// ways lead to a list of objects:
//   - by position: `lines.0.skuId`, `lines.0.pairs`, `lines.1.skuId` …
//   - by a field: with `lists: { lines: skuId }` in app.yaml, `lines.BL2481-38.pairs` is a line whose skuId is
//     BL2481-38: one input for each size of a shoe.
// Rows in which nothing is filled in are left out. A program may send the nested input as it is in the schema.
import {
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isScalarType,
  type GraphQLInputField,
  type GraphQLInputObjectType,
  type GraphQLInputType,
} from "graphql";
import type { Template } from "@junto/template";
import type { Fragment } from "./fragment.ts";

export interface Form {
  readonly name: string;
  readonly template: Template;
  /** What its data is asked with, about the group's subject. None: a card's form is shown with the card's data. */
  readonly fragment: Fragment | undefined;
  /** List field ▸ the field of its rows that the ids of inputs name. */
  readonly lists: Lists;
}

export type Lists = Readonly<Record<string, string>>;

export interface UserError {
  /** Path in the input as it was sent; joined with dots, the id of the form's input. */
  readonly field: readonly string[];
  readonly code: UserErrorCode;
  /** In English. */
  readonly message: string;
}

export type UserErrorCode =
  | "REQUIRED"
  | "NOT_AN_INTEGER"
  | "NOT_A_NUMBER"
  | "OUT_OF_RANGE"
  | "NOT_A_BOOLEAN"
  | "NOT_A_TEXT"
  | "NOT_A_DATE"
  | "NOT_A_CHOICE"
  | "NOT_A_LIST"
  | "NOT_AN_OBJECT"
  | "TOO_LONG"
  | "TOO_MANY"
  | "TOO_DEEP"
  | "UNKNOWN_FIELD"
  | "BOUND_FIELD";

export type CoercedInput =
  | {
      readonly value: Readonly<Record<string, unknown>>;
      /** The path as it was sent of a path in `value`: what an owner's system says of row 0 belongs to that input. */
      readonly sentPath: (field: readonly string[]) => readonly string[];
    }
  | { readonly userErrors: readonly UserError[] };

const MAX_TEXT = 4_000;
const MAX_ITEMS = 500;
const MAX_DEPTH = 8;
const MAX_FIELDS = 2_000;
const MAX_ERRORS = 20;

/**
 * Coerces what was sent by the schema.
 *
 *     coerceInput(SubmitRestockInput, { "lines.0.skuId": "BL2481-38", "lines.0.pairs": "12", note: "" }, { counterId: "017", key })
 *     // { value: { counterId: "017", key, lines: [{ skuId: "BL2481-38", pairs: 12 }], note: null } }
 *
 * @param bound fields that the card or the group fills in. One may be sent too, if it is the same.
 */
export function coerceInput(
  inputType: GraphQLInputObjectType,
  raw: unknown,
  bound: Readonly<Record<string, unknown>> = {},
  lists: Lists = {},
): CoercedInput {
  const errors: UserError[] = [];
  const fail: Fail = (field, code, message) => {
    if (errors.length < MAX_ERRORS)
      errors.push({ field: field.map((name) => name.slice(0, 80)), code, message });
    return undefined;
  };
  const rows = new Map<string, readonly string[]>();
  const tree = nest(raw, lists, rows, fail);
  if (!tree) return { userErrors: errors };
  const rest = withoutBound(tree, bound, fail);
  const value = coerceFields(inputType, rest, [], { fail, rows }, bound);
  if (errors.length > 0 || value === undefined) return { userErrors: errors };
  return { value, sentPath: (field) => sentPath(field, rows) };
}

type Fail = (field: readonly string[], code: UserErrorCode, message: string) => undefined;
type Plain = Record<string, unknown>;

interface Coercion {
  readonly fail: Fail;
  /** Path in the value, joined ▸ path as it was sent, where the two differ. */
  readonly rows: Map<string, readonly string[]>;
}

/** Flat ids ▸ the nested input. Rows without anything in them go; a nested input comes through as it is. */
function nest(raw: unknown, lists: Lists, rows: Coercion["rows"], fail: Fail): Plain | undefined {
  if (!isPlain(raw)) return fail([], "NOT_AN_OBJECT", "The input must be an object.");
  if (!isBounded(raw, 0, { left: MAX_FIELDS }))
    return fail([], "TOO_DEEP", "There is too much in this input.");
  if (hasInheritedName(raw)) return fail([], "UNKNOWN_FIELD", "There is no such field.");
  const tree: Plain = Object.create(null) as Plain;
  const flat = new Map<string, Map<string, Plain>>();
  for (const [id, value] of Object.entries(raw)) {
    const [list, row, ...rest] = id.split(".");
    if (row === undefined) tree[id] = value;
    else if (rest.length !== 1 || id.length > 200) fail([id], "UNKNOWN_FIELD", "There is no such field.");
    else {
      const found = flat.get(list!) ?? new Map<string, Plain>();
      const fields = found.get(row) ?? (Object.create(null) as Plain);
      fields[rest[0]!] = value;
      flat.set(list!, found.set(row, fields));
    }
  }
  for (const [list, found] of flat) {
    if (Object.hasOwn(tree, list)) fail([list], "UNKNOWN_FIELD", "This field was sent in two ways.");
    else {
      const filled = toRows(list, found, Object.hasOwn(lists, list) ? lists[list] : undefined, rows, fail);
      if (filled.length > 0) tree[list] = filled;
    }
  }
  return tree;
}

function toRows(
  list: string,
  found: ReadonlyMap<string, Plain>,
  each: string | undefined,
  rows: Coercion["rows"],
  fail: Fail,
): Plain[] {
  const filled = [...found].filter(([, fields]) => Object.values(fields).some((value) => !isEmpty(value)));
  if (each === undefined) filled.sort(([a], [b]) => Number(a) - Number(b));
  return filled.flatMap(([row, fields], index) => {
    const sent = [list, row];
    if (each === undefined && !/^\d{1,3}$/.test(row))
      return fail(sent, "UNKNOWN_FIELD", "There is no such row.") ?? [];
    if (each !== undefined && Object.hasOwn(fields, each)) {
      return fail([...sent, each], "UNKNOWN_FIELD", "There is no such field.") ?? [];
    }
    rows.set(`${list}.${index}`, sent);
    return [
      each === undefined ? fields : Object.assign(Object.create(null) as Plain, { [each]: row }, fields),
    ];
  });
}

/** What the card fills in stands; who sends something else meant something else. */
function withoutBound(tree: Plain, bound: Readonly<Plain>, fail: Fail): Plain {
  const rest = Object.create(null) as Plain;
  for (const [name, value] of Object.entries(tree)) {
    if (!Object.hasOwn(bound, name)) rest[name] = value;
    else if (JSON.stringify(value) !== JSON.stringify(bound[name])) {
      fail([name], "BOUND_FIELD", "This is filled in by the card and cannot be changed.");
    }
  }
  return rest;
}

function coerceFields(
  type: GraphQLInputObjectType,
  raw: Plain,
  path: readonly string[],
  coercion: Coercion,
  bound: Readonly<Plain> = {},
): Plain | undefined {
  const fields = type.getFields();
  for (const name of Object.keys(raw)) {
    if (!Object.hasOwn(fields, name))
      coercion.fail(sent([...path, name], coercion), "UNKNOWN_FIELD", "There is no such field.");
  }
  const value: Plain = {};
  for (const [name, field] of Object.entries(fields)) {
    const coerced = Object.hasOwn(bound, name)
      ? (bound[name] ?? absent(field, [...path, name], coercion))
      : Object.hasOwn(raw, name)
        ? coerce(field.type, raw[name], [...path, name], coercion)
        : absent(field, [...path, name], coercion);
    if (coerced !== undefined) value[name] = coerced;
  }
  return value;
}

function absent(field: GraphQLInputField, path: readonly string[], coercion: Coercion): undefined {
  if (isNonNullType(field.type) && field.defaultValue === undefined) required(path, coercion);
  return undefined;
}

function required(path: readonly string[], coercion: Coercion): undefined {
  return coercion.fail(sent(path, coercion), "REQUIRED", "This must be filled in.");
}

/** The value; null where nothing is filled in; undefined when something is wrong with it, which was then said. */
function coerce(type: GraphQLInputType, raw: unknown, path: readonly string[], coercion: Coercion): unknown {
  if (isNonNullType(type)) {
    const value = coerce(type.ofType, raw, path, coercion);
    return value === null ? required(path, coercion) : value;
  }
  if (isEmpty(raw)) return null;
  const fail = (code: UserErrorCode, message: string) => coercion.fail(sent(path, coercion), code, message);
  if (isListType(type)) return coerceList(type.ofType, raw, path, coercion);
  if (isInputObjectType(type)) {
    return isPlain(raw)
      ? coerceFields(type, raw, path, coercion)
      : fail("NOT_AN_OBJECT", "This must be an object.");
  }
  if (isEnumType(type)) {
    const value = typeof raw === "string" ? type.getValue(raw.trim()) : undefined;
    return value
      ? value.name
      : fail(
          "NOT_A_CHOICE",
          `This must be one of ${type
            .getValues()
            .map(({ name }) => name)
            .join(", ")}.`,
        );
  }
  return isScalarType(type) ? coerceScalar(type.name, raw, fail) : undefined;
}

/** Several choices of a form come as one text with commas between. */
function coerceList(
  type: GraphQLInputType,
  raw: unknown,
  path: readonly string[],
  coercion: Coercion,
): unknown {
  const items = typeof raw === "string" ? raw.split(",").map((item) => item.trim()) : raw;
  if (!Array.isArray(items)) return coercion.fail(sent(path, coercion), "NOT_A_LIST", "This must be a list.");
  if (items.length > MAX_ITEMS) {
    return coercion.fail(sent(path, coercion), "TOO_MANY", `There can be ${MAX_ITEMS} at most.`);
  }
  const values = items.map((item, index) => coerce(type, item, [...path, String(index)], coercion));
  return values.includes(undefined) ? undefined : values;
}

type FailHere = (code: UserErrorCode, message: string) => undefined;

function coerceScalar(name: string, raw: unknown, fail: FailHere): unknown {
  switch (name) {
    case "Int":
      return coerceInt(raw, fail);
    case "Float":
      return coerceFloat(raw, fail);
    case "Boolean":
      if (typeof raw === "boolean") return raw;
      if (raw === "true" || raw === "false") return raw === "true";
      return fail("NOT_A_BOOLEAN", "This must be true or false.");
    case "DateTime":
      return coerceDateTime(raw, fail);
    case "JSON":
      return raw;
    default:
      return coerceText(raw, fail, name === "ID");
  }
}

function coerceText(raw: unknown, fail: FailHere, isId: boolean): unknown {
  if (isId && typeof raw === "number" && Number.isSafeInteger(raw)) return String(raw);
  if (typeof raw !== "string") return fail("NOT_A_TEXT", "This must be a text.");
  if (raw.length > MAX_TEXT) return fail("TOO_LONG", `This can have ${MAX_TEXT} characters at most.`);
  return isId ? raw.trim() : raw;
}

/** `12`, `"12"`, and the wide digits of a Chinese keyboard. */
function coerceInt(raw: unknown, fail: FailHere): unknown {
  const text = numberText(raw);
  if (text === null || !/^[-+]?\d{1,20}(\.0{1,20})?$/.test(text))
    return fail("NOT_AN_INTEGER", "This must be a whole number.");
  const value = Number(text);
  return Math.abs(value) <= 2_147_483_647 ? value + 0 : fail("OUT_OF_RANGE", "This number is too large.");
}

function coerceFloat(raw: unknown, fail: FailHere): unknown {
  const text = numberText(raw);
  const value =
    text !== null && /^[-+]?\d{1,309}(\.\d{1,309})?(e[-+]?\d{1,3})?$/i.test(text) ? Number(text) : NaN;
  if (Number.isNaN(value)) return fail("NOT_A_NUMBER", "This must be a number.");
  return Number.isFinite(value) ? value : fail("OUT_OF_RANGE", "This number is too large.");
}

function numberText(raw: unknown): string | null {
  if (typeof raw === "number") return String(raw);
  return typeof raw === "string" && raw.length <= 700 ? raw.normalize("NFKC").trim() : null;
}

/** An instant, or a day as a form's Input.Date gives it: its midnight in UTC. */
function coerceDateTime(raw: unknown, fail: FailHere): unknown {
  const match =
    typeof raw === "string" &&
    /^(\d{4}-\d\d-\d\d)(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[-+]\d\d:\d\d))?$/.exec(raw.trim());
  const text = match ? (match[2] === undefined ? `${match[1]}T00:00:00Z` : match[0]) : "";
  // A 31st of February would come out as another day.
  const isDay = match && new Date(`${match[1]}T00:00:00Z`).toJSON()?.startsWith(match[1]!);
  return isDay && !Number.isNaN(Date.parse(text)) ? text : fail("NOT_A_DATE", "This must be a date.");
}

function sent(path: readonly string[], { rows }: Coercion): readonly string[] {
  return sentPath(path, rows);
}

function sentPath(path: readonly string[], rows: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const row = rows.get(path.slice(0, 2).join("."));
  return row ? [...row, ...path.slice(2)] : path;
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || (typeof value === "string" && value.trim() === "");
}

function isPlain(value: unknown): value is Plain {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isBounded(value: unknown, depth: number, budget: { left: number }): boolean {
  if (typeof value !== "object" || value === null) return --budget.left >= 0;
  if (depth >= MAX_DEPTH) return false;
  return Object.values(value).every((item) => isBounded(item, depth + 1, budget));
}

/** Names that would reach what objects inherit, should anybody copy them carelessly. */
function hasInheritedName(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(([name, item]) => {
    return name.split(".").some((part) => FORBIDDEN.has(part)) || hasInheritedName(item);
  });
}

const FORBIDDEN: ReadonlySet<string> = new Set(["__proto__", "prototype", "constructor"]);
