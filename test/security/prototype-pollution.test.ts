// Prototype pollution (CVE-2026-32621): names that every object has are names like others, or refused; whoever sends
// them, no object changes but the one that they stand in.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DOORS } from "./doors.ts";
import { openShop } from "./open-shop.ts";
import { EVERYTHING, GUEST } from "./shop.ts";

const { graph, doors } = await openShop({ everything: EVERYTHING });
beforeEach(() => {
  for (const { requests } of Object.values(graph.subgraphs)) requests.length = 0;
});
afterEach(() => {
  for (const subgraph of Object.values(graph.subgraphs)) subgraph.says = null;
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect(Object.keys(Array.prototype)).toEqual([]);
});

const NAMES = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "valueOf"];
const as = { as: GUEST, group: "everything" };

describe.each(DOORS)("%s", (over) => {
  it.each(NAMES.slice(1))("%s is an alias like any other, at the root and below", async (name) => {
    const query = `{ ${name}: order { ${name}: size product { ${name}: name } } }`;
    const { data, errors } = await doors[over]({ query, ...as });
    expect(errors).toBeUndefined();
    expect(Object.entries(data)).toEqual([[name, { [name]: 38, product: { [name]: "Oxford" } }]]);
  });

  it.each([
    ["__proto__ as an alias", "{ __proto__: order { id } }"],
    ["__proto__ as an alias below", "{ order { product { __proto__: name } } }"],
    ["__proto__ as an alias in a fragment", "{ ...F } fragment F on Query { order { __proto__: id } }"],
    ["__proto__ as a variable", "query ($__proto__: Any) { echo(any: $__proto__) }"],
    ["the type of an object as an alias", "{ things { __typename: label } }"],
    ["the schema as an alias", "{ __schema: order { id } }"],
  ])("%s is refused", async (_what, query) => {
    const { data, errors } = await doors[over]({ query, variables: {}, ...as });
    expect(data).toBeUndefined();
    expect(errors![0].extensions.code).toBe("BAD_REQUEST");
  });

  it.each(NAMES)("%s as the name of a field, a fragment, an operation or a type is none", async (name) => {
    for (const query of [
      `{ ${name} }`,
      `{ ...${name} }`,
      `{ order { ...${name} } }`,
      `{ order { ... on ${name} { id } } }`,
      `query ($x: ${name}) { own }`,
      `{ own @${name} }`,
      `{ order(${name}: 1) { id } }`,
    ]) {
      const { data, errors } = await doors[over]({ query, ...as });
      expect(data, query).toBeUndefined();
      expect(errors![0].extensions.code, query).toBe("BAD_REQUEST");
    }
    const named = await doors[over]({ query: `query ${name} { own }`, operationName: name, as: "shop:ann" });
    expect(named.data).toEqual({ own: "of the shop" });
  });
});

describe("a request's own JSON", () => {
  it.each([
    '{"query":"{ own }","__proto__":{"polluted":1}}',
    '{"query":"{ own }","variables":{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}}',
    '{"query":"{ own }","extensions":{"__proto__":{"polluted":1}}}',
    '{"query":"{ own }","constructor":{"prototype":{"polluted":1}}}',
  ])("%s is read without harm", async (body) => {
    expect(await doors.post(body)).toMatchObject({ status: 200, data: { own: "of the shop" } });
  });

  it.each([
    ["a prototype instead of a query", '{"__proto__":{"query":"{ own }"}}'],
    [
      "a prototype instead of variables",
      '{"query":"query ($n: Int!) { echo(number: $n) }","variables":{"__proto__":{"n":1}}}',
    ],
  ])("%s is nothing", async (_what, body) => {
    const { data, errors } = await doors.post(body);
    expect([data, errors![0].extensions.code]).toEqual([undefined, expect.stringMatching(/^BAD_/)]);
  });

  it("goes to the subgraph as it is", async () => {
    const any = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}';
    const { data } = await doors.post(
      `{"query":"query ($any: Any) { echo(any: $any) }","variables":{"any":${any}}}`,
    );
    expect(data).toEqual({ echo: any });
  });
});

describe("a subgraph's answer", () => {
  const order = async (says: string): Promise<unknown> => {
    graph.subgraphs.shop!.says = says;
    return (await doors.overHttp({ query: "{ order { id size product { name } } }", ...as })).data;
  };

  it.each([
    [
      "at its root",
      '{"__proto__":{"polluted":1,"data":{"order":{"id":"x"}}},"data":{"order":{"id":"o1","size":1}}}',
    ],
    ["among its data", '{"data":{"__proto__":{"polluted":1},"order":{"id":"o1","size":1}}}'],
    ["in an object", '{"data":{"order":{"id":"o1","size":1,"__proto__":{"polluted":1,"note":"x"}}}}'],
    [
      "as another's fields",
      '{"data":{"order":{"id":"o1","size":1,"constructor":{"prototype":{"polluted":1}}}}}',
    ],
    [
      "in an entity's key",
      '{"data":{"order":{"id":"o1","size":1,"product":{"__typename":"Product","__proto__":{"id":"p1"}}}}}',
    ],
  ])("with a prototype %s changes nothing", async (_what, says) => {
    expect(await order(says)).toMatchObject({ order: { id: "o1", size: 1 } });
  });

  it("with a prototype instead of a field has not the field", async () => {
    expect(await order('{"data":{"order":{"id":"o1","__proto__":{"size":5}}}}')).toEqual({
      order: { id: "o1", size: null, product: null },
    });
  });

  it.each(NAMES)("with the type %s is of no type", async (name) => {
    graph.subgraphs.shop!.says = JSON.stringify({ data: { things: [{ __typename: name, label: "x" }] } });
    const { data } = await doors.overHttp({ query: "{ things { label } }", ...as });
    expect(data).toEqual({ things: [null] });
  });

  it("with a prototype among what is of any form gives it on as it is", async () => {
    graph.subgraphs.shop!.says = '{"data":{"any":{"__proto__":{"polluted":1}}}}';
    const { data } = await doors.overHttp({ query: "{ any }" });
    expect(Object.entries(data.any)).toEqual([["__proto__", { polluted: 1 }]]);
  });

  it("with a prototype for an entity is merged into nothing", async () => {
    graph.subgraphs.maker!.says =
      '{"data":{"_entities":[{"__typename":"Product","name":"Oxford","__proto__":{"polluted":1}}]}}';
    const { data } = await doors.overHttp({ query: "{ order { product { name } } }", ...as });
    expect(data).toEqual({ order: { product: { name: "Oxford" } } });
  });
});
