// The fetch port over HTTP, against real servers that misbehave in the ways servers do.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import {
  createHttpSubgraph,
  type HttpSubgraph,
  type HttpSubgraphOptions,
  type SubgraphEvent,
} from "./http.ts";
import { testTime, type TestTime } from "./test-time.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

interface Tried extends HttpSubgraph {
  count(): number;
  connections(): number;
  readonly time: TestTime;
  readonly events: SubgraphEvent[];
}

async function subgraph(
  handler: (request: IncomingMessage, response: ServerResponse, count: number) => void,
  options: Partial<HttpSubgraphOptions> = {},
): Promise<Tried> {
  let count = 0;
  let connections = 0;
  const time = testTime(options.deadline);
  const events: SubgraphEvent[] = [];
  const server = createServer((request, response) => handler(request, response, ++count));
  server.on("connection", () => connections++);
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const client = createHttpSubgraph({
    name: "brand",
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    maxResponse: 10_000,
    time,
    onEvent: (event) => events.push(event),
    ...options,
  });
  closing.push(
    () => client.close(),
    () => (server.closeAllConnections(), server.close()),
  );
  return { ...client, count: () => count, connections: () => connections, time, events };
}

const query = { operationKind: "query", body: `{"query":"{ a }","variables":{}}`, headers: {} } as const;
const mutation = { ...query, operationKind: "mutation" } as const;
const reasons = ({ events }: Tried) =>
  events.flatMap((event) => (event.kind === "failed" ? [event.reason] : []));
const retried = ({ events }: Tried) => events.filter(({ kind }) => kind === "retried").length;
const closeOf = (socket: Socket) => new Promise((resolve) => socket.on("close", resolve));
const errorOf = (sent: Promise<unknown>): Promise<Error | null> =>
  sent.then(
    () => null,
    (error: Error) => error,
  );
const AWAY = { code: "SUBGRAPH_AWAY" };

describe("a subgraph over HTTP", () => {
  it("gets the text and the headers as they are, and its answer is given as it is", async () => {
    let seen: unknown;
    const client = await subgraph(
      (request, response) => {
        request.setEncoding("utf8").on("data", (body: string) => (seen = { body, headers: request.headers }));
        request.on("end", () => response.end(`{"data":{"a":"\u6c5f"},"errors":[{"message":"b is away"}]}`));
      },
      { headers: { "x-key": "k" } },
    );
    const body = `{"query":"{ a(b: 江) }","variables":{"x":1}}`;
    expect(await client.send({ ...query, body, headers: { authorization: "Bearer t" } })).toEqual({
      data: { a: "江" },
      errors: [{ message: "b is away" }],
    });
    expect(seen).toMatchObject({
      body,
      headers: {
        "x-key": "k",
        authorization: "Bearer t",
        "content-type": "application/json",
        "content-length": String(Buffer.byteLength(body)),
      },
    });
  });

  it("is asked over connections that are kept", async () => {
    const client = await subgraph((_request, response) => response.end(`{"data":{}}`));
    for (let n = 0; n < 20; n++) await client.send(n % 2 ? query : mutation);
    expect(client.count()).toBe(20);
    // One that has just answered is not free yet, so that there may be two that take turns.
    expect(client.connections()).toBeLessThan(3);
  });

  it("is asked over no more connections than are allowed", async () => {
    const client = await subgraph((_request, response) => setImmediate(() => response.end(`{"data":{}}`)), {
      connections: 3,
    });
    await Promise.all(Array.from({ length: 30 }, () => client.send(query)));
    expect([client.count(), client.connections()]).toEqual([30, 3]);
    expect(client.inFlight()).toBe(0);
  });

  it("may answer in pieces, wherever they are cut, and begin with a byte order mark", async () => {
    const bytes = Buffer.from(`\ufeff{"data":{"a":"江畔"}}`);
    const client = await subgraph((_request, response) => {
      const next = (at: number): void => {
        if (at === bytes.length) response.end();
        else response.write(bytes.subarray(at, at + 1), () => setImmediate(next, at + 1));
      };
      next(0);
    });
    expect(await client.send(query)).toEqual({ data: { a: "江畔" } });
  });

  it.each([200, 400, 500, 501])("that answers GraphQL with status %i has answered", async (status) => {
    const client = await subgraph((_request, response) =>
      response.writeHead(status).end(`{"errors":[{"message":"no"}]}`),
    );
    for (let n = 0; n < 6; n++)
      expect(await client.send(query)).toEqual({ data: null, errors: [{ message: "no" }] });
    expect(client.breaker()).toBe("closed");
  });
});

const faults: [string, (response: ServerResponse) => unknown, string, RegExp][] = [
  ["HTML", (response) => response.end("<html>canary</html>"), "not GraphQL", /not JSON/],
  ["JSON that is not GraphQL", (response) => response.end(`["canary"]`), "not GraphQL", /not GraphQL/],
  [
    "HTML with an error's status",
    (response) => response.writeHead(500).end("<p>canary"),
    "not GraphQL",
    /500/,
  ],
  ["that the path is wrong", (response) => response.writeHead(404).end("<p>canary"), "request", /404/],
  [
    "a redirect, which is not followed",
    (response) => response.writeHead(307, { location: "/elsewhere" }).end(`{"data":{}}`),
    "status",
    /did not answer/,
  ],
  [
    "what is not UTF-8",
    (response) => response.end(Buffer.from(`{"data":{"a":"\xff"}}`, "latin1")),
    "not UTF-8",
    /did not answer/,
  ],
  ["too much", (response) => response.end(`{"data":"${"x".repeat(20_000)}"}`), "too large", /did not answer/],
  [
    "without end",
    (response) => {
      const more = (): unknown => !response.destroyed && response.write("x".repeat(1_000), more);
      more();
    },
    "too large",
    /did not answer/,
  ],
  [
    "that it will be too much",
    (response) => response.writeHead(200, { "content-length": "1000000" }).write("{"),
    "too large",
    /did not answer/,
  ],
  [
    "half an answer",
    (response) => (
      response.writeHead(200, { "content-length": "100" }),
      response.write("{", () => response.destroy())
    ),
    "broken",
    /did not answer/,
  ],
  [
    "less than it said",
    (response) => response.socket!.end("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{}"),
    "broken",
    /did not answer/,
  ],
  [
    "more than it said",
    (response) => response.socket!.write(`HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{"data":{}}`),
    "not GraphQL",
    /not JSON/,
  ],
  ["no HTTP", (response) => response.socket!.write("canary\r\n\r\n"), "broken", /did not answer/],
];

describe("a subgraph that answers", () => {
  it.each(faults)("%s is away", async (_what, answer, reason, message) => {
    const client = await subgraph((_request, response) => void answer(response));
    const error = await errorOf(client.send(mutation));
    expect(error).toMatchObject(AWAY);
    expect(error!.message).toMatch(message);
    expect(error!.message).not.toMatch(/canary/);
    expect(reasons(client)).toEqual([reason]);
    expect([client.count(), client.inFlight(), client.time.timers()]).toEqual([1, 0, 0]);
  });
});

describe("the deadline", () => {
  it.each<[string, (response: ServerResponse) => unknown]>([
    ["says nothing", () => undefined],
    ["sends headers slowly", (response) => response.socket!.write("HTTP/1.1 200 OK\r\nx: ")],
    ["sends its body slowly", (response) => (response.flushHeaders(), response.write(`{"da`))],
  ])("ends a request to one that %s, and closes its connection", async (_what, answer) => {
    let arrived!: (socket: Socket) => void;
    const arrival = new Promise<Socket>((resolve) => (arrived = resolve));
    const client = await subgraph(
      (request, response) => {
        answer(response);
        arrived(request.socket);
      },
      { deadline: 300 },
    );
    const sent = client.send(query);
    const failed = errorOf(sent);
    const closed = closeOf(await arrival);
    client.time.advance(299);
    expect(client.inFlight()).toBe(1);
    client.time.advance(1);
    expect(await failed).toMatchObject(AWAY);
    await closed;
    expect(reasons(client)).toEqual(["deadline"]);
    expect([client.count(), client.inFlight(), client.time.timers()]).toEqual([1, 0, 0]);
  });

  it("is over all tries together, and over the wait for a connection", async () => {
    let asked!: () => void;
    const arrival = new Promise<void>((resolve) => (asked = resolve));
    const client = await subgraph(asked, { deadline: 300, connections: 1 });
    const all = [client.send(query), client.send(query)];
    const failed = Promise.all(all.map(errorOf));
    await arrival;
    client.time.advance(300);
    expect(await failed).toMatchObject([AWAY, AWAY]);
    expect(client.count()).toBe(1);
  });
});

describe("a client that leaves", () => {
  it("stops what is under way, and that is nobody's failure", async () => {
    let arrived!: (socket: Socket) => void;
    const client = await subgraph((request) => arrived(request.socket));
    for (let n = 0; n < 6; n++) {
      const arrival = new Promise<Socket>((resolve) => (arrived = resolve));
      const leaving = new AbortController();
      const failed = errorOf(client.send({ ...query, signal: leaving.signal }));
      const closed = closeOf(await arrival);
      leaving.abort();
      expect(await failed).toMatchObject(AWAY);
      await closed;
    }
    expect([client.breaker(), reasons(client), retried(client), client.time.timers()]).toEqual([
      "closed",
      [],
      0,
      0,
    ]);
  });

  it("before anything was sent leaves nothing behind: neither request nor listener", async () => {
    const client = await subgraph((_request, response) => response.end(`{"data":{}}`), { connections: 1 });
    const first = client.send(query);
    const leaving = new AbortController();
    const waiting = client.send({ ...query, signal: leaving.signal });
    leaving.abort();
    await expect(waiting).rejects.toMatchObject(AWAY);
    await expect(client.send({ ...query, signal: leaving.signal })).rejects.toMatchObject(AWAY);
    await first;
    await client.send(query);
    expect([client.count(), client.connections()]).toEqual([2, 1]);
  });

  it("while a further try waits, ends the wait", async () => {
    const client = await subgraph((_request, response) => response.writeHead(503).end());
    const leaving = new AbortController();
    client.time.onWait = () => leaving.abort();
    await expect(client.send({ ...query, signal: leaving.signal })).rejects.toMatchObject(AWAY);
    expect([client.count(), client.time.timers()]).toEqual([1, 0]);
  });
});

describe("a further try", () => {
  it("is made for a read whose connection broke, and never for a write", async () => {
    const client = await subgraph((request, response, count) =>
      count % 2 === 1 ? request.socket.destroy() : response.end(`{"data":{}}`),
    );
    client.time.runWaits();
    expect(await client.send(query)).toEqual({ data: {} });
    await expect(client.send(mutation)).rejects.toMatchObject(AWAY);
    expect(client.count()).toBe(3);
  });

  it.each([429, 502, 503, 504])("is made for a read that was answered %i, a few times", async (status) => {
    const client = await subgraph((_request, response) => response.writeHead(status).end(`{"data":{}}`));
    client.time.runWaits();
    await expect(client.send(query)).rejects.toMatchObject(AWAY);
    expect([client.count(), retried(client)]).toEqual([3, 2]);
    await expect(client.send(mutation)).rejects.toMatchObject(AWAY);
    expect(client.count()).toBe(4);
  });

  it.each([400, 401, 500])("is not made for a read that was answered %i", async (status) => {
    const client = await subgraph((_request, response) => response.writeHead(status).end("no"));
    client.time.runWaits();
    await expect(client.send(query)).rejects.toMatchObject(AWAY);
    expect(client.count()).toBe(1);
  });

  it("is made for a write, too, where nobody listened: it was not sent", async () => {
    const client = await subgraph(() => undefined, { url: "http://127.0.0.1:1/graphql" });
    client.time.runWaits();
    await expect(client.send(mutation)).rejects.toMatchObject(AWAY);
    expect([retried(client), reasons(client)]).toEqual([2, ["connect"]]);
  });

  it("waits for anything up to twice as long as the one before", async () => {
    const client = await subgraph((_request, response) => response.writeHead(503).end(), { retries: 4 });
    client.time.runWaits();
    await expect(client.send(query)).rejects.toMatchObject(AWAY);
    expect(client.time.waits).toEqual([25, 50, 100, 200].map((most) => most * client.time.random()));
  });

  it("waits for as long as the subgraph says, if there is time for it, and is not made otherwise", async () => {
    let after = "1";
    const client = await subgraph((_request, response, count) =>
      count === 1 || after !== "1"
        ? response.writeHead(429, { "retry-after": after }).end()
        : response.end(`{"data":{}}`),
    );
    client.time.runWaits();
    expect(await client.send(query)).toEqual({ data: {} });
    expect(client.time.waits).toEqual([1_000]);
    for (after of ["10", "Thu, 01 Jan 2099 00:00:00 GMT"])
      await expect(client.send(query)).rejects.toMatchObject(AWAY);
    expect(client.time.waits).toHaveLength(1);
  });

  it("is paid for, so that an outage is not multiplied", async () => {
    const client = await subgraph((_request, response) => response.writeHead(503).end(), { retries: 5 });
    client.time.runWaits();
    for (let n = 0; n < 4; n++) await expect(client.send(query)).rejects.toMatchObject(AWAY);
    expect([client.count(), retried(client)]).toEqual([14, 10]);
  });
});

describe("a subgraph that fails time and again", () => {
  it("is left alone, until one try in a while is good", async () => {
    let answers = false;
    const client = await subgraph((_request, response) => response.end(answers ? `{"data":{}}` : "no"));
    for (let n = 0; n < 5; n++) await expect(client.send(query)).rejects.toThrow();
    await expect(client.send(query)).rejects.toMatchObject({
      ...AWAY,
      message: expect.stringMatching(/is not asked/) as unknown,
    });
    client.time.advance(1_000);
    await expect(client.send(query)).rejects.toThrow(/not JSON/);
    await expect(client.send(query)).rejects.toThrow(/is not asked/);
    expect(client.count()).toBe(6);
    answers = true;
    client.time.advance(1_000);
    expect(await client.send(query)).toEqual({ data: {} });
    expect(client.events.flatMap((event) => (event.kind === "breaker" ? [event.state] : []))).toEqual([
      "open",
      "half-open",
      "open",
      "half-open",
      "closed",
    ]);
  });

  it("is asked again when its health check is good", async () => {
    let well = false;
    const client = await subgraph((request, response) => {
      if (request.url === "/health")
        response.end(well ? `{"status":"ok","legacy":"ok"}` : `{"status":"degraded","legacy":"away"}`);
      else response.end(well ? `{"data":{}}` : "no");
    });
    for (let n = 0; n < 5; n++) await expect(client.send(query)).rejects.toThrow();
    expect(await client.healthy()).toBe(false);
    expect(client.breaker()).toBe("open");
    well = true;
    expect(await client.healthy()).toBe(true);
    expect(await client.send(query)).toEqual({ data: {} });
  });

  it("is not what a person makes of it who asks for too much", async () => {
    const client = await subgraph((_request, response) => response.end("x".repeat(20_000)));
    for (let n = 0; n < 10; n++) await expect(client.send(query)).rejects.toMatchObject(AWAY);
    expect([client.breaker(), client.count()]).toEqual(["closed", 10]);
  });
});
