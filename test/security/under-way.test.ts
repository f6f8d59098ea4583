// I8 for what is under way: a query that took long is answered with the rights that hold at its end.
import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import type { ViewerGroup } from "../../gateway/src/access/viewer.ts";
import { FEDERATION } from "../support/graphql-server.ts";
import { person, startGraph, type TestGraph } from "../support/graph.ts";

let graph: TestGraph;
let place: ViewerGroup | null;
/** Called when the subgraph is asked; it answers when that resolves. */
let asked: () => Promise<void>;

beforeAll(async () => {
  graph = await startGraph({
    subgraphs: {
      shop: {
        sdl: `${FEDERATION.replace('"@key"', '"@key", "@requiresScopes"')} type Query { item: Item @policy(policies: [["shop.name"]]) } type Mutation { sell: Item @policy(policies: [["shop.write"]]) }
          type Item { name: String @policy(policies: [["shop.name"]]) price: Int @policy(policies: [["shop.price"]]) note: String @requiresScopes(scopes: [["notes"]]) }`,
        resolvers: {
          Query: { item: async () => (await asked(), { name: "loafer", price: 899, note: "last pair" }) },
          Mutation: { sell: async () => (await asked(), { name: "loafer", price: 899 }) },
        },
      },
    },
    policies: Object.fromEntries(
      ["shop.name", "shop.price", "shop.write"].map((name) => [
        name,
        { organization: "shop", held: "people" },
      ]),
    ),
    places: () => place,
  });
});
afterAll(() => graph?.close());
afterEach(() => vi.restoreAllMocks());

const granted = (...policies: string[]): ViewerGroup => ({
  id: "g",
  role: "buyer",
  subjects: [],
  granted: new Set(policies),
});
const ALL = ["shop.name", "shop.price", "shop.write"];

/** Asks; while the subgraph is at it, what is done is done, and so many milliseconds go by. */
function during(milliseconds: number, done: () => void): void {
  place = granted(...ALL);
  let now = 0;
  vi.spyOn(performance, "now").mockImplementation(() => now);
  asked = async () => {
    done();
    now += milliseconds;
  };
}
const ask = (query: string) => graph.query(query, { person: person("maker:bea"), group: "g" });

it("a query that took long is made again when a grant was taken back meanwhile", async () => {
  during(1_500, () => (place = granted("shop.name")));
  const { data, errors } = await ask("{ item { name price } }");
  expect(data).toEqual({ item: { name: "loafer", price: null } });
  expect(errors).toMatchObject([{ path: ["item", "price"], extensions: { code: "NOT_SHARED" } }]);
});

it("such a query is not answered at all for who is no member any more", async () => {
  during(1_500, () => (place = null));
  const { data, errors } = await ask("{ item { name price } }");
  expect(data).toBeUndefined();
  expect(errors).toMatchObject([{ extensions: { code: "NOT_FOUND" } }]);
});

it("is made once when nothing has changed, or when it was quick", async () => {
  const before = graph.subgraphs["shop"]!.requests.length;
  during(1_500, () => undefined);
  expect(await ask("{ item { price } }")).toEqual({ data: { item: { price: 899 } } });
  during(900, () => (place = granted("shop.name")));
  expect(await ask("{ item { price } }")).toEqual({ data: { item: { price: 899 } } });
  expect(graph.subgraphs["shop"]!.requests.length).toBe(before + 2);
});

it("is made once for who has scopes that the graph asks for", async () => {
  const before = graph.subgraphs["shop"]!.requests.length;
  during(1_500, () => undefined);
  const amy = { ...person("shop:amy"), scopes: ["notes", "others"] };
  const answer = await graph.query("{ item { note } }", { person: amy, group: "g" });
  expect(answer).toEqual({ data: { item: { note: "last pair" } } });
  expect(graph.subgraphs["shop"]!.requests.length).toBe(before + 1);
});

it("a mutation is never made again", async () => {
  const before = graph.subgraphs["shop"]!.requests.length;
  during(1_500, () => (place = granted("shop.name")));
  expect((await ask("mutation { sell { name } }")).data).toEqual({ sell: { name: "loafer" } });
  expect(graph.subgraphs["shop"]!.requests.length).toBe(before + 1);
});
