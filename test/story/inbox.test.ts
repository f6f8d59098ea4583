// The inbox: what waits for a person in all their groups, each card as its own group may see it; and what others could
// try with it, at every door.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FEED_DOORS, startStory, type Answer, type Feed, type Story } from "../support/story.ts";

let story: Story;
let manager: Feed;
/** The order's card, as the manager found it. */
let card: any;

const INBOX = `{ inbox { waiting cards { group { id name } card { id dueAt summary data revision actions { verb } withheld { path } } } }
  done: inbox(state: DONE) { cards { card { id } } } }`;
const inbox = async (person: string): Promise<any[]> =>
  (await story.query(person, INBOX)).data.inbox.cards.map((each: any) => ({
    ...each.card,
    group: each.group.id,
  }));
const waits = async (person: string): Promise<boolean> =>
  (await inbox(person)).some(({ id }) => id === card.id);

/** As the list of groups has it. */
const waitingIn = async (person: string): Promise<number> => {
  const { data } = await story.query(person, `{ group(id: "${story.group}") { reading { waiting } } }`);
  return data.group.reading.waiting;
};

async function share(
  admin: string,
  field: "grant" | "withdraw",
  policy: string,
  role: string,
): Promise<void> {
  const { data } = await story.query(
    admin,
    `mutation { it: ${field}(groupId: "${story.group}", policy: "${policy}", role: "${role}") { userErrors { code } } }`,
  );
  expect(data.it.userErrors).toEqual([]);
}

async function act(person: string, verb: string, input: string, seen = ""): Promise<string> {
  const { data } = await story.query(
    person,
    `mutation { act(groupId: "${story.group}", verb: "${verb}", input: ${input}, key: "${verb}"${seen}) { action { id } userErrors { code } } }`,
  );
  expect(data.act.userErrors).toEqual([]);
  return data.act.action.id;
}

beforeAll(async () => {
  story = await startStory();
  manager = story.feed("mall:lin");
  await act("brand:guo", "restock.submit", `{ lines: [{ skuId: "BL2481-38", pairs: 12 }] }`);
  card = (await manager.next(({ card: posted }) => posted?.type === "restock.order")).card;
});
afterAll(() => story?.close());

describe("the inbox", () => {
  it("has the card soon after it was posted", async () => {
    await expect.poll(() => waits("mall:lin")).toBe(true);
  });

  it("has the card, joined, with its due time and what may be done with it", async () => {
    const found = (await inbox("mall:lin")).find(({ id }) => id === card.id);
    expect(found).toMatchObject({ group: story.group, revision: card.revision, data: card.data });
    expect(Date.parse(found.dueAt) - Date.parse(found.data.submittedAt)).toBe(86_400_000);
    expect(found.actions.map(({ verb }: any) => verb)).toEqual(["restock.approve", "restock.reject"]);
  });

  it("I2: has each card as its own group may see it, whichever group is asked in", async () => {
    const { data } = await story.query(
      "mall:lin",
      `mutation { it: createGroup(input: { scenario: "counter", name: "Counter 018", subjectId: "018", key: "018" }) { group { id } } }`,
    );
    const other = await story.query("mall:lin", INBOX, {}, data.it.group.id);
    expect(other.data).toEqual((await story.query("mall:lin", INBOX)).data);
    const { withheld } = (await inbox("mall:lin")).find(({ id }) => id === card.id);
    expect(withheld).toEqual((await cardIn("mall:lin")).withheld);
  });

  it("has nothing for the buyer, who is addressed, and can do nothing before it is approved", async () => {
    expect((await cardIn("brand:chen")).to).toContain("buyer");
    expect((await story.query("brand:chen", INBOX)).data.inbox).toEqual({ waiting: 0, cards: [] });
    expect(await waitingIn("brand:chen")).toBe(0);
    expect(await waitingIn("mall:lin")).toBe(1);
  });

  it("leaves out what was withdrawn", async () => {
    const stock = (): Promise<unknown> =>
      inbox("mall:lin").then(([{ data }]) => data.lines[0].sku.onHand ?? null);
    const before = await stock();
    expect(before).not.toBeNull();
    await share("supplier:wang", "withdraw", "supplier.stock", "manager");
    expect(await stock()).toBeNull();
    await share("supplier:wang", "grant", "supplier.stock", "manager");
    expect(await stock()).toEqual(before);
  });

  it("lets go of what I have acted on, and has it for the buyer, who had finished it and is nowhere to be seen", async () => {
    await story.query("brand:chen", `mutation { finishCard(cardId: "${card.id}") { userErrors { code } } }`);
    expect(await waits("brand:chen")).toBe(false);
    const { revision } = await cardIn("mall:lin");
    const id = await act("mall:lin", "restock.approve", "{}", `, cardId: "${card.id}", seen: ${revision}`);
    await manager.next(({ action }) => action?.id === id && action.status === "DONE");
    await expect.poll(() => waits("brand:chen")).toBe(true);
    expect(await waits("mall:lin")).toBe(false);
    const { data } = await story.query("mall:lin", INBOX);
    expect(data.done.cards).toEqual([{ card: { id: card.id } }]);
    expect([await waitingIn("brand:chen"), await waitingIn("mall:lin")]).toEqual([1, 0]);
  });

  it("I8: lets go of what I may not do any more, and has it again, due as before, when I may", async () => {
    const groups = story.follow(
      "brand:chen",
      "subscription { myGroups { groups { id reading { waiting } } } }",
    );
    const told = (waiting: number) =>
      groups.next((event) => {
        const [group] = event.groups;
        return (
          groups.events.indexOf(event) >= seen &&
          group?.id === story.group &&
          group.reading.waiting === waiting
        );
      });
    let seen = 0;
    await told(1);
    const [{ dueAt }] = await inbox("brand:chen");
    expect(dueAt).not.toBeNull();

    seen = groups.events.length;
    await share("brand:chen", "withdraw", "brand.orders.place", "buyer");
    await told(0);
    expect(await waits("brand:chen")).toBe(false);

    seen = groups.events.length;
    await share("brand:chen", "grant", "brand.orders.place", "buyer");
    await told(1);
    expect(await inbox("brand:chen")).toMatchObject([{ id: card.id, dueAt }]);
    groups.close();
  });
});

describe("of a card in a group of others, at every door,", () => {
  const codes = async (person: string, call: string): Promise<string[]> => {
    const query = `mutation { it: ${call} { userErrors { code } } }`;
    const codesIn = ({ data, errors }: Answer): string[] =>
      (data?.it?.userErrors ?? errors).map((error: any) => error.code ?? error.extensions.code);
    const said = codesIn(await story.query(person, query));
    for (const door of FEED_DOORS)
      expect(codesIn(await story.queryOver(door, person, query)), door).toEqual(said);
    return said;
  };
  const CALLS: readonly ((id: string) => string)[] = [
    (id) => `finishCard(cardId: "${id}")`,
    (id) => `returnCard(cardId: "${id}")`,
    (id) => `snoozeCard(cardId: "${id}", until: "2100-01-01T00:00:00Z")`,
  ];

  it.each(["plaza:mo", "comet:tang", "mall:zhao"])(
    "%s sees nothing, and does nothing with it",
    async (person) => {
      for (const door of FEED_DOORS) {
        const { data } = await story.queryOver(door, person, INBOX);
        expect(data).toEqual({ inbox: { waiting: 0, cards: [] }, done: { cards: [] } });
      }
      for (const call of CALLS) expect(await codes(person, call(card.id))).toEqual(["NOT_FOUND"]);
      expect(await codes(person, `muteGroup(groupId: "${story.group}")`)).toEqual(["NOT_FOUND"]);
      const { rows } = await story.database.query("select from card_mark where person = $1", [person]);
      expect(rows).toEqual([]);
    },
  );

  it.each(["", "*", "__proto__", "' or true --", "\\u0000"])("an id %j is that of none", async (id) => {
    for (const call of CALLS) expect(await codes("mall:lin", call(id))).toEqual(["NOT_FOUND"]);
  });

  it("who was removed has it no more, from that moment", async () => {
    expect(await waits("brand:chen")).toBe(true);
    await story.query(
      "brand:chen",
      `mutation { removeMember(groupId: "${story.group}", personId: "brand:chen") { userErrors { code } } }`,
    );
    expect((await story.query("brand:chen", INBOX)).data.inbox).toEqual({ waiting: 0, cards: [] });
    for (const call of CALLS) expect(await codes("brand:chen", call(card.id))).toEqual(["NOT_FOUND"]);
  });
});

it("I1: what is kept of it are ids, and names of roles and actions", async () => {
  const { rows } = await story.database.query("select * from card_mark");
  expect(rows.length).toBeGreaterThan(0);
  for (const row of rows) {
    expect(Object.keys(row).sort()).toEqual(["at", "card", "person", "until", "verbs"]);
    expect(row.verbs.every((verb: string) => /^restock\.\w+$/.test(verb))).toBe(true);
  }
  const { rows: turns } = await story.database.query("select * from card_turn");
  expect(turns.length).toBeGreaterThan(0);
  for (const turn of turns) {
    expect(Object.keys(turn).sort()).toEqual(["card", "organization", "role", "verbs"]);
    expect(turn.verbs.every((verb: string) => /^[\w-]+\.\w+$/.test(verb))).toBe(true);
  }
});

async function cardIn(person: string): Promise<any> {
  const { data } = await story.query(
    person,
    `{ group(id: "${story.group}") { card(id: "${card.id}") { to revision withheld { path } } } }`,
  );
  return data.group.card;
}
