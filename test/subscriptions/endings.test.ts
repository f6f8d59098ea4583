// Rules of HTTP not applied on WebSockets, of subscriptions: who may not begin one is told the same at every door, and so
// is who loses what they had while it is open (I8). A close code is read as docs/guides/clients.md says.
import { afterEach, expect, it } from "vitest";
import type { Person } from "../../gateway/src/identity/index.ts";
import { person } from "../support/graph.ts";
import { FEED_DOORS } from "../support/story.ts";
import { follow, startLive, type Following, type Live } from "./live.ts";

let live: Live;
afterEach(() => live.close());

/** Who signs in, and until when. */
const signedIn = new Map<string, Partial<Person>>();

async function start(): Promise<void> {
  signedIn.clear();
  live = await startLive(
    {},
    {
      limits: { subscriptionsPerPerson: 3 },
      identity: {
        async identify(authorization = "") {
          const id = authorization.replace("Bearer ", "");
          return { ...person(id), ...signedIn.get(id) };
        },
      },
    },
  );
  live.groups.set("g", {
    members: new Map([
      ["guest:eve", "buyer"],
      ["guest:bob", "buyer"],
      ["guest:mia", "guide"],
    ]),
    granted: new Map([["buyer", ["shop.sales"]]]),
  });
}

const SOLD: Following = { query: `subscription { sold(shelf: "7") { id } }`, as: "guest:eve", group: "g" };

const BEGIN: readonly (readonly [what: string, asking: Partial<Following>, code: string])[] = [
  ["in a group that is not theirs", { as: "guest:zoe" }, "NOT_FOUND"],
  ["in a group that there is not", { group: "*" }, "NOT_FOUND"],
  ["to what is not shared with their role", { as: "guest:mia" }, "NOT_SHARED"],
  ["to what is not shared outside a group", { group: undefined! }, "NOT_SHARED"],
  ["to what is not there", { query: "subscription { nope }" }, "BAD_REQUEST"],
  ["without an end", { query: "subscription { sold" }, "BAD_REQUEST"],
  [
    "to two things",
    { query: `subscription { a: sold(shelf: "7") { id } b: sold(shelf: "8") { id } }` },
    "BAD_REQUEST",
  ],
  ["that is too long", { query: `${SOLD.query} #${"x".repeat(100_000)}` }, "TOO_LARGE"],
  ["that is named by what is not known", { query: "", variables: {} }, "BAD_REQUEST"],
];

const code = (message: { type: string; payload?: any }): string =>
  message.type === "error" ? (message.payload[0].extensions.code as string) : message.type;

it.each(BEGIN.flatMap((row) => FEED_DOORS.map((over) => [over, ...row] as const)))(
  "over %s, one that is begun %s is refused",
  async (over, _what, asking, expected) => {
    await start();
    const { group, ...rest } = { ...SOLD, ...asking };
    const events = await follow(live, { ...rest, over, ...(group !== undefined && { group }) });
    expect(code(await events.next())).toBe(expected);
    expect([live.upstreams(), live.inits.length]).toEqual([0, 0]);
  },
);

const ENDS: readonly (readonly [what: string, happens: () => void, code: string])[] = [
  [
    "whose person is removed from the group",
    () => {
      live.groups.get("g")!.members.delete("guest:eve");
      live.tell("g", "MEMBER");
    },
    "FORBIDDEN",
  ],
  [
    "whose role gets a field no more",
    () => {
      live.groups.get("g")!.members.set("guest:eve", "guide");
      live.tell("g", "MEMBER");
    },
    "NOT_SHARED",
  ],
  [
    "whose grant is withdrawn",
    () => {
      live.groups.get("g")!.granted.set("buyer", []);
      live.tell("g", "GRANT");
    },
    "NOT_SHARED",
  ],
  [
    "whose organization is known no more",
    () => live.doors.dismiss(({ organization }) => organization === "guest"),
    "UNAUTHENTICATED",
  ],
  ["whose system says that it will not", () => live.breakAll(4403), "SUBGRAPH_ERROR"],
];

it.each(ENDS.flatMap((row) => FEED_DOORS.map((over) => [over, ...row] as const)))(
  "over %s, one that is open %s ends, and nothing is left of it",
  async (over, _what, happens, expected) => {
    await start();
    const events = await follow(live, { ...SOLD, over });
    await live.sales.listeners(1);
    live.sales.publish({ id: "s1", pairs: 1, product: { id: "p1" } });
    expect((await events.event()).data.sold.id).toBe("s1");
    happens();
    expect(code(await events.next())).toBe(expected);
    await expect.poll(() => [live.relays.size(), live.upstreams()]).toEqual([0, 0]);
  },
);

it.each(FEED_DOORS)("over %s, one that is open ends when the token of who asked expires", async (over) => {
  await start();
  signedIn.set("guest:eve", { expiresAt: Date.now() + 300 });
  const events = await follow(live, { ...SOLD, over });
  expect(code(await events.next())).toBe("UNAUTHENTICATED");
  await expect.poll(() => [live.relays.size(), live.upstreams()]).toEqual([0, 0]);
});

it("one person has so many at all doors together, and no more at any", async () => {
  await start();
  const open = [];
  for (const over of ["socket", "events", "socket"] as const) {
    open.push(await follow(live, { ...SOLD, over }));
    await expect.poll(live.relays.size).toBe(open.length);
  }
  for (const over of FEED_DOORS) {
    expect(code(await (await follow(live, { ...SOLD, over })).next())).toBe("TOO_MANY");
    const other = await follow(live, { ...SOLD, as: "guest:bob", over });
    await expect.poll(live.relays.size).toBe(open.length + 1);
    other.cut();
    await expect.poll(live.relays.size).toBe(open.length);
  }
});
