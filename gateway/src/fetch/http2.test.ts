// HTTP/2 to subgraphs: spoken where TLS offers it, many requests to a connection, and what breaks breaks alone.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import {
  createSecureServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Session,
} from "node:http2";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { createHttpSubgraph, type HttpSubgraph, type HttpSubgraphOptions } from "./http.ts";
import { testTime } from "./test-time.ts";

const folder = mkdtempSync(join(tmpdir(), "junto-tls-"));
afterAll(() => rmSync(folder, { recursive: true }));
const [keyFile, certFile] = [join(folder, "key.pem"), join(folder, "cert.pem")];
execFileSync(
  "openssl",
  [
    ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"],
    ...["-keyout", keyFile, "-out", certFile, "-days", "2", "-subj", "/CN=localhost"],
    ...["-addext", "subjectAltName=DNS:localhost"],
  ],
  { stdio: "ignore" },
);
const ca = readFileSync(certFile, "utf8");

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

type Handler = (request: Http2ServerRequest, response: Http2ServerResponse, count: number) => void;
interface Served extends HttpSubgraph {
  readonly versions: readonly string[];
  readonly sessions: ReadonlySet<ServerHttp2Session>;
}

async function secure(handler: Handler, options: Partial<HttpSubgraphOptions> = {}): Promise<Served> {
  const versions: string[] = [];
  const sessions = new Set<ServerHttp2Session>();
  const sockets = new Set<{ destroy(): void }>();
  const server = createSecureServer({ key: readFileSync(keyFile), cert: ca, allowHTTP1: true });
  server.on("secureConnection", (socket) => sockets.add(socket.on("error", () => undefined)));
  server.on("session", (session) => sessions.add(session.on("error", () => undefined)));
  server.on("request", (request, response) => {
    versions.push(request.httpVersion);
    request.on("error", () => undefined);
    handler(request, response, versions.length);
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const time = testTime();
  time.runWaits();
  const client = createHttpSubgraph({
    name: "mall",
    url: `https://localhost:${(server.address() as AddressInfo).port}/graphql`,
    ca,
    time,
    ...options,
  });
  closing.push(async () => {
    await client.close();
    for (const socket of sockets) socket.destroy();
    await new Promise((closed) => server.close(closed));
  });
  return { ...client, versions, sessions };
}

const query = { operationKind: "query", body: `{"query":"{ a }"}`, headers: {} } as const;
const mutation = { ...query, operationKind: "mutation" } as const;
const good = `{"data":{"a":"江"}}`;

/** Holds requests until so many are there at once. */
function gathering(count: number, then: (held: Http2ServerResponse[]) => void): Handler {
  const held: Http2ServerResponse[] = [];
  return (_request, response) => {
    if (held.length >= count) response.end(good);
    else if (held.push(response) === count) then(held);
  };
}

describe("a subgraph that offers HTTP/2", () => {
  it("is asked over it, many at once on one connection", async () => {
    const client = await secure(
      gathering(20, (held) => held.forEach((response) => response.end(good))),
      { connections: 1 },
    );
    const all = await Promise.all(Array.from({ length: 20 }, () => client.send(query)));
    expect(all).toEqual(Array.from({ length: 20 }, () => ({ data: { a: "江" } })));
    expect([new Set(client.versions), client.sessions.size]).toEqual([new Set(["2.0"]), 1]);
    expect(await client.send(mutation)).toEqual({ data: { a: "江" } });
  });

  it("is asked over HTTP/1.1 where the operator wants that", async () => {
    const client = await secure((_request, response) => response.end(good), { http2: false });
    await client.send(query);
    await client.send(mutation);
    expect(client.versions).toEqual(["1.1", "1.1"]);
  });

  it("sees the stream of a client that leaves closed, and others on the connection go on", async () => {
    let arrived!: () => void;
    const arrival = new Promise<void>((resolve) => (arrived = resolve));
    const held: Http2ServerResponse[] = [];
    const client = await secure((_request, response) => void (held.push(response) === 2 && arrived()), {
      connections: 1,
    });
    const leaving = new AbortController();
    const left = client.send({ ...query, signal: leaving.signal }).catch((error: Error) => error);
    const stays = client.send(query);
    await arrival;
    const closed = held.map((response) => new Promise((resolve) => response.stream.on("close", resolve)));
    leaving.abort();
    expect(await left).toMatchObject({ code: "SUBGRAPH_AWAY" });
    await Promise.race(closed);
    const open = held.find(({ stream }) => !stream.closed)!;
    open.end(good);
    expect(await stays).toEqual({ data: { a: "江" } });
    expect(client.sessions.size).toBe(1);
  });

  it("may not answer too much", async () => {
    const client = await secure((_request, response) => response.end("x".repeat(50_000)), {
      maxResponse: 10_000,
    });
    await expect(client.send(query)).rejects.toMatchObject({ code: "SUBGRAPH_AWAY" });
  });

  it.each<[string, (held: Http2ServerResponse[]) => unknown]>([
    ["goes away in good order", (held) => held[0]!.stream.session!.goaway()],
    ["breaks off", (held) => held[0]!.stream.session!.destroy()],
    ["resets every stream", (held) => held.forEach(({ stream }) => stream.close(8))],
  ])("and %s is asked again for reads", async (_what, fail) => {
    const client = await secure(gathering(5, fail), { connections: 1 });
    const all = await Promise.all(Array.from({ length: 5 }, () => client.send(query)));
    expect(all).toEqual(Array.from({ length: 5 }, () => ({ data: { a: "江" } })));
    expect(client.versions).toHaveLength(10);
  });

  it.each<[string, (response: Http2ServerResponse) => unknown]>([
    ["goes away in good order", ({ stream }) => stream.session!.goaway()],
    ["breaks off", ({ stream }) => stream.session!.destroy()],
    ["resets the stream", ({ stream }) => stream.close(8)],
  ])("and %s never gets a write twice", async (_what, fail) => {
    const client = await secure((_request, response, count) =>
      count === 1 ? void fail(response) : response.end(good),
    );
    await expect(client.send(mutation)).rejects.toMatchObject({ code: "SUBGRAPH_AWAY" });
    await client.send(mutation);
    expect(client.versions).toHaveLength(2);
  });
});

it("a certificate that nobody vouches for is refused before anything is sent", async () => {
  const other = await secure((_request, response) => response.end(good), { ca: "" });
  await expect(other.send(query)).rejects.toMatchObject({ code: "SUBGRAPH_AWAY" });
  expect(other.versions).toEqual([]);
});
