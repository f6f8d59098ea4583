// CSRF, cross-site search, origin of WebSockets (CVE-2025-64166, GHSA-9q82-xgwf-vj6h, GHSA-hff2-gcpx-8f4p): a page of
// another site can neither ask nor measure, even if a browser should send a token with what it asks.
import { beforeEach, describe, expect, it } from "vitest";
import type { EventStream } from "../support/event-stream.ts";
import { openShop } from "./open-shop.ts";

const CHAT = "https://chat.example";
const EVIL = "https://evil.example";

const { graph, doors } = await openShop({}, { allowedOrigins: [CHAT] });
beforeEach(() => {
  graph.subgraphs.shop!.requests.length = 0;
});

const TOKEN = { authorization: "Bearer shop:ann" };
const BODY = '{"query":"mutation { open { text } }"}';

describe("a request that a browser sends without asking first", () => {
  it.each([
    ["text/plain", BODY],
    ["text/plain; application/json", BODY],
    ["text/plain;charset=application/json", BODY],
    ["application/x-www-form-urlencoded", `query=${encodeURIComponent("mutation { open { text } }")}`],
    [
      "multipart/form-data; boundary=x",
      '--x\r\nContent-Disposition: form-data; name="query"\r\n\r\n{ own }\r\n--x--',
    ],
    ["Text/Plain ; x=application/json", BODY],
    ["application/json, text/plain", BODY],
    ["application/json\ttext/plain", BODY],
    ["text/plain, application/json", BODY],
    ["a/b, application/json", BODY],
    ["application/jsonx", BODY],
    ["application/graphql", "{ own }"],
    ["*/*", BODY],
  ])("as %s is not carried out, nor answered by events", async (type, body) => {
    for (const accept of ["*/*", "text/event-stream"]) {
      const response = await fetch(`${doors.url}/graphql`, {
        method: "POST",
        body,
        headers: { ...TOKEN, accept, "content-type": type, origin: EVIL },
      });
      expect(response.status).toBeGreaterThanOrEqual(400);
      expect(response.headers.get("content-type")).toMatch(/^application\/json/);
    }
    expect(graph.subgraphs.shop!.requests).toEqual([]);
  });

  it("without a type is not carried out", async () => {
    const raw = await doors.raw();
    raw.write(
      `POST /graphql HTTP/1.1\r\nHost: gateway\r\nConnection: close\r\nAuthorization: Bearer shop:ann\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`,
    );
    expect(await raw.answer).toMatch(/^HTTP\/1.1 4\d\d /);
    expect(graph.subgraphs.shop!.requests).toEqual([]);
  });

  it.each([
    ["a read", "{ own }", {}],
    ["a write", "mutation { open { text } }", {}],
    ["a write, named as a read", "query Q { own } mutation M { open { text } }", { operationName: "M" }],
    ["a read of a type that is plain", "{ own }", { type: "text/plain" }],
  ])(
    "as an address, %s, is not carried out",
    async (_what, query, { operationName, type }: { operationName?: string; type?: string }) => {
      const search = new URLSearchParams({ query, ...(operationName && { operationName }) }).toString();
      // What EventSource sends, and what an image does.
      for (const accept of ["text/event-stream", "*/*"]) {
        const response = await fetch(`${doors.url}/graphql?${search}`, {
          headers: { ...TOKEN, accept, origin: EVIL, ...(type && { "content-type": type }) },
        });
        expect(response.status).toBe(400);
      }
      expect(graph.subgraphs.shop!.requests).toEqual([]);
    },
  );

  it("as a write by address is not carried out either by who may read so", async () => {
    const search = new URLSearchParams({ query: "mutation { open { text } }" }).toString();
    const response = await fetch(`${doors.url}/graphql?${search}`, {
      headers: { ...TOKEN, "apollo-require-preflight": "yes" },
    });
    expect(response.status).toBe(405);
    expect(graph.subgraphs.shop!.requests).toEqual([]);
  });
});

describe("a browser that asks first", () => {
  const preflight = (origin: string, path = "/graphql"): Promise<Response> =>
    fetch(doors.url + path, {
      method: "OPTIONS",
      headers: {
        origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type, authorization",
      },
    });

  it("is told yes for a page that the operator named", async () => {
    const { status, headers } = await preflight(CHAT);
    expect(status).toBe(204);
    expect(headers.get("access-control-allow-origin")).toBe(CHAT);
    expect(headers.get("access-control-allow-credentials")).toBeNull();
  });

  it.each([
    EVIL,
    "null",
    `${CHAT}.evil.example`,
    `${CHAT}:8443`,
    "http://chat.example",
    `${CHAT}/`,
    "https://CHAT.example",
    "",
  ])("is told nothing for %s, at any address", async (origin) => {
    for (const path of ["/graphql", "/changes", "/health", "/nowhere"])
      expect((await preflight(origin, path)).headers.get("access-control-allow-origin")).toBeNull();
    const answer = await fetch(`${doors.url}/graphql`, {
      method: "POST",
      headers: { ...TOKEN, origin },
      body: BODY,
    });
    expect(answer.headers.get("access-control-allow-origin")).toBeNull();
    expect(answer.headers.get("vary")).toContain("Origin");
  });
});

describe("a WebSocket", () => {
  const open = (origin?: string): Promise<string> =>
    doors.socket(origin === undefined ? {} : { origin }).then(
      () => "open",
      (error: Error) => error.message,
    );

  it.each([
    EVIL,
    "null",
    `${CHAT}.evil.example`,
    `${CHAT}:8443`,
    "http://chat.example",
    "file://",
    "gateway",
    "//",
    "http://127.0.0.1",
  ])("of a page of %j is refused", async (origin) => {
    expect(await open(origin)).toMatch(/403/);
  });

  it("of a page that the operator named, of the gateway's own, or of a program is let in", async () => {
    expect(await Promise.all([open(CHAT), open(`http://127.0.0.1:${doors.port}`), open()])).toEqual([
      "open",
      "open",
      "open",
    ]);
  });
});

describe("an event stream", () => {
  const open = (origin: string): Promise<EventStream> => doors.events('{"query":"{ own }"}', { origin });

  it("can be read by a page that the operator named", async () => {
    const stream = await open(CHAT);
    expect(stream.headers).toMatchObject({ "access-control-allow-origin": CHAT, vary: "Origin, Accept" });
    expect(stream.headers["access-control-allow-credentials"]).toBeUndefined();
    expect(await stream.rest()).toHaveLength(2);
  });

  it("that a page may come back to by its last event is asked for, and allowed to no other page", async () => {
    const preflight = async (origin: string): Promise<string> => {
      const { headers } = await fetch(`${doors.url}/graphql`, {
        method: "OPTIONS",
        headers: {
          origin,
          "access-control-request-method": "POST",
          "access-control-request-headers": "authorization, content-type, last-event-id",
        },
      });
      return headers.get("access-control-allow-headers") ?? "none";
    };
    expect(await preflight(CHAT)).toContain("last-event-id");
    expect(await preflight(EVIL)).toBe("none");
  });

  it.each([EVIL, "null", `${CHAT}.evil.example`, `${CHAT}:8443`, "http://chat.example"])(
    "is kept by the browser from a page of %s",
    async (origin) => {
      const stream = await open(origin);
      expect(stream.headers["access-control-allow-origin"]).toBeUndefined();
      expect(stream.headers["x-content-type-options"]).toBe("nosniff");
      await stream.rest();
    },
  );
});
