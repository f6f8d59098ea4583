// The graph changes while the gateway runs: no request fails, no subscription ends, and what is wrong changes nothing.
import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openSocket, type Client } from "../security/doors.ts";
import { openEvents } from "../support/event-stream.ts";
import { FEED_DOORS, startStory, type Feed, type Story } from "../support/story.ts";
import {
  addTill,
  copySchemaFolder,
  startTill,
  TILL_WITH_NOTE,
  TILL_WITHOUT_NOTE,
  type SchemaFolder,
  type Till,
} from "./folder.ts";

const lines: any[] = [];
let story: Story;
let folder: SchemaFolder;
let till: Till;

beforeAll(async () => {
  story = await startStory({
    log: { write: (line) => void lines.push(JSON.parse(line)) },
    async also(gatewayUrl, dir, issuersUrl) {
      folder = await copySchemaFolder(dir);
      till = await startTill({ typeDefs: TILL_WITH_NOTE, gatewayUrl, dir });
      await addTill(folder, till.subgraph.url, TILL_WITHOUT_NOTE);
      await folder.edit("supergraph.yaml", (yaml) => yaml.replaceAll("http://127.0.0.1:4100", issuersUrl));
      folder.compose();
      return {
        config: { schemaDir: folder.schemaDir, issuers: new Map() },
        subgraphs: [till.subgraph],
      };
    },
  });
});
afterAll(() => story?.close());

const health = async (): Promise<any> => (await fetch(`${story.gateway.url}/health`)).json();
const versionNow = async (): Promise<string> => (await health()).graph.version;

/** Does something to the folder, and resolves when the graph of it is in force. */
async function change(doing: () => Promise<void> | void): Promise<void> {
  const before = await versionNow();
  await doing();
  await expect.poll(versionNow, { timeout: 20_000 }).not.toBe(before);
}
const says = (words: string): any => lines.find(({ msg }) => String(msg).includes(words));

let said = 0;
async function say(): Promise<string> {
  const text = `message ${++said}`;
  const { data } = await story.query(
    "mall:lin",
    `mutation ($g: ID!, $text: String!) { it: postMessage(groupId: $g, text: $text, key: $text) { userErrors { code } } }`,
    { g: story.group, text },
  );
  expect(data.it.userErrors).toEqual([]);
  return text;
}
const hears = (feed: Feed, text: string): Promise<unknown> => feed.next((event) => event.text === text);

/** What ends a subscription over events that is to be followed nowhere else: the errors of its last response. */
async function streamedUntilEnd(person: string, query: string): Promise<{ ended: Promise<any> }> {
  const stream = await openEvents(
    `${story.gateway.url}/graphql`,
    {
      headers: {
        accept: "text/event-stream",
        "content-type": "application/json",
        "junto-group": story.group,
        authorization: `Bearer ${await story.token(person)}`,
      },
    },
    JSON.stringify({ query }),
  );
  const ended = stream.rest().then((events) => events.at(-2)!.data.errors as unknown);
  return { ended };
}

async function subscribe(person: string, query: string): Promise<Client> {
  const client = await openSocket(`${story.gateway.url.replace("http", "ws")}/graphql`);
  client.send({ type: "connection_init", payload: { authorization: `Bearer ${await story.token(person)}` } });
  await client.next();
  client.send({ id: "1", type: "subscribe", payload: { query, extensions: { group: story.group } } });
  return client;
}
/** Sells until it is heard of: whoever has just come may not listen yet. Then each sale is one event. */
async function inStep(client: Client): Promise<void> {
  const heard = client.next();
  const timer = setInterval(() => till.sell(), 20);
  await heard;
  clearInterval(timer);
  const last = till.sell();
  for (let id; id !== last;) id = (await client.next()).payload.data.sold.id;
}

/** Asks all the time, as several people do. @returns what ends it, with how many were asked and what went wrong */
function askAllTheTime(): () => Promise<{ asked: number; wrong: unknown[] }> {
  const wrong: unknown[] = [];
  let asked = 0;
  const over = new AbortController();
  const ask = async (person: string, query: string, inGroup?: string): Promise<void> => {
    while (!over.signal.aborted) {
      const answer = await story
        .query(person, query, {}, inGroup)
        .catch((error: unknown) => ({ errors: [error] }));
      asked += 1;
      if (answer.errors) wrong.push(answer.errors);
    }
  };
  const all = [
    ask("mall:lin", "{ me { id } tillIsOpen }"),
    ask(
      "mall:lin",
      '{ counter(id: "017") { name products(first: 3) { id name suggestedPrice { minor } leadDays } } }',
      story.group,
    ),
    ask(
      "brand:guo",
      '{ counter(id: "017") { name products(first: 3) { id shelfPrice { minor } leadDays } } }',
      story.group,
    ),
    ask("supplier:wang", "{ groups { id cards { id summary } } }"),
  ];
  return async () => {
    over.abort();
    await Promise.all(all);
    return { asked, wrong };
  };
}

describe("a graph with more in it", () => {
  const ANOTHER = `query Hashed { me { id name } }`;
  const persistedQuery = { version: 1, sha256Hash: createHash("sha256").update(ANOTHER).digest("hex") };
  const byHash = async (query?: string): Promise<any> =>
    (
      await fetch(`${story.gateway.url}/graphql`, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          authorization: `Bearer ${await story.token("mall:lin")}`,
        },
        body: JSON.stringify({ query, extensions: { persistedQuery } }),
      })
    ).json();

  it("is in force without a failed request and without the end of a subscription", async () => {
    expect((await story.query("mall:lin", "subscription { sold { note } }")).errors?.[0].message).toMatch(
      /Cannot query field "note"/,
    );
    expect((await byHash(ANOTHER)).data.me.id).toBe("mall:lin");
    const feeds = FEED_DOORS.flatMap((over) =>
      ["mall:lin", "brand:guo", "supplier:wang"].map((person) => story.feed(person, { over })),
    );
    const before = await say();
    for (const feed of feeds) await hears(feed, before);
    const sold = await subscribe(
      "mall:lin",
      "subscription { sold { id pairs product { name shelfPrice { minor } } } }",
    );
    await inStep(sold);
    const stop = askAllTheTime();

    await change(async () => {
      await folder.edit("till.graphql", () => TILL_WITH_NOTE);
      folder.compose();
    });
    const after = await say();
    for (const feed of feeds) await hears(feed, after);
    const id = till.sell();
    expect((await sold.next()).payload).toEqual({
      data: { sold: { id, pairs: 1, product: { name: expect.any(String), shelfPrice: { minor: 80900 } } } },
    });
    const { asked, wrong } = await stop();
    expect(wrong).toEqual([]);
    expect(asked).toBeGreaterThan(20);

    const noted = await subscribe("mall:lin", "subscription { sold { id note } }");
    await inStep(noted);
    till.sell();
    expect((await noted.next()).payload.data.sold.note).toBe("as a gift");
    for (const feed of feeds) feed.close();
    for (const client of [sold, noted]) client.socket.close();
  });

  it("has planned what was in use before it was in force", () => {
    expect(says("A new graph is in force.").planned).toBeGreaterThanOrEqual(4);
  });

  it("knows the queries that clients name by their hash", async () => {
    expect((await byHash()).data.me.id).toBe("mall:lin");
  });
});

describe("a graph that is not right", () => {
  it("is refused with what is wrong, and the one in force stays until it is mended", async () => {
    const version = await versionNow();
    let whole = "";
    await folder.edit("supergraph.graphql", (text) => ((whole = text), `${text.slice(0, 2_000)} {`));
    await expect.poll(async () => (await health()).graph.refused, { timeout: 20_000 }).toBeTypeOf("string");
    expect(await versionNow()).toBe(version);
    expect(says("The new graph is refused").msg).toMatch(/not valid GraphQL: Syntax Error/);
    expect((await story.query("mall:lin", "{ me { id } }")).data.me.id).toBe("mall:lin");

    await folder.edit("supergraph.graphql", () => whole);
    await expect.poll(async () => (await health()).graph.refused, { timeout: 20_000 }).toBeUndefined();
    expect(await versionNow()).toBe(version);
  });

  it("is not written when its subgraphs do not compose", async () => {
    const version = await versionNow();
    await folder.edit("till.graphql", (text) => text.replace("pairs: Int", "pairs: Missing"));
    expect(() => folder.compose()).toThrow(/The subgraphs do not compose|Unknown type/);
    await folder.edit("till.graphql", () => TILL_WITH_NOTE);
    expect(await versionNow()).toBe(version);
  });
});

describe("an owner's word that closes a field", () => {
  it("I8: takes it from the cards on the screens of those who are not granted it", async () => {
    const buyer = story.feed("brand:chen", { over: "events" });
    const manager = story.feed("mall:lin");
    const { data } = await story.query(
      "brand:guo",
      `mutation ($g: ID!, $input: JSON!) {
        act(groupId: $g, verb: "restock.submit", key: "closing", input: $input) { userErrors { code message } }
      }`,
      { g: story.group, input: { lines: [{ skuId: "BL2481-38", pairs: 2 }] } },
    );
    expect(data.act.userErrors).toEqual([]);
    const priceOf = ({ card }: any): unknown => card?.data?.lines?.[0].product.shelfPrice?.minor;
    await manager.next((event) => priceOf(event) === 80900);
    const { card } = await buyer.next((event) => priceOf(event) === 80900);

    await change(async () => {
      await folder.edit("supergraph.yaml", (yaml) =>
        yaml.replace(
          "      mall.sales:",
          "      mall.margin: { en: Margins, zh-CN: 毛利 }\n      mall.sales:",
        ),
      );
      await folder.edit("mall.graphql", (sdl) =>
        sdl.replace(
          'shelfPrice: Money @policy(policies: [["mall.price"]])',
          'shelfPrice: Money @policy(policies: [["mall.margin"]])',
        ),
      );
      folder.compose();
    });
    const closed = await buyer.next(
      (event) => event.card?.id === card.id && event.card.revision > card.revision,
    );
    expect(JSON.stringify(closed.card.data)).not.toContain("80900");
    expect(closed.card.withheld).toContainEqual({
      path: "lines.product.shelfPrice",
      organization: { id: "mall" },
      policy: "mall.margin",
    });
    const { data: asked } = await story.query(
      "mall:lin",
      "query ($g: ID!) { group(id: $g) { cards { id data } } }",
      { g: story.group },
    );
    expect(JSON.stringify(asked.group.cards)).toContain("80900");
    buyer.close();
    manager.close();
  });
});

describe("who follows what the new graph does not know", () => {
  it("is told so, and the others go on", async () => {
    const noted = await subscribe("mall:lin", "subscription { sold { id note } }");
    const plain = await subscribe("mall:lin", "subscription { sold { id pairs } }");
    const streamed = await streamedUntilEnd("mall:lin", "subscription { sold { note } }");
    await inStep(noted);
    await inStep(plain);
    await change(async () => {
      await folder.edit("till.graphql", () => TILL_WITHOUT_NOTE);
      folder.compose();
    });
    expect(await streamed.ended).toMatchObject([{ extensions: { code: "BAD_REQUEST" } }]);
    let told: any;
    do told = await noted.next();
    while (told.type === "next");
    expect(told).toMatchObject({
      type: "error",
      payload: [
        { message: 'Cannot query field "note" on type "Sale".', extensions: { code: "BAD_REQUEST" } },
      ],
    });
    const id = till.sell();
    let sold: any;
    do sold = await plain.next();
    while (sold.payload.data.sold.id !== id);
    expect(sold).toMatchObject({ type: "next", payload: { data: { sold: { pairs: 1 } } } });
    for (const client of [noted, plain]) client.socket.close();
  });
});

describe("an organization", () => {
  it("that leaves the graph is out at once, sockets too, and one that comes is in", async () => {
    const mo = await openSocket(`${story.gateway.url.replace("http", "ws")}/graphql`);
    mo.send({
      type: "connection_init",
      payload: { authorization: `Bearer ${await story.token("plaza:mo")}` },
    });
    expect((await mo.next()).type).toBe("connection_ack");
    const ask = async (): Promise<any> => story.query("plaza:mo", "{ me { id } }");
    expect((await ask()).data.me.id).toBe("plaza:mo");

    let plaza = "";
    await change(() =>
      folder.edit("supergraph.yaml", (yaml) =>
        yaml.replace(/ {2}plaza:\n.*\n.*\n/, (all) => ((plaza = all), "")),
      ),
    );
    expect(await mo.closed).toBe(4403);
    expect((await ask()).errors[0].extensions.code).toBe("UNAUTHENTICATED");
    expect((await story.query("mall:lin", "{ me { id } }")).data.me.id).toBe("mall:lin");

    await change(() =>
      folder.edit("supergraph.yaml", (yaml) => yaml.replace("\nsubgraphs:", `${plaza}\nsubgraphs:`)),
    );
    expect((await ask()).data.me.id).toBe("plaza:mo");
  });
});
