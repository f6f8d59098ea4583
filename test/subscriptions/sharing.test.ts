// I4, I8: what is subscribed to once for an audience, who joins it, and what becomes of it when rights change.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FEED_DOORS, type FeedDoor } from "../support/story.ts";
import { follow, startLive, type Events, type Live } from "./live.ts";

const SALES = `subscription ($shelf: ID!) { sold(shelf: $shelf) { id price product { name } } }`;
const ASKING = { query: SALES, variables: { shelf: "7" } };
const ALL = ["shop.sales", "shop.price", "maker.catalog"];

let live: Live;
let over: FeedDoor;
beforeEach(async () => {
  live = await startLive();
  for (const id of ["g", "h"])
    live.groups.set(id, {
      members: new Map([
        ["shop:ann", "seller"],
        ["guest:eve", "buyer"],
        ["guest:bob", "buyer"],
        ["guest:mia", "guide"],
        ["rival:eve", "buyer"],
      ]),
      granted: new Map([
        ["seller", ["maker.catalog"]],
        ["buyer", ALL],
        ["guide", ["shop.sales"]],
      ]),
    });
});
afterEach(() => live.close());

const sale = (id: string) => ({ id, pairs: 1, product: { id: "p1" } });
const asks = (as: string, group: string | undefined, more: object = {}): Promise<Events> =>
  follow(live, { ...ASKING, as, over, ...(group !== undefined && { group }), ...more });
const joins = (): number => live.graph.subgraphs.maker!.requests.length;
const other = (door: FeedDoor): FeedDoor => FEED_DOORS.find((each) => each !== door)!;
/** Everyone gets the same marker: whatever came before it has come. */
const until = async (id: string, ...all: Events[]): Promise<any[][]> => {
  live.sales.publish(sale(id));
  return Promise.all(
    all.map(async (events) => {
      const came = [];
      do came.push(await events.event());
      while (came.at(-1)!.data?.sold?.id !== id);
      return came;
    }),
  );
};

describe.each(FEED_DOORS)("over %s", (door) => {
  beforeEach(() => {
    over = door;
  });

  describe("I4: a federated subscription", () => {
    it("is one at the subgraph, one join and one text for everyone of an audience", async () => {
      const [eve, again, bob] = [
        await asks("guest:eve", "g"),
        await asks("guest:eve", "g"),
        await asks("guest:bob", "g"),
      ];
      await live.sales.listeners(1);
      const [first] = await until("s1", eve, again, bob);
      expect(first).toEqual([{ data: { sold: { id: "s1", price: 4242, product: { name: "shoe p1" } } } }]);
      expect([live.inits.length, live.events.get("shop"), joins(), live.relays.size()]).toEqual([1, 1, 1, 3]);
    });

    it("is one also for those who follow it at another door", async () => {
      const [eve, bob] = [await asks("guest:eve", "g"), await asks("guest:bob", "g", { over: other(door) })];
      await live.sales.listeners(1);
      await until("s1", eve, bob);
      eve.cut();
      await until("s2", bob);
      expect([live.inits.length, live.events.get("shop"), joins()]).toEqual([1, 2, 2]);
    });

    it("is shared whatever it is called, and not with who asks for anything else", async () => {
      const same = await asks("guest:bob", "g", {
        query: SALES.replace("subscription", "subscription Named"),
      });
      const other = await asks("guest:bob", "g", { variables: { shelf: "8" } });
      const aliased = await asks("guest:bob", "g", { query: SALES.replace("sold(", "it: sold(") });
      const eve = await asks("guest:eve", "g");
      await live.sales.listeners(3);
      live.sales.publish({ ...sale("s8"), shelf: "8" });
      expect((await other.event()).data.sold.id).toBe("s8");
      await until("s1", same, eve);
      expect((await aliased.event()).data.it.id).toBe("s1");
      expect(live.inits).toHaveLength(3);
    });

    it("is one a person outside groups, and lives on when the others of an audience leave", async () => {
      const [one, two] = [await asks("shop:ann", undefined), await asks("shop:joe", undefined)];
      await live.sales.listeners(2);
      await until("s1", one, two);
      const [eve, bob] = [await asks("guest:eve", "g"), await asks("guest:bob", "g")];
      await live.sales.listeners(3);
      eve.complete();
      one.complete();
      await live.sales.listeners(2);
      expect(await until("s2", bob, two)).toHaveLength(2);
      bob.cut();
      await live.sales.listeners(1);
    });

    it("of two tenants with the same operation and variables is two, each with its own rights", async () => {
      const [eve, rival, seller, guide, elsewhere] = [
        await asks("guest:eve", "g"),
        await asks("rival:eve", "g"),
        await asks("shop:ann", "g"),
        await asks("guest:mia", "g"),
        await asks("guest:eve", "h"),
      ];
      await live.sales.listeners(5);
      const tokens = live.inits.map(({ authorization }) => JSON.parse((authorization as string).slice(7)));
      expect(tokens.map(({ organization, group }) => `${organization} ${group}`).sort()).toEqual([
        "guest g",
        "guest g",
        "guest h",
        "rival g",
        "shop g",
      ]);
      const [[toGuide]] = (await until("s1", guide, eve, rival, seller, elsewhere)) as [any[]];
      expect(toGuide!.data.sold).toEqual({ id: "s1", price: null, product: { name: null } });
      expect(toGuide!.errors.map(({ extensions }: any) => extensions)).toEqual([
        { code: "NOT_SHARED", organization: "shop", policy: "shop.price" },
        { code: "NOT_SHARED", organization: "maker", policy: "maker.catalog" },
      ]);
      // What the guide may not see was asked of nobody.
      expect(live.subscribed.filter(({ query }) => !query.includes("price"))).toHaveLength(1);
      expect(joins()).toBe(4);
    });
  });

  describe("I8: who joins a running subscription", () => {
    it("of an audience, is looked at as the first was", async () => {
      const eve = await asks("guest:eve", "g");
      await live.sales.listeners(1);
      const code = async (events: Events): Promise<string> =>
        (await events.next()).payload[0].extensions.code;
      expect(await code(await asks("guest:zoe", "g"))).toBe("NOT_FOUND");
      expect(await code(await asks("guest:eve", "nowhere"))).toBe("NOT_FOUND");
      // Outside the group nothing of the shop is shared with them.
      expect(await code(await asks("guest:eve", undefined))).toBe("NOT_SHARED");
      await until("s1", eve);
      expect(live.inits).toHaveLength(1);
    });

    it("is refused a root field that is withheld, and nothing is asked of the subgraph", async () => {
      live.groups.get("g")!.granted.set("guide", ["maker.catalog"]);
      const { type, payload } = await (await asks("guest:mia", "g")).next();
      expect([type, payload[0].extensions]).toEqual([
        "error",
        { code: "NOT_SHARED", organization: "shop", policy: "shop.sales" },
      ]);
      expect([live.inits.length, live.relays.size()]).toEqual([0, 0]);
    });
  });

  describe("I8: when rights change", () => {
    it("a subscription of who is no longer a member ends, and the others' go on", async () => {
      const [eve, bob] = [await asks("guest:eve", "g"), await asks("guest:bob", "g")];
      await live.sales.listeners(1);
      await until("s1", eve, bob);
      live.groups.get("g")!.members.delete("guest:eve");
      live.tell("g", "MEMBER");
      live.sales.publish(sale("s2"));
      const { type, payload } = await eve.next();
      expect([type, payload[0].extensions.code]).toEqual(["error", "FORBIDDEN"]);
      await until("s3", bob);
      expect(live.inits).toHaveLength(1);
    });

    it("what was withdrawn is not in any event after it, and the subscription at the subgraph is another", async () => {
      const [eve, bob] = [await asks("guest:eve", "g"), await asks("guest:bob", "g")];
      await live.sales.listeners(1);
      await until("s1", eve, bob);
      live.groups.get("g")!.granted.set("buyer", ["shop.sales"]);
      live.tell("g", "GRANT");
      live.sales.publish(sale("s2")); // with the rights of before: it may be lost, it may not be shown
      await live.sales.came(2);
      for (const came of await until("s3", eve, bob))
        for (const { data } of came)
          expect(data.sold).toMatchObject({ price: null, product: { name: null } });
      expect(live.upstreams()).toBe(1);
      const policies = live.inits.map(
        ({ authorization }) => JSON.parse((authorization as string).slice(7)).policies as unknown,
      );
      expect(policies).toEqual([["shop.sales", "shop.price"], ["shop.sales"]]);
    });

    it("a subscription whose root field was withdrawn ends, also at the subgraph", async () => {
      const eve = await asks("guest:eve", "g");
      await live.sales.listeners(1);
      live.groups.get("g")!.granted.set("buyer", ["maker.catalog"]);
      live.tell("g", "GRANT");
      const { type, payload } = await eve.next();
      expect([type, payload[0].extensions.code]).toEqual(["error", "NOT_SHARED"]);
      await live.sales.listeners(0);
      expect(live.upstreams()).toBe(0);
    });

    it("who has another role is of another audience from then on", async () => {
      const [eve, bob] = [await asks("guest:eve", "g"), await asks("guest:bob", "g")];
      await live.sales.listeners(1);
      live.groups.get("g")!.members.set("guest:eve", "guide");
      live.tell("g", "MEMBER");
      await live.sales.listeners(2);
      const [[toEve], [toBob]] = (await until("s1", eve, bob)) as [any[], any[]];
      expect([toEve!.data.sold.price, toBob!.data.sold.price]).toEqual([null, 4242]);
    });

    it("a word of the feed that changes no rights changes nothing", async () => {
      const eve = await asks("guest:eve", "g");
      await live.sales.listeners(1);
      live.tell("g", "MESSAGE");
      live.groups.get("g")!.members.set("guest:zoe", "seller");
      live.tell("g", "MEMBER");
      await until("s1", eve);
      expect(live.inits).toHaveLength(1);
    });
  });
});
