// Who follows something in a group, over a feed in memory.
import { expect, it } from "vitest";
import type { ViewerGroup } from "../access/viewer.ts";
import { JuntoError } from "../errors/index.ts";
import type { FeedRow } from "../groups/store.ts";
import { createStandings } from "./standing.ts";

const place = (role: string): ViewerGroup => ({ id: "g", role, subjects: [], granted: new Set() });

function setup() {
  const feed: FeedRow[] = [];
  const listeners = new Set<(group: string, seq: number) => void>();
  const places = new Map<string, ViewerGroup>();
  let reads = 0;
  const standings = createStandings({
    async readFeed(_group, after) {
      reads += 1;
      return feed.filter(({ seq }) => seq > after);
    },
    head: async () => feed.length,
    onFeed: (listener) => (listeners.add(listener), () => listeners.delete(listener)),
    place: async (_group, person) => places.get(person) ?? null,
    places: async () => (person) => places.get(person) ?? null,
  });
  return {
    standings,
    places,
    reads: () => reads,
    listeners,
    tell(kind: FeedRow["kind"]) {
      feed.push({ groupId: "g", seq: feed.length + 1, kind } as FeedRow);
      for (const listener of listeners) listener("g", feed.length);
    },
    follow(person: string) {
      const got: string[] = [];
      const leave = standings.add("g", {
        person,
        put: ({ role }) => void got.push(role),
        fail: (error) => void got.push(JuntoError.from(error).code),
      });
      return { got, leave };
    },
  };
}

const turn = (): Promise<unknown> => new Promise(setImmediate);

it("puts whoever follows where they are, and again when the feed says that it may be another place", async () => {
  const { standings, places, tell, follow } = setup();
  places.set("lin", place("manager"));
  const lin = follow("lin");
  await turn();
  places.set("lin", place("guide"));
  tell("MESSAGE");
  await standings.settled("g");
  expect(lin.got).toEqual(["manager"]);
  tell("MEMBER");
  await standings.settled("g");
  expect(lin.got).toEqual(["manager", "guide"]);
});

it("says FORBIDDEN to who is no member, and to who is none any more", async () => {
  const { standings, places, tell, follow } = setup();
  places.set("lin", place("manager"));
  const [lin, guo] = [follow("lin"), follow("guo")];
  await turn();
  places.delete("lin");
  tell("MEMBER");
  await standings.settled("g");
  expect(lin.got).toEqual(["manager", "FORBIDDEN"]);
  expect(guo.got[0]).toBe("FORBIDDEN");
});

it("reads what a feed says once, however many things are followed in the group", async () => {
  const { standings, places, tell, follow, reads } = setup();
  places.set("lin", place("manager"));
  for (let n = 0; n < 20; n++) follow("lin");
  await turn();
  tell("MESSAGE");
  await standings.settled("g");
  expect(reads()).toBe(1);
});

it("reads no feed of a group in which nobody follows anything any more", async () => {
  const { standings, places, tell, follow, reads } = setup();
  places.set("lin", place("manager"));
  const { leave } = follow("lin");
  await turn();
  leave();
  tell("MEMBER");
  await standings.settled("g");
  expect(reads()).toBe(0);
});
