// What a subgraph of the kit offers over WebSocket: its own events, to whom the gateway asks for, and nothing else.
import { EventEmitter, on, once } from "node:events";
import { describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { afterThis, member, owner, startShop, type RunningShop } from "./shop.fixture.ts";
import { LegacyError } from "./errors.ts";
import { createShop, shopOptions, type Shop } from "./shop.options.fixture.ts";
import { subscribeTo } from "./testing/subscribe.ts";
import type { Context } from "./types.ts";

const typeDefs = `${shopOptions(createShop()).typeDefs}
  type Subscription {
    ordered(least: Int = 0): Order @policy(policies: [["shop.orders"]])
    strict: Order! @policy(policies: [["shop.orders"]])
    several: [Order!] @policy(policies: [["shop.orders"]])
    plain: Int @policy(policies: [["shop.counter"]])
    own: Int
    late: Int @policy(policies: [["shop.counter"]])
    away: Int @policy(policies: [["shop.counter"]])
    forgotten: Int @policy(policies: [["shop.counter"]])
  }`;

interface Running extends RunningShop {
  /** What happens in the shop. Tells when somebody begins to listen (`listening`), and when they stop (`left`). */
  readonly bus: EventEmitter;
  say(value: unknown): void;
  readonly contexts: Context<Shop>[];
}

async function start(): Promise<Running> {
  const bus = new EventEmitter().setMaxListeners(0);
  const contexts: Context<Shop>[] = [];
  const listen = (context: Context<Shop>): AsyncIterable<unknown[]> => {
    context.signal.addEventListener("abort", () => bus.emit("left"));
    const events = on(bus, "event", { signal: context.signal });
    setImmediate(() => bus.emit("listening"));
    return events as AsyncIterable<unknown[]>;
  };
  const subscribe = (_parent: unknown, _args: unknown, context: Context<Shop>) => listen(context);
  const order = ([id]: [string], _args: unknown, context: Context<Shop>) => {
    contexts.push(context);
    return context.load("Order", id);
  };
  const options = shopOptions(createShop());
  const running = await startShop({
    typeDefs,
    deadline: 300,
    resolvers: {
      ...options.resolvers,
      Subscription: {
        ordered: { subscribe, resolve: order },
        strict: { subscribe, resolve: order },
        several: {
          subscribe,
          resolve: ([ids]: [string[]], _: unknown, { legacy }) => ids.map((id) => legacy.orders[id]),
        },
        plain: {
          subscribe: (_parent: unknown, _args: unknown, context) =>
            (async function* () {
              for await (const [value] of listen(context)) {
                if (value instanceof Error) throw value;
                if (value === "over") return;
                yield { plain: value };
              }
            })(),
        },
        own: { subscribe, resolve: ([value]: [unknown]) => value },
        late: { subscribe: () => new Promise<never>(() => undefined) },
        away: {
          subscribe: () => {
            throw new LegacyError("LEGACY_AWAY", "The till cannot be reached");
          },
        },
        forgotten: { subscribe: () => undefined as never },
      },
    },
  });
  return { ...running, bus, contexts, say: (value) => void bus.emit("event", value) };
}

const ORDERED = "subscription { ordered { id pairs counter { name } } }";

async function follow({ gateway, subgraph, bus }: Running, query = ORDERED, viewer = member) {
  const listening = once(bus, "listening");
  const events = await gateway.subscribe(subgraph, query, {}, viewer);
  afterThis(() => events.return?.());
  // Asked for at once: the connection is made with the first.
  const coming = events.next();
  coming.catch(() => undefined);
  await Promise.race([listening, coming]);
  return { events, coming };
}

describe("a subscription of a subgraph", () => {
  it("gives each event as it is then, joined and batched like any answer", async () => {
    const shop = await start();
    const { events, coming } = await follow(shop);
    shop.say("R1");
    expect((await coming).value).toEqual({
      data: { ordered: { id: "R1", pairs: 12, counter: { name: "Belle" } } },
    });
    shop.shop.orders["R1"]!.pairs = 13;
    const next = events.next();
    shop.say("R1");
    expect((await next).value.data.ordered.pairs).toBe(13);
    expect(shop.contexts[0]).not.toBe(shop.contexts[1]);
    expect(shop.contexts[0]!.viewer).toMatchObject({ person: "brand:guo", group: "g1" });
  });

  it.each([
    ["ordered { id }", "R2", "R1"],
    ["strict { id }", "R2", "R1"],
    ["several { id }", ["R2", "R3"], ["R2", "R1"]],
  ])("%s does not speak of rows that are not in the group", async (selection, foreign, own) => {
    const shop = await start();
    const { coming } = await follow(shop, `subscription { it: ${selection} }`);
    shop.say(foreign);
    shop.say(own);
    const { data, errors } = (await coming).value;
    expect([data.it.id ?? data.it.map(({ id }: any) => id), errors]).toEqual([
      Array.isArray(own) ? ["R1"] : "R1",
      undefined,
    ]);
  });

  it("says what of an event could not be found, and goes on", async () => {
    const shop = await start();
    const { events, coming } = await follow(shop, "subscription { plain }");
    shop.say("no number");
    const { data, errors } = (await coming).value;
    expect([data, errors[0].extensions.code]).toEqual([{ plain: null }, "INTERNAL"]);
    expect(JSON.stringify(errors)).not.toContain("no number");
    const next = events.next();
    shop.say(7);
    expect((await next).value).toEqual({ data: { plain: 7 } });
  });

  it("is complete when the integrator's events are", async () => {
    const shop = await start();
    const { coming } = await follow(shop, "subscription { plain }");
    shop.say("over");
    expect((await coming).done).toBe(true);
  });

  it("that breaks ends with an error that says nothing of why; the log does", async () => {
    const shop = await start();
    const { coming } = await follow(shop, "subscription { plain }");
    shop.say(new Error("canary-4711"));
    await expect(coming).rejects.toMatchObject({
      errors: [{ message: "Internal error", extensions: { code: "INTERNAL" } }],
    });
    expect(JSON.stringify(shop.log.lines)).toContain("canary-4711");
  });

  it.each(["complete", "the connection"])("lets go of its events when %s ends it", async (how) => {
    const shop = await start();
    const left = once(shop.bus, "left");
    const { events } = await follow(shop);
    if (how === "complete") await events.return?.();
    else await shop.subgraph.close();
    await left;
    await expect.poll(() => shop.bus.listenerCount("event")).toBe(0);
  });

  it("is over when the subgraph closes, which is told as going away", async () => {
    const shop = await start();
    const { coming } = await follow(shop);
    await shop.subgraph.close();
    await expect(coming).rejects.toMatchObject({ closeCode: 1001 });
  });

  it.each([
    ["late", "LEGACY_TIMEOUT"],
    ["away", "LEGACY_AWAY"],
    ["forgotten", "INTERNAL"],
    ["nothing", "GRAPHQL_VALIDATION_FAILED"],
  ])("that cannot begin (%s) is refused with %s", async (field, code) => {
    const { gateway, subgraph } = await start();
    const events = await gateway.subscribe(subgraph, `subscription { ${field} }`, {}, member);
    await expect(events.next()).rejects.toMatchObject({ errors: [{ extensions: { code } }] });
  });

  it.each([
    ["whose policy the viewer does not hold", ORDERED, { ...member, policies: ["shop.counter"] }],
    ["without a policy, to another organization", "subscription { own }", member],
  ])("%s is refused", async (_what, query, viewer) => {
    const { gateway, subgraph, bus } = await start();
    const events = await gateway.subscribe(subgraph, query, {}, viewer);
    await expect(events.next()).rejects.toMatchObject({ errors: [{ extensions: { code: "NOT_SHARED" } }] });
    expect(bus.listenerCount("event")).toBe(0);
  });

  it("without a policy is for the owner's own people", async () => {
    const shop = await start();
    const { coming } = await follow(shop, "subscription { own }", owner);
    shop.say(null); // nothing to tell
    shop.say(7);
    expect((await coming).value).toEqual({ data: { own: 7 } });
  });

  it.each(["{ whoAmI }", `mutation { reset }`])("is all that the socket is for: not %s", async (query) => {
    const { gateway, subgraph } = await start();
    const events = await gateway.subscribe(subgraph, query, {}, owner);
    await expect(events.next()).rejects.toMatchObject({
      errors: [{ extensions: { code: "BAD_USER_INPUT" } }],
    });
  });

  it("is not made over HTTP", async () => {
    const { gateway, subgraph } = await start();
    const { errors } = await gateway.query(subgraph, ORDERED, {}, member);
    expect(errors![0]!.extensions.code).toBe("BAD_USER_INPUT");
  });
});

describe("the token of a subscription", () => {
  const asked = { ...member, subgraph: "shop", query: ORDERED };
  it.each([
    ["none", undefined],
    ["one for another operation", { ...asked, query: "subscription { plain }" }],
    ["one for another subgraph", { ...asked, subgraph: "brand" }],
    ["one that is over", { ...asked, claims: { iat: 1, exp: 61 } }],
    ["one of another issuer", { ...asked, claims: { iss: "http://127.0.0.1:1" } }],
    ["one that is of no kind that the gateway signs", { ...asked, header: { typ: "JWT" } }],
    ["one signed with a key that is not the gateway's", { ...asked, header: { kid: "another" } }],
  ])("must be good: %s closes the connection", async (_what, request) => {
    const { gateway, subgraph, bus, log } = await start();
    const token = request && `Bearer ${await gateway.token(request)}`;
    const events = subscribeTo(subgraph.url, { query: ORDERED }, token);
    await expect(events.next()).rejects.toMatchObject({ closeCode: 4403 });
    expect(bus.listenerCount("event")).toBe(0);
    expect(log.lines.map((line) => line.message)).toContain("a socket without a good token");
  });

  it("that cannot be verified now may be sent again later", async () => {
    const { gateway, subgraph } = await start();
    await gateway.away();
    const token = await gateway.token(asked);
    const events = subscribeTo(subgraph.url, { query: ORDERED }, `Bearer ${token}`);
    await expect(events.next()).rejects.toMatchObject({ closeCode: 1013 });
    await gateway.back();
  });
});

describe("the socket", () => {
  async function raw({ subgraph }: Running, path = "/graphql", protocol = "graphql-transport-ws") {
    const socket = new WebSocket(`${subgraph.origin.replace("http", "ws")}${path}`, protocol);
    afterThis(() => socket.terminate());
    const closed = new Promise<number>((resolve) => socket.on("close", resolve));
    socket.on("error", () => undefined);
    await new Promise((resolve) => socket.on("open", resolve).on("close", resolve));
    return { socket, closed };
  }

  it.each([
    ["another path", "/other", "graphql-transport-ws", 1006],
    ["another protocol", "/graphql", "graphql-ws", 1006],
  ])("is not opened at or for %s", async (_what, path, protocol, code) => {
    const { closed } = await raw(await start(), path, protocol);
    expect(await closed).toBe(code);
  });

  it.each([
    [
      "a subscription before a token",
      JSON.stringify({ type: "subscribe", id: "1", payload: { query: ORDERED } }),
      4401,
    ],
    ["no JSON", "{", 4400],
    ["bytes", Buffer.from([1, 2]), 4400],
    ["more than a megabyte", `"${"x".repeat(1_000_001)}"`, 1009],
  ])("is closed at %s", async (_what, message, code) => {
    const { socket, closed } = await raw(await start());
    socket.send(message);
    expect(await closed).toBe(code);
  });

  it("carries a hundred subscriptions, and no more", async () => {
    const shop = await start();
    const { socket } = await raw(shop);
    const token = await shop.gateway.token({ ...member, subgraph: "shop", query: ORDERED });
    const refused = new Promise<any>((resolve) =>
      socket.on("message", (data: Buffer) => {
        const message = JSON.parse(data.toString());
        if (message.type === "connection_ack")
          for (let id = 0; id <= 100; id++)
            socket.send(JSON.stringify({ type: "subscribe", id: String(id), payload: { query: ORDERED } }));
        if (message.type === "error") resolve(message);
      }),
    );
    socket.send(JSON.stringify({ type: "connection_init", payload: { authorization: `Bearer ${token}` } }));
    expect((await refused).payload[0].message).toContain("At most 100");
  });
});
