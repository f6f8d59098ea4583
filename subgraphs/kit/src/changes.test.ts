import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { afterThis, member, startShop, temporaryDir, type RunningShop } from "./shop.fixture.ts";
import { startTestGateway, type ReceivedChange } from "./testing/index.ts";
import { openState } from "./state.ts";
import type { Change, ChangeSink, SubgraphOptions, Watch } from "./types.ts";

const order = (id: string, kind: Change["kind"] = "UPDATED"): Change => ({
  entity: "Order",
  key: { id },
  kind,
});
const ids = (changes: readonly ReceivedChange[]): string[] => changes.map(({ key }) => key.id!);
const numbered = (count: number): Change[] => Array.from({ length: count }, (_, n) => order(`R${n}`));
const stopped = { close: () => Promise.resolve() };

/** A shop with the sink that its `watch` got. The gateway takes its changes, unless it is told not to. */
async function watchShop(
  before?: Parameters<typeof startShop>[1],
  options: Partial<SubgraphOptions<any>> = {},
): Promise<RunningShop & { readonly sink: ChangeSink }> {
  let sink!: ChangeSink;
  const watch: Watch = async (given) => {
    sink = given;
    return stopped;
  };
  const running = await startShop({ watch, ...options }, before);
  running.gateway.know(running.subgraph);
  return { ...running, sink };
}

describe("a change", () => {
  it("reaches the gateway, signed, as a CloudEvent of keys", async () => {
    const { gateway, sink } = await watchShop();
    await sink.emit([
      {
        entity: "Order",
        key: { id: "R1" },
        kind: "CREATED",
        subjects: [{ type: "Counter", id: "017" }],
        time: "2026-11-20T08:00:00Z",
        id: "wal-1",
      },
    ]);
    expect(await gateway.change(({ id }) => id === "wal-1")).toEqual({
      subgraph: "shop",
      id: "wal-1",
      time: "2026-11-20T08:00:00Z",
      entity: "Order",
      key: { id: "R1" },
      kind: "CREATED",
      subjects: [{ type: "Counter", id: "017" }],
    });
  });

  it("gets an id and a time when it has none", async () => {
    const { gateway, sink } = await watchShop();
    await sink.emit([order("R1"), order("R1")]);
    await gateway.change(() => gateway.changes.length === 2);
    const [one, two] = gateway.changes as [ReceivedChange, ReceivedChange];
    expect(one.id).not.toBe(two.id);
    expect(Math.abs(Date.parse(one.time) - Date.now())).toBeLessThan(60_000);
    expect(one.subjects).toEqual([]);
  });

  it("with the same id as one that still waits is the same change", async () => {
    const { gateway, subgraph, sink } = await watchShop();
    gateway.answer(503);
    await sink.emit([{ ...order("R1"), id: "same" }]);
    await sink.emit([{ ...order("R1"), id: "same" }, order("R2")]);
    gateway.answer(undefined);
    await subgraph.drained();
    expect(ids(gateway.changes)).toEqual(["R1", "R2"]);
  });

  it.each<[string, unknown]>([
    ["of no entity", { entity: "Price", key: { id: "1" }, kind: "UPDATED" }],
    ["of an unknown kind", { entity: "Order", key: { id: "1" }, kind: "MOVED" }],
    ["without a key", { entity: "Order", key: {}, kind: "UPDATED" }],
    ["with an empty key", { entity: "Order", key: { id: "" }, kind: "UPDATED" }],
    ["with a key that is no text", { entity: "Order", key: { id: 1 }, kind: "UPDATED" }],
    ["with a subject without an id", { ...order("R1"), subjects: [{ type: "Counter" }] }],
  ])("%s is not stored, nor is what came with it", async (_, bad) => {
    const { subgraph, gateway, sink } = await watchShop();
    const cursor = { name: "log", value: "1" };
    await expect(sink.emit([order("R1"), bad as Change], cursor)).rejects.toThrow("malformed");
    expect(await sink.cursor("log")).toBeUndefined();
    await subgraph.drained();
    expect(gateway.changes).toEqual([]);
  });

  it("is found by comparing rows, and told", async () => {
    const { gateway, sink } = await watchShop();
    const tell = (stock: number) =>
      sink.reconcile({
        table: "stock",
        rows: new Map([["BL1", { stock }]]),
        change: (id, kind) => ({ entity: "Product", key: { id }, kind }),
        cursor: { name: "poll", value: String(stock) },
      });
    await tell(1);
    await tell(2);
    const { entity, key, kind } = await gateway.change(() => true);
    expect({ entity, key, kind }).toEqual({ entity: "Product", key: { id: "BL1" }, kind: "UPDATED" });
    expect(await sink.cursor("poll")).toBe("2");
  });
});

describe("while the gateway is away", () => {
  it("changes wait, and arrive in order and once when it is back", async () => {
    const { gateway, subgraph, sink } = await watchShop();
    await sink.emit(numbered(3));
    await subgraph.drained();
    await gateway.away();
    await sink.emit([order("R3")]);
    await sink.emit([order("R4")]);
    await gateway.back();
    await subgraph.drained();
    expect(ids(gateway.changes)).toEqual(["R0", "R1", "R2", "R3", "R4"]);
  });

  it.each([503, 500, 429, 401, 404, 302])("or answers %i, they wait as well", async (status) => {
    const { gateway, subgraph, sink, log } = await watchShop();
    gateway.answer(status);
    const refused = gateway.refused();
    await sink.emit([order("R1")]);
    expect(await refused).toBe(status);
    gateway.answer(undefined);
    await subgraph.drained();
    expect(ids(gateway.changes)).toEqual(["R1"]);
    expect(log.text()).toContain(`"status":${status}`);
  });

  it("changes survive a restart, and come before newer ones", async () => {
    const first = await watchShop();
    await first.gateway.away();
    await first.sink.emit(numbered(250), { name: "log", value: "250" });
    await first.subgraph.close();
    await first.gateway.back();
    const second = await watchShop(first);
    expect(await second.sink.cursor("log")).toBe("250");
    await second.sink.emit([order("last")]);
    await second.subgraph.drained();
    expect(ids(second.gateway.changes)).toEqual([...numbered(250).map(({ key }) => key.id), "last"]);
  });

  it("nothing waits for it: the subgraph starts, and closes", async () => {
    const gateway = await startTestGateway();
    afterThis(() => gateway.close());
    await gateway.away();
    const again = await watchShop({ gateway });
    await again.sink.emit([order("R1")]);
    const drained = again.subgraph.drained();
    await Promise.all([
      expect(drained).rejects.toThrow("closed before all changes were sent"),
      again.subgraph.close(),
    ]);
    await expect(again.subgraph.drained()).rejects.toThrow("closed");
  });
});

describe("a change that the gateway refuses for good", () => {
  it.each([403, 400, 413])("with %i is put aside, and the others go on in order", async (status) => {
    const { gateway, subgraph, sink, log } = await watchShop();
    const foreign = new Set(["R7", "R160"]);
    gateway.answer((batch) => (batch.some(({ key }) => foreign.has(key.id!)) ? status : undefined));
    await sink.emit(numbered(200).map((change) => ({ ...change, id: `e-${change.key.id}` })));
    await subgraph.drained();
    expect(ids(gateway.changes)).toEqual(
      numbered(200)
        .map(({ key }) => key.id!)
        .filter((id) => !foreign.has(id)),
    );
    const refusals = log.lines.filter(
      ({ level, message }) => level === "error" && message.includes("put aside"),
    );
    expect(refusals.map(({ fields }) => fields)).toEqual([
      { event: "e-R7", reason: expect.stringContaining(String(status)) },
      { event: "e-R160", reason: expect.stringContaining(String(status)) },
    ]);
  });

  it("stays put aside over a restart", async () => {
    const first = await watchShop();
    first.gateway.answer(403);
    await first.sink.emit([order("R1")]);
    await first.subgraph.drained();
    await first.subgraph.close();
    const state = openState(first.stateDir);
    const [kept] = state.prepare("SELECT event, refused FROM outbox").all() as [Record<string, string>];
    expect(kept.event).toContain('"key":{"id":"R1"}');
    expect(kept.refused).toMatch(/^403 /);
    state.close();
    first.gateway.answer(undefined);
    const second = await watchShop(first);
    await second.sink.emit([order("R2")]);
    await second.subgraph.drained();
    expect(ids(second.gateway.changes)).toEqual(["R2"]);
  });
});

describe("a delivery", () => {
  it("is not accepted in the name of another subgraph", async () => {
    const { gateway, subgraph, sink } = await watchShop();
    const stranger = await watchShop(undefined, { gateway: { url: gateway.url } });
    // The stranger is called "shop" as well, and signs with its own key.
    const refused = gateway.refused();
    await stranger.sink.emit([order("forged")]);
    expect(await refused).toBe(401);
    await stranger.subgraph.close();
    await sink.emit([order("R1")]);
    await subgraph.drained();
    expect(ids(gateway.changes)).toEqual(["R1"]);
  });
});

describe("after SIGKILL", () => {
  it("what was stored is sent, and what was learned is known", { timeout: 60_000 }, async () => {
    const first = await startShop();
    await first.subgraph.close();
    const stateDir = temporaryDir();
    const script = fileURLToPath(new URL("./killed.fixture.ts", import.meta.url));
    const command = ["--conditions=@junto/source", "--import", "tsx", script, stateDir, "http://127.0.0.1:9"];
    const child = spawn(process.execPath, command, { stdio: ["ignore", "pipe", "inherit"] });
    afterThis(() => child.kill("SIGKILL"));
    const exit = once(child, "exit");
    const [said] = (await Promise.race([once(child.stdout, "data"), exit])) as [unknown];
    expect(String(said)).toBe("stored\n");
    child.kill("SIGKILL");
    await exit;

    const { gateway, subgraph, sink } = await watchShop({ ...first, stateDir });
    await subgraph.drained();
    expect(ids(gateway.changes)).toEqual(["R0", "R1", "R2"]);
    expect(await sink.cursor("log")).toBe("3");
    const found = await sink.reconcile({
      table: "stock",
      rows: new Map([["BL1", 2]]),
      change: () => undefined,
    });
    expect(found).toEqual({ created: [], updated: ["BL1"], deleted: [], learned: false });
  });
});

describe("a watch", () => {
  it("that fails is started again, and the subgraph answers meanwhile", async () => {
    let attempts = 0;
    const watch: Watch = async (sink) => {
      attempts += 1;
      if (attempts === 1) throw new Error("the ERP is away");
      await sink.emit([order("R1")]);
      return stopped;
    };
    const { gateway, subgraph } = await startShop({ watch });
    expect((await gateway.query(subgraph, "{ whoAmI }", {}, member)).status).toBe(200);
    await gateway.change(({ key }) => key.id === "R1");
    expect(attempts).toBe(2);
  });

  it("that never comes back does not keep the subgraph from starting, nor from closing", async () => {
    const { subgraph } = await startShop({ deadline: 50, watch: () => new Promise(() => undefined) });
    await expect(subgraph.close()).resolves.toBeUndefined();
  });

  it("is told to stop, and closed, before the state is", async () => {
    const told: string[] = [];
    const { subgraph } = await startShop({
      async watch(sink, { signal }) {
        signal.addEventListener("abort", () => told.push("abort"));
        return {
          async close() {
            told.push("close");
            await sink.emit([order("R1")], { name: "log", value: "9" });
          },
        };
      },
    });
    await subgraph.close();
    expect(told).toEqual(["abort", "close"]);
  });
});

it("no value of the old system is in the state's files or in the log: only keys and digests", async () => {
  const canary = "canary-5f3a-2,480.50";
  const { gateway, subgraph, shop, sink, stateDir, log } = await watchShop();
  shop.products.BL1!.name = canary;
  const tell = (row: unknown) =>
    sink.reconcile({
      table: "products",
      rows: new Map([["BL1", row]]),
      change: (id, kind) => ({ entity: "Product", key: { id }, kind, ...(row as object) }),
    });
  await tell({ name: canary, fen: 777_123_4 });
  await gateway.away();
  await tell({ name: canary, fen: 777_123_5 });
  await gateway.back();
  const read = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Product { name } } }`;
  const { data } = await gateway.query(subgraph, read, { r: [{ __typename: "Product", id: "BL1" }] }, member);
  expect(data._entities).toEqual([{ name: canary }]);
  await subgraph.drained();
  expect(JSON.stringify(gateway.changes)).not.toMatch(/canary|777123/);

  const files = readdirSync(stateDir).map((name) => readFileSync(join(stateDir, name), "latin1"));
  expect(files.join()).toContain("BL1");
  expect(files.join()).not.toMatch(/canary|777123/);
  expect(log.text()).not.toMatch(/canary|777123/);
});
