// Following a feed through everything that happens to a connection, against a real WebSocket server with the
// schema that clients use.
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { buildASTSchema, GraphQLError, parse, type GraphQLSchema } from "graphql";
import { useServer } from "graphql-ws/use/ws";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WebSocketServer } from "ws";
import type { FeedEvent } from "./draw/feed.ts";
import { followFeed } from "./follow.ts";

const schema = clientSchema();

let gateway: TestGateway;
beforeEach(async () => (gateway = await startGateway()));
afterEach(() => gateway.close());

describe("following a feed", () => {
  it("gives what happened after the cursor, and then what happens", async () => {
    gateway.say(1, 5);
    const watching = watch({ after: 2 });
    await watching.until(3);
    gateway.say(6, 7);
    expect(seqs(await watching.until(5))).toEqual([3, 4, 5, 6, 7]);
    await watching.stop();
  });

  it("comes back with its cursor when it is cut off, and has every event once, in order", async () => {
    const watching = watch({ after: 0 });
    gateway.cutAfter(37);
    gateway.say(1, 100);
    await watching.until(37);
    gateway.cutAfter(211);
    gateway.say(101, 500);
    expect(seqs(await watching.until(500))).toEqual(Array.from({ length: 500 }, (_, n) => n + 1));
    expect(watching.states).toEqual(["away", "back", "away", "back"]);
    expect(gateway.connections).toBe(3);
    await watching.stop();
  });

  it("waits while the gateway is away, and goes on when it is there again", async () => {
    gateway.say(1, 2);
    const watching = watch({ after: 0 });
    await watching.until(2);
    await gateway.stop();
    await watching.state("away");
    gateway.say(3, 4);
    await gateway.start();
    expect(seqs(await watching.until(4))).toEqual([1, 2, 3, 4]);
    await watching.stop();
  });

  it("signs in again when its token has ended, however often", async () => {
    const watching = watch({ after: 0 });
    for (let round = 1; round <= 3; round++) {
      gateway.say(round, round);
      await watching.until(round);
      gateway.acceptOnly(`token-${round + 1}`);
      gateway.disconnect(4403, "The token has expired");
    }
    gateway.say(4, 4);
    expect(seqs(await watching.until(4))).toEqual([1, 2, 3, 4]);
    await watching.stop();
  });

  it("ends when it is told to", async () => {
    const watching = watch({ after: 0 });
    gateway.say(1, 1);
    await watching.until(1);
    await watching.stop();
    expect(await watching.ended).toBeUndefined();
  });
});

describe("following gives up, and says why,", () => {
  it("when nobody answers at the address", async () => {
    await gateway.stop();
    await expect(watch({ after: 0 }).ended).rejects.toThrow(
      /no gateway answers at http:\/\/127.0.0.1:\d+; `npx junto demo`/,
    );
  });

  it("when a new token is refused too", async () => {
    gateway.acceptOnly("another");
    await expect(watch({ after: 0 }).ended).rejects.toThrow(
      "the gateway closed the connection: Forbidden (4403)",
    );
    expect(gateway.connections).toBe(2);
  });

  it("when there is no such group for this person", async () => {
    gateway.refuseWith("NOT_FOUND");
    await expect(watch({ after: 0 }).ended).rejects.toThrow("There is no such group. (NOT_FOUND)");
  });

  it("when the gateway ends the feed", async () => {
    const watching = watch({ after: 0 });
    gateway.say(1, 1);
    await watching.until(1);
    gateway.end();
    await expect(watching.ended).rejects.toThrow(/no longer open to you/);
  });
});

function seqs(events: readonly FeedEvent[]): number[] {
  return events.map(({ seq }) => seq);
}

interface Watching {
  readonly ended: Promise<void>;
  readonly states: string[];
  until(count: number): Promise<readonly FeedEvent[]>;
  state(wanted: string): Promise<void>;
  stop(): Promise<void>;
}

function watch({ after }: { after: number }): Watching {
  const events: FeedEvent[] = [];
  const states: string[] = [];
  const abort = new AbortController();
  let signIns = 0;
  let wake: () => void = () => undefined;
  const token = (fresh?: boolean) =>
    Promise.resolve(`token-${(signIns += fresh === true || signIns === 0 ? 1 : 0)}`);
  const ended = followFeed({
    connection: { url: gateway.url, token },
    group: "g",
    after,
    signal: abort.signal,
    onEvent: (event) => (events.push(event), wake()),
    onState: (state) => (states.push(state), wake()),
  });
  ended.catch(() => undefined);
  const until = async (condition: () => boolean) => {
    while (!condition()) await Promise.race([new Promise<void>((resolve) => (wake = resolve)), ended]);
  };
  return {
    ended,
    states,
    until: async (count) => (await until(() => events.length >= count), events),
    state: (wanted) => until(() => states.includes(wanted)),
    stop: () => (abort.abort(), ended),
  };
}

interface TestGateway {
  readonly url: string;
  readonly connections: number;
  say(from: number, to: number): void;
  /** Cuts every line without a word after the event with this seq was sent. */
  cutAfter(seq: number): void;
  acceptOnly(token: string): void;
  refuseWith(code: string): void;
  disconnect(code: number, reason: string): void;
  end(): void;
  stop(): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
}

async function startGateway(): Promise<TestGateway> {
  const log: number[] = [];
  const state = { port: 0, connections: 0, cutAfter: 0, accepted: "", refusal: "", ended: false };
  let wake: () => void = () => undefined;
  let woken = new Promise<void>((resolve) => (wake = resolve));
  let server: Server | undefined;
  let sockets: WebSocketServer | undefined;
  const rouse = () => {
    wake();
    woken = new Promise<void>((resolve) => (wake = resolve));
  };

  async function* groupFeed({ after }: { after: number }): AsyncGenerator<{ groupFeed: object }> {
    if (state.refusal !== "")
      throw new GraphQLError("There is no such group.", { extensions: { code: state.refusal } });
    for (let at = after; !state.ended;) {
      const seq = log.find((one) => one > at);
      if (seq === undefined) await woken;
      else {
        yield {
          groupFeed: {
            __typename: "MessagePosted",
            seq: (at = seq),
            at: "2026-11-20T09:00:00Z",
            id: `m${seq}`,
            text: "hello",
          },
        };
        if (seq === state.cutAfter) for (const socket of sockets!.clients) socket.terminate();
      }
    }
  }

  const gateway: TestGateway = {
    get url() {
      return `http://127.0.0.1:${state.port}`;
    },
    get connections() {
      return state.connections;
    },
    say(from, to) {
      for (let seq = from; seq <= to; seq++) log.push(seq);
      rouse();
    },
    cutAfter: (seq) => void (state.cutAfter = seq),
    acceptOnly: (token) => void (state.accepted = token),
    refuseWith: (code) => void (state.refusal = code),
    disconnect: (code, reason) => sockets?.clients.forEach((socket) => socket.close(code, reason)),
    end: () => ((state.ended = true), rouse()),
    async start() {
      server = createServer();
      sockets = new WebSocketServer({ server, path: "/graphql" });
      const onConnect = ({
        connectionParams,
      }: {
        connectionParams?: Record<string, unknown> | undefined;
      }) => {
        state.connections += 1;
        return state.accepted === "" || connectionParams?.["authorization"] === `Bearer ${state.accepted}`;
      };
      useServer({ schema, onConnect, roots: { subscription: { groupFeed } } }, sockets);
      await new Promise<void>((resolve) => server!.listen(state.port, "127.0.0.1", resolve));
      state.port = (server.address() as AddressInfo).port;
    },
    async stop() {
      for (const socket of sockets?.clients ?? []) socket.terminate();
      await new Promise((resolve) => server?.close(resolve));
    },
    close: async () => {
      gateway.end();
      await gateway.stop();
    },
  };
  await gateway.start();
  return gateway;
}

/** schema/groups.graphql as a client sees it. */
function clientSchema(): GraphQLSchema {
  const path = fileURLToPath(new URL("../../schema/groups.graphql", import.meta.url));
  return buildASTSchema(parse(readFileSync(path, "utf8").replace(/^extend schema .*$/m, "")), {
    assumeValidSDL: true,
  });
}
