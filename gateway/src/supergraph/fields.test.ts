// What is known of each field, of supergraphs as composition makes them.
import { composeServices } from "@apollo/composition";
import { parse } from "graphql";
import { describe, expect, it } from "vitest";
import { loadSupergraph } from "./load.ts";
import type { FieldFacts, Fields } from "./fields.ts";

const NAMES = ["@key", "@shareable", "@external", "@requires", "@override", "@interfaceObject"];
const PLAIN = ["@authenticated", "@requiresScopes", "@policy"];

function link(...more: string[]): string {
  const names = [...NAMES.map((name) => `"${name}"`), ...more].join(", ");
  return `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [${names}])\n`;
}

const head = link(...PLAIN.map((name) => `"${name}"`));

/** Subgraphs are called a, b, c. */
function fieldsOf(...sdls: readonly string[]): Fields {
  const { supergraphSdl, errors } = composeServices(
    sdls.map((sdl, index) => ({ name: "abc"[index]!, url: "", typeDefs: parse(sdl) })),
  );
  if (errors) throw new Error(errors.join("\n"));
  return loadSupergraph(supergraphSdl).fields;
}

const asksOf = (fields: Fields, name: string): FieldFacts["asks"] => factsOf(fields, name).asks;

function factsOf(fields: Fields, name: string): FieldFacts {
  const [type, field] = name.split(".") as [string, string];
  return fields.of(type, field)!;
}

describe("what is asked at a field", () => {
  it("is what every subgraph asks of it and of its type, as an AND of ORs", () => {
    const fields = fieldsOf(
      `${head} type Query { t: T }
        type T @key(fields: "id") @policy(policies: [["a.t"], ["a.u"]]) @requiresScopes(scopes: [["x", "y"], ["z"]]) {
          id: ID!
          f: Int @shareable @policy(policies: [["a.f"]]) @authenticated
        }`,
      `${head} type T @key(fields: "id") @policy(policies: [["b.t"]]) {
          id: ID!
          f: Int @shareable @policy(policies: [["b.f"], ["b.g"]]) @requiresScopes(scopes: [["w"]])
          own: Int
        }`,
    );
    const { authenticated, scopes, policies } = asksOf(fields, "T.f");
    const sorted = (lists: FieldFacts["asks"]["policies"]): string[] =>
      lists.map((all) => [...all].sort().join(" ")).sort();
    expect(authenticated).toBe(true);
    expect(sorted(policies)).toEqual([
      "a.f a.t b.f b.t",
      "a.f a.t b.g b.t",
      "a.f a.u b.f b.t",
      "a.f a.u b.g b.t",
    ]);
    expect(sorted(scopes)).toEqual(["w x y", "w z"]);
    expect(sorted(asksOf(fields, "T.own").policies)).toEqual(["a.t b.t", "a.u b.t"]);
    expect([...fields.scopes].toSorted()).toEqual(["w", "x", "y", "z"]);
    expect(fields.policiesAt("b")).toEqual(new Set(["a.t", "a.u", "b.t", "a.f", "b.f", "b.g"]));
  });

  it.each([
    [
      "other names",
      link(
        '{ name: "@policy", as: "@rule" }',
        '{ name: "@requiresScopes", as: "@scoped" }',
        '{ name: "@authenticated", as: "@policy" }',
      ),
      "@rule",
      "@scoped",
      "@policy",
    ],
    [
      "the specification's prefix",
      link(),
      "@federation__policy",
      "@federation__requiresScopes",
      "@federation__authenticated",
    ],
    [
      "a prefix of its own",
      link().replace("import", 'as: "fed", import'),
      "@fed__policy",
      "@fed__requiresScopes",
      "@fed__authenticated",
    ],
  ])("is found under %s", (_what, begin, policy, scopes, authenticated) => {
    const fields = fieldsOf(
      `${begin} type Query { p: Int ${policy}(policies: [["a.p"]]) s: Int ${scopes}(scopes: [["s"]]) u: Int ${authenticated} n: Int }`,
    );
    const nothing = { authenticated: false, scopes: [], policies: [] };
    expect(asksOf(fields, "Query.p")).toEqual({ ...nothing, policies: [["a.p"]] });
    expect(asksOf(fields, "Query.s")).toEqual({ ...nothing, scopes: [["s"]] });
    expect(asksOf(fields, "Query.u")).toEqual({ ...nothing, authenticated: true });
    expect(asksOf(fields, "Query.n")).toEqual(nothing);
  });

  it("is beside it what is asked of what it returns and takes, in inputs of inputs too", () => {
    const fields = fieldsOf(
      `${head} type Query { s(list: [E!]): [S!]! o: O i(input: In): Int plain(text: String): P }
        scalar S @policy(policies: [["a.s"]])
        enum E @requiresScopes(scopes: [["e"]]) { X }
        enum F @authenticated { X }
        type O @policy(policies: [["a.o"]]) { f: F p: P s: S }
        type P { a: Int }
        input In { again: In list: [Inner!]! }
        input Inner { s: S }`,
    );
    const besides = (name: string): unknown =>
      factsOf(fields, name).besides.map(({ kind, subgraphs, asks }) => [
        kind,
        subgraphs,
        [...asks.policies, ...asks.scopes].flat(),
      ]);
    expect(besides("Query.s")).toEqual([
      ["leaf", ["a"], ["a.s"]],
      ["leaf", ["a"], ["e"]],
    ]);
    expect(besides("Query.o")).toEqual([["object", ["a"], ["a.o"]]]);
    expect(besides("Query.i")).toEqual([["leaf", ["a"], ["a.s"]]]);
    expect(besides("Query.plain")).toEqual([]);
    expect(besides("O.f")).toEqual([["leaf", ["a"], []]]);
    expect(asksOf(fields, "O.p").policies).toEqual([["a.o"]]);
  });

  it("may have been said by whoever resolves the field, or by whoever defines the type", () => {
    const fields = fieldsOf(
      `${head} type Query { t: T } type T @key(fields: "id") @authenticated { id: ID! a: Int }`,
      `${head} type T @key(fields: "id") { id: ID! b: Int said: Int @authenticated }`,
    );
    expect(factsOf(fields, "T.a").authenticatedBy).toEqual(["a", "b"]);
    expect(factsOf(fields, "T.b").authenticatedBy).toEqual(["a", "b"]);
    expect(factsOf(fields, "T.said").authenticatedBy).toEqual(["b"]);
  });
});

describe("who resolves a field", () => {
  it("is nobody who only names it, and nobody from whom it was taken", () => {
    const fields = fieldsOf(
      `${head} type Query { t: T } type T @key(fields: "id") @key(fields: "code") { id: ID! code: ID! name: Int given: Int }`,
      `${head} type T @key(fields: "id") { id: ID! code: ID! @override(from: "a") name: Int @override(from: "a") }`,
      `${head} type T @key(fields: "id") { id: ID! given: Int @external sum: Int @requires(fields: "given") }`,
    );
    expect(factsOf(fields, "T.name").subgraphs).toEqual(["b"]);
    expect(factsOf(fields, "T.code").subgraphs).toEqual(["b"]);
    expect(factsOf(fields, "T.given").subgraphs).toEqual(["a"]);
    expect(factsOf(fields, "T.sum").subgraphs).toEqual(["c"]);
  });

  it("is whose @interfaceObject it is, who cannot tell the objects apart, with what it requires", () => {
    const fields = fieldsOf(
      `${head} type Query { m: M } interface M @key(fields: "id") { id: ID! } type T implements M @key(fields: "id") @policy(policies: [["a.t"]]) { id: ID! name: Int }
        type S implements M @key(fields: "id") { id: ID! }`,
      `${head} type M @key(fields: "id") @interfaceObject { id: ID! mark: Int plain: Int @policy(policies: [["b.p"]]) }`,
      `${head} type M @key(fields: "id") @interfaceObject { id: ID! mark: Int @external sum: Int @requires(fields: "mark") }`,
    );
    expect(factsOf(fields, "T.mark")).toMatchObject({
      subgraphs: ["b"],
      guarded: true,
      requires: [["S", "mark"]],
    });
    expect(factsOf(fields, "T.sum")).toMatchObject({
      subgraphs: ["c"],
      requires: [
        ["T", "mark"],
        ["S", "sum"],
      ],
    });
    expect(factsOf(fields, "T.name").subgraphs).toEqual(["a"]);
    expect(asksOf(fields, "T.mark").policies).toEqual([["a.t"]]);
    expect(asksOf(fields, "T.plain").policies).toEqual([["a.t", "b.p"]]);
  });
});

it("a field requires the fields of every type that they can be of", () => {
  const fields = fieldsOf(
    `${head} type Query { t: T }
      interface I { name: Int deep: D } type X implements I { name: Int deep: D } type Y implements I { name: Int deep: D more: Int }
      union U = X | Y
      type D { at(unit: String): Int @shareable }
      type T @key(fields: "id") { id: ID! i: I u: [U] }`,
    `${head} interface I { name: Int deep: D }
      type X implements I { name: Int @external deep: D @external } type Y implements I { name: Int @external deep: D @external more: Int @external }
      union U = X | Y
      type D { at(unit: String): Int @external }
      type T @key(fields: "id") { id: ID! i: I @external u: [U] @external
        sum: Int @requires(fields: "i { name deep { at(unit: \\"cm\\") } } u { ... on Y { more } ... on X { name } }") }`,
  );
  expect(
    factsOf(fields, "T.sum")
      .requires.map((each) => each.join("."))
      .toSorted(),
  ).toEqual(["D.at", "T.i", "T.u", "X.deep", "X.name", "X.name", "Y.deep", "Y.more", "Y.name"]);
});
