// Which clients stay when the graph changes, and that nobody is cut off by those that go.
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createMetrics } from "../observe/index.ts";
import { createClients, settingsOf, type Clients } from "./clients.ts";

let metrics: ReturnType<typeof createMetrics>;
let clients: Clients;
beforeEach(() => {
  metrics = createMetrics();
  clients = createClients(metrics, pino({ level: "silent" }));
});
afterEach(() => clients.close());

const entry = (name: string, port = 1, transport: Parameters<typeof settingsOf>[0]["transport"] = {}) =>
  settingsOf({ name, url: `http://127.0.0.1:${port}/graphql`, transport });

describe("the client of a subgraph", () => {
  it("stays for as long as nothing changes in how it is asked", () => {
    const before = clients.of([entry("mall"), entry("brand"), entry("maker", 1, { forward: ["x-a"] })]);
    clients.use(before);
    const after = clients.of([
      entry("mall"),
      entry("brand", 2),
      entry("maker", 1, { forward: ["x-b"] }),
      entry("till", 1, { deadline: 50 }),
    ]);
    expect(after.get("mall")).toBe(before.get("mall"));
    expect(after.get("maker")).toBe(before.get("maker"));
    expect(after.get("brand")).not.toBe(before.get("brand"));
    expect([...after.keys()]).toEqual(["mall", "brand", "maker", "till"]);
  });

  it("is in the metrics when the graph is in force, and not after it has left", () => {
    clients.use(clients.of([entry("mall")]));
    clients.measures.requested("mall");
    clients.use(clients.of([entry("till")]));
    clients.measures.requested("till");
    clients.measures.requested("no-such");
    expect(metrics.text()).toContain('junto_subgraph_in_flight{subgraph="till"} 0');
    expect(metrics.text()).not.toContain('junto_subgraph_in_flight{subgraph="mall"}');
    for (const name of ["mall", "till", "other"])
      expect(metrics.text()).toContain(`junto_subgraph_requests_total{subgraph="${name}"} 1`);
  });

  it("that has left the graph answers what is under way, and is closed when it is idle", async () => {
    let asked = (): void => undefined;
    const arrived = new Promise<void>((resolve) => (asked = resolve));
    let held: ServerResponse | undefined;
    const server = createServer((_request, response) => {
      held = response;
      asked();
    });
    await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
    const { port } = server.address() as AddressInfo;
    clients.use(clients.of([entry("mall", port)]));
    const mall = clients.current().get("mall")!;
    const answer = mall.send({ operationKind: "query", body: "{}", headers: {} });
    await arrived;

    vi.useFakeTimers({ toFake: ["setTimeout"] });
    const closed = vi.spyOn(mall, "close");
    clients.use(clients.of([]));
    vi.advanceTimersByTime(60_000);
    expect(closed).not.toHaveBeenCalled();
    held!.end('{"data":{"a":1}}');
    expect(await answer).toEqual({ data: { a: 1 } });
    vi.advanceTimersByTime(60_000);
    expect(closed).toHaveBeenCalledOnce();
    vi.useRealTimers();
    server.close();
  });
});
