import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { afterThis, temporaryDir } from "./shop.fixture.ts";
import { openState } from "./state.ts";

const note = "INSERT INTO cursors VALUES (?, ?)";
const count = "SELECT count(*) AS n FROM cursors";

describe("the state", () => {
  it("is readable for its owner only, and so is its folder", () => {
    const dir = join(temporaryDir(), "deep", "state");
    const state = openState(dir);
    afterThis(() => state.close());
    state.prepare(note).run("a", "1");
    expect(statSync(dir).mode & 0o777).toBe(0o700);
    for (const file of readdirSync(dir))
      expect([file, statSync(join(dir, file)).mode & 0o777]).toEqual([file, 0o600]);
    expect(existsSync(join(dir, "state.db"))).toBe(true);
  });

  it("is open in one place at a time", () => {
    const dir = temporaryDir();
    const state = openState(dir);
    expect(() => openState(dir)).toThrow(`The state in ${dir} is in use by another running subgraph`);
    state.close();
    openState(dir).close();
  });

  it("is closed once, and takes nothing after that", () => {
    const state = openState(temporaryDir());
    state.close();
    state.close();
    expect(() => state.prepare(count)).toThrow("closed");
    expect(() => state.transaction(() => 1)).toThrow("closed");
  });

  it("keeps nothing of a transaction that fails", () => {
    const state = openState(temporaryDir());
    afterThis(() => state.close());
    const work = (): never => {
      state.prepare(note).run("a", "1");
      throw new Error("no");
    };
    expect(() => state.transaction(work)).toThrow("no");
    expect(state.prepare(count).get()).toMatchObject({ n: 0 });
  });

  it("remembers the first value of two that are made at once", async () => {
    const state = openState(temporaryDir());
    afterThis(() => state.close());
    const values = await Promise.all(["a", "b"].map((value) => state.remember("key", async () => value)));
    expect(values).toEqual(["a", "a"]);
    expect(await state.remember("key", async () => "c")).toBe("a");
  });
});
