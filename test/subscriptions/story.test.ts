// A subscription from end to end: a till of the mall whose subgraph is written with the kit, a gateway with its groups
// and grants, and people of three organizations.
import { EventEmitter, on } from "node:events";
import { cp, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { startSubgraph, type Context } from "@junto/subgraph";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { composeSupergraph } from "../../gateway/src/supergraph/compose.ts";
import { TILL_WITHOUT_NOTE } from "../graph/folder.ts";
import { openSocket, type Client } from "../security/doors.ts";
import { SCHEMA_DIR, startStory, type Also, type Story } from "../support/story.ts";

const SOLD = `subscription { sold { id pairs product { id name shelfPrice { minor } leadDays } } }`;

const bus = new EventEmitter().setMaxListeners(0);
/** Subscriptions that the till has, with the one for whom each is. */
const listening: Context<null>[] = [];
let story: Story;

beforeAll(async () => {
  story = await startStory({ also: startTill });
});
afterAll(() => story?.close());

async function startTill(gatewayUrl: string, dir: string): Promise<Also> {
  const schemaDir = join(dir, "schema");
  await cp(SCHEMA_DIR, schemaDir, { recursive: true });
  await writeFile(join(dir, "till.graphql"), TILL_WITHOUT_NOTE);
  const till = await startSubgraph({
    name: "till",
    organization: "mall",
    typeDefs: TILL_WITHOUT_NOTE,
    legacy: null,
    entities: {
      Sale: { load: async (ids) => ids.map((id) => sales.get(id)) },
      Product: { load: async (ids) => ids.map((id) => ({ id })) },
    },
    resolvers: {
      Subscription: {
        sold: {
          subscribe(_parent: unknown, _args: unknown, context: Context<null>) {
            listening.push(context);
            context.signal.addEventListener("abort", () => listening.splice(listening.indexOf(context), 1));
            return on(bus, "sold", { signal: context.signal });
          },
          resolve: ([id]: [string], _args: unknown, context: Context<null>) => context.load("Sale", id),
        },
      },
    },
    gateway: { url: gatewayUrl },
    stateDir: join(dir, "state", "till"),
    log: { debug() {}, info() {}, warn() {}, error() {} },
  });
  const yaml = (await readFile(join(schemaDir, "supergraph.yaml"), "utf8"))
    .replaceAll(
      /schema: (\.\.\S+?)( |$)/gm,
      (_all, path: string, end: string) => `schema: ${resolve(SCHEMA_DIR, path)}${end}`,
    )
    .concat(`\n  till: { organization: mall, url: "${till.url}", schema: ${join(dir, "till.graphql")} }\n`);
  await writeFile(join(schemaDir, "supergraph.yaml"), yaml);
  composeSupergraph({ schemaDir });
  return { config: { schemaDir }, subgraphs: [till] };
}

const sales = new Map<string, object>();
let count = 0;
function sell(counterId = "017"): string {
  const id = `sale-${++count}`;
  sales.set(id, { id, counterId, pairs: count, product: { id: "BL2481" } });
  bus.emit("sold", id);
  return id;
}

async function follow(person: string, group: string | null = story.group): Promise<Client> {
  const client = await openSocket(`${story.gateway.url.replace("http", "ws")}/graphql`);
  client.send({ type: "connection_init", payload: { authorization: `Bearer ${await story.token(person)}` } });
  await client.next();
  client.send({
    id: "1",
    type: "subscribe",
    payload: { query: SOLD, ...(group && { extensions: { group } }) },
  });
  return client;
}
const change = async (call: string, person = "mall:lin"): Promise<void> => {
  const mutation = `mutation ($g: ID!) { it: ${call.replace("(", "(groupId: $g, ")} { userErrors { code } } }`;
  const { data } = await story.query(person, mutation, { g: story.group });
  expect(data.it.userErrors).toEqual([]);
};
/** Sells until it is heard of: whoever has just come may not listen yet. Then each sale is one event. */
async function inStep(client: Client): Promise<void> {
  const heard = client.next();
  const timer = setInterval(sell, 20);
  await heard;
  clearInterval(timer);
  const last = sell();
  for (let id; id !== last;) id = (await client.next()).payload.data.sold.id;
}

describe("a sale at a till", () => {
  it("comes to the members of the counter's group, joined from the mall, the brand and the supplier", async () => {
    const [chen, guo, lin] = [
      await follow("brand:chen"),
      await follow("brand:guo"),
      await follow("mall:lin"),
    ];
    for (const client of [chen, guo, lin]) await inStep(client);
    const foreign = sell("018");
    const id = sell();
    for (const client of [chen, guo, lin]) {
      let payload;
      do ({ payload } = await client.next());
      while (payload.data.sold.id !== id && payload.data.sold.id !== foreign);
      expect(payload).toEqual({
        data: {
          sold: {
            id,
            pairs: count,
            product: {
              id: "BL2481",
              name: expect.any(String) as string,
              shelfPrice: { minor: expect.any(Number) as number },
              leadDays: expect.any(Number) as number,
            },
          },
        },
      });
    }
    // One for each organization and role.
    expect(listening).toHaveLength(3);
    for (const { viewer } of listening)
      expect(viewer).toMatchObject({
        person: expect.stringMatching(/^audience:/) as string,
        group: story.group,
        subjects: [{ type: "Counter", id: "017" }],
      });
    for (const { socket } of [chen, guo, lin]) socket.terminate();
    await expect.poll(() => listening.length).toBe(0);
  });

  it("is not shared outside the group, nor with who is no member", async () => {
    for (const [person, group, code] of [
      ["brand:guo", null, "NOT_SHARED"],
      ["plaza:mo", story.group, "NOT_FOUND"],
    ] as const) {
      const { type, payload } = await (await follow(person, group)).next();
      expect([type, payload[0].extensions.code]).toEqual(["error", code]);
    }
    expect(listening).toEqual([]);
  });

  it("I8: comes without what was withdrawn, and not at all to who was removed", async () => {
    const guo = await follow("brand:guo");
    await inStep(guo);
    await change('withdraw(policy: "mall.price", role: "guide")');
    await expect
      .poll(() => listening.map(({ viewer }) => viewer.policies.has("mall.price")), { timeout: 2_000 })
      .toEqual([false]);
    const id = sell();
    let payload;
    do ({ payload } = await guo.next());
    while (payload.data.sold.id !== id);
    expect(payload.data.sold.product.shelfPrice).toBeNull();
    expect(payload.errors[0].extensions).toMatchObject({ code: "NOT_SHARED", policy: "mall.price" });
    await change('removeMember(personId: "brand:guo")', "brand:chen");
    let message;
    do message = await guo.next();
    while (message.type === "next");
    expect([message.type, message.payload[0].extensions.code]).toEqual(["error", "FORBIDDEN"]);
    await expect.poll(() => listening.length).toBe(0);
  });

  it("is counted", async () => {
    const client = await follow("brand:chen");
    await inStep(client);
    const metrics = await (await fetch(`${story.gateway.url}/metrics`)).text();
    expect(metrics).toMatch(/^junto_subgraph_subscriptions 1$/m);
    expect(metrics).toMatch(/^junto_subgraph_events_total\{subgraph="till"\} [1-9]/m);
    client.socket.terminate();
  });
});
