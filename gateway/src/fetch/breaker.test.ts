// When a breaker opens, whom it lets through, and what closes it.
import { describe, expect, it } from "vitest";
import { createBreaker, type Breaker, type BreakerState, type Outcome } from "./breaker.ts";

function setup() {
  let now = 0;
  const states: BreakerState[] = [];
  const breaker = createBreaker({ now: () => now, onChange: (state) => states.push(state) });
  const ask = (...outcomes: Outcome[]) => {
    for (const outcome of outcomes) breaker.leave(breaker.enter()!, outcome);
  };
  return { breaker, ask, states, pass: (milliseconds: number) => (now += milliseconds) };
}

const times = (count: number, ...outcomes: Outcome[]) => Array.from({ length: count }, () => outcomes).flat();
const opened = (): ReturnType<typeof setup> => {
  const all = setup();
  all.ask(...times(5, "failed"));
  return all;
};
const enters = (breaker: Breaker): boolean => breaker.enter() !== null;

describe("a breaker", () => {
  it.each<[string, Outcome[], BreakerState]>([
    ["five failures in a row", times(5, "failed"), "open"],
    ["four", times(4, "failed"), "closed"],
    ["five with a success between", [...times(4, "failed"), "succeeded", "failed"], "closed"],
    ["five with clients that left between", times(5, "failed", "unknown"), "open"],
    ["clients that left", times(50, "unknown"), "closed"],
    ["half of twenty", times(10, "succeeded", "failed"), "open"],
    ["half of less", times(9, "succeeded", "failed"), "closed"],
    ["a third of many", times(30, "succeeded", "failed", "succeeded"), "closed"],
  ])("after %s is as it should be", (_what, outcomes, state) => {
    const { breaker, ask } = setup();
    ask(...outcomes);
    expect(breaker.state).toBe(state);
  });

  it("forgets what was long ago", () => {
    const { breaker, ask, pass } = setup();
    ask(...times(9, "failed", "succeeded"));
    pass(10_001);
    ask(...times(5, "failed", "succeeded"));
    expect(breaker.state).toBe("closed");
  });

  it("that is open lets one through after a pause, and no other until that one is back", () => {
    const { breaker, pass } = opened();
    expect(enters(breaker)).toBe(false);
    pass(999);
    expect(enters(breaker)).toBe(false);
    pass(1);
    const ticket = breaker.enter();
    expect(ticket).toEqual({ isTry: true });
    expect(enters(breaker)).toBe(false);
    pass(60_000);
    expect(enters(breaker)).toBe(false);
    breaker.leave(ticket!, "succeeded");
    expect(breaker.enter()).toEqual({ isTry: false });
  });

  it("stays open for another pause when the try failed, and for none when its client left", () => {
    const { breaker, pass, states } = opened();
    pass(1_000);
    breaker.leave(breaker.enter()!, "failed");
    expect(enters(breaker)).toBe(false);
    pass(1_000);
    breaker.leave(breaker.enter()!, "unknown");
    breaker.leave(breaker.enter()!, "succeeded");
    expect(states).toEqual(["open", "half-open", "open", "half-open", "open", "half-open", "closed"]);
  });

  it("is not changed by what was asked before it changed", () => {
    const { breaker, pass } = setup();
    const old = Array.from({ length: 12 }, () => breaker.enter()!);
    for (const ticket of old.slice(0, 5)) breaker.leave(ticket, "failed");
    breaker.leave(old[5]!, "succeeded");
    expect(breaker.state).toBe("open");
    pass(1_000);
    const ticket = breaker.enter()!;
    breaker.leave(old[6]!, "succeeded");
    breaker.leave(old[7]!, "failed");
    expect(breaker.state).toBe("half-open");
    breaker.leave(ticket, "succeeded");
    for (const each of old.slice(8)) breaker.leave(each, "failed");
    breaker.leave(breaker.enter()!, "failed");
    expect(breaker.state).toBe("closed");
  });

  it("closes, and begins to count anew, when something else says that all is well", () => {
    const { breaker, ask } = opened();
    breaker.close();
    ask(...times(4, "failed"));
    expect(breaker.state).toBe("closed");
  });
});
