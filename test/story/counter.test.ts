// The counter story, told once: three old systems, five people of three companies, one group, live cards.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startStory, type Feed, type Story } from "../support/story.ts";

let story: Story;
let manager: Feed;
let guide: Feed;

const ACT = `mutation ($group: ID!, $verb: String!, $input: JSON!, $key: String!, $card: ID, $seen: Int) {
  act(groupId: $group, verb: $verb, input: $input, key: $key, cardId: $card, seen: $seen) {
    action { id status } card { id revision } userErrors { field code message }
  }
}`;

const cardOf = (event: any) => event.card;
const isCard = (event: any) => event.card !== undefined;

beforeAll(async () => {
  story = await startStory();
  manager = story.feed("mall:lin");
  guide = story.feed("brand:guo");
});
afterAll(() => story?.close());

async function act(
  person: string,
  verb: string,
  input: object,
  more: { key: string; card?: any },
): Promise<any> {
  const { key, card } = more;
  const { data, errors } = await story.query(person, ACT, {
    group: story.group,
    verb,
    input,
    key,
    card: card?.id,
    seen: card?.revision,
  });
  expect(errors).toBeUndefined();
  return data.act;
}

describe("the counter story", () => {
  let card: any;

  it("begins with the guide, who asks for 12 pairs", async () => {
    const { action, userErrors } = await act(
      "brand:guo",
      "restock.submit",
      { "lines.BL2481-38.pairs": "12", note: "weekend" },
      { key: "story-1" },
    );
    expect(userErrors).toEqual([]);
    expect(action.status).toBe("PENDING");
  });

  it("gives the manager a card that joins all three systems", async () => {
    card = cardOf(await manager.next((event) => event.__typename === "CardPosted"));
    const [line] = card.data.lines;
    expect(card.data).toMatchObject({
      status: "SUBMITTED",
      pairs: 12,
      note: "weekend",
      submittedBy: "brand:guo",
    });
    expect(line.product.name).toEqual(expect.stringMatching(/\w/)); // from SOAP
    expect(line.product.shelfPrice).toEqual({ minor: expect.any(Number), currency: "CNY" }); // from PostgreSQL
    expect(line.sku.onHand).toEqual(expect.any(Number)); // from the workbook
    expect(card.provenance.map(({ system, status }: any) => [system, status]).sort()).toEqual([
      ["brand", "OK"],
      ["mall", "OK"],
      ["supplier", "OK"],
    ]);
    const origins = card.provenance.map(({ system, paths }: any) => [system, paths]);
    expect(Object.fromEntries(origins)).toMatchObject({
      mall: expect.arrayContaining(["status", "pairs", "counter", "lines"]),
      brand: expect.arrayContaining(["lines.sku.size", "lines.product.name", "purchaseOrder"]),
      supplier: ["lines.sku.onHand", "lines.product.leadDays"],
    });
    expect(card.actions.map(({ verb }: any) => verb)).toEqual(["restock.approve", "restock.reject"]);
    const { rows } = await story.erp.query(
      `select "PRC_FEN" as fen from "T_PRC_SHLF" where trim("PRD_ID") = 'BL2481' and "EFF_DT" <= now() order by "EFF_DT" desc limit 1`,
    );
    expect(rows).toEqual([{ fen: line.product.shelfPrice.minor }]);
  });

  it("shows the guide the same order, without what is not shared with guides", async () => {
    const event = await guide.next(isCard);
    expect(event.card.data.id).toBe(card.data.id);
    expect(event.card.actions).toEqual([]);
  });

  it("changes the card by itself when the clerk saves the workbook with another figure", async () => {
    const before = card.data.lines[0].sku.onHand;
    await story.clerkSaves("BL2481-38", before + 31);
    const changed = await manager.next(
      (event) => event.__typename === "CardChanged" && event.card.data.lines[0].sku.onHand === before + 31,
    );
    expect(changed.card.id).toBe(card.id);
    expect(changed.card.revision).toBeGreaterThan(card.revision);
  });

  it("does nothing on a stale view, and gives the new card", async () => {
    const {
      action,
      userErrors,
      card: fresh,
    } = await act("mall:lin", "restock.approve", {}, { key: "story-stale", card });
    expect(action).toBeNull();
    expect(userErrors[0]).toMatchObject({ field: ["seen"], code: "STALE" });
    expect(fresh.revision).toBeGreaterThan(card.revision);
    card = { ...card, revision: fresh.revision };
  });

  it("ends with the manager's approval, in the mall's own table, seen by the guide", async () => {
    const { action, userErrors } = await act("mall:lin", "restock.approve", {}, { key: "story-2", card });
    expect(userErrors).toEqual([]);
    await manager.next((event) => event.action?.id === action.id && event.action.status === "DONE");
    const seen = await guide.next((event) => event.card?.data.status === "APPROVED");
    expect(seen.card.data.decidedBy).toBe("mall:lin");
    const { rows } = await story.erp.query(
      `select trim("STS") as status from "T_RPL_H" where trim("RPL_NO") = $1`,
      [card.data.id],
    );
    expect(rows).toEqual([{ status: "20" }]);
  });

  it("runs an action once, however often it is sent", async () => {
    const again = await act("mall:lin", "restock.approve", {}, { key: "story-2", card });
    expect(again.userErrors).toEqual([]);
    expect(again.action.status).toBe("DONE");
    const sent = await Promise.all(
      Array.from({ length: 5 }, () =>
        act(
          "brand:guo",
          "restock.submit",
          { lines: [{ skuId: "BL2481-38", pairs: 3 }], note: "only once" },
          { key: "story-3" },
        ),
      ),
    );
    expect(new Set(sent.map(({ action }) => action.id)).size).toBe(1);
    await guide.next((event) => event.action?.id === sent[0].action.id && event.action.status === "DONE");
    const { rows } = await story.erp.query(
      `select count(*)::int as orders from "T_RPL_H" where trim("REMARK") = 'only once'`,
    );
    expect(rows).toEqual([{ orders: 1 }]);
  });
});
