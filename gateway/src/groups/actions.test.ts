import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { newId } from "./ids.ts";
import { startTestServer, testLog, type TestServer } from "../database/test-server.ts";
import { openGroups, type Groups } from "./store.ts";
import { makeCounterGroup } from "./test-group.ts";

let server: TestServer;
let groups: Groups;
let groupId: string;

beforeAll(async () => void (server = await startTestServer()));
afterAll(() => server.close());
beforeEach(async () => {
  groups = await openGroups({ databaseUrl: await server.freshDatabase(), ...testLog() });
  groupId = (await makeCounterGroup(groups)).id;
});
afterEach(() => groups.close());

const begin = (overrides: Partial<Parameters<Groups["beginAction"]>[0]> = {}) =>
  groups.beginAction({
    groupId,
    personId: "brand:guo",
    key: "k1",
    verb: "restock.submit",
    cardId: null,
    input: { lines: [{ size: "38", pairs: 12 }] },
    ...overrides,
  });
const feed = async () => groups.readFeed(groupId, 8, 100);

describe("an action", () => {
  it("I7: begins once, however often it is sent", async () => {
    const begun = await Promise.all(Array.from({ length: 10 }, () => begin()));
    expect(begun.filter(({ fresh }) => fresh)).toHaveLength(1);
    expect(new Set(begun.map(({ run }) => run.id)).size).toBe(1);
    const { run } = begun[0]!;
    expect(run).toEqual({
      id: run.id,
      groupId,
      person: "brand:guo",
      key: "k1",
      verb: "restock.submit",
      cardId: null,
      input: { lines: [{ size: "38", pairs: 12 }] },
      status: "PENDING",
      userErrors: [],
      begunAt: expect.any(Date),
    });
    expect(await feed()).toMatchObject([
      { seq: 9, kind: "ACTION", actor: "brand:guo", keys: { action: run.id } },
    ]);
  });

  it("is another person's with the same key", async () => {
    const mine = await begin();
    expect((await begin({ personId: "brand:chen" })).run.id).not.toBe(mine.run.id);
  });

  it("ends once: what was said first stays, and only the newest state is in the feed", async () => {
    const { run } = await begin();
    await groups.postMessage({ groupId, actor: "mall:lin", text: "meanwhile", key: "m" });
    const done = await groups.finishAction(run.id, "DONE", []);
    expect(done.status).toBe("DONE");
    expect(await groups.finishAction(run.id, "FAILED", [{ field: [], code: "LATE" }])).toEqual(done);
    expect((await feed()).map(({ seq, kind }) => [seq, kind])).toEqual([
      [10, "MESSAGE"],
      [11, "ACTION"],
    ]);
    expect(await begin()).toEqual({ run: done, fresh: false });
  });

  it("has begun what its answer names and the group had no card about, whichever comes first", async () => {
    const entity = (id: string) => ({ type: "RestockOrder", key: { id } });
    const post = async (id: string) =>
      (await groups.postCard({ groupId, type: "restock.order", entity: entity(id), to: ["manager"] })).card;
    const before = await post("R1");
    const { run } = await begin();
    const early = await post("R2");
    await groups.finishAction(run.id, "DONE", [], ["R1", "R2", "R3"].map(entity));
    const late = await post("R3");
    expect(await groups.begunBy([before, early, late])).toEqual([null, "brand:guo", "brand:guo"]);
    expect(await groups.begunIn([run.id])).toEqual([[entity("R2"), entity("R3")]]);
    const second = await begin({ key: "k2", personId: "brand:chen" });
    await groups.finishAction(second.run.id, "DONE", [], [entity("R3")]);
    expect(await groups.begunBy([late])).toEqual(["brand:guo"]);
    const third = await begin({ key: "k3" });
    await groups.finishAction(third.run.id, "FAILED", [], [entity("R4")]);
    expect(await groups.begunIn([second.run.id, third.run.id])).toEqual([[], []]);
  });

  it("I1: keeps of a refusal the fields and codes, and the input no longer than it is needed", async () => {
    const { run } = await begin();
    const refused = await groups.finishAction(run.id, "REFUSED", [
      { field: ["lines", "0", "pairs"], code: "TOO_MANY", message: "only 3 left (canary)" } as never,
      { field: ["lines", "BL2481-38", "pairs"], code: "TOO_MANY" },
      { field: ["canary-value", "12.50"], code: "canary: 12.50" },
    ]);
    expect(refused.userErrors).toEqual([
      { field: ["lines", "0", "pairs"], code: "TOO_MANY" },
      { field: ["lines", "BL2481-38", "pairs"], code: "TOO_MANY" },
      { field: [], code: "REFUSED" },
    ]);
    expect(refused.input).toBeNull();
    expect(await groups.action(run.id)).toEqual(refused);
  });

  it("is found again after a restart while it is pending", async () => {
    const first = await begin({ key: "k1" });
    const second = await begin({ key: "k2" });
    const later = new Date(Date.now() + 60_000);
    expect((await groups.pendingActions(later)).map(({ id }) => id)).toEqual([first.run.id, second.run.id]);
    expect((await groups.pendingActions(later))[0]?.input).toEqual({ lines: [{ size: "38", pairs: 12 }] });
    expect(await groups.pendingActions(new Date(0))).toEqual([]);
    await groups.finishAction(first.run.id, "DONE", []);
    expect((await groups.pendingActions(later)).map(({ id }) => id)).toEqual([second.run.id]);
  });

  it("does not begin in a closed group, and ends there if it has begun", async () => {
    const { run } = await begin();
    await groups.closeGroup(groupId, "mall:lin");
    expect((await begin()).fresh).toBe(false);
    await expect(begin({ key: "k2" })).rejects.toMatchObject({ code: "FORBIDDEN" });
    expect((await groups.finishAction(run.id, "DONE", [])).status).toBe("DONE");
  });

  it("is on a card that exists, in a group that exists", async () => {
    await expect(begin({ cardId: newId() })).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(begin({ groupId: "17" })).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(groups.finishAction("17", "DONE", [])).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect(await groups.action("17")).toBeNull();
    const { run } = await begin();
    expect(await groups.actionsById([newId(), run.id])).toEqual([null, run]);
  });
});
