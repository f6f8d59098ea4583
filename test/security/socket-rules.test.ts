// Rules of HTTP not applied on WebSockets (CVE-2026-30241, CVE-2026-35523, CVE-2026-35526): all doors say the same to the
// same person, word by word, and a socket nothing at all to nobody. (The codes of all rules are in every-door.test.ts.)
import { beforeEach, describe, expect, it } from "vitest";
import { startDoors, type Asking } from "./doors.ts";
import { openShop } from "./open-shop.ts";
import { EVERYTHING, GUEST } from "./shop.ts";

const { graph, doors } = await openShop({ everything: EVERYTHING, some: ["shop.orders"], nothing: [] });
beforeEach(() => {
  for (const { requests } of Object.values(graph.subgraphs)) requests.length = 0;
});

const requests = (): unknown => Object.values(graph.subgraphs).flatMap((subgraph) => subgraph.requests);

describe("the same is said", () => {
  const people = [GUEST, "shop:ann", "maker:mia"];
  const groups = [undefined, "everything", "some", "nothing", "none"];
  it.each([
    ["of what is shared", { query: "{ order { id note product { name cost stock worth } } }" }],
    ["of what is not", { query: "{ own any things { ... on Shoe { secret } } }" }],
    ["of a write", { query: 'mutation { write(text: "x") { text order { id } } }' }],
    ["of the schema", { query: "{ __schema { queryType { name } } }" }],
    ["of what is wrong", { query: "{ order { nope } }" }],
    ["of a variable that is missing", { query: "query ($x: Int!) { echo(number: $x) }" }],
    [
      "of a variable of another type",
      { query: "query ($x: Int!) { echo(number: $x) }", variables: { x: "y" } },
    ],
    ["of an operation that is not there", { query: "query A { own }", operationName: "B" }],
    ["of an operation whose name is nothing", { query: "{ own }", operationName: "" }],
  ] satisfies [string, Asking][])("%s", async (_what, asking) => {
    for (const as of people)
      for (const group of groups) {
        const whose = { ...asking, as, ...(group !== undefined && { group }) };
        const { status: _status, ...http } = await doors.overHttp(whose);
        for (const over of ["overSocket", "overEvents"] as const) {
          const { status: _none, ...said } = await doors[over](whose);
          expect(said, `${as} in ${group}, ${over}`).toEqual(http);
        }
      }
  });
});

describe("nobody", () => {
  const subscribe = { id: "1", type: "subscribe", payload: { query: "{ order { id } }" } };
  it.each([
    ["before saying who they are", [subscribe], 4401],
    ["after a token that is none", [{ type: "connection_init", payload: { authorization: "Bearer" } }], 4403],
    [
      "with a token in another place",
      [{ type: "connection_init", payload: { token: "Bearer shop:ann" } }],
      4403,
    ],
    ["with a token in the message", [{ ...subscribe, authorization: "Bearer shop:ann" }], 4401],
    [
      "with a list of tokens",
      [{ type: "connection_init", payload: { authorization: ["Bearer shop:ann"] } }],
      4403,
    ],
    [
      "with a token from a prototype",
      ['{"type":"connection_init","payload":{"__proto__":{"authorization":"Bearer shop:ann"}}}'],
      4403,
    ],
  ])("is not heard %s", async (_what, messages, code) => {
    const client = await doors.socket();
    for (const message of messages) client.send(message);
    expect(await client.closed).toBe(code);
    expect(requests()).toEqual([]);
  });

  it("is not heard while their token is still looked at", async () => {
    const slow = await startDoors(graph, {
      identity: { identify: () => new Promise(() => undefined) },
    });
    const client = await slow.socket();
    client.send({ type: "connection_init", payload: { authorization: "Bearer shop:ann" } });
    client.send(subscribe);
    expect(await client.closed).toBe(4401);
    expect(requests()).toEqual([]);
    await slow.close();
  });

  it("is not let in by the token of the handshake's own header or address", async () => {
    const client = await doors.socket({
      authorization: "Bearer shop:ann",
      cookie: "authorization=Bearer shop:ann",
    });
    client.send({ type: "connection_init" });
    expect(await client.closed).toBe(4403);
  });

  it("is not heard over HTTP either", async () => {
    for (const headers of [
      { authorization: "" },
      { authorization: "Basic c2hvcDphbm4=" },
      { authorization: "bearer" },
    ]) {
      const { status, data } = await doors.post('{"query":"{ order { id } }"}', headers);
      expect([status, data]).toEqual([401, undefined]);
    }
    expect(requests()).toEqual([]);
  });
});

describe("who signed in", () => {
  it("stays who they are for as long as the socket lives", async () => {
    const client = await doors.signedIn("maker:mia");
    client.send({ type: "connection_init", payload: { authorization: "Bearer shop:ann" } });
    client.send({ id: "1", type: "subscribe", payload: { query: "{ own }" } });
    expect(await client.closed).toBe(4429);
    expect(requests()).toEqual([]);
  });
});
