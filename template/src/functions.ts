// The functions of expressions. Each says what it takes, so that a card that uses it wrongly is found out when it
// is loaded, and what it does. Nothing in, nothing out: a function of a missing value is missing.
import { spend } from "./budget.ts";
import { calculate, round } from "./decimal.ts";
import { formatDate, formatDay, formatMoney, formatNumber, formatTime, isMoney } from "./format.ts";
import {
  holds,
  isText,
  printData,
  printText,
  text,
  type DataPath,
  type Located,
  type Medium,
  type Scope,
  type Text,
  type Value,
} from "./values.ts";

export type Evaluate = (scope: Scope) => Value;
/** The items of a list with their places; null when there is no list. Of `most` is made use where the rest need not be found. */
export type Locate = (scope: Scope, most?: number) => readonly Located[] | null;

/**
 * `list`: a list. `each`: looked up within every item of the list. `key`: a message's key, written out.
 * `prefix`: the beginning of messages' keys, written out. `places`: a whole number, written out.
 */
export type Parameter =
  | "list"
  | "each"
  | "eachList"
  | "any"
  | "number"
  | "money"
  | "instant"
  | "string"
  | "key"
  | "prefix"
  | "places";

export interface FunctionDefinition {
  readonly params: readonly Parameter[];
  /** How many of the last need not be there. */
  readonly optional?: number;
  /** The last may be there several times. */
  readonly repeated?: boolean;
  /** Takes named arguments: `t('greeting', name: name)`. */
  readonly named?: boolean;
  readonly returns: "number" | "boolean" | "text" | "first" | "list" | "flat";
  /** Needs somebody to speak to: not for conditions of actions and rules. */
  readonly speaks?: boolean;
  readonly build?: (args: Arguments) => Evaluate;
  readonly buildList?: (args: Arguments) => Locate;
}

export interface Arguments {
  readonly values: readonly Evaluate[];
  /** The lists among the arguments, by position. */
  readonly lists: readonly (Locate | undefined)[];
  readonly named: readonly (readonly [name: string, value: Evaluate])[];
}

export const FUNCTIONS: ReadonlyMap<string, FunctionDefinition> = new Map(
  Object.entries({
    count: define(
      ["list"],
      "number",
      ({ lists }) =>
        (scope) =>
          lists[0]!(scope)?.length ?? null,
    ),
    sum: define(["list", "each"], "number", ({ lists, values }) => (scope) => {
      const items = lists[0]!(scope);
      return items && items.reduce<Value>((total, item) => add(total, values[1]!(within(scope, item))), 0);
    }),
    any: define(["list", "each"], "boolean", ({ lists, values }) => (scope) => {
      return lists[0]!(scope)?.some((item) => holds(values[1]!(within(scope, item)))) ?? null;
    }),
    all: define(["list", "each"], "boolean", ({ lists, values }) => (scope) => {
      return lists[0]!(scope)?.every((item) => holds(values[1]!(within(scope, item)))) ?? null;
    }),
    where: defineList(["list", "each"], "list", ({ lists, values }) => (scope) => {
      return lists[0]!(scope)?.filter((item) => holds(values[1]!(within(scope, item)))) ?? null;
    }),
    first: defineList(["list", "places"], "list", ({ lists, values }) => (scope) => {
      const most = values[1]!(scope) as number;
      return lists[0]!(scope, most)?.slice(0, most) ?? null;
    }),
    flatten: defineList(["list", "eachList"], "flat", ({ lists }) => (scope) => {
      return lists[0]!(scope)?.flatMap((item) => lists[1]!(within(scope, item)) ?? []) ?? null;
    }),
    min: { ...define(["number"], "number", extreme(Math.min)), repeated: true },
    max: { ...define(["number"], "number", extreme(Math.max)), repeated: true },
    round: {
      ...define(["number", "places"], "number", ({ values }) => (scope) => {
        const [value, places] = [values[0]!(scope), values[1]?.(scope) ?? 0];
        return typeof value === "number" ? round(value, places as number) : null;
      }),
      optional: 1,
    },
    exists: define(
      ["any"],
      "boolean",
      ({ values }) =>
        (scope) =>
          values[0]!(scope) !== null,
    ),
    coalesce: {
      ...define(["any"], "first", ({ values }) => (scope) => {
        for (const value of values) {
          const found = value(scope);
          if (found !== null) return found;
        }
        return null;
      }),
      repeated: true,
    },
    addHours: define(["instant", "number"], "text", later(3_600_000)),
    addDays: define(["instant", "number"], "text", later(86_400_000)),
    formatMoney: speaking(["money"], ([value], { speech }) => formatMoney(value, speech.locale)),
    formatNumber: {
      ...speaking(["number", "places"], ([value, places], { speech }) =>
        formatNumber(value, speech.locale, (places as number | null) ?? undefined),
      ),
      optional: 1,
    },
    formatDate: speaking(["instant"], ([value], { speech }) =>
      formatDate(value, speech.locale, speech.timeZone),
    ),
    formatTime: speaking(["instant"], ([value], { speech }) =>
      formatTime(value, speech.locale, speech.timeZone),
    ),
    formatDay: speaking(["instant"], ([value], { speech }) => formatDay(value, speech.locale)),
    person: speaking(["string"], ([id], { speech }) =>
      typeof id === "string" ? (speech.personName(id) ?? id) : null,
    ),
    word: speaking(["prefix", "string"], ([prefix, value], { speech }) => {
      if (typeof value !== "string") return null;
      const word = speech.message(`${String(prefix)}.${value}`, {});
      return word === null ? value : text(() => word);
    }),
    t: { ...define(["key"], "text", buildMessage), named: true, speaks: true },
    show: { ...define(["any", "any"], "text", buildShow), optional: 1, speaks: true },
  } satisfies Record<string, FunctionDefinition>),
);

function define(
  params: readonly Parameter[],
  returns: FunctionDefinition["returns"],
  build: (args: Arguments) => Evaluate,
): FunctionDefinition {
  return { params, returns, build };
}

function defineList(
  params: readonly Parameter[],
  returns: "list" | "flat",
  buildList: (args: Arguments) => Locate,
): FunctionDefinition {
  return { params, returns, buildList };
}

function speaking(
  params: readonly Parameter[],
  say: (values: Value[], scope: Scope) => Value,
): FunctionDefinition {
  const build = ({ values }: Arguments): Evaluate => {
    return (scope) =>
      say(
        values.map((value) => value(scope)),
        scope,
      );
  };
  return { params, returns: "text", speaks: true, build };
}

function within(scope: Scope, item: Located): Scope {
  return { ...scope, data: item };
}

function add(total: Value, value: Value): Value {
  return typeof total === "number" && typeof value === "number" ? calculate("+", total, value) : null;
}

function extreme(choose: (...values: number[]) => number): (args: Arguments) => Evaluate {
  return ({ values }) =>
    (scope) => {
      const numbers = values.map((value) => value(scope));
      return numbers.every((value) => typeof value === "number") ? choose(...numbers) : null;
    };
}

/** An instant so many of a unit later, or earlier; the unit in milliseconds. */
function later(unit: number): (args: Arguments) => Evaluate {
  return ({ values }) =>
    (scope) => {
      const [instant, amount] = values.map((value) => value(scope));
      if (typeof instant !== "string" || typeof amount !== "number") return null;
      const date = new Date(Date.parse(instant) + amount * unit);
      return Number.isNaN(date.getTime()) ? null : date.toISOString();
    };
}

/** A message with what stands in it. If something in it is missing, all of it is: "0 pairs" would be a lie. */
function buildMessage({ values, named }: Arguments): Evaluate {
  return (scope) => {
    const key = values[0]!(scope) as string;
    const args = named.map(([name, value]) => [name, value(scope)] as const);
    if (args.some(([, value]) => value === null)) return null;
    return text((medium) => {
      const printed = args.map(([name, value]) => [
        name,
        typeof value === "number" ? value : print(value, scope, medium),
      ]);
      const said = scope.speech.message(key, Object.fromEntries(printed) as Record<string, string | number>);
      spend(scope.budget, "characters", said?.length ?? 0);
      return said ?? key;
    });
  };
}

/**
 * A value as people read it. When it is missing: who does not share it, or who did not answer; when it is simply
 * not there, the second argument, or a dash.
 */
function buildShow({ values: [value, otherwise] }: Arguments): Evaluate {
  return (scope): Text => {
    const misses: DataPath[] = [];
    const found = value!({ ...scope, misses });
    if (found !== null) return text((medium) => print(found, scope, medium));
    const instead = otherwise?.(scope) ?? "—";
    return text((medium) => scope.speech.whyMissing(misses, medium) ?? print(instead, scope, medium));
  };
}

function print(value: Value, scope: Scope, medium: Medium): string {
  const { speech } = scope;
  if (isText(value)) return printText(value, medium);
  if (typeof value === "number") return formatNumber(value, speech.locale) ?? "";
  if (typeof value === "string") return printData(value, scope, medium);
  return isMoney(value) ? (formatMoney(value, speech.locale) ?? "") : "";
}
