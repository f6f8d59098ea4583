// What every driver of the log of changes must keep, as tests: a driver is added at the end.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { JuntoError } from "../errors/index.ts";
import { startTestServer, testLog, type TestServer } from "../database/test-server.ts";
import type { Change, ChangeHandler, ChangeLog } from "./log.ts";
import { openChangeLog } from "./postgres-log.ts";

export interface ChangeLogDriver {
  /** A new, empty log. */
  start(): Promise<TestedLog>;
  stop(): Promise<void>;
}

export interface TestedLog {
  /** Another gateway's access to it. A change is tried 3 times by itself, soon one after the other. */
  open(): Promise<ChangeLog>;
}

export function changeLogContract(name: string, startDriver: () => Promise<ChangeLogDriver>): void {
  describe(`the log of changes in ${name}`, () => {
    let driver: ChangeLogDriver;
    let tested: TestedLog;
    let opened: ChangeLog[];
    const open = async (): Promise<ChangeLog> => {
      const log = await tested.open();
      opened.push(log);
      return log;
    };

    beforeAll(async () => void (driver = await startDriver()));
    afterAll(() => driver.stop());
    beforeEach(async () => {
      tested = await driver.start();
      opened = [];
    });
    afterEach(() => Promise.all(opened.map((log) => log.close())));

    it("gives every change to every consumer, in one order, as it was appended", async () => {
      const log = await open();
      const [a, b] = [collector(), collector()];
      log.subscribe("a", a.handler);
      expect(await log.append([change(1), change(2)])).toEqual({ accepted: 2, duplicates: 0 });
      expect(await log.append([change(3)])).toEqual({ accepted: 1, duplicates: 0 });
      log.subscribe("b", b.handler);
      expect(await a.until(3)).toEqual([change(1), change(2), change(3)]);
      expect(await b.until(3)).toEqual([change(1), change(2), change(3)]);
    });

    it("tells of a change at once, without looking for it", async () => {
      const log = await open();
      const seen = collector();
      log.subscribe("a", seen.handler);
      // It looks once a minute in these tests: twenty changes one after the other would take too long.
      for (let n = 1; n <= 20; n++) {
        await log.append([change(n)]);
        await seen.until(n);
      }
      expect(seen.ids()).toEqual(range(1, 20));
    });

    it("takes a change once, by its source and id", async () => {
      const [log, other] = [await open(), await open()];
      const seen = collector();
      log.subscribe("a", seen.handler);
      expect(await log.append([change(1), change(1), change(2)])).toEqual({ accepted: 2, duplicates: 1 });
      const again = await Promise.all(
        [log, other, log, other].map((each) => each.append([change(2), change(3)])),
      );
      expect(again.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(1);
      expect(again.reduce((sum, { duplicates }) => sum + duplicates, 0)).toBe(7);
      const sameId = { ...change(1), source: "/subgraphs/brand" };
      expect(await log.append([sameId])).toEqual({ accepted: 1, duplicates: 0 });
      expect(await log.append([])).toEqual({ accepted: 0, duplicates: 0 });
      expect(await seen.until(4)).toEqual([change(1), change(2), change(3), sameId]);
    });

    it("loses none of what two gateways append at the same time", async () => {
      const [log, other] = [await open(), await open()];
      const seen = collector();
      log.subscribe("a", seen.handler);
      await Promise.all(
        range(1, 100).map((n) => (n % 2 === 0 ? log : other).append([change(n), change(1_000 + n)])),
      );
      await seen.until(200);
      expect([...seen.ids()].sort((a, b) => a - b)).toEqual([...range(1, 100), ...range(1_001, 1_100)]);
      const places = new Map(seen.ids().map((id, place) => [id, place]));
      expect(range(1, 100).every((n) => places.get(1_000 + n) === places.get(n)! + 1)).toBe(true);
    });

    it("goes on after a restart where it was, not before and not after", async () => {
      const first = await open();
      const before = collector();
      const subscription = first.subscribe("a", before.handler);
      await first.append(range(1, 5).map(change));
      await before.until(5);
      await subscription.close();
      await first.append(range(6, 7).map(change));
      await first.close();
      const second = await open();
      const after = collector();
      second.subscribe("a", after.handler);
      await second.append([change(8)]);
      await after.until(3);
      expect(before.ids()).toEqual(range(1, 5));
      expect(after.ids()).toEqual([6, 7, 8]);
    });

    it("gives thousands that have waited, in order", async () => {
      const log = await open();
      for (let n = 0; n < 5; n++) await log.append(range(n * 500 + 1, n * 500 + 500).map(change));
      const seen = collector();
      log.subscribe("a", seen.handler);
      await seen.until(2_500);
      expect(seen.ids()).toEqual(range(1, 2_500));
    });

    it("gives again what was not handled, and nothing after it before it was", async () => {
      const log = await open();
      const seen = collector();
      let failures = 2;
      await log.append(range(1, 3).map(change));
      log.subscribe("a", async (changes) => {
        if (changes.some(({ id }) => id === "2") && failures-- > 0) throw new Error("not yet");
        await seen.handler(changes);
      });
      await seen.until(3);
      expect(seen.ids()).toEqual([1, 2, 3]);
      expect(await log.skipped("a")).toEqual([]);
    });

    it("is not stopped by a change that cannot be handled, and says which it was", async () => {
      const log = await open();
      const seen = collector();
      let tries = 0;
      await log.append(range(1, 3).map(change));
      log.subscribe("a", async (changes) => {
        if (changes.some(({ id }) => id === "2")) {
          tries += 1;
          throw new TypeError("canary value");
        }
        await seen.handler(changes);
      });
      await seen.until(2);
      await log.append([change(4)]);
      await seen.until(3);
      expect(seen.ids()).toEqual([1, 3, 4]);
      expect(tries).toBe(4); // once with the others, three times by itself
      expect(await log.skipped("a")).toEqual([
        { source: "/subgraphs/mall", id: "2", entity: "Sku", reason: "TypeError", at: expect.any(Date) },
      ]);
      expect(await log.skipped("b")).toEqual([]);
    });

    it("skips nothing while something else is away", async () => {
      const log = await open();
      const seen = collector();
      let tries = 0;
      await log.append([change(1), change(2)]);
      log.subscribe("a", async (changes) => {
        if (++tries < 7) throw new JuntoError("UNAVAILABLE", "The database does not answer.");
        await seen.handler(changes);
      });
      await seen.until(2);
      expect(seen.ids()).toEqual([1, 2]);
      expect(await log.skipped("a")).toEqual([]);
    });

    it("has one active consumer of a name among several gateways, and another goes on when it goes", async () => {
      const [first, second] = [await open(), await open()];
      const seen = collector();
      const active: string[] = [];
      const by =
        (gateway: string): ChangeHandler =>
        async (changes) => {
          active.push(gateway);
          await seen.handler(changes);
        };
      first.subscribe("a", by("first"));
      await first.append([change(1)]);
      await seen.until(1);
      second.subscribe("a", by("second"));
      for (let n = 2; n <= 10; n++) {
        await second.append([change(n)]);
        await seen.until(n);
      }
      await first.close();
      await second.append([change(11)]);
      await seen.until(11);
      expect(seen.ids()).toEqual(range(1, 11));
      expect(active).toEqual([...range(1, 10).map(() => "first"), "second"]);
    });

    it("calls a handler with one batch at a time", async () => {
      const log = await open();
      let running = 0;
      let most = 0;
      const seen = collector();
      log.subscribe("a", async (changes) => {
        most = Math.max(most, ++running);
        await log.append(
          changes.filter(({ id }) => Number(id) < 100).map(({ id }) => change(Number(id) + 100)),
        );
        running -= 1;
        await seen.handler(changes);
      });
      for (let n = 1; n <= 10; n++) await log.append([change(n)]);
      await seen.until(20);
      expect(most).toBe(1);
    });

    it("waits, when it is closed, for the call under way, and does not give that again", async () => {
      const log = await open();
      await log.append([change(1)]);
      let goOn = (): void => {};
      const held = new Promise<void>((resolve) => (goOn = resolve));
      let begun = (): void => {};
      const beginning = new Promise<void>((resolve) => (begun = resolve));
      const subscription = log.subscribe("a", async () => {
        begun();
        await held;
      });
      await beginning;
      const order: string[] = [];
      const closing = subscription.close().then(() => order.push("closed"));
      await log.append([change(2)]);
      order.push("handled");
      goOn();
      await closing;
      expect(order).toEqual(["handled", "closed"]);
      const seen = collector();
      log.subscribe("a", seen.handler);
      await seen.until(1);
      expect(seen.ids()).toEqual([2]);
    });
  });
}

export function change(n: number): Change {
  return {
    source: "/subgraphs/mall",
    id: String(n),
    entity: "Sku",
    key: { id: `BL2481-${n}` },
    kind: "UPDATED",
    subjects: [{ type: "Counter", id: "017" }],
    time: "2026-11-22T10:00:00.123Z",
  };
}

/** A handler that keeps what it gets, and can be waited for. */
export function collector(): {
  readonly handler: ChangeHandler;
  readonly ids: () => number[];
  until(count: number): Promise<readonly Change[]>;
} {
  const seen: Change[] = [];
  let look = (): void => {};
  return {
    handler: async (changes) => {
      seen.push(...changes);
      look();
    },
    ids: () => seen.map(({ id }) => Number(id)),
    until: (count) =>
      new Promise((resolve) => {
        look = () => {
          if (seen.length >= count) resolve(seen);
        };
        look();
      }),
  };
}

export function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, n) => from + n);
}

changeLogContract("PostgreSQL", async () => {
  const server: TestServer = await startTestServer();
  return {
    stop: () => server.close(),
    async start() {
      const databaseUrl = await server.freshDatabase();
      return {
        open: () =>
          openChangeLog({ databaseUrl, log: testLog().log, attempts: 3, pause: 5, lookEvery: 60_000 }),
      };
    },
  };
});
