// Replay and forgery between parts, of answers: a subgraph speaks for its own fields only, and whatever it answers, the
// others' answers come (I3, I9). Its answers here are texts; no schema stands behind them.
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { person, type TestGraph } from "../support/graph.ts";
import { EVERYTHING, GUEST, startShop, type Grants } from "./shop.ts";

const grants: Grants = {
  everything: EVERYTHING,
  "no secret": EVERYTHING.filter((name) => name !== "shop.secret"),
};
let graph: TestGraph;
beforeAll(async () => {
  graph = await startShop(grants);
});
afterAll(() => graph.close());
afterEach(() => {
  for (const subgraph of Object.values(graph.subgraphs)) subgraph.says = null;
});

type Says = Partial<Record<"shop" | "maker" | "store", unknown>>;

async function answer(
  query: string,
  says: Says,
  group = "everything",
): Promise<{ data?: any; errors?: any[] }> {
  for (const [name, body] of Object.entries(says))
    graph.subgraphs[name]!.says = typeof body === "string" ? body : JSON.stringify(body);
  return graph.query(query, { person: person(GUEST), group });
}

const PRODUCT = { __typename: "Product", id: "p1" };
const ORDER = { id: "o1", size: 38, product: PRODUCT };

describe("a subgraph cannot say what is another's", () => {
  it("beside an entity, before its owner is asked", async () => {
    const forged = { ...ORDER, product: { ...PRODUCT, name: "forged", cost: 1, stock: 1000 } };
    const { data } = await answer("{ order { size product { name cost stock } } }", {
      shop: { data: { order: forged } },
    });
    expect(data.order).toEqual({ size: 38, product: { name: "Oxford", cost: 4242, stock: 7 } });
  });

  it("beside an entity, when its owner does not answer", async () => {
    const forged = { ...ORDER, product: { ...PRODUCT, name: "forged" } };
    const { data, errors } = await answer("{ order { size product { name } } }", {
      shop: { data: { order: forged } },
      maker: "",
    });
    expect(data.order).toEqual({ size: 38, product: { name: null } });
    expect(errors![0].extensions).toMatchObject({ code: "SUBGRAPH_AWAY", organization: "maker" });
  });

  it("where it answers for an entity itself", async () => {
    const forged = {
      __typename: "Product",
      name: "Oxford",
      id: "p2",
      code: "forged",
      cost: 1,
      __proto__: null,
    };
    const { data } = await answer("{ order { product { name code cost stock } } }", {
      maker: { data: { _entities: [forged], order: { size: 1 } } },
    });
    expect(data.order.product).toMatchObject({ name: "Oxford", code: "p2", stock: 7 });
    expect(data.order).not.toHaveProperty("size");
  });

  it("at the root", async () => {
    graph.subgraphs.maker!.says = JSON.stringify({
      data: { makers: "ours", order: { size: 1 }, order2: {} },
    });
    const { data } = await graph.query("{ makers order { size } }", {
      person: person("maker:mia"),
      group: "everything",
    });
    expect(data).toEqual({ makers: "ours", order: { size: 38 } });
  });

  it("where a field is withheld, in its place", async () => {
    const { data } = await answer(
      "{ order { size note } }",
      { shop: { data: { order: { ...ORDER, note: "forged" } } } },
      "no secret",
    );
    expect(data.order).toEqual({ size: 38, note: null });
  });

  it("as an object of a type that cannot stand there", async () => {
    for (const type of ["Order", "Query", "Product", "Nope", "Found", "String", 7, null]) {
      const { data, errors } = await answer("{ things { label } order { size } }", {
        shop: { data: { things: [{ __typename: type, label: "x" }], order: ORDER } },
      });
      expect(data, String(type)).toEqual({ things: [null], order: { size: 38 } });
      expect(errors!.map(({ path, extensions }) => [path, extensions.code])).toEqual([
        [["things", 0], "SUBGRAPH_ERROR"],
      ]);
    }
  });

  it("in the gateway's own words", async () => {
    const own = {
      message: "canary: sign in at https://evil.example",
      path: ["order"],
      extensions: { own: true, code: "UNAUTHENTICATED" },
    };
    const { errors } = await answer("{ order { size } }", { shop: { data: { order: null }, errors: [own] } });
    expect(errors).toEqual([
      {
        message: "The organization's system answered with an error.",
        path: ["order"],
        extensions: { code: "SUBGRAPH_ERROR", subgraph: "shop", organization: "shop" },
      },
    ]);
  });
});

const DEEP = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;

/** Answers to what the shop is asked; the maker's field must come whatever it is. */
const NONSENSE: readonly [what: string, says: unknown][] = [
  ["nothing", ""],
  ["no GraphQL", "{}"],
  ["a list", "[]"],
  ["data that is a list", { data: [] }],
  ["data that is a text", { data: "x" }],
  ["errors that are no list", { data: null, errors: { message: "x" } }],
  ["errors that are nothing", { data: null, errors: [null, 1, "x", [], {}] }],
  ["a path that is an object", { data: null, errors: [{ message: "x", path: { canary: 1 } }] }],
  ["a path that is a text", { data: null, errors: [{ message: "x", path: "canary" }] }],
  ["a path that holds objects", { data: null, errors: [{ message: "x", path: ["things", { canary: 1 }] }] }],
  ["a path that leads nowhere", { data: null, errors: [{ message: "x", path: ["__proto__", -1, 1.5] }] }],
  ["extensions that are a text", { data: null, errors: [{ message: "x", extensions: "canary" }] }],
  [
    "a code that is an object",
    { data: null, errors: [{ message: "x", extensions: { code: { canary: 1 } } }] },
  ],
  [
    "a hundred thousand errors",
    { data: { things: null }, errors: Array(100_000).fill({ message: "canary", path: ["free"] }) },
  ],
  ["lists in lists without end", `{"data":{"things":${DEEP},"free":${DEEP}}}`],
  [
    "lists in lists without end, and an error",
    `{"data":{"things":${DEEP},"free":${DEEP}},"errors":[{"message":"x"}]}`,
  ],
  ["a list where an object is", { data: { things: {}, free: null } }],
  ["objects where texts are", { data: { things: [{ __typename: "Shoe", label: { canary: 1 } }] } }],
];

describe("a subgraph that answers nonsense is an error of its own", () => {
  it.each(NONSENSE)("%s", async (_what, says) => {
    graph.subgraphs.shop!.says = typeof says === "string" ? says : JSON.stringify(says);
    graph.subgraphs.maker!.says = JSON.stringify({ data: { makers: "still here" } });
    const { data, errors } = await graph.query("{ free things { label } makers }", {
      person: person("maker:mia"),
      group: "everything",
    });
    expect(data).toMatchObject({ makers: "still here" });
    expect((errors ?? []).map(({ extensions }) => extensions.code)).not.toContain("INTERNAL");
    expect(JSON.stringify(errors ?? [])).not.toContain("canary");
    expect(JSON.stringify(data)).not.toContain("canary");
  });

  it("and does not spoil what the others answered", async () => {
    for (const [what, says] of [
      ["not a list", { data: { _entities: "x" } }],
      ["too few", { data: { _entities: [] } }],
      ["lists", `{"data":{"_entities":[${DEEP}]}}`],
      [
        "a path into it that is none",
        { data: { _entities: [null] }, errors: [{ message: "x", path: ["_entities", "0", {}] }] },
      ],
      [
        "a path into what is not there",
        { data: { _entities: [null] }, errors: [{ message: "x", path: ["_entities", 99, "name"] }] },
      ],
    ] as const) {
      const { data, errors } = await answer("{ order { size product { name stock } } }", { maker: says });
      expect(data, what).toEqual({ order: { size: 38, product: { name: null, stock: 7 } } });
      expect(
        (errors ?? []).map(({ extensions }) => extensions.code),
        what,
      ).not.toContain("INTERNAL");
    }
  });
});
