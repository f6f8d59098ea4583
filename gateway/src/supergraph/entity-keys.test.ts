// Which entities a card can name, and by which key.
import { parse } from "graphql";
import { describe, expect, it } from "vitest";
import { entityKeys } from "./entity-keys.ts";

const keys = (...sdls: string[]) =>
  Object.fromEntries(entityKeys(sdls.map((sdl) => parse(sdl))).map(({ type, fields }) => [type, fields]));

const LINK = "https://specs.apollo.dev/federation/v2.9";

describe("the key of an entity", () => {
  it("is the first that is made of plain fields", () => {
    expect(
      keys(`type Maker { id: ID! }
        type Shoe @key(fields: "maker { id }") @key(fields: "line, no") @key(fields: "id") {
          id: ID! line: String! no: Int! maker: Maker! }`),
    ).toEqual({ Shoe: { line: "String!", no: "Int!" } });
  });

  it("is one from which every subgraph can be reached", () => {
    const end = `type Runner @key(fields: "b") { b: ID! two: Int }`;
    const start = `type Runner @key(fields: "a") { a: ID! b: ID! one: Int }`;
    expect(keys(end, start)).toEqual({ Runner: { a: "ID!" } });
  });

  it("is none where no key leads everywhere, or none can be resolved", () => {
    expect(
      keys(
        `type Thing @key(fields: "a") { a: ID! one: Int } type Stub @key(fields: "id", resolvable: false) { id: ID! x: Int }`,
        `type Thing @key(fields: "b") { b: ID! two: Int }`,
      ),
    ).toEqual({});
  });

  it("does not count what another subgraph must bring", () => {
    expect(
      keys(
        `type Thing @key(fields: "id") { id: ID! code: ID! @external sum: Int @requires(fields: "code") }`,
        `type Thing @key(fields: "code") { code: ID! id: ID! }`,
      ),
    ).toEqual({ Thing: { code: "ID!" } });
  });

  it.each([
    ["in the specification's namespace", `@link(url: "${LINK}")`, "federation__key"],
    ["in a namespace of the subgraph's own", `@link(url: "${LINK}", as: "fed")`, "fed__key"],
    [
      "under another name",
      `@link(url: "${LINK}", import: [{ name: "@key", as: "@primary" }, "@shareable"])`,
      "primary",
    ],
    ["by its name", `@link(url: "${LINK}", import: ["@key"])`, "key"],
    ["without a link, as in federation 1", "", "key"],
  ])("is found %s", (_how, link, directive) => {
    expect(
      keys(`${link && `extend schema ${link}`} type Hat @${directive}(fields: "id") { id: ID! }`),
    ).toEqual({ Hat: { id: "ID!" } });
  });
});
