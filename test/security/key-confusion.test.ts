// Key confusion (CVE-2024-32971, CVE-2025-27097, mercurius issue 424): tenants who ask the same at the same time get
// each their own. Every cache and every dedupe of the gateway is on, over real subgraphs that check who asks.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startStory, type Answer, type Feed, type Story } from "../support/story.ts";
import { openSocket, type Client } from "./doors.ts";

let story: Story;
let otherGroup: string;

const mutate = async (person: string, field: string, args: string, group: string): Promise<void> => {
  const { data } = await story.query(
    person,
    `mutation ($g: ID!) { ${field}(groupId: $g, ${args}) { userErrors { code message } } }`,
    { g: group },
  );
  expect(data[field].userErrors).toEqual([]);
};

beforeAll(async () => {
  story = await startStory();
  const { data } = await story.query(
    "mall:lin",
    `mutation { createGroup(input: { scenario: "counter", name: "Counter 018", subjectId: "018", key: "another", accept: { all: true } }) { group { id } } }`,
  );
  otherGroup = data.createGroup.group.id;
  await story.comeIn(otherGroup, "brand:chen", [{ personId: "brand:guo", role: "guide" }]);
  await mutate("mall:lin", "withdraw", 'policy: "mall.price", role: "guide"', otherGroup);
});
afterAll(() => story?.close());

/** Over three old systems. */
const PRODUCT = `query ($id: ID!) { me { id } product(id: $id) { id name stock leadDays shelfPrice { minor } suggestedPrice { minor } sold } }`;

/** Over one of them. */
const COUNTER = `query ($id: ID!) { me { id } counter(id: $id) { id name floor } }`;

interface Asked {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Asks over a socket, as `story.query` does over HTTP. */
async function socketOf(person: string, asked: Asked): Promise<(group?: string) => Promise<Answer>> {
  const client: Client = await openSocket(`${story.gateway.url.replace("http", "ws")}/graphql`);
  client.send({
    type: "connection_init",
    payload: { authorization: `Bearer ${await story.token(person)}` },
  });
  await client.next();
  const waiting = new Map<string, (answer: Answer) => void>();
  const listen = async (): Promise<never> => {
    for (;;) {
      const { id, type, payload } = await client.next();
      if (type === "next") waiting.get(id)!(payload as Answer);
    }
  };
  listen().catch(() => undefined); // closed with the story
  let next = 0;
  return (group) =>
    new Promise((resolve) => {
      const id = String(next++);
      waiting.set(id, resolve);
      const extensions = group === undefined ? {} : { extensions: { group } };
      const payload = { ...asked, ...extensions };
      client.send({ id, type: "subscribe", payload });
    });
}

describe("one operation with the same variables", () => {
  const T = true;
  const F = false;
  it.each<[times: number, over: string, asked: Asked, seen: boolean[]]>([
    [1_000, "three systems", { query: PRODUCT, variables: { id: "BL2481" } }, [T, T, T, T, F, T, F, F]],
    [10_000, "one", { query: COUNTER, variables: { id: "017" } }, [T, T, T, F, F, F, T, F]],
  ])(
    "is answered to each of several tenants, in each of several groups, %i times at once over %s",
    { timeout: 180_000 },
    async (times, _over, { query, variables }, seen) => {
      /** Person, and the group in which they ask. */
      const askers: readonly [person: string, group: string | undefined][] = [
        ["mall:lin", story.group],
        ["brand:guo", story.group],
        ["supplier:wang", story.group],
        ["brand:guo", otherGroup],
        ["mall:lin", otherGroup],
        ["brand:guo", undefined],
        ["mall:zhao", undefined],
        ["plaza:mo", undefined],
      ];
      const people = [...new Set(askers.map(([person]) => person))];
      const sockets = new Map(
        await Promise.all(
          people.map(async (person) => [person, await socketOf(person, { query, variables })] as const),
        ),
      );
      const overHttp = (person: string, group?: string): Promise<Answer> =>
        story.query(person, query, variables, group);

      const alone: string[] = [];
      for (const [person, group] of askers) alone.push(JSON.stringify(await overHttp(person, group)));
      // No two get the same: whoever gets what another should get is seen.
      expect(new Set(alone).size).toBe(askers.length);
      expect(alone.map((text) => text.includes(String(variables.id)))).toEqual(seen);

      const wrong: string[] = [];
      let asked = 0;
      const work = async (): Promise<void> => {
        while (asked < times) {
          const turn = asked++;
          const index = turn % askers.length;
          const [person, group] = askers[index]!;
          // Both doors, not in step with who asks.
          const answer = await (turn % 3 === 0 ? sockets.get(person)!(group) : overHttp(person, group));
          if (JSON.stringify(answer) !== alone[index])
            wrong.push(`${person} in ${group}: ${JSON.stringify(answer)}, and alone: ${alone[index]}`);
        }
      };
      await Promise.all(Array.from({ length: 40 }, work));
      expect(wrong).toEqual([]);
    },
  );

  it("is pushed to each audience as it may see it, and to all of one audience alike", async () => {
    const people = ["mall:lin", "brand:guo", "brand:chen", "supplier:wang"];
    const feeds: [person: string, feed: Feed][] = [];
    for (let n = 0; n < 40; n++) feeds.push([people[n % 4]!, story.feed(people[n % 4]!)]);
    await story.query(
      "brand:guo",
      `mutation ($g: ID!) { act(groupId: $g, verb: "restock.submit", key: "confusion", input: { lines: [{ skuId: "BL2481-38", pairs: 4 }] }) { userErrors { code } } }`,
      { g: story.group },
    );
    const views = new Map(people.map((person) => [person, new Set<string>()]));
    for (const [person, feed] of feeds) {
      const { card } = await feed.next((event) => event.__typename === "CardPosted");
      views.get(person)!.add(JSON.stringify([card.data, card.withheld, card.actions]));
      feed.close();
    }
    expect([...views.values()].map(({ size }) => size)).toEqual([1, 1, 1, 1]);
    const [manager, guide, , supplier] = [...views.values()].map(
      (texts) => JSON.parse([...texts][0]!) as any,
    );
    expect(manager[2].map(({ verb }: { verb: string }) => verb)).toContain("restock.approve");
    expect(guide[2]).toEqual([]);
    expect(guide[0].lines[0].product.shelfPrice).not.toBeNull();
    expect(supplier[0].lines[0].product.shelfPrice).toBeNull();
  });
});

describe("a key that was used by another", () => {
  it("of an action, is another action", async () => {
    await mutate("brand:chen", "addMember", 'personId: "brand:chen", role: "guide"', otherGroup);
    const submit = async (person: string, group: string): Promise<string> => {
      const { data } = await story.query(
        person,
        `mutation ($g: ID!) { act(groupId: $g, verb: "restock.submit", key: "same key", input: { lines: [{ skuId: "BL2481-38", pairs: 1 }] }) { action { id } userErrors { code } } }`,
        { g: group },
      );
      return data.act.action.id as string;
    };
    const ids = [
      await submit("brand:guo", story.group),
      await submit("brand:guo", otherGroup),
      await submit("brand:chen", otherGroup),
      await submit("brand:guo", story.group),
    ];
    expect(new Set(ids).size).toBe(3);
    expect(ids[3]).toBe(ids[0]);
  });
});
