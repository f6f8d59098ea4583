// I6, I9: a client that is slow, and a subgraph that goes away, say nonsense, or will not have us.
import type { IncomingHttpHeaders } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { WebSocketServer, type ServerOptions, type WebSocket } from "ws";
import { createUpstreams } from "../../gateway/src/fetch/upstream.ts";
import type { Making } from "../../gateway/src/execute/engine.ts";
import type { FetchRequest } from "../../gateway/src/execute/fetch-request.ts";
import { createFollower } from "../../gateway/src/push/follower.ts";
import { FEED_DOORS } from "../support/story.ts";
import { follow, startLive, type Live } from "./live.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});
async function start(...parts: Parameters<typeof startLive>): Promise<Live> {
  const live = await startLive(...parts);
  closing.push(() => live.close());
  return live;
}
const sale = (id: string) => ({ id, pairs: 1, product: { id: "p1" } });
const SOLD = { as: "shop:ann", query: `subscription { sold(shelf: "7") { id } }` };
const AWAY = {
  data: null,
  errors: [
    {
      message: expect.stringContaining("Events may have been missed") as string,
      extensions: { code: "SUBGRAPH_AWAY", subgraph: "shop", organization: "shop" },
    },
  ],
};

describe("a subgraph that goes away", () => {
  it("is told of once, and when it is back the same subscription goes on", async () => {
    const live = await start();
    const events = await follow(live, SOLD);
    await live.sales.listeners(1);
    live.sales.publish(sale("s1"));
    expect((await events.event()).data.sold.id).toBe("s1");
    live.refuse(503);
    live.breakAll();
    expect(await events.event()).toEqual(AWAY);
    expect([live.relays.size(), live.upstreams()]).toEqual([1, 1]);
    live.refuse(null);
    await live.sales.came(2);
    live.sales.publish(sale("s2"));
    expect((await events.event()).data.sold.id).toBe("s2");
  });

  it("is told of each time that it goes, to everyone who follows", async () => {
    const live = await start();
    const [one, two] = [await follow(live, SOLD), await follow(live, { ...SOLD, as: "shop:joe" })];
    for (const times of [1, 2, 3]) {
      await live.sales.came(2 * times);
      await live.sales.listeners(2);
      live.breakAll(1012);
      for (const events of [one, two]) expect(await events.event()).toEqual(AWAY);
    }
  });

  it("is told of when it was away from the start", async () => {
    const live = await start();
    live.refuse(502);
    const events = await follow(live, SOLD);
    expect(await events.event()).toEqual(AWAY);
    live.refuse(null);
    await live.sales.came(1);
    live.sales.publish(sale("s1"));
    expect((await events.event()).data.sold.id).toBe("s1");
  });

  it.each(FEED_DOORS)("is asked no more once the last client has left, over %s", async (over) => {
    const live = await start();
    live.refuse(502);
    const events = await follow(live, { ...SOLD, over });
    await events.event();
    events.cut();
    await expect.poll(live.upstreams).toBe(0);
  });

  it.each([4400, 4401, 4403, 4406])(
    "with %i says that it will not: that ends the subscription",
    async (code) => {
      const live = await start();
      live.refuse(code);
      const { type, payload } = await (await follow(live, SOLD)).next();
      expect([type, payload[0].extensions.code]).toEqual(["error", "SUBGRAPH_ERROR"]);
      expect(live.upstreams()).toBe(0);
    },
  );
});

describe("a subgraph that is silent", () => {
  it("is away: when it does not acknowledge, and when it answers no ping", async () => {
    const mute = await serve(() => undefined);
    const told = await upstreamOf(mute.url, { limits: { deadline: 40 } });
    expect((await told.next()).message).toContain("did not acknowledge");
    const deaf = await serve((socket) => socket.send(`{"type":"connection_ack"}`), { autoPong: false });
    const silent = await upstreamOf(deaf.url, { limits: { ping: 40 } });
    expect((await silent.next()).message).toContain("fell silent");
  });
});

describe("what a subgraph says on a subscription", () => {
  it.each([
    ["no JSON", "canary-4711 {"],
    ["no message of the protocol", `{"type":"canary-4711"}`],
    ["a message that only clients send", `{"type":"subscribe","id":"1","payload":{"query":"{a}"}}`],
    ["an event of a subscription that nobody made", `{"type":"next","id":"2","payload":{"data":{}}}`],
    ["an event that is not GraphQL", `{"type":"next","id":"1","payload":{"canary":4711}}`],
    ["an error of a subscription that nobody made", `{"type":"error","id":"7","payload":[{"message":"x"}]}`],
    ["a second acknowledgement", `{"type":"connection_ack"}`],
    ["too much", `{"type":"next","id":"1","payload":{"data":{"x":"${"x".repeat(2_000)}"}}}`],
    ["bytes that are no text", Buffer.from([0xff, 0xfe, 0x00])],
  ])("that is %s closes its connection, and is quoted nowhere", async (_what, message) => {
    const server = await serve((socket) => {
      socket.send(`{"type":"connection_ack"}`);
      socket.send(message);
    });
    const told = await upstreamOf(server.url);
    const cause = await told.next();
    expect(cause.code).toBe("SUBGRAPH_AWAY");
    expect(`${cause.message} ${cause.stack}`).not.toContain("canary");
    await expect.poll(() => server.closed()).toBeGreaterThan(0);
  });

  it("comes through as an answer of HTTP does: errors that are none, and data that is none, are left out", async () => {
    const server = await serve((socket) => {
      socket.send(`{"type":"connection_ack"}`);
      socket.send(`{"type":"ping"}`);
      socket.send(`{"type":"next","id":"1","payload":{"data":[1],"errors":[7,{"message":"m","path":[{}]}]}}`);
    });
    const told = await upstreamOf(server.url);
    expect(await told.event()).toEqual({ data: null, errors: [{ message: "m" }] });
    expect(await server.said()).toContain(`{"type":"pong"}`);
  });
});

describe("a connection for a subscription", () => {
  it("is made with the headers that the operator gave the subgraph, and no others", async () => {
    const server = await serve(() => undefined);
    await upstreamOf(server.url);
    await expect.poll(() => server.headers.length).toBe(1);
    const { "x-api-key": key, authorization, cookie } = server.headers[0]!;
    expect([key, authorization, cookie]).toEqual(["4711", undefined, undefined]);
  });
});

describe("I6: a slow client", () => {
  it.each(FEED_DOORS)(
    "over %s has its events wait up to a bound, then ends with a word; nobody else waits for it",
    async (over) => {
      const live = await start();
      const slow = await follow(live, { ...SOLD, over });
      const other = await follow(live, { ...SOLD, as: "shop:joe" });
      await live.sales.listeners(2);
      slow.pause();
      const long = "x".repeat(200_000);
      let last = 0;
      // As much as a socket's buffers take and a client may let wait: the other one gets it all at once.
      while (live.relays.size() === 2) {
        live.sales.publish(sale(`${long}${++last}`));
        expect((await other.event()).data.sold.id).toBe(`${long}${last}`);
      }
      slow.resume();
      let came = 0;
      let message = await slow.next();
      for (; message.type === "next"; message = await slow.next())
        expect(message.payload.data.sold.id).toBe(`${long}${++came}`);
      expect([message.type, message.payload[0].extensions.code]).toEqual(["error", "TOO_SLOW"]);
      expect(came).toBeLessThan(last);
      live.sales.publish(sale("after"));
      expect((await other.event()).data.sold.id).toBe("after");
    },
  );

  const sinkOf = () => {
    const sent: string[] = [];
    let congested = true;
    let release: () => void = () => undefined;
    const drained = (): Promise<void> => new Promise((resolve) => (release = resolve));
    return {
      sent,
      sink: {
        next: (text: string) => void sent.push(text),
        error: ({ code }: { code: string }) => void sent.push(code),
        complete: () => void sent.push("complete"),
        congested: () => congested,
        drained,
      },
      drain() {
        congested = false;
        release();
      },
    };
  };

  it("gets what waited in order, then what comes, then the end", async () => {
    const { sent, sink, drain } = sinkOf();
    const follower = createFollower(sink, () => void sent.push("ended"));
    follower.next("1");
    follower.next("2");
    follower.finish("complete");
    follower.next("after the end");
    expect(sent).toEqual([]);
    drain();
    await expect.poll(() => sent).toEqual(["1", "2", "ended", "complete"]);
  });

  it("does not get what waited when its rights have changed, and not more than one end", async () => {
    const { sent, sink, drain } = sinkOf();
    const follower = createFollower(sink, () => undefined, { events: 2, characters: 100 });
    follower.next("of before");
    follower.forget();
    follower.next("1");
    drain();
    await expect.poll(() => sent).toEqual(["1"]);
    const other = sinkOf();
    const small = createFollower(other.sink, () => undefined, { events: 100, characters: 10 });
    for (const text of ["12345", "67890", "a", "b"]) small.next(text);
    expect([other.sent, small.ended]).toEqual([["TOO_SLOW"], true]);
  });
});

interface Server {
  readonly url: string;
  /** Of the requests that opened connections. */
  readonly headers: readonly IncomingHttpHeaders[];
  closed(): number;
  /** Resolves with what the client has said, when it has said something beside the beginning. */
  said(): Promise<readonly string[]>;
}

/** A socket that does as the test says once it was greeted and subscribed to. */
async function serve(talk: (socket: WebSocket) => void, options: ServerOptions = {}): Promise<Server> {
  const sockets = new WebSocketServer({ ...options, port: 0, host: "127.0.0.1" });
  await new Promise((ready) => sockets.on("listening", ready));
  let closed = 0;
  const said: string[] = [];
  const headers: IncomingHttpHeaders[] = [];
  sockets.on("connection", (socket, request) => {
    headers.push(request.headers);
    socket.on("error", () => undefined);
    socket.on("close", () => (closed += 1));
    socket.on("message", (data: Buffer) => said.push(data.toString()));
    socket.once("message", () => talk(socket));
  });
  closing.push(() => {
    for (const socket of sockets.clients) socket.terminate();
    sockets.close();
  });
  return {
    url: `ws://127.0.0.1:${(sockets.address() as { port: number }).port}`,
    headers,
    closed: () => closed,
    async said() {
      await expect.poll(() => said.length).toBeGreaterThan(2);
      return said;
    },
  };
}

async function upstreamOf(url: string, parts: Partial<Parameters<typeof createUpstreams>[0]> = {}) {
  const upstreams = createUpstreams({
    subgraph: () => ({ url, headers: { "x-api-key": "4711" }, maxResponse: 1_000 }),
    held: () => ({ policies: [], scopes: [] }),
    tokens: { token: async () => "token" },
    pauses: { shortest: 60_000, longest: 60_000, steady: 60_000 },
    ...parts,
  });
  const source = { subgraph: "shop", operation: "subscription{a}", variables: {}, context: { viewer: {} } };
  const aways: any[] = [];
  const events: unknown[] = [];
  const upstream = upstreams.open(source as unknown as FetchRequest<Making>, {
    next: (answer) => void events.push(answer),
    away: (cause) => void aways.push(cause),
    end: () => undefined,
  });
  closing.push(() => upstream.close());
  return {
    async next() {
      await expect.poll(() => aways.length).toBe(1);
      return aways[0];
    },
    async event() {
      await expect.poll(() => events.length).toBe(1);
      return events[0];
    },
  };
}
