import { IntlMessageFormat } from "intl-messageformat";
import { expect, it } from "vitest";
import { createWords, loadWords, type Word } from "./words.ts";
import en from "./en.json" with { type: "json" };
import zh from "./zh-CN.json" with { type: "json" };

const args = (source: string): string[] => {
  const found = new Set<string>();
  const walk = (ast: ReturnType<IntlMessageFormat["getAst"]>): void => {
    for (const each of ast) {
      if (String(each.type) !== "0" && "value" in each && typeof each.value === "string")
        found.add(each.value);
      if ("options" in each) for (const option of Object.values(each.options)) walk(option.value);
    }
  };
  walk(new IntlMessageFormat(source, "en").getAst());
  return [...found].sort();
};

it("there is the same to say in every language", () => {
  expect(Object.keys(zh)).toEqual(Object.keys(en));
});

it.each(Object.keys(en) as Word[])("%s says the same in every language", (word) => {
  // A language without plurals may leave a count out of its words.
  expect(args(en[word])).toEqual(expect.arrayContaining(args(zh[word])));
  if (/[a-z]{4}/.test(en[word].replace(/\{[^}]*\}/g, "")) && word !== "app.name")
    expect(zh[word]).toMatch(/\p{Script=Han}/u);
});

it("counts as each language counts", async () => {
  await Promise.all([loadWords("en"), loadWords("zh_CN")]);
  expect(createWords("en")("groups.people", { n: 1 })).toBe("1 person");
  expect(createWords("zh_CN")("groups.people", { n: 4 })).toBe("4 人");
});
