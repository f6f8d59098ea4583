// The hub over a feed in memory: replay and live without a seam, slow clients, changed rights.
import { GraphQLSchema, parse, type OperationDefinitionNode } from "graphql";
import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { NO_SCOPES, type ViewerGroup } from "../access/viewer.ts";
import type { Cohort } from "../audience/cohorts.ts";
import { JuntoError } from "../errors/index.ts";
import type { FeedRow } from "../groups/store.ts";
import type { Person } from "../identity/index.ts";
import type { Operation } from "../operation/prepare.ts";
import type { Reading } from "../operation/reading.ts";
import { createHub } from "./hub.ts";
import { createStandings, type StandingParts } from "./standing.ts";
import type { Sink } from "./subscription.ts";
import type { Rendered } from "./tail.ts";

const operation: Operation = {
  source: { text: "feed", name: null },
  schema: new GraphQLSchema({}),
  digest: "feed",
  kind: "subscription",
  name: undefined,
  variables: (raw) => raw,
  definition: parse("subscription ($after: Int) { groupFeed(groupId: 1, after: $after) { seq } }")
    .definitions[0] as OperationDefinitionNode,
};

const place = (role: string, granted: string[] = []): ViewerGroup => ({
  id: "g",
  role,
  subjects: [],
  granted: new Set(granted),
});
const person = (id: string): Person => ({
  id,
  organization: id.split(":")[0]!,
  name: id,
  roles: [],
  scopes: [],
  expiresAt: 0,
});

/** Lets other work that is ready go first, a number of times. */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
}

function setup(
  options: {
    renderTurns?: () => number;
    feedFails?: () => boolean;
    /** What an event waits for. */
    waits?: (row: FeedRow, cohort: Cohort) => Promise<void> | undefined;
  } = {},
) {
  const feed: FeedRow[] = [];
  const listeners = new Set<(group: string, seq: number) => void>();
  const places = new Map<string, ViewerGroup>();
  const rendered: { seq: number; audience: string; hurried: boolean }[] = [];
  const cards = new Map<string, number>();
  let head = 0;
  const store: StandingParts = {
    async readFeed(_group, after, limit) {
      await turns(1);
      if (options.feedFails?.()) throw new Error("canary: connection to database lost");
      return feed.filter((row) => row.seq > after).slice(0, limit);
    },
    head: async () => head,
    onFeed: (listener) => (listeners.add(listener), () => listeners.delete(listener)),
    place: async (_group, id) => places.get(id) ?? null,
    places: async () => (id) => places.get(id) ?? null,
  };
  const hub = createHub({
    ...store,
    standings: createStandings(store),
    async render(row, cohort: Cohort, hurried): Promise<Rendered> {
      rendered.push({ seq: row.seq, audience: cohort.viewer.audience, hurried });
      await options.waits?.(row, cohort);
      await turns(options.renderTurns?.() ?? 0);
      const card =
        "card" in row.keys ? { id: row.keys.card, revision: cards.get(row.keys.card) ?? 1 } : undefined;
      return {
        text: JSON.stringify({ seq: row.seq, role: cohort.viewer.group!.role, ...card }),
        ...(card && { card }),
      };
    },
    cursorVariable: () => "after",
    log: pino({ level: "silent" }),
  });
  const append = (row: Partial<FeedRow>): void => {
    const entry = {
      kind: "MESSAGE",
      keys: { message: "m" },
      actor: null,
      groupId: "g",
      at: new Date(0),
      ...row,
      seq: ++head,
    } as FeedRow;
    // As the store does: of a card that changed, only the newest row stays.
    if (entry.kind === "CARD_CHANGED") {
      const old = feed.findIndex(
        (each) => each.kind === "CARD_CHANGED" && each.keys.card === entry.keys.card,
      );
      if (old >= 0) feed.splice(old, 1);
    }
    feed.push(entry);
    for (const listener of listeners) listener("g", head);
  };
  const join = (id: string, as: ViewerGroup, after = 0, sink: Partial<Sink> = {}) => {
    places.set(id, as);
    const got: { seq: number; role: string; revision?: number }[] = [];
    const errors: JuntoError[] = [];
    const stop = hub.subscribe(
      { person: person(id), scopes: NO_SCOPES, place: as, operation, variables: { after }, after },
      {
        next: (text) => void got.push(JSON.parse(text) as (typeof got)[number]),
        error: (error) => void errors.push(error),
        complete: () => undefined,
        congested: () => false,
        drained: async () => undefined,
        ...sink,
      },
    );
    return { got, errors, stop, seqs: () => got.map(({ seq }) => seq) };
  };
  return { hub, append, join, rendered, places, cards };
}

const upTo = (last: number, first = 1): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

describe("I5: nothing lost", () => {
  it("replays what is after the cursor, then goes on live", async () => {
    const { append, join } = setup();
    for (let n = 0; n < 250; n++) append({});
    const member = join("mall:lin", place("manager"), 240);
    await turns(20);
    append({});
    append({});
    await turns(20);
    expect(member.seqs()).toEqual(upTo(252, 241));
  });

  it.each(upTo(30))("gives every event once and in order, whenever one joins (run %i)", async (run) => {
    let seed = run;
    const random = (below: number): number => (seed = (seed * 48271) % 2147483647) % below;
    const { append, join } = setup({ renderTurns: () => random(4) });
    const members: ReturnType<typeof join>[] = [];
    for (let n = 0; n < 60; n++) {
      append({});
      if (random(6) === 0)
        members.push(join(`mall:p${n}`, place(random(2) ? "guide" : "buyer"), random(n + 1)));
      await turns(random(4));
    }
    await turns(400);
    for (const { got } of members) {
      const seqs = got.map(({ seq }) => seq);
      expect(seqs).toEqual(upTo(60, seqs[0]));
    }
    expect(members.length).toBeGreaterThan(0);
  });
});

describe("I4: once per audience", () => {
  it("renders an event once for each audience, whatever the number of members", async () => {
    const { append, join, rendered } = setup();
    const members = upTo(60).map((n) => join(`mall:p${n}`, place(["guide", "buyer", "manager"][n % 3]!)));
    await turns(200);
    append({});
    await turns(20);
    expect(members.every(({ got }) => got.length === 1)).toBe(true);
    expect(rendered).toHaveLength(3);
  });
});

describe("cards", () => {
  it("are not given again when they come out the same, and are when they do not", async () => {
    const { append, join, cards } = setup();
    append({ kind: "CARD_POSTED", keys: { card: "c" } });
    const member = join("mall:lin", place("manager"));
    await turns(20);
    append({ kind: "CARD_CHANGED", keys: { card: "c" } });
    await turns(20);
    // The first live row is given to be sure that the cohort has what it was given in replay.
    append({ kind: "CARD_CHANGED", keys: { card: "c" } });
    await turns(20);
    const before = member.got.length;
    append({ kind: "CARD_CHANGED", keys: { card: "c" } });
    await turns(20);
    expect(member.got).toHaveLength(before);
    cards.set("c", 2);
    append({ kind: "CARD_CHANGED", keys: { card: "c" } });
    await turns(20);
    expect(member.got.at(-1)).toMatchObject({ seq: 5, revision: 2 });
  });
});

describe("I6: a slow client", () => {
  it("holds no stale states, slows nobody, and misses nothing when it is back", async () => {
    const { append, join, cards } = setup();
    let congested = false;
    let drain!: () => void;
    const slow = join("mall:slow", place("guide"), 0, {
      congested: () => congested,
      drained: () => new Promise((resolve) => (drain = resolve)),
    });
    const quick = join("mall:quick", place("guide"));
    await turns(20);
    congested = true;
    for (let n = 1; n <= 100; n++) {
      cards.set("c", n);
      append(n % 10 === 0 ? {} : { kind: "CARD_CHANGED", keys: { card: "c" } });
      await turns(10);
    }
    expect(slow.got).toHaveLength(1);
    expect(quick.seqs()).toEqual(upTo(100));
    congested = false;
    drain();
    await turns(50);
    const cardStates = slow.got.filter(({ revision }) => revision !== undefined);
    expect(cardStates.map(({ revision }) => revision)).toEqual([1, 100]);
    expect(slow.seqs().filter((seq) => seq % 10 === 0)).toEqual(upTo(10).map((n) => n * 10));
    append({});
    await turns(20);
    expect(slow.seqs().at(-1)).toBe(101);
  });
});

describe("I8: changed rights", () => {
  it("end the feed of who is removed, with the reason, before the next event", async () => {
    const { append, join, places, hub } = setup();
    const removed = join("mall:lin", place("manager"));
    const stays = join("mall:zhao", place("manager"));
    await turns(20);
    places.delete("mall:lin");
    append({ kind: "MEMBER", keys: { person: "mall:lin", role: "manager", change: "REMOVED" } });
    append({});
    await turns(20);
    expect(removed.got).toEqual([]);
    expect(removed.errors.map(({ code }) => code)).toEqual(["FORBIDDEN"]);
    expect(stays.seqs()).toEqual([1, 2]);
    expect(hub.size()).toBe(1);
  });

  it("put a member into another audience for what follows, also in the middle of a replay", async () => {
    const { append, join, places, rendered } = setup({ renderTurns: () => 3 });
    for (let n = 0; n < 5; n++) append({});
    const member = join("mall:lin", place("manager", ["mall.price"]));
    await turns(6);
    places.set("mall:lin", place("manager"));
    append({ kind: "GRANT", keys: { policy: "mall.price", role: "manager", change: "WITHDRAWN" } });
    await turns(100);
    expect(member.seqs()).toEqual(upTo(6));
    const audiences = rendered.map(({ audience }) => audience);
    expect(new Set(audiences).size).toBe(2);
    expect(audiences.at(-1)).not.toBe(audiences[0]);
  });

  it("do not wait for what is being joined, and what comes of that is not given", async () => {
    let answer!: () => void;
    const silent = new Promise<void>((resolve) => (answer = resolve));
    const { append, join, places, rendered } = setup({
      waits: ({ seq }, { viewer }) => (seq === 1 && viewer.group!.granted.size > 0 ? silent : undefined),
    });
    const member = join("mall:lin", place("manager", ["mall.price"]));
    const removed = join("mall:zhao", place("manager", ["mall.price"]));
    await turns(20);
    append({ kind: "CARD_CHANGED", keys: { card: "c" } });
    await turns(20);
    places.set("mall:lin", place("manager"));
    places.delete("mall:zhao");
    append({ kind: "GRANT", keys: { policy: "mall.price", role: "manager", change: "WITHDRAWN" } });
    await turns(20);
    // Nobody has answered yet.
    expect(removed.errors.map(({ code }) => code)).toEqual(["FORBIDDEN"]);
    answer();
    await turns(20);
    expect(removed.got).toEqual([]);
    expect(member.seqs()).toEqual([1, 2]);
    const without = rendered.filter(({ audience }) => audience !== rendered[0]!.audience);
    expect(without.map(({ seq, hurried }) => [seq, hurried])).toEqual([
      [1, true],
      [2, true],
    ]);
    expect(rendered[0]).toMatchObject({ seq: 1, hurried: false });
  });

  it("give the cards again to who comes into an audience that has them", async () => {
    const { append, join, places } = setup();
    const there = join("mall:zhao", place("buyer"));
    const comes = join("mall:lin", place("guide"));
    await turns(20);
    append({ kind: "CARD_POSTED", keys: { card: "c" } });
    await turns(20);
    for (const role of ["buyer", "guide", "buyer"]) {
      places.set("mall:lin", place(role));
      append({ kind: "MEMBER", keys: { person: "mall:lin", role, change: "ADDED" } });
      append({ kind: "CARD_CHANGED", keys: { card: "c" } });
      await turns(20);
      expect(comes.got.at(-1)).toMatchObject({ role, revision: 1 });
    }
    expect(there.errors).toEqual([]);
  });

  it("come to everyone also in a feed that never rests", async () => {
    const { append, join, places } = setup();
    const member = join("mall:lin", place("manager", ["mall.price"]));
    await turns(20);
    places.delete("mall:lin");
    append({ kind: "MEMBER", keys: { person: "mall:lin", role: "manager", change: "REMOVED" } });
    for (let n = 0; n < 60 && member.errors.length === 0; n++) {
      append({});
      await turns(1);
    }
    expect(member.errors.map(({ code }) => code)).toEqual(["FORBIDDEN"]);
    expect(member.got).toEqual([]);
  });

  it("that changed between the request and the subscription count at once", async () => {
    const { append, join, places, rendered } = setup();
    const member = join("mall:lin", place("manager", ["mall.price"]));
    places.set("mall:lin", place("manager"));
    append({});
    await turns(20);
    expect(member.got).toHaveLength(1);
    const other = join("mall:zhao", place("manager"));
    await turns(20);
    expect(other.got).toHaveLength(1);
    expect(new Set(rendered.map(({ audience }) => audience)).size).toBe(1);
  });
});

describe("another graph", () => {
  const inAnother = ({ variables }: Reading): Reading => ({
    operation: { ...operation, schema: new GraphQLSchema({}) },
    variables,
  });

  it.each(upTo(30))(
    "is gone over to without a gap or a repetition, whenever it comes (run %i)",
    async (run) => {
      let seed = run;
      const random = (below: number): number => (seed = (seed * 48271) % 2147483647) % below;
      const { append, join, hub, cards } = setup({ renderTurns: () => random(4) });
      const members = [join("mall:early", place("guide")), join("mall:other", place("buyer"))];
      for (let n = 0; n < 40; n++) {
        cards.set("c", n);
        append(random(2) ? {} : { kind: "CARD_CHANGED", keys: { card: "c" } });
        if (random(8) === 0) members.push(join(`mall:p${n}`, place("guide")));
        await turns(random(3));
        if (random(5) === 0) hub.renew(inAnother);
      }
      append({});
      await turns(400);
      for (const { got, errors } of members) {
        const seqs = got.map(({ seq }) => seq);
        expect(seqs).toEqual([...new Set(seqs)].toSorted((a, b) => a - b));
        expect(got.findLast(({ revision }) => revision !== undefined)?.revision).toBe(
          [...members[0]!.got].findLast(({ revision }) => revision !== undefined)?.revision,
        );
        expect(seqs.at(-1)).toBe(41);
        expect(errors).toEqual([]);
      }
      // Who was there from the beginning has every message, and every state of the card that was given to anyone later.
      const messages = ({ got }: (typeof members)[number]) =>
        got.filter(({ revision }) => revision === undefined).map(({ seq }) => seq);
      for (const member of members.slice(2)) expect(messages(members[0]!)).toEqual(messages(member));
    },
  );

  it("ends, with the reason, only what it does not know", async () => {
    const { append, join, hub } = setup();
    const guide = join("mall:a", place("guide"));
    const buyer = join("mall:b", place("buyer"));
    await turns(20);
    let asked = 0;
    hub.renew((reading) => {
      if (++asked === 1) throw new JuntoError("BAD_REQUEST", "Cannot query field.");
      return inAnother(reading);
    });
    append({});
    await turns(20);
    expect(guide.errors.map(({ code }) => code)).toEqual(["BAD_REQUEST"]);
    expect(guide.got).toEqual([]);
    expect(buyer.seqs()).toEqual([1]);
  });
});

it("gives nothing more to who has left", async () => {
  const { join, append, hub } = setup();
  const member = join("mall:lin", place("manager"));
  await turns(20);
  member.stop();
  append({});
  await turns(20);
  expect(member.got).toEqual([]);
  expect(member.errors).toEqual([]);
  expect(hub.size()).toBe(0);
});

it("ends subscriptions when the feed cannot be read, without its words", async () => {
  let fails = false;
  const { join, append } = setup({ feedFails: () => fails });
  const member = join("mall:lin", place("manager"));
  await turns(20);
  fails = true;
  append({});
  await turns(20);
  expect(member.errors.map(({ code, message }) => ({ code, message }))).toEqual([
    { code: "INTERNAL", message: "Something went wrong in the gateway." },
  ]);
});
