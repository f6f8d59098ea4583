// The door of server-sent events, on the wire and to an independent client of the protocol: what is told, in which
// words each ending is told, and what is left over of nobody.
import { once } from "node:events";
import { createClient } from "graphql-sse";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Request } from "../../gateway/src/answer.ts";
import { JuntoError } from "../../gateway/src/errors/index.ts";
import type { Sink } from "../../gateway/src/push/subscription.ts";
import { startDoors, type Doors, type DoorOptions } from "../security/doors.ts";
import { EVERYTHING, GUEST, startShop } from "../security/shop.ts";
import type { EventStream } from "../support/event-stream.ts";
import { person, type TestGraph } from "../support/graph.ts";

let graph: TestGraph;
beforeAll(async () => {
  graph = await startShop({ everything: EVERYTHING });
});
afterAll(() => graph.close());

interface Followed {
  readonly request: Request;
  readonly sink: Sink;
  ended: boolean;
}

let doors: Doors;
let followed: Followed[];
afterEach(() => doors.close());

/** Doors at which every subscription is followed by the test itself. */
async function start(options: DoorOptions = {}): Promise<void> {
  followed = [];
  doors = await startDoors(graph, {
    answering: {
      ...graph.answering,
      kindOf: (request) =>
        request.query!.startsWith("subscription") ? "subscription" : graph.answering.kindOf(request),
    },
    async subscribe(request, sink) {
      const one: Followed = { request, sink, ended: false };
      followed.push(one);
      return () => void (one.ended = true);
    },
    ...options,
  });
}

const SUBSCRIPTION = JSON.stringify({ query: "subscription { feed }" });
const ask = (query: string, headers?: Record<string, string>): Promise<EventStream> =>
  doors.events(JSON.stringify({ query }), headers);
const subscribe = async (headers?: Record<string, string>): Promise<[EventStream, Followed]> => {
  const before = followed.length;
  const stream = await doors.events(SUBSCRIPTION, headers);
  await expect.poll(() => followed.length).toBe(before + 1);
  return [stream, followed[before]!];
};
const COMPLETE = { event: "complete", data: null };
const failed = (code: string): object => ({
  event: "next",
  data: {
    errors: [{ message: expect.any(String) as string, extensions: expect.objectContaining({ code }) }],
  },
});

describe("what is told", () => {
  it("of a query is its response, and that it is complete", async () => {
    await start();
    const stream = await ask("{ own }");
    expect(stream.status).toBe(200);
    expect(stream.headers).toMatchObject({
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store, no-transform",
      "x-accel-buffering": "no",
      "x-content-type-options": "nosniff",
      vary: "Origin, Accept",
    });
    expect(await stream.text()).toBe(
      ':\n\nevent: next\ndata: {"data":{"own":"of the shop"}}\n\nevent: complete\ndata:\n\n',
    );
  });

  it("of a subscription is each event, with its name where it has one, until it is complete", async () => {
    await start();
    const [stream, { sink, request }] = await subscribe({ "junto-group": "everything" });
    expect(request).toMatchObject({ person: { id: "shop:ann" }, group: "everything" });
    sink.next('{"data":1}', "everything/7");
    sink.next('{"data":2}');
    expect([await stream.next(), await stream.next()]).toEqual([
      { event: "next", data: { data: 1 }, id: "everything/7" },
      { event: "next", data: { data: 2 } },
    ]);
    sink.complete();
    sink.next('{"data":3}');
    expect(await stream.rest()).toEqual([COMPLETE]);
    expect(followed[0]!.ended).toBe(true);
  });

  it("of a subscription that fails is why", async () => {
    await start();
    const [stream, { sink }] = await subscribe();
    sink.next('{"data":1}');
    sink.error(new JuntoError("FORBIDDEN", "no member any more"));
    expect(await stream.rest()).toEqual([
      { event: "next", data: { data: 1 } },
      failed("FORBIDDEN"),
      COMPLETE,
    ]);
  });

  it("is understood by an independent client", async () => {
    await start();
    const client = createClient({
      url: `${doors.url}/graphql`,
      headers: { authorization: "Bearer shop:ann" },
      retryAttempts: 0,
    });
    const results = client.iterate({ query: "subscription { feed }" });
    const first = results.next();
    await expect.poll(() => followed.length).toBe(1);
    for (const n of [1, 2, 3]) followed[0]!.sink.next(`{"data":{"n":${n}}}`, `g/${n}`);
    expect((await first).value).toEqual({ data: { n: 1 } });
    expect((await results.next()).value).toEqual({ data: { n: 2 } });
    followed[0]!.sink.complete();
    expect((await results.next()).value).toEqual({ data: { n: 3 } });
    expect(await results.next()).toEqual({ done: true, value: undefined });
    client.dispose();
  });

  it("cannot be made more by what a text holds", async () => {
    await start();
    const text = 'a\n\nevent: complete\ndata:\n\nid: 7\r\rretry: 1\u2028data: {}"}\n\n';
    const stream = await doors.events(
      JSON.stringify({ query: "query ($text: String) { echo(text: $text) }", variables: { text } }),
    );
    expect(await stream.rest()).toEqual([{ event: "next", data: { data: { echo: text } } }, COMPLETE]);
    const wrong = await ask(`{ nope(text: "a\\n\\nevent: x") \n\n data: x }`);
    expect(await wrong.rest()).toEqual([
      expect.objectContaining({ event: "next", data: { errors: expect.any(Array) as unknown[] } }),
      COMPLETE,
    ]);
  });

  it("keeps a silent connection", async () => {
    await start({ limits: { pingTime: 10 } });
    const [stream] = await subscribe();
    await expect.poll(() => stream.comments.length).toBeGreaterThan(3);
    stream.leave();
  });
});

describe("who is told in events", () => {
  it.each([
    ["text/event-stream", true],
    ["TEXT/Event-Stream; q=0.9", true],
    ["text/event-stream, multipart/mixed", true],
    ["text/event-stream, */*", true],
    ["text/event-stream, application/json;q=0.5", true],
    ["application/json, text/event-stream", false],
    ["application/graphql-response+json, application/json, text/event-stream, multipart/mixed", false],
    ["text/event-stream;q=0.5, */*", false],
    ["text/event-stream;q=0, */*", false],
    ["text/*, application/json;q=0.1", false],
    ["*/*", false],
  ])("%s: %s", async (accept, events) => {
    await start();
    const stream = await ask("{ own }", { accept });
    expect(stream.status).toBe(200);
    expect(stream.headers["content-type"]!.startsWith("text/event-stream")).toBe(events);
  });
});

describe("a GET", () => {
  const get = (query: string, headers?: Record<string, string>): Promise<EventStream> =>
    doors.events(undefined, headers, `?${new URLSearchParams({ query }).toString()}`);

  it("asks and subscribes, and changes nothing", async () => {
    await start();
    expect((await (await get("{ own }")).next()).data).toEqual({ data: { own: "of the shop" } });
    const stream = await get("subscription { feed }");
    await expect.poll(() => followed.length).toBe(1);
    stream.leave();
    const requests = graph.subgraphs.shop!.requests.length;
    expect(await (await get("mutation { open { text } }")).rest()).toEqual([
      failed("METHOD_NOT_ALLOWED"),
      COMPLETE,
    ]);
    expect(graph.subgraphs.shop!.requests.length).toBe(requests);
  });

  it("that a page could have sent unasked is refused", async () => {
    await start();
    const stream = await get("{ own }", { "graphql-require-preflight": "", origin: "https://evil.example" });
    expect([stream.status, stream.headers["access-control-allow-origin"]]).toEqual([400, undefined]);
  });
});

describe("what is wrong with the request itself", () => {
  it.each([
    ["nobody", SUBSCRIPTION, { authorization: "" }, 401, "UNAUTHENTICATED"],
    ["a token that is none", SUBSCRIPTION, { authorization: "Bearer x" }, 401, "UNAUTHENTICATED"],
    ["a list", `[${SUBSCRIPTION}]`, {}, 400, "BAD_REQUEST"],
    ["no JSON", "{", {}, 400, "BAD_REQUEST"],
    ["no query", "{}", {}, 400, "BAD_REQUEST"],
    ["a body of another type", SUBSCRIPTION, { "content-type": "text/plain" }, 415, "UNSUPPORTED_MEDIA_TYPE"],
    ["too much", " ".repeat(2_000_000), {}, 413, "TOO_LARGE"],
  ])("%s: is told before there is a stream", async (_what, body, headers, status, code) => {
    await start();
    const stream = await doors.events(body, headers);
    expect([stream.status, stream.headers["content-type"]]).toEqual([
      status,
      "application/json; charset=utf-8",
    ]);
    expect(JSON.parse(await stream.text())).toMatchObject({ errors: [{ extensions: { code } }] });
    expect(followed).toEqual([]);
  });

  it("and with the operation is told in it", async () => {
    await start();
    for (const [query, code] of [
      ["{ nope }", "BAD_REQUEST"],
      ["{ own", "BAD_REQUEST"],
      [`{ own #${" ".repeat(100_000)}\n}`, "TOO_LARGE"],
    ] as const)
      expect(await (await ask(query)).rest()).toEqual([
        {
          event: "next",
          data: {
            errors: [expect.objectContaining({ extensions: expect.objectContaining({ code }) as object })],
          },
        },
        COMPLETE,
      ]);
  });
});

describe("a stream ends", () => {
  it("when the token expires, with a word that says how to come back", async () => {
    await start({
      identity: { identify: async () => ({ ...person("shop:ann"), expiresAt: Date.now() + 100 }) },
    });
    const [stream, one] = await subscribe();
    const [last, complete] = await stream.rest();
    expect(last).toEqual(failed("UNAUTHENTICATED"));
    expect(last!.data.errors[0].message).toMatch(/expired.*new one.*last event/);
    expect(complete).toEqual(COMPLETE);
    expect(one.ended).toBe(true);
  });

  it("when its person is not known any more, and no other's does", async () => {
    await start();
    const [mine, one] = await subscribe({ authorization: `Bearer ${GUEST}` });
    const [others, two] = await subscribe();
    doors.dismiss(({ organization }) => organization === "guest");
    expect(await mine.rest()).toEqual([failed("UNAUTHENTICATED"), COMPLETE]);
    expect([one.ended, two.ended]).toEqual([true, false]);
    others.leave();
  });

  it("when the client leaves, and what is under way for it stops", async () => {
    await start();
    const [stream, one] = await subscribe();
    stream.leave();
    await expect.poll(() => one.ended).toBe(true);
    let asked: Request | undefined;
    await doors.close();
    await start({
      answering: {
        ...graph.answering,
        answer: (request) => ((asked = request), new Promise(() => undefined)),
      },
      limits: { closingTime: 1 },
    });
    const query = await ask("{ own }");
    await expect.poll(() => asked).toBeDefined();
    expect(asked!.signal!.aborted).toBe(false);
    query.leave();
    await expect.poll(() => asked!.signal!.aborted).toBe(true);
  });

  it("when the client left before its subscription had started", async () => {
    let started = (): void => undefined;
    const starting = new Promise<void>((resolve) => (started = resolve));
    let ended = 0;
    const signals: Request["signal"][] = [];
    await start({
      async subscribe({ signal }) {
        signals.push(signal);
        await starting;
        return () => void (ended += 1);
      },
    });
    const stream = await doors.events(SUBSCRIPTION);
    await expect.poll(() => signals.length).toBe(1);
    stream.leave();
    await expect.poll(() => signals[0]!.aborted).toBe(true);
    started();
    await expect.poll(() => ended).toBe(1);
  });

  it("when the gateway goes away: queries are answered, and who subscribed is to come again", async () => {
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    let waiting = 0;
    await start({
      answering: {
        kindOf: ({ query }) => (query!.startsWith("subscription") ? "subscription" : "query"),
        answer: (request) => ((waiting += 1), gate.then(() => graph.answering.answer(request))),
      },
    });
    const [stream, one] = await subscribe();
    const query = await ask("{ own }");
    const late = await doors.raw();
    late.write(
      `POST /graphql HTTP/1.1\r\nHost: g\r\nAccept: text/event-stream\r\nAuthorization: Bearer shop:ann\r\nContent-Type: application/json\r\nContent-Length: ${SUBSCRIPTION.length}\r\n`,
    );
    await expect.poll(() => waiting).toBe(1);
    const left = doors.leave();
    expect(await stream.rest()).toEqual([]);
    expect(stream.response.complete).toBe(true);
    expect(one.ended).toBe(true);
    late.write(`\r\n${SUBSCRIPTION}`);
    expect(await late.answer).toMatch(/^HTTP\/1.1 503 [^]*UNAVAILABLE/);
    release();
    expect(await query.rest()).toEqual([{ event: "next", data: { data: { own: "of the shop" } } }, COMPLETE]);
    await left;
    expect(followed).toHaveLength(1);
  });

  it("of a gateway that goes away does not wait for ever", async () => {
    await start({
      limits: { closingTime: 50 },
      answering: { ...graph.answering, answer: () => new Promise(() => undefined) },
    });
    const query = await ask("{ own }");
    await doors.leave();
    expect(await query.rest()).toEqual([]);
  });
});

describe("a client that is slow", () => {
  const LARGE = JSON.stringify("x".repeat(64 * 1024));

  it("is known to be, until it has taken what waited", async () => {
    await start({ limits: { waitingSize: 64 * 1024 } });
    const [stream, { sink }] = await subscribe();
    stream.response.pause();
    for (let n = 0; n < 2_000 && !sink.congested(); n++) sink.next(LARGE);
    expect(sink.congested()).toBe(true);
    stream.response.resume();
    await sink.drained();
    expect(sink.congested()).toBe(false);
    stream.leave();
  });

  it("and takes nothing at all is gone, also after its stream has ended", async () => {
    await start({ limits: { waitingSize: 64 * 1024, pingTime: 30 } });
    for (const ends of [false, true]) {
      const served = once(doors.server, "connection") as Promise<[NodeJS.EventEmitter]>;
      const [stream, one] = await subscribe();
      const gone = once((await served)[0], "close");
      stream.response.pause();
      // More than any system keeps for a connection.
      for (let n = 0; n < 500; n++) one.sink.next(LARGE);
      const drained = one.sink.drained();
      if (ends) one.sink.complete();
      await gone;
      await drained;
      expect(one.ended).toBe(true);
    }
  });
});

describe("one person", () => {
  const REFUSED = [failed("TOO_MANY"), COMPLETE];
  const overSocket = { id: "1", type: "subscribe", payload: { query: "subscription { feed }" } };

  it("has only so many subscriptions, over all doors together", async () => {
    await start({ limits: { subscriptionsPerPerson: 2 } });
    const [stream, one] = await subscribe();
    const client = await doors.signedIn();
    client.send(overSocket);
    await expect.poll(() => followed.length).toBe(2);
    expect(await (await doors.events(SUBSCRIPTION)).rest()).toEqual(REFUSED);
    client.send({ ...overSocket, id: "2" });
    expect(await client.next()).toMatchObject({ id: "2", payload: [{ extensions: { code: "TOO_MANY" } }] });
    expect((await (await ask("{ own }")).next()).data).toEqual({ data: { own: "of the shop" } });
    expect((await doors.events(SUBSCRIPTION, { authorization: "Bearer shop:bob" })).status).toBe(200);
    await expect.poll(() => followed.length).toBe(3);
    stream.leave();
    await expect.poll(() => one.ended).toBe(true);
    client.send({ ...overSocket, id: "3" });
    await expect.poll(() => followed.length).toBe(4);
  });

  it("has only so many connections that stay, over all doors together", async () => {
    await start({ limits: { socketsPerPerson: 2 } });
    const [stream, one] = await subscribe();
    const client = await doors.signedIn();
    expect(await (await doors.events(SUBSCRIPTION)).rest()).toEqual(REFUSED);
    const third = await doors.socket();
    third.send({ type: "connection_init", payload: { authorization: "Bearer shop:ann" } });
    expect(await third.closed).toBe(1013);
    stream.leave();
    await expect.poll(() => one.ended).toBe(true);
    await subscribe();
    client.socket.terminate();
  });
});

it("a stream that would wait behind another on its connection is refused, and none is left over", async () => {
  await start();
  const request = `POST /graphql HTTP/1.1\r\nHost: g\r\nAccept: text/event-stream\r\nAuthorization: Bearer shop:ann\r\nContent-Type: application/json\r\nContent-Length: ${SUBSCRIPTION.length}\r\n\r\n${SUBSCRIPTION}`;
  const raw = await doors.raw();
  raw.write(request.repeat(20));
  await expect.poll(() => followed.length).toBe(1);
  expect((await doors.overHttp({ query: "{ own }" })).status).toBe(200);
  expect(followed).toHaveLength(1);
  raw.socket.destroy();
  await expect.poll(() => followed[0]!.ended).toBe(true);
});
