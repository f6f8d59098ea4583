import { describe, expect, it } from "vitest";
import { compileMessages, formatMessage, LOCALES, WORDS } from "@junto/template";
import { loadApps } from "./apps.ts";
import { composedApiSchema, SCHEMA_DIR } from "./testing/graph.ts";

describe.each(loadApps(`${SCHEMA_DIR}/apps`, composedApiSchema()))(
  "the messages of $name",
  ({ cards, actions, messages }) => {
    it("are the same in every language", () => {
      for (const locale of LOCALES)
        expect([...messages[locale].keys()].sort()).toEqual([...messages.en.keys()].sort());
    });

    it("are all used", () => {
      const templates = [...cards.values(), ...[...actions.values()].flatMap(({ form }) => form ?? [])];
      const used = new Set(templates.flatMap(({ template }) => Object.keys(template.words.en)));
      for (const { name } of actions.values()) used.add(`action.${name}`);
      for (const { summary } of cards.values()) {
        for (const [, key] of summary.source.matchAll(/t\('([^']+)'/g)) used.add(key!);
      }
      expect([...messages.en.keys()].filter((key) => !used.has(key))).toEqual([]);
    });

    it("are not left in English", () => {
      const same = [...messages.en].filter(
        ([key, { source }]) =>
          /[a-z]{3}/.test(source.replace(/\{[^}]*\}/g, "")) && messages["zh-CN"].get(key)?.source === source,
      );
      expect(same.map(([key]) => key)).toEqual([]);
    });
  },
);

it("count as each language counts", () => {
  const messages = compileMessages(
    {
      en: { pairs: "{n, plural, one {# pair} other {# pairs}} by {who}" },
      "zh-CN": { pairs: "{who}：{n, plural, other {# 双}}" },
    },
    fail,
  );
  expect(formatMessage(messages, "en", "pairs", { n: 1, who: "<b>Lin</b>" })).toBe("1 pair by <b>Lin</b>");
  expect(formatMessage(messages, "en", "pairs", { n: 1_200, who: "{n}" })).toBe("1,200 pairs by {n}");
  expect(formatMessage(messages, "zh-CN", "pairs", { n: 1, who: "林静" })).toBe("林静：1 双");
  expect(formatMessage(messages, "en", "nothing")).toBeNull();
});

it("of every card are there in each language", () => {
  for (const locale of LOCALES) {
    for (const word of Object.values(WORDS[locale])) expect(word).toContain("{organization}");
  }
});

it.each<[string, unknown, unknown, RegExp]>([
  ["a list", [], {}, /object of keys/],
  ["a bad key", { "__proto__ x": "a" }, { "__proto__ x": "a" }, /is no key/],
  ["no text", { a: 1 }, { a: 1 }, /not a text/],
  ["an empty text", { a: "" }, { a: "" }, /not a text/],
  ["broken ICU", { a: "{n, plural, one {x}" }, { a: "x" }, /no ICU message/],
  ["ICU without other", { a: "{n, plural, one {x}}" }, { a: "x" }, /no ICU message/],
  ["a date of its own", { a: "{d, date, short}" }, { a: "x" }, /of a kind/],
  ["a key that one language lacks", { a: "x", b: "y" }, { a: "x" }, /"b" is missing; en has it/],
  ["other arguments", { a: "{n}" }, { a: "{m}" }, /other \{arguments\}/],
  ["a link to where the data says", { a: "[x](https://{n}/)" }, { a: "[x](https://{n}/)" }, /fixed http/],
])("that are %s are reported", (_, en, zh, message) => {
  const problems: string[] = [];
  compileMessages({ en, "zh-CN": zh }, (__, ___, problem) => problems.push(problem));
  expect(problems.join("\n")).toMatch(message);
});

function fail(_: string, key: string | undefined, message: string): never {
  throw new Error(`${key}: ${message}`);
}
