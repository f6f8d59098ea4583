// What is taken down of a request, over graphs that are not as simple as the story's: required data, several keys,
// interfaces, events, answers that never came.
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { createAccounts } from "../../gateway/src/access-log/accounts.ts";
import type { LineDraft } from "../../gateway/src/access-log/line.ts";
import { personViewer } from "../../gateway/src/access/viewer.ts";
import { person, startGraph, type TestGraph } from "../support/graph.ts";
import { FEDERATION } from "../support/graphql-server.ts";

const open = `@policy(policies: [["shop.open"]])`;
let graph: TestGraph;
let drafts: LineDraft[];

beforeAll(async () => {
  const policies = { "shop.open": "shop", "maker.open": "maker", "post.open": "post" };
  graph = await startGraph({
    subgraphs: {
      shop: {
        sdl: `${FEDERATION}
          type Query { parcel: Parcel ${open} thing: Thing ${open} hidden: Shoe ${open} wall: Parcel ${open} find(text: String): [Shoe!] ${open} }
          type Mutation { sell(input: Sale!): Payload ${open} throwAway: Payload ${open} }
          type Subscription { sold: Shoe ${open} }
          input Sale { note: String }
          type Payload { shoe: Shoe userErrors: [Problem!]! }
          type Problem { code: String! message: String! }
          interface Thing { label: String }
          type Shoe implements Thing @key(fields: "id") { id: ID! ${open} label: String ${open} weight: Int ${open} }
          type Bag implements Thing @key(fields: "code") { code: ID! ${open} label: String ${open} }
          type Parcel @key(fields: "number country { code }") { number: ID! ${open} country: Country ${open} weight: Int ${open} }
          type Country { code: String! @shareable name: String }`,
        resolvers: {
          Query: {
            parcel: () => PARCEL,
            wall: () => PARCEL,
            thing: () => ({ __typename: "Shoe", id: "s1", label: "left" }),
            hidden: () => ({ id: "s2", label: "right", weight: 9 }),
            find: () => [{ id: "s1", label: "left" }],
          },
          Mutation: {
            sell: () => ({ shoe: { id: "s3", label: "sold" }, userErrors: [] }),
            throwAway: () => ({
              shoe: null,
              userErrors: [
                { code: "NO_BIN", message: "secret bin" },
                { code: "no code", message: "" },
              ],
            }),
          },
        },
      },
      maker: {
        sdl: `${FEDERATION}
          type Shoe @key(fields: "id") { id: ID! @policy(policies: [["maker.open"]]) price: Int @policy(policies: [["maker.open"]]) }`,
        resolvers: { Shoe: { __resolveReference: ({ id }: { id: string }) => ({ id, price: 7 }) } },
      },
      post: {
        sdl: `${FEDERATION}
          type Parcel @key(fields: "number country { code }") { number: ID! country: Country weight: Int @external postage: Int @requires(fields: "weight") @policy(policies: [["post.open", "shop.open"]]) }
          type Country { code: String! @shareable }`,
        resolvers: {
          Parcel: {
            __resolveReference: (parcel: object) => parcel,
            postage: ({ weight }: any) => weight * 2,
          },
        },
      },
    },
    policies: Object.fromEntries(
      Object.entries(policies).map(([name, organization]) => [
        name,
        { organization, held: "people" as const },
      ]),
    ),
    places: () => PLACE,
    accounts: ({ supergraph, ownerOf, requirements }) =>
      createAccounts({
        supergraph,
        ownerOf,
        policyOwner: (policy) => policies[policy as keyof typeof policies],
        requirements,
        write: async (some) => void drafts.push(...some),
      }),
  });
});
afterAll(() => graph?.close());
beforeEach(() => {
  drafts = [];
  for (const subgraph of Object.values(graph.subgraphs)) subgraph.says = null;
});

const PARCEL = { number: "p1", country: { code: "NO", name: "Norway" }, weight: 41_973 };
const PLACE = {
  id: "g",
  role: "buyer",
  subjects: [],
  granted: new Set(["shop.open", "maker.open", "post.open"]),
};
const stranger = { person: person("other:ann"), group: "g" };
const of = (owner: string) => drafts.filter((draft) => draft.owner === owner);

it("names an entity by its key and never by what is required of it", async () => {
  const { data } = await graph.query(`{ parcel { postage } }`, stranger);
  expect(data.parcel.postage).toBe(2 * PARCEL.weight);
  expect(of("post")).toMatchObject([
    {
      entities: [{ type: "Parcel", key: { number: "p1", country: { code: "NO" } } }],
      policies: ["post.open"],
    },
  ]);
  expect(JSON.stringify(drafts)).not.toContain(String(PARCEL.weight));
  // The shop was asked for what the post requires.
  expect(of("shop")[0]!.fields).toContain("Parcel.weight");
});

it("names what stands behind an interface", async () => {
  const { data } = await graph.query(`{ thing { label } }`, stranger);
  expect(data).toEqual({ thing: { label: "left" } });
  expect(of("shop")).toMatchObject([
    {
      entities: [{ type: "Shoe", key: { id: "s1" } }],
      fields: ["Query.thing", "Thing.label"],
      policies: ["shop.open"],
    },
  ]);
});

it("asks nobody for nothing but keys, and its own people's operations stay as they are", async () => {
  const before = graph.planned.length;
  await graph.query(`{ hidden { label weight } }`, { person: person("shop:ann") });
  expect(drafts).toEqual([]);
  expect(graph.planned.slice(before)).toHaveLength(1);
  expect(graph.planned.at(-1)).not.toContain("junto_key_");
  const asked = graph.subgraphs["maker"]!.requests.length;
  await graph.query(`{ hidden { label weight } }`, stranger);
  expect(graph.subgraphs["maker"]!.requests).toHaveLength(asked);
  expect(of("shop")).toMatchObject([{ entities: [{ type: "Shoe", key: { id: "s2" } }] }]);
});

it("takes down a subgraph that was asked and did not answer", async () => {
  graph.subgraphs["maker"]!.says = "no JSON";
  const { data } = await graph.query(`{ hidden { label price } }`, stranger);
  expect(data.hidden).toEqual({ label: "right", price: null });
  expect(of("maker")).toMatchObject([
    { entities: [{ type: "Shoe", key: { id: "s2" } }], fields: ["Shoe.price"] },
  ]);
});

it("holds nothing of arguments, whether they are literals or variables", async () => {
  await graph.query(`query ($t: String) { find(text: $t) { label } a: find(text: "secret 1") { label } }`, {
    ...stranger,
    variables: { t: "secret 2" },
  });
  expect(of("shop")).toHaveLength(1);
  expect(JSON.stringify(drafts)).not.toContain("secret");
});

it("refuses an alias under which it would take another field for a key", async () => {
  const { errors } = await graph.query(`{ hidden { junto_key_Shoe_id: label } }`, stranger);
  expect(errors).toMatchObject([{ extensions: { code: "BAD_REQUEST" } }]);
  expect(drafts).toEqual([]);
});

it("takes down every field of a mutation, with its own outcome, though its client asks for none", async () => {
  const { data } = await graph.query(
    `mutation Both { one: sell(input: { note: "secret" }) { shoe { label } } throwAway { shoe { label } } }`,
    stranger,
  );
  expect(data).toEqual({ one: { shoe: { label: "sold" } }, throwAway: { shoe: null } });
  const endings = drafts.filter(({ kind }) => kind === "ACTION_ENDED").map(({ action }) => action);
  expect(endings).toMatchObject([
    { field: "sell", outcome: "DONE", codes: [] },
    { field: "throwAway", outcome: "REFUSED", codes: ["NO_BIN"] },
  ]);
  const begun = drafts.filter(({ kind }) => kind === "ACTION_BEGUN").map(({ action }) => action);
  expect(begun.map((action) => action!.attempt)).toEqual(endings.map((action) => action!.attempt));
  expect(JSON.stringify(drafts)).not.toContain("secret");
});

it("says that nobody knows how an action came out when there was no answer", async () => {
  graph.subgraphs["shop"]!.says = "no JSON";
  await graph.query(`mutation { throwAway { shoe { label } } }`, { person: person("shop:ann") });
  expect(drafts.map(({ kind, action }) => [kind, action!.outcome])).toEqual([
    ["ACTION_BEGUN", null],
    ["ACTION_ENDED", "UNKNOWN"],
  ]);
});

it("takes down each event of a subscription that others are given, with its keys", async () => {
  const operation = graph.operations.prepare(`subscription Sold { sold { label price } }`);
  const viewer = personViewer(person("other:ann"), PLACE);
  const source = await graph.engine.source(operation, {}, { viewer });
  expect(source.operation).toContain("junto_key_Shoe_id");
  expect(drafts).toEqual([]);
  const sold = { __typename: "Shoe", id: "s7", junto_key_Shoe_id: "s7", label: "left" };
  await graph.engine.join(operation, {}, { viewer, event: { data: { sold } } });
  expect(of("shop")).toMatchObject([
    { kind: "READ", entities: [{ type: "Shoe", key: { id: "s7" } }], operation: { name: "Sold" } },
  ]);
  expect(of("maker")).toMatchObject([{ entities: [{ type: "Shoe", key: { id: "s7" } }] }]);
});
