import { expect, it } from "vitest";
import { canonicalJson } from "../json/canonical.ts";
import { canonicalDigest, contentRef } from "./digest.ts";

const secret = Buffer.alloc(32, 7);

it("is the same for equal data, whatever the order of its keys", () => {
  const one = canonicalDigest(secret, { a: 1, b: { c: [1, 2], d: null } }, ["x"]);
  expect(canonicalDigest(secret, { b: { d: null, c: [1, 2] }, a: 1 }, ["x"])).toEqual(one);
  expect(one).toHaveLength(32);
});

it.each([
  [{ a: 2 }, ["x"]],
  [{ a: "1" }, ["x"]],
  [{ a: [1] }, ["x"]],
  [{ a: 1 }, []],
  [{ a: 1 }, "x"],
  [[{ a: 1 }, ["x"]], undefined],
  [null, ["x"]],
])("is another for %j and %j", (data, actions) => {
  expect(canonicalDigest(secret, data, actions)).not.toEqual(canonicalDigest(secret, { a: 1 }, ["x"]));
});

it("is another under another secret", () => {
  expect(canonicalDigest(Buffer.alloc(32, 8), {}, [])).not.toEqual(canonicalDigest(secret, {}, []));
});

it("writes JSON as JSON does, with keys in order and without what is undefined", () => {
  expect(canonicalJson({ b: 1, a: undefined, "": ["é\n", -0, 1e21, undefined] })).toBe(
    '{"":["é\\n",0,1e+21,null],"b":1}',
  );
  expect(canonicalJson(undefined)).toBe("null");
});

it("names contents so that an address can hold the name", () => {
  expect(contentRef({ a: 1 })).toMatch(/^[\w-]{43}$/);
});
