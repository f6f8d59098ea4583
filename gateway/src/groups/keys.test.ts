import { describe, expect, it } from "vitest";
import { isId, newId } from "./ids.ts";
import { canonicalKey, entityText } from "./keys.ts";

describe("a canonical key", () => {
  it("is the same text whatever the order of its fields", () => {
    expect(canonicalKey({ b: "2", a: "1" })).toBe('{"a":"1","b":"2"}');
    expect(canonicalKey({ a: "1", b: "2" })).toBe(canonicalKey({ b: "2", a: "1" }));
    expect(canonicalKey({ x: { d: 1, c: [true, { f: "f", e: "e" }] } })).toBe(
      '{"x":{"c":[true,{"e":"e","f":"f"}],"d":1}}',
    );
  });

  it("tells apart what is not the same", () => {
    const keys = [
      { id: "1" },
      { id: 1 },
      { id: "1 " },
      { id: ["1"] },
      { id: '1","x":"2' },
      { id: "1", x: "2" },
      { Id: "1" },
    ];
    expect(new Set(keys.map(canonicalKey)).size).toBe(keys.length);
    expect(entityText({ type: "A", key: { id: "1" } })).not.toBe(
      entityText({ type: "A {", key: { id: "1" } }),
    );
  });

  it.each([
    ["nothing", undefined],
    ["null", null],
    ["a text", "017"],
    ["a list", ["017"]],
    ["no fields", {}],
    ["a field without a value", { id: null }],
    ["a number that is none", { id: Number.NaN }],
    ["a function", { id: () => "017" }],
    ["a NUL", { id: "0\0" }],
    ["half a character", { id: "\ud800" }],
    ["a name of the prototype", JSON.parse('{"__proto__":"x"}')],
    ["the name constructor", { constructor: "x" }],
    ["too much", { id: "x".repeat(1_001) }],
    ["too deep", { a: { a: { a: { a: { a: { a: "x" } } } } } }],
  ])("is not made of %s", (_, key) => {
    expect(() => canonicalKey(key)).toThrow(expect.objectContaining({ code: "BAD_USER_INPUT" }));
  });
});

describe("an id", () => {
  it("sorts by time and is never given twice", () => {
    const ids = Array.from({ length: 1_000 }, (_, time) => newId(1_700_000_000_000 + time));
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(Array.from({ length: 1_000 }, () => newId(5))).size).toBe(1_000);
    expect(ids.every(isId)).toBe(true);
    expect(ids[0]).toMatch(/^018bcfe5-6800-7[0-9a-f]{3}-[89ab]/);
  });

  it.each([
    "",
    "17",
    newId().toUpperCase(),
    `${newId()} `,
    `{${newId()}}`,
    newId().replaceAll("-", ""),
    null,
    17,
  ])("is not %j", (text) => expect(isId(text)).toBe(false));
});
