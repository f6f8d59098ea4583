import type { QueryResult, TestViewer } from "@junto/subgraph/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  GUIDE,
  MANAGER,
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

const PAYLOAD = `restockOrder { id status pairs note submittedBy decidedBy reason lines { pairs sku { id } } }
                 userErrors { field code message }`;
let keys = 0;

function input(changes: object = {}): Record<string, unknown> {
  const lines = [{ skuId: "BL2481-38", pairs: 12 }];
  return { counterId: "017", lines, note: "周末", key: `key ${(keys += 1)}`, ...changes };
}

async function mutate(name: string, type: string, value: object, viewer: TestViewer): Promise<QueryResult> {
  const query = `mutation ($input: ${type}!) { result: ${name}(input: $input) { ${PAYLOAD} } }`;
  return mall.gateway.query(mall.subgraph, query, { input: value }, viewer);
}

const submit = (value: object, viewer: TestViewer = GUIDE): Promise<QueryResult> =>
  mutate("submitRestock", "SubmitRestockInput", value, viewer);
const approve = (id: string, viewer: TestViewer = MANAGER): Promise<QueryResult> =>
  mutate("approveRestock", "ApproveRestockInput", { id }, viewer);
const reject = (id: string, reason: string, viewer: TestViewer = MANAGER): Promise<QueryResult> =>
  mutate("rejectRestock", "RejectRestockInput", { id, reason }, viewer);

async function submitted(): Promise<string> {
  const { data } = await submit(input());
  return data.result.restockOrder.id;
}

function codes({ data }: QueryResult): [field: string, code: string][] {
  return data.result.userErrors.map((error: { field: string[]; code: string }) => [
    error.field.join("."),
    error.code,
  ]);
}

async function ordersInErp(): Promise<number> {
  const [row] = await mall.sql<{ n: number }>(`SELECT count(*)::int AS n FROM "T_RPL_H"`);
  return row!.n;
}

async function statusInErp(id: string): Promise<unknown> {
  const [row] = await mall.sql<{ STS: string }>(`SELECT "STS" FROM "T_RPL_H" WHERE "RPL_NO" = $1`, [id]);
  return row?.STS;
}

describe("asking for a restock", () => {
  it("writes head and lines as the ERP's own screens do, with the person's id", async () => {
    const lines = [
      { skuId: "BL2481-38", pairs: 12 },
      { skuId: "BL2481-36", pairs: 999 },
    ];
    const { data, errors } = await submit(input({ lines, note: "  快卖完了 " }));

    expect(errors).toBeUndefined();
    expect(data.result).toEqual({
      restockOrder: {
        id: expect.stringMatching(/^R0000\d{4}$/),
        status: "SUBMITTED",
        pairs: 1011,
        note: "快卖完了",
        submittedBy: "brand:guo",
        decidedBy: null,
        reason: null,
        lines: lines.map(({ skuId, pairs }) => ({ pairs, sku: { id: skuId } })),
      },
      userErrors: [],
    });
    const rows = await mall.sql(
      `SELECT "STS", "SBM_USR", "DEL_FLG", abs(extract(epoch FROM "SBM_DT" - "F_NOW"())) < 60 AS now
       FROM "T_RPL_H" WHERE "RPL_NO" = $1`,
      [data.result.restockOrder.id],
    );
    expect(rows).toEqual([{ STS: "10", SBM_USR: "brand:guo", DEL_FLG: "0", now: true }]);
  });

  it("runs once when the same input is sent ten times at once (I7)", async () => {
    const before = await ordersInErp();
    const value = input();
    const answers = await Promise.all(Array.from({ length: 10 }, () => submit(value)));

    expect(new Set(answers.map(({ data }) => data.result.restockOrder.id)).size).toBe(1);
    expect(answers.flatMap(codes)).toEqual([]);
    expect(await ordersInErp()).toBe(before + 1);
  });

  it("gives a repetition the order as it is by then, also when the counter sells it no more", async () => {
    const value = input({ lines: [{ skuId: "BL2481-35", pairs: 1 }] });
    const first = await submit(value);
    await approve(first.data.result.restockOrder.id);
    await mall.sql(`UPDATE "T_CNTR_PRD" SET "DEL_FLG" = '1' WHERE "CNTR_ID" = '017' AND "PRD_ID" = 'BL2481'`);
    const again = await submit(value);
    await mall.sql(`UPDATE "T_CNTR_PRD" SET "DEL_FLG" = '0' WHERE "CNTR_ID" = '017' AND "PRD_ID" = 'BL2481'`);

    expect(again.data.result.restockOrder).toMatchObject({
      id: first.data.result.restockOrder.id,
      status: "APPROVED",
    });
  });

  it("takes two people's equal keys for two orders", async () => {
    const value = input();
    const [guide, manager] = await Promise.all([submit(value), submit(value, MANAGER)]);

    expect(guide.data.result.restockOrder.id).not.toBe(manager.data.result.restockOrder.id);
  });

  it("does not give away another counter's order to whoever uses its key again", async () => {
    const value = input();
    await submit(value, OWN);
    const elsewhere = { ...OWN, group: "g3", subjects: ["Counter:003"] };

    expect(codes(await submit({ ...value, counterId: "003" }, elsewhere))).toEqual([["key", "KEY_REUSED"]]);
  });

  it("says that its order was deleted rather than making a second one", async () => {
    const value = input();
    const { data } = await submit(value);
    await mall.sql(`UPDATE "T_RPL_H" SET "DEL_FLG" = '1' WHERE "RPL_NO" = $1`, [data.result.restockOrder.id]);

    expect(codes(await submit(value))).toEqual([["key", "ORDER_DELETED"]]);
  });

  it.each<[string, object, [string, string][]]>([
    ["no lines", { lines: [] }, [["lines", "LINES_MISSING"]]],
    ["no pairs", { lines: [{ skuId: "BL2481-38", pairs: 0 }] }, [["lines.0.pairs", "PAIRS_OUT_OF_RANGE"]]],
    [
      "fewer than no pairs",
      { lines: [{ skuId: "BL2481-38", pairs: -3 }] },
      [["lines.0.pairs", "PAIRS_OUT_OF_RANGE"]],
    ],
    [
      "too many pairs",
      { lines: [{ skuId: "BL2481-38", pairs: 1000 }] },
      [["lines.0.pairs", "PAIRS_OUT_OF_RANGE"]],
    ],
    [
      "a size twice",
      {
        lines: [
          { skuId: "BL2481-38", pairs: 1 },
          { skuId: "BL2481-38", pairs: 2 },
        ],
      },
      [["lines.1.skuId", "SKU_TWICE"]],
    ],
    [
      "a size that is none",
      { lines: [{ skuId: "BL2481-99", pairs: 1 }] },
      [["lines.0.skuId", "SKU_NOT_SOLD"]],
    ],
    ["no sku at all", { lines: [{ skuId: "\0'; --", pairs: 1 }] }, [["lines.0.skuId", "SKU_NOT_SOLD"]]],
    ["a blank in an id", { lines: [{ skuId: "BL2481-38 ", pairs: 1 }] }, [["lines.0.skuId", "SKU_NOT_SOLD"]]],
    [
      "several things",
      { lines: [{ skuId: "?", pairs: 0 }], key: " ", note: "很".repeat(201) },
      [
        ["key", "KEY_INVALID"],
        ["note", "TEXT_TOO_LONG"],
        ["lines.0.skuId", "SKU_NOT_SOLD"],
        ["lines.0.pairs", "PAIRS_OUT_OF_RANGE"],
      ],
    ],
    ["a note that no column takes", { note: "a\0b" }, [["note", "TEXT_INVALID"]]],
    ["a key without end", { key: "k".repeat(201) }, [["key", "KEY_INVALID"]]],
    [
      "more lines than anybody writes",
      { lines: Array.from({ length: 201 }, (_, index) => ({ skuId: `BL2481-${index}`, pairs: 1 })) },
      [["lines", "LINES_TOO_MANY"]],
    ],
  ])("refuses %s", async (_, changes, expected) => {
    const before = await ordersInErp();
    const answer = await submit(input(changes));

    expect(answer.errors).toBeUndefined();
    expect(answer.data.result.restockOrder).toBeNull();
    expect(codes(answer)).toEqual(expected);
    expect(await ordersInErp()).toBe(before);
  });

  it("refuses what another counter sells", async () => {
    const [other] = await mall.sql<{ id: string }>(
      `SELECT rtrim("PRD_ID") || '-' || rtrim("SZ_CD") AS id FROM "T_CNTR_PRD" JOIN "T_PRD_SZ" USING ("PRD_ID")
       WHERE "CNTR_ID" = '003' LIMIT 1`,
    );
    const lines = [
      { skuId: "BL2481-38", pairs: 1 },
      { skuId: other!.id, pairs: 1 },
    ];

    expect(codes(await submit(input({ lines })))).toEqual([["lines.1.skuId", "SKU_NOT_SOLD"]]);
  });

  it.each(["999", "017 ", "", "\0"])("refuses the counter %j, which does not exist", async (counterId) => {
    expect(codes(await submit(input({ counterId }), OWN))).toEqual([["counterId", "COUNTER_UNKNOWN"]]);
  });

  it("takes a note and a reason as long as the ERP's columns, counted in characters", async () => {
    const { data } = await submit(input({ note: "👟".repeat(200) }));
    expect(data.result.restockOrder.note).toBe("👟".repeat(200));
  });
});

describe("deciding", () => {
  it("approves, and the ERP's own table says so", async () => {
    const id = await submitted();
    const { data } = await approve(id);

    expect(data.result).toMatchObject({
      restockOrder: { id, status: "APPROVED", decidedBy: "mall:lin", reason: null },
      userErrors: [],
    });
    expect(await statusInErp(id)).toBe("20");
  });

  it("rejects with a reason", async () => {
    const id = await submitted();
    const { data } = await reject(id, " 季末 ");

    expect(data.result.restockOrder).toMatchObject({
      status: "REJECTED",
      decidedBy: "mall:lin",
      reason: "季末",
    });
    expect(await statusInErp(id)).toBe("30");
  });

  it("happens once: who comes second gets the order as it was decided", async () => {
    const id = await submitted();
    const answers = await Promise.all([
      ...Array.from({ length: 5 }, () => approve(id)),
      ...Array.from({ length: 5 }, () => reject(id, "no")),
    ]);
    const outcomes = answers.map(codes);

    expect(outcomes.filter((errors) => errors.length === 0)).toHaveLength(1);
    expect(outcomes.filter((errors) => errors[0]?.[1] === "ALREADY_DECIDED")).toHaveLength(9);
    expect(new Set(answers.map(({ data }) => data.result.restockOrder.status)).size).toBe(1);
  });

  it.each(["20", "30", "90"])("is not possible from status %s", async (status) => {
    const id = await submitted();
    await mall.sql(`UPDATE "T_RPL_H" SET "STS" = $1 WHERE "RPL_NO" = $2`, [status, id]);

    expect(codes(await approve(id))).toEqual([["id", "ALREADY_DECIDED"]]);
    expect(codes(await reject(id, "no"))).toEqual([["id", "ALREADY_DECIDED"]]);
    expect(await statusInErp(id)).toBe(status);
  });

  it.each(["R99999999", "", "R00001234 ", "1", "\0", "R' OR 1=1"])("knows no order %j", async (id) => {
    expect(codes(await approve(id))).toEqual([["id", "ORDER_UNKNOWN"]]);
  });

  it.each([
    ["", "REASON_MISSING"],
    [" \n", "REASON_MISSING"],
    ["x".repeat(201), "TEXT_TOO_LONG"],
    ["a\0", "TEXT_INVALID"],
  ])("does not reject for the reason %j", async (reason, code) => {
    const id = await submitted();

    expect(codes(await reject(id, reason))).toEqual([["reason", code]]);
    expect(await statusInErp(id)).toBe("10");
  });

  it("knows neither drafts nor deleted orders", async () => {
    const id = await submitted();
    await mall.sql(`UPDATE "T_RPL_H" SET "DEL_FLG" = '1' WHERE "RPL_NO" = $1`, [id]);
    expect(codes(await approve(id))).toEqual([["id", "ORDER_UNKNOWN"]]);
    await mall.sql(`UPDATE "T_RPL_H" SET "DEL_FLG" = '0', "STS" = '00' WHERE "RPL_NO" = $1`, [id]);
    expect(codes(await approve(id))).toEqual([["id", "ORDER_UNKNOWN"]]);
  });
});

describe("who may not (I3)", () => {
  const elsewhere = { ...MANAGER, subjects: ["Counter:003"] };

  it("another counter's group can neither ask here nor decide here, and nothing runs", async () => {
    const id = await submitted();
    const before = await ordersInErp();
    mall.statements.splice(0);
    const asked = await submit(input(), elsewhere);

    expect(asked.data.result).toBeNull();
    expect(asked.errors?.[0]?.extensions.code).toBe("FORBIDDEN");
    expect(mall.statements).toEqual([]);
    expect(codes(await approve(id, elsewhere))).toEqual([["id", "ORDER_UNKNOWN"]]);
    expect(codes(await reject(id, "no", elsewhere))).toEqual([["id", "ORDER_UNKNOWN"]]);
    expect(mall.statements.filter((sql) => !sql.startsWith("SELECT"))).toEqual([]);
    expect(await ordersInErp()).toBe(before);
    expect(await statusInErp(id)).toBe("10");
  });

  it("a person without the policy can do nothing, not even one of the mall", async () => {
    const id = await submitted();
    for (const viewer of [MANAGER, OWN]) {
      const without = (policy: string): TestViewer => ({
        ...viewer,
        policies: POLICIES.filter((one) => one !== policy),
      });
      const answers = [
        await submit(input(), without("mall.restock.submit")),
        await approve(id, without("mall.restock.approve")),
        await reject(id, "no", without("mall.restock.approve")),
      ];
      expect(answers.map(({ errors }) => errors?.[0]?.extensions.code)).toEqual(Array(3).fill("NOT_SHARED"));
    }
    expect(await statusInErp(id)).toBe("10");
  });
});
