// Subscription crash (CVE-2023-41317, CVE-2023-45812, CVE-2023-22477): what a client sends to the socket's door, before
// and after the handshake, and to that of event streams, ends at most its own connection.
import { once } from "node:events";
import { afterEach, describe, expect, it, vi } from "vitest";
import { person } from "../support/graph.ts";
import { startDoors } from "./doors.ts";
import { openShop } from "./open-shop.ts";

const { graph, doors } = await openShop({});

// An error that nobody catches would end the process; in a test it is an error of the run.
const isWell = async (): Promise<void> => {
  expect((await doors.overHttp({ query: "{ own }" })).data).toEqual({ own: "of the shop" });
  expect((await doors.overEvents({ query: "{ own }" })).data).toEqual({ own: "of the shop" });
  expect((await doors.overSocket({ query: "{ own }" })).data).toEqual({ own: "of the shop" });
};
afterEach(isWell);

const HANDSHAKE =
  "Host: gateway\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n";

describe("a handshake", () => {
  it.each([
    ["at an address that is none", "//"],
    ["at an address that is none, either", "///"],
    ["at another host without a name", "http://"],
    ["at a port that is none", "http://gateway:99999/graphql"],
    ["in percent signs", "/%"],
    ["elsewhere", "/graphql/../changes"],
    ["at a long address", `/${"x".repeat(8_000)}`],
  ])("%s is refused", async (_what, target) => {
    const raw = await doors.raw();
    raw.write(`GET ${target} HTTP/1.1\r\n${HANDSHAKE}\r\n`);
    expect(await raw.answer).toMatch(/^HTTP\/1.1 4\d\d /);
  });

  it.each([
    ["of another version", HANDSHAKE.replace("Version: 13", "Version: 7")],
    ["without a key", HANDSHAKE.replace(/Sec-WebSocket-Key.*?\r\n/, "")],
    ["with a key that is none", HANDSHAKE.replace("dGhlIHNhbXBsZSBub25jZQ==", "x")],
    ["to another protocol", HANDSHAKE.replace("Upgrade: websocket", "Upgrade: h2c")],
    ["with an origin that is none", `${HANDSHAKE}Origin: \x01//\r\n`],
  ])("%s is refused", async (_what, headers) => {
    const raw = await doors.raw();
    raw.write(`GET /graphql HTTP/1.1\r\n${headers}\r\n`);
    expect(await raw.answer).toMatch(/^HTTP\/1.1 4\d\d /);
  });

  it("that is broken off half way is nothing", async () => {
    for (const text of [
      `GET /graphql HTTP/1.1\r\n${HANDSHAKE}`,
      `GET /graphql HTTP/1.1\r\n${HANDSHAKE}\r\n`,
    ]) {
      const raw = await doors.raw();
      raw.write(text);
      raw.socket.resetAndDestroy();
      await raw.answer;
    }
  });
});

describe("a frame", () => {
  /** A masked frame as it is on the wire. */
  const frame = (first: number, payload: Buffer | string, mask = true): Buffer => {
    const body = Buffer.from(payload);
    return Buffer.concat([
      Buffer.from([first, (mask ? 0x80 : 0) | body.length]),
      Buffer.alloc(mask ? 4 : 0),
      body,
    ]);
  };

  it.each([
    ["without a mask", frame(0x81, "{}", false)],
    ["with reserved bits", frame(0xf1, "{}")],
    ["of an unknown kind", frame(0x83, "{}")],
    ["that goes on with nothing", frame(0x80, "{}")],
    ["of control that is split", frame(0x09, "")],
    ["of text that is no UTF-8", frame(0x81, Buffer.from([0xc0, 0xaf]))],
    ["of half a close code", frame(0x88, Buffer.from([3]))],
    ["of a close code that is none", frame(0x88, Buffer.from([0, 1]))],
    ["of 2^63 bytes", Buffer.from([0x81, 0xff, 0x7f, ...Array(11).fill(0xff)])],
    [
      "of a length that is longer than it need be",
      Buffer.from([0x81, 0xff, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]),
    ],
    ["that is compressed, though nobody agreed to", frame(0xc1, Buffer.from([0xab, 0x56, 0x02, 0x00]))],
  ])("%s ends its own socket", async (_what, bytes) => {
    const client = await doors.signedIn();
    const { _socket: wire } = client.socket as unknown as { _socket: { write(bytes: Buffer): void } };
    wire.write(bytes);
    expect([1002, 1005, 1006, 1007, 1009, 4400]).toContain(await client.closed);
  });
});

describe("a message", () => {
  it.each([
    ["nothing", ""],
    ["null", "null"],
    ["a list", "[]"],
    ["a number", "1e999"],
    ["nesting without end", "[".repeat(100_000)],
    ["without a type", "{}"],
    ["with a type that is none", { type: "constructor" }],
    ["with a type that is an object", { type: { toString: "x" } }],
    ["of the protocol before this one", { type: "start", id: "1", payload: { query: "{ own }" } }],
    ["a subscribe without an id", { type: "subscribe", payload: { query: "{ own }" } }],
    [
      "a subscribe with an id that is no text",
      { type: "subscribe", id: { x: 1 }, payload: { query: "{ own }" } },
    ],
    ["a subscribe without a payload", { type: "subscribe", id: "1" }],
    ["a subscribe to no text", { type: "subscribe", id: "1", payload: { query: { kind: "Document" } } }],
    [
      "a subscribe with variables of another kind",
      { type: "subscribe", id: "1", payload: { query: "{ own }", variables: "x" } },
    ],
    [
      "a subscribe with a prototype",
      '{"type":"subscribe","id":"1","__proto__":{"payload":{"query":"{ own }"}}}',
    ],
    ["an acknowledgement of nothing", { type: "connection_ack" }],
    ["a result from the client", { type: "next", id: "1", payload: { data: {} } }],
  ])("%s ends its own socket", async (_what, message) => {
    const client = await doors.signedIn();
    client.send(message);
    expect(await client.closed).toBe(4400);
  });

  it.each([
    ["without a name", "{ own }", undefined, { data: { own: "of the shop" } }],
    ["with an empty name", "{ own }", "", undefined],
    ["with a name that every object has", "{ own }", "__proto__", undefined],
    ["of which there are two without a name", "{ own } { own }", undefined, undefined],
  ])("with an operation %s is answered", async (_what, query, operationName, expected) => {
    const client = await doors.signedIn();
    client.send({ id: "__proto__", type: "subscribe", payload: { query, operationName } });
    const { id, type, payload } = await client.next();
    expect(id).toBe("__proto__");
    if (expected) expect(payload).toEqual(expected);
    else expect([type, payload[0].extensions.code]).toEqual(["error", "BAD_REQUEST"]);
  });

  it("that ends what was never begun, or has ended, is nothing", async () => {
    const client = await doors.signedIn();
    for (const id of ["1", "1", "__proto__"]) client.send({ id, type: "complete" });
    client.send({ id: "1", type: "subscribe", payload: { query: "{ own }" } });
    client.send({ id: "1", type: "complete" });
    client.send({ id: "2", type: "subscribe", payload: { query: "{ own }" } });
    const ids = new Set<string>();
    for (
      let message = await client.next();
      !(message.id === "2" && message.type === "complete");
      message = await client.next()
    )
      ids.add(message.id as string);
    expect(ids).toContain("2");
  });
});

describe("a client", () => {
  it("that begins hundreds of operations on dozens of sockets has each answered", async () => {
    const clients = await Promise.all(Array.from({ length: 30 }, () => doors.signedIn()));
    const counts = await Promise.all(
      clients.map(async (client) => {
        for (let n = 0; n < 90; n++)
          client.send({ id: String(n), type: "subscribe", payload: { query: "{ __typename }" } });
        let complete = 0;
        while (complete < 90) if ((await client.next()).type === "complete") complete += 1;
        client.socket.terminate();
        return complete;
      }),
    );
    expect(counts).toEqual(Array(30).fill(90));
  });

  it("that asks and does not read is not read either, and gets everything when it does", async () => {
    const large = JSON.stringify({ data: "x".repeat(256 * 1024) });
    let answered = 0;
    const generous = await startDoors(graph, {
      limits: { waitingSize: 1024 * 1024, operationsPerSocket: 10_000 },
      answering: { ...graph.answering, answer: async () => (answered++, { text: large, status: 200 }) },
    });
    const served: { isPaused(): boolean }[] = [];
    generous.server.on("connection", (socket) => served.push(socket));
    const client = await generous.signedIn();
    client.socket.pause();
    // Each is one packet or a few: the gateway sees how much waits before the next comes.
    const filler = "#".repeat(60_000);
    const COUNT = 400;
    for (let n = 0; n < COUNT; n++)
      client.send({ id: String(n), type: "subscribe", payload: { query: `{ own } ${filler}` } });
    await expect.poll(() => served.at(-1)!.isPaused(), { timeout: 20_000 }).toBe(true);
    expect(answered).toBeLessThan(COUNT);
    client.socket.resume();
    let complete = 0;
    while (complete < COUNT) if ((await client.next()).type === "complete") complete += 1;
    expect(answered).toBe(COUNT);
    await generous.close();
  });

  it("that goes on talking after its token has expired is not heard", async () => {
    const asked: string[] = [];
    const strict = await startDoors(graph, {
      identity: {
        identify: async () => ({ ...person("shop:ann"), expiresAt: Date.now() + 50 }),
      },
      answering: {
        ...graph.answering,
        answer: (request) => (asked.push(request.query!), graph.answering.answer(request)),
      },
    });
    const client = await strict.signedIn();
    // A client that does not answer the close: it only writes.
    const { _socket: wire, _receiver: receiver } = client.socket as unknown as {
      _socket: NodeJS.EventEmitter & { write(bytes: Buffer): void };
      _receiver: { removeAllListeners(event: string): void };
    };
    receiver.removeAllListeners("conclude");
    const closing = new Promise<void>((resolve) =>
      wire.on("data", (bytes: Buffer) => bytes[0] === 0x88 && resolve()),
    );
    await closing;
    client.send({ id: "1", type: "subscribe", payload: { query: "mutation { open { text } }" } });
    // What comes after on the same wire has been read after it.
    wire.write(Buffer.from([0x88, 0x80, 0, 0, 0, 0]));
    await client.closed;
    expect(asked).toEqual([]);
    await strict.close();
  });

  it("that leaves while its token is looked at leaves nothing behind", async () => {
    let seen = (): void => undefined;
    const looking = new Promise<void>((resolve) => (seen = resolve));
    let answer = (): void => undefined;
    const looked = new Promise<void>((resolve) => (answer = resolve));
    const slow = await startDoors(graph, {
      identity: {
        async identify() {
          seen();
          await looked;
          return { ...person("shop:ann"), expiresAt: Date.now() + 3_600_000 };
        },
      },
    });
    const timers = vi.spyOn(globalThis, "setTimeout");
    const served = once(slow.server, "connection") as Promise<[NodeJS.EventEmitter]>;
    const client = await slow.socket();
    const gone = once((await served)[0], "close");
    client.send({ type: "connection_init", payload: { authorization: "Bearer shop:ann" } });
    await looking;
    client.socket.terminate();
    await gone;
    answer();
    await slow.close();
    const untilExpiry = timers.mock.calls.filter(([, delay]) => delay! > 3_000_000);
    timers.mockRestore();
    expect(untilExpiry).toEqual([]);
  });
});

describe("an event stream", () => {
  const BODY = '{"query":"{ own }"}';
  const REQUEST = `POST /graphql HTTP/1.1\r\nHost: gateway\r\nAccept: text/event-stream\r\nAuthorization: Bearer shop:ann\r\nContent-Type: application/json\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`;

  it.each([10, 150, REQUEST.length - 5, REQUEST.length])(
    "of a client that breaks off after %i bytes is nothing",
    async (bytes) => {
      const raw = await doors.raw();
      raw.write(REQUEST.slice(0, bytes));
      raw.socket.resetAndDestroy();
      await raw.answer;
    },
  );

  it.each([
    ["what is no request", "\0\r\n\r\n"],
    ["a WebSocket's handshake", `GET /graphql HTTP/1.1\r\n${HANDSHAKE}\r\n`],
    ["itself, again and again", REQUEST.repeat(50)],
    ["frames of a socket", "\x81\x82\0\0\0\0{}"],
  ])("on whose connection %s comes after it ends alone", async (_what, more) => {
    const raw = await doors.raw();
    raw.write(REQUEST + more);
    expect(await raw.answer).toMatch(/^HTTP\/1.1 (101|200|4\d\d) /);
  });

  it.each([
    ["the name of an event", { "last-event-id": "x".repeat(8_000) }],
    ["the name of an event with odd signs", { "last-event-id": "\u00ff/\u00fe,\t*" }],
    ["types without end", { accept: `text/event-stream, ${"a/b;q=0.1,".repeat(1_000)}` }],
    ["weights that are none", { accept: "text/event-stream;q=1e9;q=;;=" }],
    ["types that nothing has", { accept: "text/event-stream\u00ff" }],
  ])("asked for with %s is answered or refused", async (_what, headers: Record<string, string>) => {
    const stream = await doors.events(BODY, headers);
    expect([200, 406]).toContain(stream.status);
    expect(await stream.text()).toMatch(/of the shop|NOT_ACCEPTABLE/);
  });

  it("of hundreds at once is answered, each", async () => {
    const streams = await Promise.all(Array.from({ length: 90 }, () => doors.events(BODY)));
    for (const stream of streams)
      expect((await stream.rest()).map(({ event }) => event)).toEqual(["next", "complete"]);
  });

  it("of a person whose token has expired while it was looked at tells that, and nothing else", async () => {
    const asked: unknown[] = [];
    const strict = await startDoors(graph, {
      identity: { identify: async () => ({ ...person("shop:ann"), expiresAt: Date.now() - 1 }) },
      answering: {
        ...graph.answering,
        answer: (request) => (asked.push(request), new Promise(() => undefined)),
      },
    });
    const [last, complete, ...more] = await (await strict.events(BODY)).rest();
    expect(last!.data.errors[0].extensions.code).toBe("UNAUTHENTICATED");
    expect([complete!.event, more]).toEqual(["complete", []]);
    await strict.close();
  });
});
