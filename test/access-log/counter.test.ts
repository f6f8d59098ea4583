// The counter story as the owners' access logs tell it: what was read of whose data, by whom, under which policy, and
// what was done in whose system.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { verifyChain } from "../../gateway/src/access-log/verify.ts";
import { startStory, type Answer, type Story } from "../support/story.ts";
import { ADMINS, linesOf, pageOf, submitOrder } from "./reading.ts";

let story: Story;
beforeAll(async () => {
  story = await startStory();
});
afterAll(() => story?.close());

/** Lines of an owner after `seq`, the oldest first. Rules and pushes leave some at any time: of whom is said where it counts. */
const after = (owner: string, seq: number, filter = {}) =>
  linesOf(story, owner, { after: String(seq), filter });
const headOf = async (owner: string): Promise<number> => Number((await pageOf(story, owner)).head?.seq ?? 0);

describe("a read of another organization's data", () => {
  it("leaves one line with who, where, by which policy, which keys and which fields", async () => {
    const before = await headOf("brand");
    const query = `query Names { product(id: "BL2481") { name suggestedPrice { minor } skus { size } } }`;
    expect((await story.query("mall:lin", query, {}, story.group)).data.product.name).toBeTruthy();
    const lines = await after("brand", before, { person: "mall:lin" });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      v: 1,
      owner: "brand",
      kind: "READ",
      organization: "mall",
      person: "mall:lin",
      group: story.group,
      role: "manager",
      policies: ["brand.catalog", "brand.price"],
      operation: { name: "Names", digest: expect.stringMatching(/^[\w-]{43}$/) },
      card: null,
      action: null,
      fields: [
        "Money.minor",
        "Product.name",
        "Product.skus",
        "Product.suggestedPrice",
        "Query.product",
        "Sku.size",
      ],
      moreFields: 0,
      moreEntities: 0,
    });
    const [product, ...skus] = lines[0].entities;
    expect(product).toEqual({ type: "Product", key: { id: "BL2481" } });
    expect(skus.length).toBeGreaterThan(1);
    expect(new Set(skus.map(({ type }: any) => type))).toEqual(new Set(["Sku"]));
  });

  it("leaves a line at each owner whose part was joined, with the keys by which it was asked", async () => {
    const heads = { mall: await headOf("mall"), supplier: await headOf("supplier") };
    const query = `{ product(id: "BL2481") { shelfPrice { minor } skus { onHand } } }`;
    const { data } = await story.query("brand:chen", query, {}, story.group);
    expect(data.product.skus[0].onHand).toBeTypeOf("number");
    expect(await after("mall", heads.mall, { person: "brand:chen" })).toMatchObject([
      {
        person: "brand:chen",
        entities: [{ type: "Product", key: { id: "BL2481" } }],
        policies: ["mall.price"],
      },
    ]);
    const [line, ...more] = await after("supplier", heads.supplier, { person: "brand:chen" });
    expect(more).toEqual([]);
    expect(line.entities).toHaveLength(data.product.skus.length);
    expect(line.fields).toContain("Sku.onHand");
  });

  it("leaves none where it was pruned: what was not shared was not read", async () => {
    const [mall, brand] = [await headOf("mall"), await headOf("brand")];
    const query = `{ product(id: "BL2481") { name shelfPrice { minor } } }`;
    const { data, errors } = await story.query("supplier:wang", query, {}, story.group);
    expect(data.product.shelfPrice).toBeNull();
    expect(errors![0].extensions.code).toBe("NOT_SHARED");
    expect(await after("mall", mall, { person: "supplier:wang" })).toEqual([]);
    expect((await after("brand", brand, { person: "supplier:wang" })).map(({ fields }) => fields)).toEqual([
      ["Product.name", "Query.product"],
    ]);
  });

  it("is not one when people read what is their own organization's", async () => {
    const told = (): Promise<unknown> =>
      Promise.all(["mall", "brand", "supplier"].map((owner) => after(owner, 0, { person: "brand:guo" })));
    const before = await told();
    const query = `{ product(id: "BL2481") { name skus { size } } }`;
    expect((await story.query("brand:guo", query, {}, story.group)).data.product.name).toBeTruthy();
    expect((await story.query("brand:guo", query)).data.product.name).toBeTruthy();
    expect(await told()).toEqual(before);
  });

  it("is told of every reader whose request was one with another's", async () => {
    const before = await headOf("brand");
    const query = `{ product(id: "BL2481") { image } }`;
    await Promise.all(Array.from({ length: 8 }, () => story.query("mall:lin", query, {}, story.group)));
    const lines = await after("brand", before, { person: "mall:lin" });
    expect(lines).toHaveLength(8);
    expect(new Set(lines.map(({ entities }) => JSON.stringify(entities))).size).toBe(1);
  });

  it("holds no values that were given as arguments", async () => {
    const before = await headOf("brand");
    await story.query(
      "mall:lin",
      `query ($s: String) { products(search: $s) { name } }`,
      { s: "Nappa 9917" },
      story.group,
    );
    await story.query("mall:lin", `{ products(search: "Nappa 9917") { name } }`, {}, story.group);
    const lines = await after("brand", before, { person: "mall:lin" });
    expect(lines).toHaveLength(2);
    expect(JSON.stringify(lines)).not.toContain("9917");
  });
});

describe("an action", () => {
  it("by which something is asked for leaves two lines, and one outcome however often it is sent", async () => {
    const before = await headOf("mall");
    const orders = await Promise.all([submitOrder(story, "once"), submitOrder(story, "once")]);
    expect(orders[0]).toBe(orders[1]);
    await submitOrder(story, "once");
    const lines = await after("mall", before, { kind: "ACTION_ENDED" });
    expect(lines).toMatchObject([
      {
        person: "brand:guo",
        role: "guide",
        // Its own, and that by which the order is shown that comes back.
        policies: ["mall.restock", "mall.restock.submit"],
        action: { verb: "restock.submit", field: "submitRestock", outcome: "DONE", codes: [] },
        entities: [{ type: "RestockOrder", key: { id: orders[0] } }],
      },
    ]);
    const begun = await after("mall", before, { kind: "ACTION_BEGUN" });
    expect(begun.map(({ action }) => action.attempt)).toEqual([lines[0].action.attempt]);
    expect(begun[0].action).toMatchObject({ outcome: null, run: lines[0].action.run });
    expect(begun[0].seq).toBeLessThan(lines[0].seq);
  });

  it("of the owner's own people leaves its lines too; on a stale view nothing was done, and nothing is told", async () => {
    const order = await submitOrder(story, "own");
    const feed = story.feed("mall:lin");
    const { card } = await feed.next((event) => event.card?.about.key.id === order);
    const act = async (key: string, seen: number) =>
      (
        await story.query(
          "mall:lin",
          `mutation ($g: ID!, $c: ID!, $k: String!, $s: Int!) { act(groupId: $g, cardId: $c, seen: $s, verb: "restock.approve", key: $k, input: {}) { action { id } userErrors { code } } }`,
          { g: story.group, c: card.id, k: key, s: seen },
        )
      ).data.act;
    const before = await headOf("mall");
    expect((await act("stale", card.revision + 5)).userErrors).toMatchObject([{ code: "STALE" }]);
    expect(await after("mall", before, { person: "mall:lin" })).toEqual([]);
    const { action } = await act("approve", card.revision);
    await feed.next((event) => event.action?.id === action.id && event.action.status === "DONE");
    const lines = await after("mall", before, { person: "mall:lin" });
    expect(lines).toMatchObject([
      { kind: "ACTION_BEGUN", card: { id: card.id, type: "restock.order" } },
      { kind: "ACTION_ENDED", action: { run: action.id, verb: "restock.approve", outcome: "DONE" } },
    ]);
    // Even before it was sent it was known about what.
    expect(lines[0].entities).toEqual([{ type: "RestockOrder", key: { id: order } }]);
    feed.close();
  });

  it("made directly leaves its lines; refused by the owner's system it is told so, whether its client asked or not", async () => {
    const before = await headOf("mall");
    const ask = `mutation ($id: ID!) { rejectRestock(input: { id: $id, reason: "secret reason 5521" }) { restockOrder { status } } }`;
    await story.query("mall:lin", ask, { id: "R99999999" }, story.group);
    const lines = await after("mall", before, { person: "mall:lin" });
    expect(lines).toMatchObject([
      { kind: "ACTION_BEGUN", action: { field: "rejectRestock", verb: null, run: null } },
      { kind: "ACTION_ENDED", action: { outcome: "REFUSED", codes: [expect.stringMatching(/^[A-Z_]+$/)] } },
    ]);
    expect(JSON.stringify(lines)).not.toContain("5521");
  });

  it("that the gateway does not allow never gets there, and leaves no line", async () => {
    const before = await headOf("mall");
    const ask = `mutation { approveRestock(input: { id: "R1" }) { restockOrder { id } } }`;
    expect((await story.query("supplier:wang", ask, {}, story.group)).errors![0].extensions.code).toBe(
      "FORBIDDEN",
    );
    expect(await after("mall", before, { person: "supplier:wang" })).toEqual([]);
  });
});

it("a card that is pushed is told of for each audience of other organizations, once, however many follow it", async () => {
  const order = await submitOrder(story, "pushed");
  const feeds = ["brand:chen", "brand:chen", "mall:lin"].map((person) => story.feed(person));
  const shown = await Promise.all(
    feeds.map((feed) => feed.next((event) => event.card?.about.key.id === order)),
  );
  const remark = async (text: string): Promise<void> => {
    await story.erp.query(`update "T_RPL_H" set "REMARK" = $1 where trim("RPL_NO") = $2`, [text, order]);
    await Promise.all(feeds.map((feed) => feed.next((event) => event.card?.data?.note === text)));
  };
  await remark("whatever came before this has been pushed");
  const before = await headOf("mall");
  await remark("pushed remark");
  const lines = await after("mall", before, {
    kind: "READ",
    entity: { type: "RestockOrder", key: { id: order } },
  });
  expect(lines).toMatchObject([
    {
      organization: "brand",
      person: null,
      role: "buyer",
      group: story.group,
      card: { id: shown[0].card.id, type: "restock.order" },
    },
  ]);
  expect(lines[0].fields).toContain("RestockOrder.note");
  for (const feed of feeds) feed.close();
});

describe("the log of an organization", () => {
  const ask = (person: string | null, organization: string, more = ""): Promise<Answer> =>
    story.query(person, `{ accessLog(organization: "${organization}" ${more}) { lines { line } } }`);

  it.each([
    ["mall:lin", "brand"],
    ["brand:guo", "brand"],
    ["plaza:mo", "mall"],
    ["plaza:mo", "nobody"],
  ])("is nothing to %s, of %s, whatever cursor is guessed", async (person, organization) => {
    for (const more of ["", `after: "0"`, `before: "99"`, `after: "1", order: OLDEST_FIRST`, "first: 0"]) {
      const { data, errors } = await ask(person, organization, more);
      expect(data ?? null).toBeNull();
      expect(errors).toHaveLength(1);
      expect(errors![0].extensions.code).toBe("FORBIDDEN");
    }
  });

  it("gives nobody anything who is not signed in", async () => {
    expect((await ask(null, "mall")).errors![0].extensions.code).toBe("UNAUTHENTICATED");
  });

  it("gives its administrators their own lines and no others, page by page, either way round", async () => {
    for (const owner of ["mall", "brand", "supplier"]) {
      const oldest = await linesOf(story, owner, { first: 3 });
      expect(new Set(oldest.map((line) => line.owner))).toEqual(new Set([owner]));
      expect(oldest.map(({ seq }) => seq)).toEqual(oldest.map((_, index) => index + 1));
      const newest = await linesOf(story, owner, { first: 4, order: "NEWEST_FIRST" });
      expect(newest.toReversed()).toEqual(oldest);
      expect(new Set(oldest.map((line) => line.organization)).size).toBeGreaterThan(0);
    }
  });

  it("is filtered by all that a line says", async () => {
    const all = await linesOf(story, "mall");
    const some = async (filter: object) => (await linesOf(story, "mall", { filter })).map(({ seq }) => seq);
    const those = (wanted: (line: any) => boolean) => all.filter(wanted).map(({ seq }) => seq);
    const middle = all[Math.floor(all.length / 2)]!.at;
    const cases: [object, (line: any) => boolean][] = [
      [{ kind: "READ" }, ({ kind }) => kind === "READ"],
      [{ outcome: "REFUSED" }, ({ action }) => action?.outcome === "REFUSED"],
      [{ person: "brand:guo" }, ({ person }) => person === "brand:guo"],
      [{ by: "brand" }, ({ organization }) => organization === "brand"],
      [{ group: story.group }, ({ group }) => group === story.group],
      [{ policy: "mall.price" }, ({ policies }) => policies.includes("mall.price")],
      [{ from: middle }, ({ at }) => at >= middle],
      [{ until: middle, kind: "READ" }, ({ at, kind }) => at < middle && kind === "READ"],
      [
        { entity: { type: "RestockOrder" } },
        ({ entities }) => entities.some((each: any) => each.type === "RestockOrder"),
      ],
      [
        { entity: { type: "Product", key: { id: "BL2481" } } },
        ({ entities }) => entities.some((each: any) => each.key.id === "BL2481"),
      ],
      [{ entity: { type: "Product", key: { id: "BL24" } } }, () => false],
      [{ group: "00000000-0000-0000-0000-000000000000" }, () => false],
    ];
    for (const [filter, wanted] of cases)
      expect([filter, await some(filter)]).toEqual([filter, those(wanted)]);
    expect(those(({ action }) => action?.outcome === "REFUSED").length).toBeGreaterThan(0);
    expect(those(({ policies }) => policies.includes("mall.price")).length).toBeGreaterThan(0);
  });

  it("refuses cursors that are none", async () => {
    for (const cursor of ["-1", "1e3", "x", "1' or '1'='1", "9".repeat(30)]) {
      const { errors } = await ask(ADMINS["mall"]!, "mall", `after: ${JSON.stringify(cursor)}`);
      expect(errors![0].extensions.code).toBe("BAD_USER_INPUT");
    }
  });

  it("is one unbroken chain", async () => {
    for (const owner of ["mall", "brand", "supplier"]) {
      const verifying = verifyChain();
      for (const line of await linesOf(story, owner)) verifying.take(line);
      const { head, broken } = verifying.end();
      expect(broken).toBeNull();
      const page = await pageOf(story, owner);
      expect(head).toEqual({ seq: Number(page.head.seq), hash: page.head.hash });
    }
  });
});

describe("while it cannot be written (closed by default)", () => {
  const withoutLog = async (work: () => Promise<void>): Promise<void> => {
    await story.database.query("alter table access_line rename to access_line_away");
    try {
      await work();
    } finally {
      await story.database.query("alter table access_line_away rename to access_line");
    }
  };

  it("others get an error that says so, and no data; own people go on", () =>
    withoutLog(async () => {
      const query = `{ product(id: "BL2481") { name } }`;
      const { data, errors } = await story.query("mall:lin", query, {}, story.group);
      expect(data ?? null).toBeNull();
      expect(errors).toMatchObject([
        { message: expect.stringContaining("access log"), extensions: { code: "UNAVAILABLE" } },
      ]);
      expect(await story.query("brand:guo", query, {}, story.group)).toEqual({
        data: { product: { name: expect.any(String) } },
      });
    }));

  it("nothing is done in anybody's system", async () => {
    const submit = (): Promise<Answer> =>
      story.query(
        "brand:guo",
        `mutation { submitRestock(input: { counterId: "017", key: "later", lines: [{ skuId: "BL2481-38", pairs: 2 }] }) { restockOrder { id } } }`,
        {},
        story.group,
      );
    const count = async (): Promise<number> =>
      Number((await story.erp.query(`select count(*) from "T_RPL_H"`)).rows[0].count);
    const before = await count();
    await withoutLog(async () => {
      const { data, errors } = await submit();
      expect(data ?? null).toBeNull();
      expect(errors).toMatchObject([{ extensions: { code: "UNAVAILABLE" } }]);
    });
    expect(await count()).toBe(before);
    expect((await submit()).data.submitRestock.restockOrder.id).toBeTruthy();
    expect(await count()).toBe(before + 1);
  });

  it("of what was done already it is said that it was sent", async () => {
    await story.database.query(
      `create function lost() returns trigger language plpgsql as $$ begin raise exception 'lost'; end $$;
       create trigger lost before insert on access_line for each row
         when (new.line ->> 'kind' = 'ACTION_ENDED') execute function lost()`,
    );
    const before = await headOf("mall");
    const { data, errors } = await story.query(
      "brand:guo",
      `mutation { submitRestock(input: { counterId: "017", key: "sent", lines: [{ skuId: "BL2481-38", pairs: 2 }] }) { restockOrder { id } } }`,
      {},
      story.group,
    );
    await story.database.query("drop function lost cascade");
    expect(data ?? null).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: "UNAVAILABLE", sent: true } }]);
    const lines = (await after("mall", before)).filter(({ action }) => action !== null);
    expect(lines.map(({ kind }) => kind)).toEqual(["ACTION_BEGUN"]);
  });

  it("a card is not pushed to others, who lose nothing: they come back with their cursor", async () => {
    const order = await submitOrder(story, "away");
    const feed = story.feed("brand:chen");
    await feed.next((event) => event.card?.about.key.id === order);
    await withoutLog(async () => {
      await story.erp.query(`update "T_RPL_H" set "REMARK" = 'unlogged' where trim("RPL_NO") = $1`, [order]);
      expect(JSON.stringify(await feed.ended)).toContain("UNAVAILABLE");
    });
    expect(JSON.stringify(feed.events)).not.toContain("unlogged");
    const again = story.feed("brand:chen", { after: feed.events.at(-1).seq });
    await again.next((event) => event.card?.data?.note === "unlogged");
    again.close();
  });
});
