// A request that goes through Apollo Server's pipeline and one that goes around it get the same bytes and the same
// status, whatever is right or wrong with it.
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startDoors, type Doors } from "../security/doors.ts";
import { EVERYTHING, startShop } from "../security/shop.ts";
import type { TestGraph } from "../support/graph.ts";

let graph: TestGraph;
let around: Doors;
let through: Doors;
const seen: string[] = [];
beforeAll(async () => {
  graph = await startShop({ everything: EVERYTHING });
  around = await startDoors(graph);
  through = await startDoors(graph, {
    plugins: [
      {
        requestDidStart: async ({ contextValue }) => {
          seen.push(contextValue.request.person!.id);
        },
      },
    ],
  });
});
afterAll(async () => {
  await Promise.all([around.close(), through.close()]);
  await graph.close();
});

interface Asked {
  readonly method?: string;
  readonly search?: Record<string, string>;
  readonly body?: unknown;
  readonly headers?: Record<string, string | undefined>;
}

const SIGNED_IN = { authorization: "Bearer shop:ann" };
const ASKED_FIRST = { "graphql-require-preflight": "1" };
const query = (text: string, more: object = {}): Asked => ({ body: { query: text, ...more } });
const get = (search: Record<string, string>, headers: Asked["headers"] = ASKED_FIRST): Asked => ({
  method: "GET",
  search,
  headers,
});
const ECHO = 'query Echo($text: String = "none", $number: Int) { echo(text: $text, number: $number) }';
const TWO = "query A { own } query B { other: own }";

/** What is asked, and the status of the answer. */
const CASES: readonly (readonly [string, Asked, number])[] = [
  ["a query", query("{ own }"), 200],
  ["a query of the schema", query("{ __schema { queryType { name } } }"), 200],
  ["a query across subgraphs", query("{ order { id product { name stock } } }"), 200],
  ["a mutation", query("mutation { open { text order { id } } }"), 200],
  ["a mutation that is not shared", query('mutation { write(text: "x") { text } }'), 403],
  ["variables", query(ECHO, { variables: { text: "é漢🏃" } }), 200],
  ["variables that are null", query(ECHO, { variables: null, extensions: null, operationName: null }), 200],
  ["one of two operations", query(TWO, { operationName: "B" }), 200],
  ["a group that is not theirs", { ...query("{ own }"), headers: { "junto-group": "none" } }, 404],
  ["a group in a header", { ...query("{ own }"), headers: { "junto-group": "everything" } }, 200],
  ["a group in extensions", query("{ own }", { extensions: { group: "everything" } }), 200],
  [
    "one group here and another there",
    { ...query("{ own }", { extensions: { group: "some" } }), headers: { "junto-group": "everything" } },
    400,
  ],
  ["a list of requests", { body: [{ query: "{ own }" }, { query: "{ nope }" }, 7] }, 200],
  ["a list of nothing", { body: [] }, 400],
  ["a list that is too long", { body: Array(11).fill({ query: "{ own }" }) }, 413],
  [
    "a body that is compressed",
    { body: gzipSync('{"query":"{ own }"}'), headers: { "content-encoding": "gzip" } },
    200,
  ],
  ["an address", get({ query: "{ own }" }), 200],
  [
    "an address with everything",
    get({ query: ECHO, variables: '{"text":"x"}', operationName: "Echo", extensions: "{}" }),
    200,
  ],
  ["an address that is empty", get({}), 400],
  ["an address with variables that are none", get({ query: ECHO, variables: "[" }), 400],
  ["an address with variables of another kind", get({ query: ECHO, variables: "[1]" }), 400],
  ["an address that writes", get({ query: "mutation { open { text } }" }), 405],
  [
    "an address that writes by its second operation",
    get({ query: `${TWO} mutation C { open { text } }`, operationName: "C" }),
    405,
  ],
  ["an address that nobody asked for", get({ query: "{ own }" }, {}), 400],
  [
    "an address that Apollo's client sends",
    get({ query: "{ own }" }, { "apollo-require-preflight": "true" }),
    200,
  ],
  ["a text that is no GraphQL", query("{ own"), 200],
  ["a field that is not there", query("{ nope }"), 200],
  ["a variable that is missing", query("query ($n: Int!) { echo(number: $n) }"), 200],
  ["an operation that is not there", query(TWO, { operationName: "C" }), 200],
  ["an operation that is not named", query(TWO), 200],
  ["a subscription", query("subscription { own }"), 200],
  ["nothing", query(""), 200],
  ["too much", query(`{ own #${"x".repeat(100_000)}\n }`), 413],
  ["no query", { body: { qeury: "{ own }" } }, 400],
  ["a query that is no text", { body: { query: 1 } }, 400],
  ["variables that are no object", query("{ own }", { variables: "x" }), 400],
  ["extensions that are no object", query("{ own }", { extensions: [1] }), 400],
  ["an operation name that is no text", query("{ own }", { operationName: 1 }), 400],
  ["a body that is no object", { body: 1 }, 400],
  ["a body that is no JSON", { body: Buffer.from("{") }, 400],
  ["no body", { body: Buffer.alloc(0) }, 400],
  ["nobody", { ...query("{ own }"), headers: { authorization: undefined } }, 401],
  ["a token that is none", { ...query("{ own }"), headers: { authorization: "Bearer x" } }, 401],
  ["a type that is plain", { ...query("{ own }"), headers: { "content-type": "text/plain" } }, 415],
  [
    "a charset of its own",
    { ...query("{ own }"), headers: { "content-type": "application/json; charset=latin1" } },
    415,
  ],
  ["a compression of its own", { ...query("{ own }"), headers: { "content-encoding": "zstd" } }, 415],
  ["a client of pictures", { ...query("{ own }"), headers: { accept: "image/png" } }, 406],
  ["another method", { ...query("{ own }"), method: "PUT" }, 405],
  ["a method without a body", { method: "HEAD" }, 405],
  ["the method that asks for methods", { method: "OPTIONS" }, 204],
];
/** What is said with another status to a client that knows application/graphql-response+json. */
const NOT_EXECUTED =
  /^(a text that is no|a field that is|a variable that is missing|an operation that|a subscription|nothing)/;

async function ask(
  doors: Doors,
  { method = "POST", search, body, headers }: Asked,
  accept: string,
): Promise<unknown> {
  const address = `${doors.url}/graphql${search ? `?${new URLSearchParams(search).toString()}` : ""}`;
  const sent: Record<string, string | undefined> = {
    ...SIGNED_IN,
    accept,
    ...(body !== undefined && { "content-type": "application/json" }),
    ...headers,
  };
  const response = await fetch(address, {
    method,
    headers: Object.fromEntries(Object.entries(sent).flatMap(([k, v]) => (v === undefined ? [] : [[k, v]]))),
    ...(body !== undefined && { body: Buffer.isBuffer(body) ? new Uint8Array(body) : JSON.stringify(body) }),
  });
  const { date: _date, "keep-alive": _keepAlive, ...said } = Object.fromEntries(response.headers);
  return { status: response.status, headers: said, text: await response.text() };
}

describe.each(["application/json", "application/graphql-response+json"])("to a client of %s", (accept) => {
  it.each(CASES)("%s is answered alike", async (what, asked, status) => {
    const answer = (await ask(around, asked, accept)) as { status: number; text: string };
    expect(await ask(through, asked, accept)).toEqual(answer);
    const strict = accept !== "application/json" && NOT_EXECUTED.test(what);
    expect([what, answer.status, answer.text]).toEqual([what, strict ? 400 : status, answer.text]);
    if (answer.status >= 400 && asked.method !== "HEAD") {
      const { errors, data } = JSON.parse(answer.text) as {
        errors: { extensions: object }[];
        data?: unknown;
      };
      expect([errors.every(({ extensions }) => "code" in extensions), data]).toEqual([true, undefined]);
    }
  });
});

it("plugins of Apollo Server see who asks", () => {
  expect(new Set(seen)).toEqual(new Set(["shop:ann"]));
});
