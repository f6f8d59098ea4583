// An app's words in each language: ICU messages, `{pairs, plural, one {# pair} other {# pairs}}`, parsed once.
import { IntlMessageFormat } from "intl-messageformat";
import type { MessageUse } from "./check.ts";
import { unsafeLinks } from "./markdown.ts";

/** The languages that every app speaks, as BCP 47 names them. */
export const LOCALES = ["en", "zh-CN"] as const;
export type Locale = (typeof LOCALES)[number];

export type Messages = Readonly<Record<Locale, ReadonlyMap<string, Message>>>;

export interface Message {
  readonly source: string;
  /** What stands in it: name ▸ whether it must be a number. */
  readonly args: ReadonlyMap<string, boolean>;
  readonly format: (args: Readonly<Record<string, string | number>>) => string;
}

export const NO_MESSAGES: Messages = { en: new Map(), "zh-CN": new Map() };

const KEY = /^[a-z][A-Za-z0-9]*([.-][A-Za-z0-9_]+)*$/;
const MAX_MESSAGE = 1_000;

type Report = (locale: Locale, key: string | undefined, message: string) => void;

/** Reads `{ key: message }` of each language; what is wrong with them goes to `report`. */
export function compileMessages(files: Readonly<Record<Locale, unknown>>, report: Report): Messages {
  const messages = { en: new Map<string, Message>(), "zh-CN": new Map<string, Message>() };
  for (const locale of LOCALES) {
    const file = files[locale];
    if (typeof file !== "object" || file === null || Array.isArray(file)) {
      report(locale, undefined, "give an object of keys and messages");
      continue;
    }
    for (const [key, source] of Object.entries(file)) {
      const message = compileMessage(locale, key, source, report);
      if (message) messages[locale].set(key, message);
    }
  }
  compareLanguages(messages, report);
  return messages;
}

function compileMessage(locale: Locale, key: string, source: unknown, report: Report): Message | undefined {
  if (!KEY.test(key)) report(locale, key, `"${key}" is no key; write for example order.status`);
  if (typeof source !== "string" || source === "" || source.length > MAX_MESSAGE) {
    report(locale, key, `"${key}" is not a text of ${MAX_MESSAGE} characters at most`);
    return undefined;
  }
  for (const link of unsafeLinks(source))
    report(locale, key, `"${key}": the link ${link} must lead to a fixed http(s) address`);
  try {
    const format = new IntlMessageFormat(source, locale, undefined, { ignoreTag: true });
    return { source, args: argumentsOf(format.getAst()), format: (args) => String(format.format(args)) };
  } catch (error) {
    report(
      locale,
      key,
      `"${key}" is no ICU message: ${error instanceof Error ? error.message : String(error)}`,
    );
    return undefined;
  }
}

type Ast = ReturnType<IntlMessageFormat["getAst"]>;

/** `type` of the parser's elements; its own enum is not there at run time. */
const [LITERAL, ARGUMENT, NUMBER, , , SELECT, PLURAL] = [0, 1, 2, 3, 4, 5, 6] as const;

function argumentsOf(ast: Ast, found = new Map<string, boolean>()): Map<string, boolean> {
  for (const element of ast) {
    const type: number = element.type;
    if (type === LITERAL || !("value" in element) || typeof element.value !== "string") continue;
    const isNumber = type === NUMBER || type === PLURAL;
    if (type === ARGUMENT || type === SELECT || isNumber)
      found.set(element.value, isNumber || found.get(element.value) === true);
    else if (type < 7) throw new Error(`{${element.value}, …} is of a kind that messages here do not have`);
    if ("options" in element)
      Object.values(element.options).forEach((option) => argumentsOf(option.value, found));
  }
  return found;
}

/** A message that one language has and another has not would show as its key. */
function compareLanguages(messages: Messages, report: Report): void {
  for (const locale of LOCALES) {
    for (const other of LOCALES) {
      for (const [key, { args }] of messages[other]) {
        const mine = messages[locale].get(key);
        if (!mine) report(locale, undefined, `"${key}" is missing; ${other} has it`);
        else if (locale !== "en" && [...mine.args.keys()].sort().join() !== [...args.keys()].sort().join()) {
          report(locale, key, `"${key}" holds other {arguments} than in ${other}`);
        }
      }
    }
  }
}

/** What is wrong with the use that an app makes of its messages. */
export function checkUses(uses: readonly MessageUse[], messages: Messages): string[] {
  return uses.flatMap((use) => {
    if (use.kind === "prefix") {
      const missing = use.values.filter((value) => !messages.en.has(`${use.prefix}.${value}`));
      return missing.map((value) => `there is no message "${use.prefix}.${value}"`);
    }
    const message = messages.en.get(use.key);
    if (!message) return [`there is no message "${use.key}"`];
    return [...message.args].flatMap(([name, isNumber]) => {
      if (!Object.hasOwn(use.args, name)) return [`message "${use.key}" needs ${name}: give ${name}: …`];
      const shape = use.args[name]!;
      const isText = shape.kind === "leaf" && !["Int", "Float"].includes(shape.type);
      return isNumber && isText ? [`message "${use.key}" needs a number for ${name}`] : [];
    });
  });
}

/** The messages that these uses need: what a client must have to show a template. */
export function usedMessages(
  uses: readonly MessageUse[],
  messages: ReadonlyMap<string, Message>,
): Record<string, string> {
  const keys = new Set<string>();
  for (const use of uses) {
    if (use.kind === "key") keys.add(use.key);
    else for (const key of messages.keys()) if (key.startsWith(`${use.prefix}.`)) keys.add(key);
  }
  return Object.fromEntries([...keys].sort().map((key) => [key, messages.get(key)?.source ?? key]));
}

/** A message with its arguments; null when there is no such message. */
export function formatMessage(
  messages: Messages,
  locale: Locale,
  key: string,
  args: Readonly<Record<string, string | number>> = {},
): string | null {
  return messages[locale].get(key)?.format(args) ?? null;
}
