// What people say in a group is for its members, and what one said is one's own: whoever else tries, at every door, to read
// it, to find it, to change it, or to name in it what is not of the group.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FEED_DOORS, startStory, type Answer, type Story } from "../support/story.ts";

let story: Story;
/** About counter 018: the mall is in it, alone. */
let group: string;
/** What lin said there, and a card of the story's group, on which guo said something. */
let message: string;
let card: string;
let own: string;

const DOORS = ["http", ...FEED_DOORS] as const;

const ask = (door: (typeof DOORS)[number], person: string, query: string): Promise<Answer> =>
  door === "http" ? story.query(person, query) : story.queryOver(door, person, query);
const mutation = (field: string, args: string): string =>
  `mutation { it: ${field}(${args}) { userErrors { field code } } }`;
/** Why it is refused, if it is: by the same code at every door. */
async function refusals(person: string, query: string): Promise<string[]> {
  const answers = await Promise.all(DOORS.map((door) => ask(door, person, query)));
  const codes = answers.map(({ data, errors }) =>
    (data?.it?.userErrors ?? errors).map((error: any) =>
      [...(error.field ?? []), error.code ?? error.extensions.code].join(" "),
    ),
  );
  for (const each of codes) expect(each).toEqual(codes[0]);
  return codes[0]!;
}

beforeAll(async () => {
  story = await startStory();
  const said = async (person: string, args: string): Promise<string> => {
    const { data } = await story.query(
      person,
      `mutation { postMessage(${args}) { message { id } userErrors { code } } }`,
    );
    return data.postMessage.message.id;
  };
  const { data } = await story.query(
    "mall:lin",
    `mutation { createGroup(input: { scenario: "counter", name: "Counter 018", subjectId: "018", key: "018" }) { group { id } } }`,
  );
  group = data.createGroup.group.id;
  message = await said(
    "mall:lin",
    `groupId: "${group}", text: "canary words", key: "1", mentions: ["mall:lin"]`,
  );
  const feed = story.feed("mall:lin");
  await story.query(
    "brand:guo",
    `mutation { act(groupId: "${story.group}", verb: "restock.submit", key: "k", input: { lines: [{ skuId: "BL2481-38", pairs: 12 }] }) { action { id } } }`,
  );
  card = (await feed.next((event) => event.card?.type === "restock.order")).card.id;
  feed.close();
  own = await said(
    "brand:guo",
    `groupId: "${story.group}", text: "canary of guo", key: "2", cardId: "${card}"`,
  );
});
afterAll(() => story?.close());

describe("I2: who is in no group with them", () => {
  const OUTSIDE = ["brand:guo", "brand:chen", "supplier:wang"];

  it.each(OUTSIDE)("%s says, edits and deletes nothing there", async (person) => {
    const tries = [
      mutation("postMessage", `groupId: "${group}", text: "x", key: "x"`),
      mutation("postMessage", `groupId: "${group}", text: "x", key: "x", replyTo: "${message}"`),
      mutation("editMessage", `groupId: "${group}", messageId: "${message}", text: "x"`),
      mutation("deleteMessage", `groupId: "${group}", messageId: "${message}"`),
    ];
    for (const each of tries) expect(await refusals(person, each)).toEqual(["groupId NOT_FOUND"]);
    // Nor by way of a group in which they are.
    for (const [field, args] of [
      ["editMessage", `messageId: "${message}", text: "x"`],
      ["deleteMessage", `messageId: "${message}"`],
    ] as const)
      expect(await refusals(person, mutation(field, `groupId: "${story.group}", ${args}`))).toEqual([
        "messageId NOT_FOUND",
      ]);
    expect(
      await refusals(
        person,
        mutation("postMessage", `groupId: "${story.group}", text: "x", key: "x", replyTo: "${message}"`),
      ),
    ).toEqual(["replyTo NOT_FOUND"]);
  });

  it.each(OUTSIDE)("%s reads and finds nothing of it", async (person) => {
    const within = [
      `message(id: "${message}") { text }`,
      `thread(messageId: "${message}") { text }`,
      `mentions { text }`,
      `search(text: "canary") { snippet { text } }`,
    ];
    for (const door of DOORS) {
      for (const selection of within) {
        const there = await ask(door, person, `{ group(id: "${group}") { ${selection} } }`);
        expect(there.data?.group ?? null).toBeNull();
        const here = await ask(door, person, `{ group(id: "${story.group}") { ${selection} } }`);
        expect(JSON.stringify(here)).not.toContain("canary words");
      }
      const everywhere = await ask(door, person, `{ search(text: "canary") { group { id } } }`);
      expect(everywhere.data.search).toEqual([{ group: { id: story.group } }]);
    }
  });
});

describe("a member", () => {
  it.each(["mall:lin", "brand:chen", "supplier:wang"])(
    "%s does not change what another said, of their own organization neither",
    async (person) => {
      const inGroup = `groupId: "${story.group}", messageId: "${own}"`;
      const head = await story.query(person, `{ group(id: "${story.group}") { head } }`);
      expect(await refusals(person, mutation("editMessage", `${inGroup}, text: "x"`))).toEqual([
        "messageId NOT_OWN",
      ]);
      expect(await refusals(person, mutation("deleteMessage", inGroup))).toEqual(["messageId NOT_OWN"]);
      expect(await story.query(person, `{ group(id: "${story.group}") { head } }`)).toEqual(head);
    },
  );

  it("mentions nobody who is not one, and talks about no card of another group", async () => {
    const say = (more: string): string =>
      mutation("postMessage", `groupId: "${group}", text: "x", key: "x", ${more}`);
    expect(await refusals("mall:lin", say(`mentions: ["brand:guo"]`))).toEqual(["mentions 0 NOT_A_MEMBER"]);
    expect(await refusals("mall:lin", say(`mentions: ["nobody:x"]`))).toEqual(["mentions 0 NOT_A_MEMBER"]);
    expect(await refusals("mall:lin", say(`cardId: "${card}"`))).toEqual(["cardId NOT_FOUND"]);
  });

  it("sees in their own mentions nobody else's", async () => {
    for (const door of DOORS) {
      const { data } = await ask(
        door,
        "supplier:wang",
        `{ group(id: "${story.group}") { mentions { text } } }`,
      );
      expect(data.group.mentions).toEqual([]);
    }
  });
});

describe("I1, I2: a card", () => {
  const found = async (door: (typeof DOORS)[number], person: string, text: string): Promise<string[]> => {
    const query = `{ group(id: "${story.group}") { search(text: "${text}", kind: CARD) { card { id } } } }`;
    return (await ask(door, person, query)).data.group.search.map((hit: any) => hit.card.id);
  };

  it("is found by what it shows, and not by what is withheld from who looks", async () => {
    for (const door of DOORS) {
      expect(await found(door, "mall:lin", "809")).toEqual([card]);
      expect(await found(door, "supplier:wang", "809")).toEqual([]);
      expect(await found(door, "supplier:wang", "Nappa")).toEqual([card]);
    }
  });

  it("I8: is not found any more by what was shared with them before", async () => {
    expect(await found("http", "brand:guo", "809")).toEqual([card]);
    await story.query(
      "mall:lin",
      `mutation { withdraw(groupId: "${story.group}", policy: "mall.price", role: "guide") { userErrors { code } } }`,
    );
    for (const door of DOORS) expect(await found(door, "brand:guo", "809")).toEqual([]);
  });

  it("leaves nothing in the gateway's database by being looked through", async () => {
    await found("http", "mall:lin", "Nappa");
    const { rows } = await story.database.query<{ dump: string }>(
      "select database_to_xml(true, false, '')::text as dump",
    );
    expect(rows[0]!.dump).toContain("canary words");
    expect(rows[0]!.dump).not.toContain("Nappa");
  });
});
