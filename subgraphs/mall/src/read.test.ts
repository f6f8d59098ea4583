import { catalogue, sales } from "@junto/seed";
import { conformance } from "@junto/subgraph/testing";
import type { TestViewer } from "@junto/subgraph/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  GUIDE,
  OWN,
  POLICIES,
  startTestMall,
  startTestServer,
  type TestMall,
  type TestServer,
} from "./fixture.ts";

let server: TestServer;
let mall: TestMall;
beforeAll(async () => {
  server = await startTestServer();
  mall = await startTestMall(server);
});
afterAll(async () => {
  await mall.close();
  await server.close();
});
beforeEach(() => void mall.statements.splice(0));

const { products, counters } = catalogue({ size: "small" });
const story = products.find(({ id }) => id === "BL2481")!;
const MARCH_2026 = "timestamp '2026-03-01 09:30:00'";

function ask(
  query: string,
  viewer: TestViewer = GUIDE,
  variables = {},
): ReturnType<TestMall["gateway"]["query"]> {
  return mall.gateway.query(mall.subgraph, query, variables, viewer);
}

function entities(
  type: string,
  ids: readonly string[],
  selection: string,
  viewer?: TestViewer,
): ReturnType<typeof ask> {
  const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on ${type} { ${selection} } } }`;
  return ask(query, viewer, { r: ids.map((id) => ({ __typename: type, id })) });
}

/** Pairs that the seed says were sold in the last days, today included. */
function soldInSeed(
  days: number,
  fits: (row: { counterId: string; productId: string; size: string; day: string }) => boolean,
): number {
  const today = new Date(Date.now() + 8 * 3_600_000);
  const first = new Date(today.getTime() - (days - 1) * 86_400_000).toISOString().slice(0, 10);
  let sum = 0;
  for (const row of sales({ size: "small", today })) if (row.day >= first && fits(row)) sum += row.pairs;
  return sum;
}

describe("a counter", () => {
  it("comes with its name, floor, brand and shelf", async () => {
    const { data, errors } = await ask(`{ counter(id: "017") { id name floor brand products { id } } }`);
    const counter = counters.find(({ id }) => id === "017")!;

    expect(errors).toBeUndefined();
    expect(data.counter).toMatchObject({
      id: "017",
      name: counter.name,
      floor: counter.floor,
      brand: "Belle",
    });
    const ids = data.counter.products.map(({ id }: { id: string }) => id);
    expect(ids.toSorted()).toEqual([...counter.productIds].toSorted());
  });

  it("shows what sold most first, and no more than was asked for", async () => {
    const { data } = await ask(
      `{ counter(id: "017") { products { id sold } top: products(first: 2) { id } } }`,
    );
    const sold = data.counter.products.map((product: { sold: number }) => product.sold);

    expect(sold).toEqual(sold.toSorted((a: number, b: number) => b - a));
    expect(data.counter.top).toEqual(
      data.counter.products.slice(0, 2).map(({ id }: { id: string }) => ({ id })),
    );
  });

  it("is one of all for the mall's own people, and the only one in its group", async () => {
    const everywhere = await ask(`{ counters { id } }`, OWN);
    const inGroup = await ask(`{ counters { id } }`, { ...GUIDE, person: "mall:lin", organization: "mall" });

    expect(everywhere.data.counters.map(({ id }: { id: string }) => id)).toEqual(
      counters.map(({ id }) => id),
    );
    expect(inGroup.data.counters).toEqual([{ id: "017" }]);
  });

  it("is not listed for another organization, whatever is shared with it", async () => {
    const { data, errors } = await ask(`{ counters { id } }`);

    expect(data.counters).toBeNull();
    expect(errors?.[0]?.extensions.code).toBe("NOT_SHARED");
  });

  it("that was deleted is not there", async () => {
    await mall.sql(
      `INSERT INTO "T_CNTR_M" ("CNTR_ID", "CNTR_NM", "BRND_CD", "DEL_FLG") VALUES ('900', 'x', 'BL', '1')`,
    );
    const { data } = await ask(`{ counter(id: "900") { id } }`, OWN);

    expect(data.counter).toBeNull();
  });
});

describe("a product", () => {
  it("has the price that holds today: neither an older one nor one of a day to come", async () => {
    await mall.sql(
      `INSERT INTO "T_PRC_SHLF" ("PRD_ID", "EFF_DT", "PRC_FEN") VALUES ('BL2481', "F_NOW"()::date + 1, 1)`,
    );
    const { data } = await entities("Product", ["BL2481"], "shelfPrice { minor currency }");

    expect(data._entities).toEqual([{ shelfPrice: { minor: story.shelfFen, currency: "CNY" } }]);
  });

  it("counts what was sold at the group's counter, over the days that were asked for", async () => {
    const { data } = await entities("Product", ["BL2481"], "sold week: sold(days: 7) soldPerDay");
    const at017 = (days: number): number =>
      soldInSeed(days, ({ counterId, productId }) => counterId === "017" && productId === "BL2481");

    expect(at017(28)).toBeGreaterThan(0);
    expect(data._entities).toEqual([{ sold: at017(28), week: at017(7), soldPerDay: at017(28) / 28 }]);
  });

  it("counts the whole mall's sales for the mall's own people", async () => {
    await mall.sql(
      `INSERT INTO "T_SLS_D" ("CNTR_ID", "SLS_DT", "PRD_ID", "SZ_CD", "QTY", "UNT_PRC", "AMT")
       VALUES ('003', "F_NOW"()::date, 'BL2481', '36', 5, 1, 5), ('003', "F_NOW"()::date, 'BL2481', '36', -2, 1, -2)`,
    );
    const own = await entities("Product", ["BL2481"], "sold", OWN);
    const inGroup = await entities("Product", ["BL2481"], "sold");

    expect(own.data._entities[0].sold - inGroup.data._entities[0].sold).toBe(3);
  });

  it("tells its sales day by day at the group's counter, each day by the shop's clock, with 0 where there are none", async () => {
    const ids = ["BL2481", counters.find(({ id }) => id === "003")!.productIds[0]!];
    const { data, errors } = await entities("Product", ids, "salesByDay { day pairs }");
    const days = Array.from({ length: 28 }, (_, index) =>
      new Date(Date.now() + (8 - 24 * (27 - index)) * 3_600_000).toISOString().slice(0, 10),
    );
    const soldOn = (product: string, day: string): number =>
      soldInSeed(28, (row) => row.counterId === "017" && row.productId === product && row.day === day);

    expect(errors).toBeUndefined();
    expect(data._entities).toEqual(
      ids.map((id) => ({ salesByDay: days.map((day) => ({ day, pairs: soldOn(id, day) })) })),
    );
    expect(mall.statements.filter((sql) => sql.includes("T_SLS_D"))).toHaveLength(1);
  });

  it("has no sales where the group is about no counter", async () => {
    const { data } = await entities("Product", ["BL2481"], "sold soldPerDay salesByDay { day }", {
      ...GUIDE,
      subjects: ["Lift:3"],
    });
    expect(data._entities).toEqual([{ sold: null, soldPerDay: null, salesByDay: null }]);
  });

  it.each([
    ["sold", 0],
    ["sold", -1],
    ["sold", 367],
    ["salesByDay", 0],
    ["salesByDay", 367],
  ])("%s is not counted over %d days", async (field, days) => {
    const selection = field === "sold" ? "" : "{ day }";
    const { data, errors } = await entities("Product", ["BL2481"], `${field}(days: ${days}) ${selection}`);

    expect(data._entities).toEqual([{ [field]: null }]);
    expect(errors?.[0]).toMatchObject({
      message: "`days` must be 1 to 366",
      extensions: { code: "BAD_USER_INPUT" },
    });
  });

  it("that the mall does not sell is not there", async () => {
    const ids = ["BL0000", "", "bl2481", "BL2481 ", "'; DROP TABLE", "\0"].filter(Boolean);
    const { data, errors } = await entities("Product", ids, "id");

    expect(errors).toBeUndefined();
    expect(data._entities).toEqual(ids.map(() => null));
  });
});

describe("a sku", () => {
  it("counts its own size only", async () => {
    const { data } = await entities("Sku", ["BL2481-37", "BL2481-38", "BL2481-99"], "id sold(days: 60)");
    const of = (shoe: string): number =>
      soldInSeed(60, (row) => row.counterId === "017" && row.productId === "BL2481" && row.size === shoe);

    expect(of("37") + of("38")).toBeGreaterThan(0);
    expect(data._entities).toEqual([
      { id: "BL2481-37", sold: of("37") },
      { id: "BL2481-38", sold: of("38") },
      null,
    ]);
  });
});

describe("a restock order", () => {
  const fields =
    "id status pairs note submittedAt submittedBy decidedAt decidedBy reason counter { id } lines { pairs product { id } sku { id } }";

  it("comes as the ERP has it, in the words of the schema", async () => {
    await mall.sql(`
      INSERT INTO "T_RPL_H" ("CNTR_ID", "RPL_NO", "STS", "SBM_DT", "SBM_USR", "DCD_DT", "DCD_USR", "RJT_RSN", "REMARK")
      VALUES ('017', 'R00000500', '30', ${MARCH_2026}, 'G017', ${MARCH_2026} + interval '1 hour', 'M02', '太多', '周末');
      INSERT INTO "T_RPL_L" VALUES ('R00000500', 2, 'BL2481', '39', 4), ('R00000500', 1, 'BL2481', '38', 8);`);
    const { data, errors } = await ask(`{ restockOrder(id: "R00000500") { ${fields} } }`);

    expect(errors).toBeUndefined();
    expect(data.restockOrder).toEqual({
      id: "R00000500",
      status: "REJECTED",
      pairs: 12,
      note: "周末",
      submittedAt: "2026-03-01T01:30:00.000Z",
      submittedBy: "G017",
      decidedAt: "2026-03-01T02:30:00.000Z",
      decidedBy: "M02",
      reason: "太多",
      counter: { id: "017" },
      lines: [
        { pairs: 8, product: { id: "BL2481" }, sku: { id: "BL2481-38" } },
        { pairs: 4, product: { id: "BL2481" }, sku: { id: "BL2481-39" } },
      ],
    });
  });

  it("is listed at its counter, newest first, by status if that is asked for", async () => {
    const { data } = await ask(`{ counter(id: "017") {
      all: restockOrders(first: 200) { id status submittedAt }
      rejected: restockOrders(status: REJECTED, first: 200) { id status }
      one: restockOrders(first: 1) { id } } }`);
    const { all, rejected, one } = data.counter;
    const times = all.map(({ submittedAt }: { submittedAt: string }) => submittedAt);

    expect(times).toEqual(times.toSorted().reverse());
    expect(rejected).toContainEqual({ id: "R00000500", status: "REJECTED" });
    expect(rejected).toHaveLength(
      all.filter(({ status }: { status: string }) => status === "REJECTED").length,
    );
    expect(one).toEqual([{ id: all[0].id }]);
  });

  it.each([
    ["a draft", `'00', '0'`],
    ["a deleted one", `'10', '1'`],
  ])("that is %s is not there", async (_, values) => {
    const [made] = await mall.sql<{ RPL_NO: string }>(
      `INSERT INTO "T_RPL_H" ("CNTR_ID", "STS", "DEL_FLG") VALUES ('017', ${values}) RETURNING trim("RPL_NO") AS "RPL_NO"`,
    );
    const root = await ask(`query ($id: ID!) { restockOrder(id: $id) { id } }`, OWN, { id: made!.RPL_NO });
    const listed = await ask(`{ counter(id: "017") { restockOrders(first: 200) { id } } }`, OWN);

    expect(root.data.restockOrder).toBeNull();
    expect(listed.data.counter.restockOrders).not.toContainEqual({ id: made!.RPL_NO });
  });

  it("with a status that nobody told us of comes without it, and says so", async () => {
    await mall.sql(`INSERT INTO "T_RPL_H" ("CNTR_ID", "RPL_NO", "STS") VALUES ('017', 'R00000501', '77')`);
    const { data, errors } = await ask(`{ restockOrder(id: "R00000501") { id status } }`);

    expect(data.restockOrder).toEqual({ id: "R00000501", status: null });
    expect(errors?.[0]?.extensions.code).toBe("LEGACY_NONSENSE");
  });
});

describe("a group about another counter (I3)", () => {
  const elsewhere = { ...GUIDE, subjects: ["Counter:003"] };

  it("does not have this counter's orders: not by reference, not by id, not in a list", async () => {
    const reference = await entities("RestockOrder", ["R00000500"], "id", elsewhere);
    const root = await ask(`{ restockOrder(id: "R00000500") { id } counter(id: "017") { id } }`, elsewhere);
    const list = await ask(
      `{ counter(id: "003") { restockOrders(first: 200) { id counter { id } } } }`,
      elsewhere,
    );

    expect(reference.data._entities).toEqual([null]);
    expect(root.data).toEqual({ restockOrder: null, counter: null });
    expect(list.errors).toBeUndefined();
    for (const order of list.data.counter.restockOrders) expect(order.counter).toEqual({ id: "003" });
  });

  it("does not count this counter's sales", async () => {
    const { data } = await entities("Sku", ["BL2481-38"], "sold(days: 60)", elsewhere);
    expect(data._entities).toEqual([{ sold: 0 }]);
  });
});

describe("what is not shared (I2)", () => {
  it.each([
    ["Product", "BL2481", "shelfPrice { minor }", "mall.price"],
    ["Product", "BL2481", "sold", "mall.sales"],
    ["Product", "BL2481", "soldPerDay", "mall.sales"],
    ["Sku", "BL2481-38", "sold", "mall.sales"],
    ["Counter", "017", "restockOrders { id }", "mall.restock"],
    ["Counter", "017", "name", "mall.counter"],
  ])("%s %s: %s does not come without %s", async (type, id, selection, policy) => {
    const without = { ...GUIDE, policies: POLICIES.filter((one) => one !== policy) };
    const { data, errors } = await entities(type, [id], `value: ${selection}`, without);

    expect(data._entities[0]?.value ?? null).toBeNull();
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(["NOT_SHARED"]);
    expect((await entities(type, [id], `value: ${selection}`)).data._entities[0].value).not.toBeNull();
  });
});

describe("statements", () => {
  it("are one per type of entity, however many there are, and one per argument of a field", async () => {
    const ids = products.map(({ id }) => id);
    const { data } = await entities(
      "Product",
      ids,
      "shelfPrice { minor } sold soldPerDay week: sold(days: 7)",
    );

    expect(data._entities).toHaveLength(products.length);
    expect(data._entities.every((product: { sold: number | null }) => product.sold !== null)).toBe(true);
    // The products, and their sales over 28 and over 7 days.
    expect(mall.statements).toHaveLength(3);
  });

  it("are four for all counters with their orders and lines, and sizes' sales", async () => {
    const { data } = await ask(
      `{ counters { id restockOrders { id pairs lines { pairs product { id } sku { id sold } } } } }`,
      OWN,
    );

    expect(data.counters).toHaveLength(counters.length);
    expect(mall.statements).toHaveLength(4);
  });

  it("are not sent for what is not shared", async () => {
    await entities("Counter", ["017"], "restockOrders { id } products { id shelfPrice { minor } }", {
      ...GUIDE,
      policies: [],
    });
    expect(mall.statements).toEqual([]);
  });
});

describe("as every subgraph", () => {
  const checks = conformance({
    subgraph: () => mall.subgraph,
    gateway: () => mall.gateway,
    entities: {
      Product: { key: "BL2481", field: "shelfPrice { minor }", policies: ["mall.price"] },
      Counter: { key: "017", field: "name", policies: ["mall.counter"], subject: "Counter:017" },
      RestockOrder: { key: "R00000500", field: "status", policies: ["mall.restock"], subject: "Counter:017" },
    },
  });
  it.each(checks)("$name", async ({ run }) => {
    await expect(run()).resolves.toBeUndefined();
  });
});
