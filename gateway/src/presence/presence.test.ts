import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { readMessage, writeMessages, type Told } from "./messages.ts";
import { createPresence, type Presence } from "./presence.ts";
import { TYPING } from "./typing.ts";

const log = pino({ level: "silent" });
const MINUTE = 60_000;
const nobody = { here: [], typing: [] };

/** What several gateways share: each message goes to all, its sender as well, until one is cut off. */
function createWires() {
  const ends = new Set<{ message: (text: string) => void; listening: () => void; isCut: boolean }>();
  return {
    gateway(id: string) {
      const end = {
        message: (_text: string): void => undefined,
        listening: (): void => undefined,
        isCut: false,
      };
      ends.add(end);
      const presence = createPresence({
        id,
        log,
        wire: {
          async tell(text) {
            if (end.isCut) throw new Error("no database");
            for (const each of ends) if (!each.isCut) each.message(text);
          },
          onMessage: (listener) => ((end.message = listener), () => (end.message = () => undefined)),
          onListening: (listener) => ((end.listening = listener), () => undefined),
        },
      });
      end.listening();
      opened.push(presence);
      return Object.assign(presence, {
        cut: () => (end.isCut = true),
        heal() {
          end.isCut = false;
          end.listening();
        },
        /** It is gone without a word. */
        die() {
          end.isCut = true;
          ends.delete(end);
        },
      });
    },
  };
}

let opened: Presence[] = [];
const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);

beforeEach(() => void vi.useFakeTimers());
afterEach(async () => {
  for (const each of opened) await each.close();
  opened = [];
  vi.useRealTimers();
});

describe("who is here", () => {
  it("is known at every gateway, and to one that comes later", async () => {
    const wires = createWires();
    const [a, b] = [wires.gateway("a"), wires.gateway("b")];
    a.enter(["g", "mall:lin"]);
    const leave = b.enter(["g", "brand:guo"]);
    await settle();
    const both = { here: ["brand:guo", "mall:lin"], typing: [] };
    const c = wires.gateway("c");
    await settle();
    for (const each of [a, b, c]) expect(each.of("g")).toEqual(both);
    leave();
    await settle();
    for (const each of [a, b, c]) expect(each.of("g")).toEqual({ here: ["mall:lin"], typing: [] });
  });

  it("is one person, however many screens they have; and is here until the last is closed", async () => {
    const wires = createWires();
    const [a, b] = [wires.gateway("a"), wires.gateway("b")];
    const leaves = [a, a, b].map((each) => each.enter(["g", "mall:lin"]));
    await settle();
    expect(b.of("g").here).toEqual(["mall:lin"]);
    leaves[0]!();
    leaves[0]!();
    leaves[2]!();
    await settle();
    expect(b.of("g").here).toEqual(["mall:lin"]);
    leaves[1]!();
    await settle();
    expect(b.of("g")).toEqual(nobody);
  });

  it("is told to who listens, once for each change, and never of another group", async () => {
    const { gateway } = createWires();
    const a = gateway("a");
    const heard: string[] = [];
    a.onChange((group) => heard.push(group));
    a.enter(["g", "mall:lin"]);
    a.enter(["g", "mall:lin"]);
    a.enter(["h", "mall:lin"]);
    expect(heard).toEqual(["g", "h"]);
    expect(a.of("h:g")).toEqual(nobody);
  });

  it("goes with a gateway that closes, at once, and with one that dies, after a while", async () => {
    const wires = createWires();
    const [a, b, c] = [wires.gateway("a"), wires.gateway("b"), wires.gateway("c")];
    b.enter(["g", "brand:guo"]);
    c.enter(["g", "mall:lin"]);
    await settle();
    await b.close();
    expect(a.of("g").here).toEqual(["mall:lin"]);
    c.die();
    await vi.advanceTimersByTimeAsync(MINUTE);
    expect(a.of("g")).toEqual(nobody);
  });

  it("is right again after a break in which somebody came and somebody left", async () => {
    const wires = createWires();
    const [a, b] = [wires.gateway("a"), wires.gateway("b")];
    const leave = a.enter(["g", "mall:lin"]);
    await settle();
    b.cut();
    leave();
    a.enter(["g", "mall:zhao"]);
    b.enter(["g", "brand:guo"]);
    await settle();
    expect(b.of("g").here).toEqual(["brand:guo", "mall:lin"]);
    b.heal();
    await settle();
    for (const each of [a, b]) expect(each.of("g").here).toEqual(["brand:guo", "mall:zhao"]);
  });

  it("is right again after a message was lost that nobody noticed", async () => {
    const wires = createWires();
    const [a, b] = [wires.gateway("a"), wires.gateway("b")];
    a.enter(["g", "mall:lin"]);
    await settle();
    a.cut();
    a.enter(["g", "mall:zhao"]);
    await settle();
    expect(b.of("g").here).toEqual(["mall:lin"]);
    a.heal();
    await settle();
    expect(b.of("g").here).toEqual(["mall:lin", "mall:zhao"]);
  });
});

describe("who is writing", () => {
  it("is known everywhere, until they leave off or say nothing more for a while", async () => {
    const wires = createWires();
    const [a, b] = [wires.gateway("a"), wires.gateway("b")];
    a.type(["g", "mall:lin"], true);
    await settle();
    expect(b.of("g").typing).toEqual(["mall:lin"]);
    await vi.advanceTimersByTimeAsync(TYPING - 1);
    b.type(["g", "mall:lin"], true);
    await vi.advanceTimersByTimeAsync(TYPING - 1);
    expect(a.of("g").typing).toEqual(["mall:lin"]);
    await vi.advanceTimersByTimeAsync(1);
    for (const each of [a, b]) expect(each.of("g")).toEqual(nobody);
    a.type(["g", "mall:lin"], true);
    a.type(["g", "mall:lin"], false);
    await settle();
    for (const each of [a, b]) expect(each.of("g")).toEqual(nobody);
  });
});

describe("messages", () => {
  it("fit into a notification, whatever there is to tell", () => {
    const told = Array.from({ length: 400 }, (_, n): Told => ({
      spot: ["01a20532-4bb3-73e6-a95f-61fa6a79486b", `mall:${"林".repeat(40)}${n}`],
      here: true,
    }));
    const messages = writeMessages(told, true);
    expect(messages.length).toBeGreaterThan(5);
    for (const message of messages) expect(Buffer.byteLength(JSON.stringify(message))).toBeLessThan(7_500);
    expect(messages.flatMap((message) => message.told)).toEqual(told);
    expect(messages.map(({ all }) => all ?? false)).toEqual([true, ...messages.slice(1).map(() => false)]);
    expect(writeMessages([], true)).toEqual([{ told: [], all: true }]);
  });

  it("are passed over when they are none", () => {
    for (const text of ["", "null", "3", '{"from":1}', "{"]) expect(readMessage(text)).toBeNull();
  });
});
