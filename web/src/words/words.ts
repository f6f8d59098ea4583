// What the client says, in the person's language: ICU messages, and times as people write them.
import { IntlMessageFormat } from "intl-messageformat";
import { createContext, use } from "react";
import type { Locale, Titled } from "../junto/index.ts";
import { tagOf } from "../junto/index.ts";
import type en from "./en.json";

export type Word = keyof typeof en;
type Messages = Readonly<Record<Word, string>>;
type Args = Readonly<Record<string, string | number>>;

export interface Words {
  readonly locale: Locale;
  /** As BCP 47 has it. */
  readonly tag: "en" | "zh-CN";
  (word: Word, args?: Args): string;
  /** Hour and minute; the day as well when it is not today. */
  time(at: string): string;
  day(at: string): string;
  /** Name of a time zone whose clock shows another hour than the reader's; null: it does not. */
  clockOf(timeZone: string): string | null;
  /** A day of the calendar (`2026-11-20`), without the year; anything else as it is. */
  when(at: string): string;
  /** The same with the year. */
  whenInFull(at: string): string;
  list(items: readonly string[]): string;
  /** A card in a line. */
  summaryOf(card: { readonly en: string; readonly zh: string }): string;
  /** A moment with day and clock, as in a log. */
  moment(at: string): string;
  /** Which of its two names something goes by here. */
  nameOf(named: Titled): string;
}

const SOURCES: Readonly<Record<Locale, () => Promise<{ readonly default: Messages }>>> = {
  en: () => import("./en.json"),
  zh_CN: () => import("./zh-CN.json"),
};
const loaded = new Map<Locale, Messages>();

/** A language is there from then on, without a connection too. @throws when it cannot be had now */
export async function loadWords(locale: Locale): Promise<void> {
  if (!loaded.has(locale)) loaded.set(locale, (await SOURCES[locale]()).default);
}

/** @param locale whose words are loaded before the first of them is said */
export function createWords(locale: Locale): Words {
  const tag = tagOf(locale);
  const formats = new Map<Word, IntlMessageFormat>();
  const clocks = new Map<string, string | null>();
  const hour = new Intl.DateTimeFormat(tag, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const date = new Intl.DateTimeFormat(tag, { month: "short", day: "numeric" });
  const calendar = new Intl.DateTimeFormat(tag, { month: "short", day: "numeric", timeZone: "UTC" });
  const calendarInFull = new Intl.DateTimeFormat(tag, { dateStyle: "medium", timeZone: "UTC" });
  const full = new Intl.DateTimeFormat(tag, { dateStyle: "medium" });
  const moment = new Intl.DateTimeFormat(tag, { dateStyle: "medium", timeStyle: "medium", hourCycle: "h23" });
  const list = new Intl.ListFormat(tag, { type: "conjunction", style: "short" });

  const say = (word: Word, args?: Args): string => {
    const format = formats.get(word) ?? formatOf(locale, word, tag);
    formats.set(word, format);
    return String(format.format(args));
  };
  const day = (at: string): string => {
    const days = daysAgo(at);
    if (days === 0) return say("day.today");
    if (days === 1) return say("day.yesterday");
    if (days === -1) return say("day.tomorrow");
    return (Math.abs(days) < 180 ? date : full).format(new Date(at));
  };
  return Object.assign(say, {
    locale,
    tag,
    day,
    time: (at: string) => {
      const time = hour.format(new Date(at));
      return daysAgo(at) === 0 ? time : `${day(at)} ${time}`;
    },
    when: (at: string) => dayBy(calendar, at),
    whenInFull: (at: string) => dayBy(calendarInFull, at),
    clockOf: (timeZone: string) => {
      // Every card asks; it is another clock at another hour, when summer begins or ends.
      const key = `${timeZone} ${Math.floor(Date.now() / 3_600_000)}`;
      const known = clocks.get(key);
      const clock = known === undefined ? clockNow(timeZone, tag) : known;
      clocks.set(key, clock);
      return clock;
    },
    list: (items: readonly string[]) => list.format(items),
    summaryOf: ({ en: english, zh: chinese }: Titled) => (locale === "en" ? english : chinese),
    moment: (at: string) => moment.format(new Date(at)),
    nameOf: ({ en: english, zh: chinese }: Titled) => (locale === "en" ? english : chinese),
  });
}

function clockNow(timeZone: string, tag: Words["tag"]): string | null {
  const now = new Date();
  if (now.toLocaleString("en", { timeZone }) === now.toLocaleString("en")) return null;
  const parts = new Intl.DateTimeFormat(tag, { timeZone, timeZoneName: "long" }).formatToParts(now);
  return parts.find(({ type }) => type === "timeZoneName")?.value ?? timeZone;
}

function formatOf(locale: Locale, word: Word, tag: Words["tag"]): IntlMessageFormat {
  const messages = loaded.get(locale);
  if (!messages) throw new Error(`The words of ${locale} are not loaded.`);
  return new IntlMessageFormat(messages[word], tag, undefined, { ignoreTag: true });
}

function dayBy(format: Intl.DateTimeFormat, at: string): string {
  const date = /^\d{4}-\d\d-\d\d$/.test(at) ? new Date(at) : undefined;
  return date && !Number.isNaN(date.getTime()) ? format.format(date) : at;
}

function daysAgo(at: string): number {
  const start = (date: Date): number => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
  return Math.round((start(new Date()) - start(new Date(at))) / 86_400_000);
}

export const WordsContext: React.Context<Words> = createContext<Words>(createWords("en"));

export function useWords(): Words {
  return use(WordsContext);
}
