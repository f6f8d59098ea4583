// Who is here and who is writing, and under which entry it says who has read.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { beHere, seenMarks, type Here } from "./presence.ts";
import { message, scriptedConnection, type ScriptedConnection } from "./testing.ts";
import type { Entry } from "./timeline.ts";

describe("being here", () => {
  let connection: ScriptedConnection;
  let here: Here;
  const state = (id: string) => ({ groupPresence: { here: [{ id }], typing: [], seen: [] } }) as never;
  const said = () => connection.questions.map(({ variables }) => variables["typing"]);

  beforeEach(() => {
    vi.useFakeTimers();
    connection = scriptedConnection();
    here = beHere({ connection, group: "g" });
  });
  afterEach(() => {
    here.leave();
    vi.useRealTimers();
  });

  it("is as long as it is followed; what is known ends with the connection, and the newest comes again", async () => {
    const [first] = connection.followings;
    expect(first!.variables).toEqual({ group: "g" });
    first!.sink.connected();
    first!.sink.next(state("mall:lin"));
    expect(here.presence.get()?.here).toEqual([{ id: "mall:lin" }]);
    first!.sink.ended({ kind: "AWAY", message: "" });
    expect(here.presence.get()).toBeNull();
    await vi.advanceTimersByTimeAsync(10_000);
    const second = connection.followings[1]!;
    second.sink.next(state("brand:guo"));
    first!.sink.next(state("mall:lin"));
    expect(here.presence.get()?.here).toEqual([{ id: "brand:guo" }]);
    here.leave();
    expect(second.stopped).toBe(true);
  });

  it("ends for good when one is no member any more", async () => {
    connection.followings[0]!.sink.ended({ kind: "NOT_A_MEMBER", message: "" });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(connection.followings).toHaveLength(1);
  });

  it("says at the first key that one is writing, again every few seconds, and when one leaves off", () => {
    here.type(false);
    for (let key = 0; key < 20; key++) {
      here.type(true);
      vi.advanceTimersByTime(200);
    }
    expect(said()).toEqual([true, true]);
    here.type(false);
    here.type(false);
    here.type(true);
    expect(said()).toEqual([true, true, false, true]);
    here.leave();
    expect(said().at(-1)).toBe(false);
  });
});

describe("who has seen what", () => {
  const entries = [1, 2, 5, 9].map((seq) => message(seq) as Entry);
  const marks = (...people: [id: string, seq: number][]) => {
    const byOrganization = new Map<string, typeof people>();
    for (const each of people) {
      const organization = each[0].split(":")[0]!;
      byOrganization.set(organization, [...(byOrganization.get(organization) ?? []), each]);
    }
    const seen = [...byOrganization].map(([id, all]) => ({
      organization: { id, en: id, zh: id },
      people: all.map(([person, seq]) => ({ person: { id: person, name: person }, seq })),
    }));
    return [...seenMarks(seen, entries, "brand:guo")].map(([seq, all]) => [
      seq,
      ...all.flatMap((mark) => mark.people.map(({ id }) => id)),
    ]);
  };

  it("stands under the newest entry that somebody of each organization has seen", () => {
    expect(marks(["supplier:wang", 7], ["brand:chen", 9], ["brand:li", 5])).toEqual([
      [5, "supplier:wang"],
      [9, "brand:chen"],
    ]);
    expect(marks(["brand:chen", 5], ["brand:li", 8])).toEqual([[5, "brand:chen", "brand:li"]]);
  });

  it("says nothing of oneself, of who said it themselves, and of who has seen nothing that is shown", () => {
    expect(marks(["brand:guo", 9], ["mall:lin", 9], ["supplier:wang", 0])).toEqual([]);
    expect(marks(["mall:lin", 9], ["mall:zhao", 2])).toEqual([[2, "mall:zhao"]]);
  });
});
