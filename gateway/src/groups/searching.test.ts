// Looking for cards in all of one's groups: everything is found, a few groups at a time.
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { startTestServer, testLog, type TestServer } from "../database/test-server.ts";
import { openGroups, type Groups } from "./store.ts";
import { createHarness, type Harness } from "./subgraph-harness.ts";
import { makeCounterGroup } from "./test-group.ts";

let server: TestServer;
let groups: Groups;
let harness: Harness;

beforeAll(async () => void (server = await startTestServer()));
afterAll(() => server.close());
beforeEach(async () => {
  groups = await openGroups({ databaseUrl: await server.freshDatabase(), ...testLog() });
  harness = createHarness(groups);
  return () => groups.close();
});

const SEARCH = `query ($groups: [ID!]) { searchCards(text: "summary", groups: $groups) { hits { card { id } group { id } } left } }`;

async function search(as: string, among: readonly string[] | null = null): Promise<any> {
  harness.opened.length = 0;
  const { data, errors } = await harness.ask(SEARCH, { as, variables: { groups: among } });
  expect(errors).toBeUndefined();
  return JSON.parse(JSON.stringify(data)).searchCards;
}

/** A group of lin alone, with so many cards. */
async function groupWith(
  cards: number,
  key: string,
): Promise<{ readonly id: string; readonly cards: string[] }> {
  const { id } = await makeCounterGroup(groups, { key, alone: true });
  const posted: string[] = [];
  for (let n = 0; n < cards; n++) {
    const entity = { type: "RestockOrder", key: { id: `${key}-${n}` } };
    const { card } = await groups.postCard({ groupId: id, type: "restock.order", entity, to: ["manager"] });
    posted.push(card.id);
  }
  return { id, cards: posted };
}

it("finds all of them, the group first in which something happened last, and never joins very many at once", async () => {
  const made = [];
  for (const [at, cards] of [30, 45, 0, 20, 15, 40].entries()) made.push(await groupWith(cards, `${at}`));
  const found: string[] = [];
  let left: readonly string[] | null = null;
  let questions = 0;
  do {
    const answer = await search("mall:lin", left);
    expect(harness.opened.length).toBeLessThanOrEqual(80);
    if (questions === 0) expect(answer.hits.map(({ group }: any) => group.id)).toContain(made.at(-1)!.id);
    found.push(...answer.hits.map(({ card }: any) => card.id));
    // What happens meanwhile neither hides a group nor shows it twice.
    await groups.postMessage({ groupId: made[0]!.id, actor: "mall:lin", text: "!", key: `${questions}` });
    left = answer.left;
    questions += 1;
  } while (left!.length > 0);
  expect(questions).toBeGreaterThan(1);
  expect(found.toSorted()).toEqual(made.flatMap(({ cards }) => cards).toSorted());
});

it("I2: looks into no group of others, also when it is named", async () => {
  const { id } = await groupWith(2, "mine");
  expect(await search("plaza:mo", [id])).toEqual({ hits: [], left: [] });
  expect(harness.opened).toEqual([]);
  expect(await search("mall:lin", [id, "no id"])).toMatchObject({ left: [] });
});

it("joins nothing for a text that is none", async () => {
  await groupWith(1, "mine");
  const query = `{ searchCards(text: " ") { left } }`;
  const { errors } = await harness.ask(query, { as: "mall:lin" });
  expect(errors?.[0]?.originalError).toMatchObject({ code: "BAD_USER_INPUT" });
});
