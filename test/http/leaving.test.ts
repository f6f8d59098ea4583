// Who leaves, and what happens to what was under way: a client of either door, and the gateway itself.
import { once } from "node:events";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Request } from "../../gateway/src/answer.ts";
import type { StopSignal } from "../../gateway/src/cancel/stopper.ts";
import { startDoors, type Doors, type DoorOptions } from "../security/doors.ts";
import { startShop } from "../security/shop.ts";
import type { TestGraph } from "../support/graph.ts";

let graph: TestGraph;
beforeAll(async () => {
  graph = await startShop({});
});
afterAll(() => graph.close());

let doors: Doors;
afterEach(() => doors.close());

const QUERY = JSON.stringify({ query: "{ own }" });

/** Doors whose answers wait: what was asked, and what lets it be answered. */
async function waiting(options: DoorOptions = {}): Promise<{ asked: Request[]; release: () => void }> {
  const asked: Request[] = [];
  let release = (): void => undefined;
  const gate = new Promise<void>((resolve) => (release = resolve));
  doors = await startDoors(graph, {
    ...options,
    answering: {
      ...graph.answering,
      async answer(request) {
        asked.push(request);
        await gate;
        return graph.answering.answer(request);
      },
    },
  });
  return { asked, release };
}

const aborted = (signal: StopSignal): Promise<void> =>
  new Promise((resolve) => (signal.aborted ? resolve() : signal.addEventListener("abort", resolve)));

describe("a client that leaves before its answer", () => {
  it("over HTTP is told to whoever works for it, once for a batch", async () => {
    const { asked, release } = await waiting();
    const raw = await doors.raw();
    const body = `[${QUERY},${QUERY}]`;
    raw.write(
      `POST /graphql HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer shop:ann\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    await expect.poll(() => asked.length).toBe(2);
    const signals = asked.map(({ signal }) => signal!);
    expect(signals[0]!.aborted).toBe(false);
    raw.socket.destroy();
    await Promise.all(signals.map(aborted));
    release();
    expect((await doors.overHttp({ query: "{ own }" })).data).toEqual({ own: "of the shop" });
  });

  it.each([
    [
      "by a complete",
      (client: Awaited<ReturnType<Doors["signedIn"]>>) => client.send({ id: "1", type: "complete" }),
    ],
    ["with its socket", (client: Awaited<ReturnType<Doors["signedIn"]>>) => client.socket.terminate()],
  ])("over WebSocket, %s, is too", async (_how, leave) => {
    const { asked, release } = await waiting();
    const client = await doors.signedIn();
    client.send({ id: "1", type: "subscribe", payload: { query: "{ own }" } });
    client.send({ id: "2", type: "subscribe", payload: { query: "{ own }" } });
    await expect.poll(() => asked.length).toBe(2);
    const [first, second] = asked.map(({ signal }) => signal!);
    leave(client);
    await aborted(first!);
    // A complete is about one operation, the end of a socket about all.
    if (client.socket.readyState === client.socket.OPEN) expect(second!.aborted).toBe(false);
    else await aborted(second!);
    release();
  });

  it("is nobody who has had it", async () => {
    const { asked, release } = await waiting();
    release();
    expect((await doors.overHttp({ query: "{ own }" })).status).toBe(200);
    const client = await doors.signedIn();
    client.send({ id: "1", type: "subscribe", payload: { query: "{ own }" } });
    await client.next();
    await client.next();
    client.socket.terminate();
    await client.closed;
    expect(asked.map(({ signal }) => signal!.aborted)).toEqual([false, false]);
  });
});

describe("a gateway that closes", () => {
  it("answers what it has taken, says so, and takes nothing more", async () => {
    const { asked, release } = await waiting();
    const client = await doors.signedIn();
    client.send({ id: "1", type: "subscribe", payload: { query: "{ own }" } });
    const idle = await doors.signedIn();
    const answer = doors.overHttp({ query: "{ own }" });
    // Connections that are open and wait for the next request.
    const health = await doors.raw();
    health.write("GET /health HTTP/1.1\r\nHost: gateway\r\n\r\n");
    await once(health.socket, "data");
    await expect.poll(() => asked.length).toBe(2);

    const closed = doors.leave();
    expect(await idle.closed).toBe(1001);
    client.send({ id: "2", type: "subscribe", payload: { query: "{ own }" } });
    expect(await client.next()).toMatchObject({
      id: "2",
      type: "error",
      payload: [{ extensions: { code: "UNAVAILABLE" } }],
    });
    await expect(doors.socket()).rejects.toThrow();
    await expect(fetch(`${doors.url}/health`)).rejects.toThrow();

    release();
    expect((await answer).data).toEqual({ own: "of the shop" });
    expect(await client.next()).toMatchObject({ id: "1", type: "next" });
    expect(await client.closed).toBe(1001);
    await closed;
  });

  it("says so to those that are still connected", async () => {
    const { asked, release } = await waiting();
    // A request that arrives in two parts keeps its connection busy while the gateway closes.
    const [health, graphql] = [await doors.raw(), await doors.raw()];
    health.write("GET /health HTTP/1.1\r\nHost: gateway\r\n");
    graphql.write("POST /graphql HTTP/1.1\r\nHost: gateway\r\n");
    const answer = doors.overHttp({ query: "{ own }" });
    await expect.poll(() => asked.length).toBe(1);
    const closed = doors.leave();
    health.write("\r\n");
    graphql.write("Content-Length: 0\r\n\r\n");
    expect(await health.answer).toMatch(/^HTTP\/1.1 503 [^]*"status":"closing"/);
    expect(await graphql.answer).toMatch(/^HTTP\/1.1 503 [^]*UNAVAILABLE/);
    release();
    expect((await answer).status).toBe(200);
    await closed;
  });

  it("does not wait for ever", async () => {
    const { asked } = await waiting({ limits: { closingTime: 50 } });
    const client = await doors.signedIn();
    client.send({ id: "1", type: "subscribe", payload: { query: "{ own }" } });
    const gone = doors.overHttp({ query: "{ own }" }).catch((error: unknown) => error);
    await expect.poll(() => asked.length).toBe(2);
    await doors.leave();
    expect(await client.closed).toBe(1001);
    expect(await gone).toBeInstanceOf(Error);
  });
});
