// What a form asks of what is filled in (`min`, `maxLength`, `choices` …), checked where nobody can pass it by.
import type { CoercedInput, Lists, UserError, UserErrorCode } from "./form.ts";

type Plain = Readonly<Record<string, unknown>>;
type Coerced = Extract<CoercedInput, { readonly value: unknown }>;

interface Input {
  readonly element: Plain;
  /** It is in the form, whatever the data is. */
  readonly isSure: boolean;
  readonly names: (id: string) => boolean;
}

interface Value {
  /** The id of its input. */
  readonly id: string;
  readonly field: readonly string[];
  readonly value: unknown;
}

/**
 * What is against the form.
 *
 * @param form an expanded form, or where there is no data for it the form as its author wrote it: limits that are made of
 *   data are passed over then
 */
export function limitErrors(form: unknown, { value, sentPath }: Coerced, lists: Lists): UserError[] {
  const inputs = inputsOf(form, true);
  const values = valuesOf(value, sentPath, lists);
  const wrong = values.flatMap(({ id, field, value: filledIn }) => {
    const codes = inputs.filter(({ names }) => names(id)).map(({ element }) => problemOf(element, filledIn));
    // Two inputs of one id stand for each other: a grid's cell and its fallback, or two of which one is shown.
    const [code] = codes;
    return code !== undefined && codes.every((each) => each !== undefined) ? [error(field, code)] : [];
  });
  const missing = inputs.filter(
    ({ element, isSure, names }) =>
      isSure && element["isRequired"] === true && !values.some(({ id }) => names(id)),
  );
  return [...wrong, ...missing.map(({ element }) => error(String(element["id"]).split("."), "REQUIRED"))];
}

/** Whether limits or choices of a form, as its author wrote it, are made of its data. */
export function asksByData(form: unknown): boolean {
  return inputsOf(form, true).some(
    ({ element }) =>
      LIMITS.some((name) => isMade(element[name])) ||
      (element["type"] === "Input.ChoiceSet" && isOpen(element["choices"])),
  );
}

const LIMITS = ["min", "max", "maxLength", "isRequired"];

const MESSAGES: Partial<Record<UserErrorCode, string>> = {
  REQUIRED: "This must be filled in.",
  OUT_OF_RANGE: "This is less or more than the form asks for.",
  TOO_LONG: "This is longer than the form allows.",
  NOT_A_CHOICE: "This is none of the form's choices.",
};

function error(field: readonly string[], code: UserErrorCode): UserError {
  return { field, code, message: MESSAGES[code]! };
}

function inputsOf(node: unknown, isSure: boolean): Input[] {
  if (Array.isArray(node)) return node.flatMap((item) => inputsOf(item, isSure));
  if (!isPlain(node)) return [];
  const { type, id, fallback: _, ...rest } = node;
  const isAlways = isSure && !Object.hasOwn(node, "$when") && !Object.hasOwn(node, "$data");
  const isInput = typeof type === "string" && type.startsWith("Input.") && typeof id === "string";
  if (!isInput) return inputsOf(Object.values(rest), isAlways);
  const own: Input = { element: node, isSure: isAlways && !isMade(id), names: namesOf(id) };
  return type === "Input.SizeGrid" ? [own, ...cellsOf(node)] : [own];
}

function cellsOf({ rows, min, max }: Plain): Input[] {
  const cells = plains(rows).flatMap((row) => plains(row["cells"]));
  return cells.flatMap(({ id }) =>
    typeof id === "string"
      ? [{ element: { type: "Input.Number", id, min, max }, isSure: false, names: namesOf(id) }]
      : [],
  );
}

/** Of an id that is made of data, what may stand there. */
function namesOf(id: string): Input["names"] {
  if (!isMade(id)) return (name) => name === id;
  const parts = id.split(/\$\{[^}]*\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const pattern = new RegExp(`^${parts.join("[^.]+")}$`);
  return (name) => name.length <= 200 && pattern.test(name);
}

/** What is filled in, under the ids of its inputs, whether it was sent flat or nested; a list with rows, too. */
function valuesOf(value: Plain, sentPath: Coerced["sentPath"], lists: Lists): Value[] {
  return Object.entries(value).flatMap(([name, own]): Value[] => {
    if (own === null || own === undefined) return [];
    const whole = { id: name, field: [name], value: own };
    if (!Array.isArray(own)) return [whole];
    const each = Object.hasOwn(lists, name) ? lists[name] : undefined;
    const cells = own.flatMap((row: unknown, index) =>
      Object.entries(isPlain(row) ? row : {}).flatMap(([column, cell]): Value[] => {
        const field = sentPath([name, String(index), column]);
        const id = each === undefined ? field.join(".") : `${name}.${String((row as Plain)[each])}.${column}`;
        return cell === null || cell === undefined ? [] : [{ id, field, value: cell }];
      }),
    );
    return own.length > 0 ? [whole, ...cells] : [];
  });
}

function problemOf(element: Plain, value: unknown): UserErrorCode | undefined {
  const { type, min, max, maxLength, choices } = element;
  if (type === "Input.ChoiceSet") return isChosen(choices, value) ? undefined : "NOT_A_CHOICE";
  if (typeof maxLength === "number" && typeof value === "string" && value.length > maxLength)
    return "TOO_LONG";
  return isBelow(value, min) || isBelow(max, value) ? "OUT_OF_RANGE" : undefined;
}

/** Of two numbers, days or times of day; of anything else nobody knows. */
function isBelow(one: unknown, other: unknown): boolean {
  if (typeof one === "number" && typeof other === "number") return one < other;
  if (typeof one !== "string" || typeof other !== "string" || !isTime(one) || !isTime(other)) return false;
  // A day comes as its midnight.
  const length = Math.min(one.length, other.length);
  return one.slice(0, length) < other.slice(0, length);
}

function isTime(text: string): boolean {
  return /^(\d{4}-\d\d-\d\d|\d\d:\d\d)/.test(text);
}

function isChosen(choices: unknown, value: unknown): boolean {
  if (isOpen(choices)) return true;
  const chosen: readonly unknown[] = Array.isArray(value) ? value : [value];
  return chosen.every((each) => plains(choices).some((choice) => isSame(String(choice["value"]), each)));
}

/** What can be chosen is known from data alone. */
function isOpen(choices: unknown): boolean {
  const known = Array.isArray(choices) ? (choices as readonly unknown[]) : [];
  return known.some(
    (choice) => !isPlain(choice) || Object.hasOwn(choice, "$data") || isMade(choice["value"]),
  );
}

/** A choice is a text; what was chosen is a value of the schema by now. */
function isSame(choice: string, value: unknown): boolean {
  if (typeof value === "number") return Number(choice) === value;
  return String(value) === choice.trim() || String(value) === choice || value === `${choice}T00:00:00Z`;
}

function isMade(text: unknown): boolean {
  return typeof text === "string" && text.includes("${");
}

function plains(value: unknown): Plain[] {
  return Array.isArray(value) ? value.filter(isPlain) : [];
}

function isPlain(value: unknown): value is Plain {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
