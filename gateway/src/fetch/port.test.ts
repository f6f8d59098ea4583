// What goes out for whom: tokens, headers, and which requests are one.
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createStopper } from "../cancel/stopper.ts";
import { openSigningKeys, type SigningKeys } from "../access/signing-keys.ts";
import { createSubgraphTokens } from "../access/subgraph-token.ts";
import { audienceViewer, personViewer, type ViewerGroup } from "../access/viewer.ts";
import type { Making } from "../execute/engine.ts";
import type { Fetch } from "../execute/fetch-request.ts";
import { createHttpSubgraph, type HttpSubgraph } from "./http.ts";
import { createFetch } from "./port.ts";

const folder = mkdtempSync(join(tmpdir(), "junto-port-"));
const seen: { headers: IncomingHttpHeaders; body: string }[] = [];
/** Requests are held until so many are there. */
let until = 1;
const waiting: (() => void)[] = [];
const server = createServer((request, response) => {
  let body = "";
  request.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
  request.on("end", () => {
    seen.push({ headers: request.headers, body });
    const answer = `{"data":{"n":${seen.length}}}`;
    waiting.push(() => response.end(answer));
    if (waiting.length >= until) for (const answer of waiting.splice(0)) answer();
  });
});
let client: HttpSubgraph;
let keys: SigningKeys;
let fetch: Fetch<Making>;

beforeAll(async () => {
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
  client = createHttpSubgraph({ name: "mall", url });
  keys = await openSigningKeys({ file: join(folder, "key.json") });
  fetch = createFetch({
    subgraphs: new Map([["mall", client]]),
    requirements: { held: () => ({ policies: ["mall.price"], scopes: [] }) },
    tokens: createSubgraphTokens({ issuer: "http://gateway.example", keys }),
    groups: async () => ({ data: { own: true } }),
    groupsContext: () => null,
    forwarded: new Map([["mall", ["accept-language", "x-trace"]]]),
  });
});
beforeEach(() => {
  seen.length = 0;
  until = 1;
});
afterAll(async () => {
  await client.close();
  keys.close();
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});

const place: ViewerGroup = { id: "g", role: "guide", subjects: [], granted: new Set() };
const person = (id: string) => ({ id, organization: "brand", name: id, roles: [], scopes: [], expiresAt: 0 });
const guo: Making = { viewer: personViewer(person("brand:guo"), place) };
const lin: Making = { viewer: personViewer(person("brand:lin"), place) };
const pushed: Making = { viewer: audienceViewer("brand", place) };
const request = (variables: string) =>
  ({
    subgraph: "mall",
    operationKind: "query",
    operation: "{ n }",
    digest: "",
    variables,
    body: `{"query":"{ n }","variables":${variables}}`,
  }) as const;
const ask = (context: Making, over: object = {}) => fetch({ ...request("{}"), context, ...over });

describe("a request to a subgraph", () => {
  it("says for whom it is, and of the client's headers holds those that are listed", async () => {
    const headers = { "accept-language": "zh-CN", cookie: "canary", "x-other": "canary" };
    await ask({ ...guo, headers, idempotencyKey: "k1" }, request('{"a":1}'));
    const { headers: sent, body } = seen[0]!;
    expect(JSON.parse(body)).toEqual({ query: "{ n }", variables: { a: 1 } });
    const claims = decodeJwt(sent.authorization!.slice("Bearer ".length));
    expect(claims).toMatchObject({ sub: "brand:guo", aud: "mall", policies: ["mall.price"] });
    expect(sent).toMatchObject({ "accept-language": "zh-CN", "idempotency-key": "k1" });
    expect(JSON.stringify(sent)).not.toContain("canary");
  });

  it("has none of them when it is made for a push", async () => {
    await ask(pushed);
    expect(seen[0]!.headers).not.toHaveProperty("accept-language");
  });

  it("is one with its equals, and never with one of another person, audience, or other headers", async () => {
    const english = { "accept-language": "en" };
    const all: Making[] = [
      guo,
      lin,
      pushed,
      { viewer: audienceViewer("plaza", place) },
      { viewer: personViewer(person("brand:guo"), { ...place, role: "buyer" }) },
      { ...guo, headers: english },
      { ...guo, headers: { "accept-language": "zh-CN" } },
      { ...guo, headers: { "x-trace": "en" } },
      { ...guo, headers: { ...english, "x-trace": "1" } },
    ];
    until = all.length;
    // Places are read anew for each request.
    const again = ({ viewer: { person: who, organization, group }, ...making }: Making): Making => ({
      ...making,
      viewer: who ? personViewer(who, { ...group! }) : audienceViewer(organization, { ...group! }),
    });
    const twice = [...all, ...all.map(again)];
    const answers = await Promise.all(twice.map((making) => ask(making)));
    expect(seen).toHaveLength(all.length);
    // Each has an answer of its own, and those who asked the same have the same.
    expect(new Set(answers).size).toBe(twice.length);
    for (const [index] of all.entries()) expect(answers[index]).toEqual(answers[index + all.length]);
  });

  it("is stopped when its client leaves", async () => {
    until = 2;
    const leaving = new AbortController();
    const asked = ask({ ...guo, signal: leaving.signal }, request('{"x":1}')).catch((error: Error) => error);
    const stays = ask(lin);
    while (waiting.length === 0) await new Promise(setImmediate);
    leaving.abort();
    expect(await asked).toMatchObject({ code: "SUBGRAPH_AWAY" });
    until = 1;
    await ask(pushed);
    expect(await stays).toHaveProperty("data.n");
    expect(client.inFlight()).toBe(0);
  });

  it("may be one of many that stop together", async () => {
    const leaving = createStopper();
    until = Number.POSITIVE_INFINITY;
    const all = Array.from({ length: 20 }, (_, index) =>
      ask({ ...guo, signal: leaving.signal }, request(`{"n":${index}}`)).catch((error: Error) => error),
    );
    while (waiting.length < all.length) await new Promise(setImmediate);
    leaving.stop();
    for (const error of await Promise.all(all)) expect(error).toMatchObject({ code: "SUBGRAPH_AWAY" });
    waiting.length = 0;
  });

  it("that writes goes on when its client leaves", async () => {
    until = 2;
    const leaving = new AbortController();
    const asked = ask({ ...guo, signal: leaving.signal }, { operationKind: "mutation" });
    while (waiting.length === 0) await new Promise(setImmediate);
    leaving.abort();
    await ask(lin);
    expect(await asked).toEqual({ data: { n: 1 } });
  });

  it("to the gateway's own subgraph, or of an event that has come, does not go out", async () => {
    expect(await ask(guo, { subgraph: "groups" })).toEqual({ data: { own: true } });
    const event = { data: { n: 7 } };
    expect(await ask({ ...guo, event }, { operationKind: "subscription" })).toEqual(event);
    expect(seen).toEqual([]);
  });
});
