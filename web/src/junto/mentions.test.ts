import { describe, expect, it } from "vitest";
import { mentionAt, mentionsIn, partsOf, suggested } from "./mentions.ts";
import type { Person } from "./types.ts";

const person = (id: string, name: string, en = "Mall", zh = "商场"): Person => ({
  id,
  name,
  organization: { id: id.split(":")[0]!, en, zh },
});
const LIN = person("mall:lin", "林静");
const LINA = person("mall:lina", "林静雅");
const ANN = person("brand:ann", "Ann Lee", "Aurora Footwear", "极光鞋业");
const PEOPLE = [LIN, LINA, ANN];

describe("a mention", () => {
  it("is an @ and a name, also between Chinese; of two names the longer", () => {
    expect(partsOf("请@林静雅看，@林静也看", PEOPLE)).toEqual([
      { text: "请", person: null },
      { text: "@林静雅", person: "mall:lina" },
      { text: "看，", person: null },
      { text: "@林静", person: "mall:lin" },
      { text: "也看", person: null },
    ]);
  });

  it.each(["", "nobody here", "@", "@Nobody", "a@b.example", "@@"])("is not in %j", (text) => {
    expect(mentionsIn(text, PEOPLE, [])).toEqual([]);
    expect(
      partsOf(text, PEOPLE)
        .map((part) => part.text)
        .join(""),
    ).toBe(text);
  });

  it("is of each person once", () => {
    expect(mentionsIn("@Ann Lee @林静 @Ann Lee", PEOPLE, [])).toEqual(["brand:ann", "mall:lin"]);
  });

  it("is of who was chosen, among people of one name; of all of them when nobody was", () => {
    const other = person("supplier:lin", "林静");
    expect(mentionsIn("@林静", [LIN, other], ["supplier:lin"])).toEqual(["supplier:lin"]);
    expect(mentionsIn("@林静", [LIN, other], [])).toEqual(["mall:lin", "supplier:lin"]);
  });

  it("is no longer one when its name was deleted from the text", () => {
    expect(mentionsIn("@Ann", PEOPLE, ["brand:ann"])).toEqual([]);
  });
});

describe("what is looked for", () => {
  it.each<[string, string | null]>([
    ["@", ""],
    ["请@林", "林"],
    ["see @an", "an"],
    ["mail a@b", null],
    ["@lin is", null],
    ["none", null],
    ["", null],
  ])("after %j is %j", (text, query) => {
    expect(mentionAt(text, text.length)?.query ?? null).toBe(query);
  });

  it("is before the caret", () => {
    expect(mentionAt("@lin and more", 3)).toEqual({ from: 0, query: "li" });
    expect(mentionAt("@lin", 0)).toBeNull();
    expect(mentionAt("@lin", -1)).toBeNull();
  });

  it("is in names, ids and organizations; whose name begins with it comes first", () => {
    expect(suggested("", PEOPLE)).toEqual(PEOPLE);
    expect(suggested("an", PEOPLE)).toEqual([ANN]);
    expect(suggested("极光", PEOPLE)).toEqual([ANN]);
    expect(suggested("lin", PEOPLE)).toEqual([LIN, LINA]);
    expect(suggested("雅", PEOPLE)).toEqual([LINA]);
  });
});
