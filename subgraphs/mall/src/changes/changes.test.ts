import type { ReceivedChange } from "@junto/subgraph/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  GUIDE,
  MANAGER,
  startTestMall,
  startTestServer,
  type TestMall,
  type TestServer,
} from "../fixture.ts";
import { removeMallSlot } from "../subgraph.ts";

let server: TestServer;
let mall: TestMall;
let clock = (): Date => new Date();
beforeAll(async () => {
  server = await startTestServer();
  mall = await startTestMall(server, { now: () => clock() });
});
afterAll(async () => {
  await mall.close();
  await server.close();
});
beforeEach(() => mall.gateway.forget());

const inserted = (counter: string, status: string, reference?: string): string =>
  `INSERT INTO "T_RPL_H" ("CNTR_ID", "STS", "SBM_DT", "SBM_USR", "REF_NO")
   VALUES ('${counter}', '${status}', ${status === "00" ? "NULL" : `"F_NOW"()`}, 'G${counter}', ${reference ? `'${reference}'` : "NULL"})
   RETURNING rtrim("RPL_NO") AS id`;

async function insertOrder(counter = "017", status = "10"): Promise<string> {
  const [row] = await mall.sql<{ id: string }>(inserted(counter, status));
  return row!.id;
}

function of(entity: string, id: string, kind?: string): (change: ReceivedChange) => boolean {
  return (change) => change.entity === entity && change.key.id === id && (!kind || change.kind === kind);
}

const counter = (...ids: readonly string[]): object[] => ids.map((id) => ({ type: "Counter", id }));

/** What was said so far, and until now: a change that comes after everything else is awaited. */
let markers = 0;
async function said(): Promise<string[]> {
  const marker = `M${(markers += 1)}`;
  await mall.sql(`INSERT INTO "T_PRC_SHLF" VALUES ('${marker}', "F_NOW"()::date, 1)`);
  await mall.gateway.change(of("Product", marker));
  return mall.gateway.changes
    .filter(({ key }) => !/^M\d+$/.test(key.id!))
    .map(({ entity, key, kind, subjects }) =>
      [kind, entity, key.id, ...subjects.map(({ id }) => `@${id}`).toSorted()].join(" "),
    );
}

describe("a restock order", () => {
  it("is said to be created, then updated, with its counter, when people act on it", async () => {
    const submit = `mutation ($input: SubmitRestockInput!) { result: submitRestock(input: $input) { restockOrder { id } } }`;
    const input = { counterId: "017", lines: [{ skuId: "BL2481-38", pairs: 12 }], key: "k1" };
    const { data } = await mall.gateway.query(mall.subgraph, submit, { input }, GUIDE);
    const { id } = data.result.restockOrder;
    const created = await mall.gateway.change(of("RestockOrder", id, "CREATED"));
    expect(created.subjects).toEqual(counter("017"));

    const approve = `mutation { approveRestock(input: { id: "${id}" }) { userErrors { code } } }`;
    await mall.gateway.query(mall.subgraph, approve, {}, MANAGER);
    await mall.gateway.change(of("RestockOrder", id, "UPDATED"));
    expect(await said()).toEqual([`CREATED RestockOrder ${id} @017`, `UPDATED RestockOrder ${id} @017`]);
  });

  it("is said to be created when its draft is submitted, and never before", async () => {
    const id = await insertOrder("017", "00");
    await mall.sql(`INSERT INTO "T_RPL_L" VALUES ('${id}', 1, 'BL2481', '38', 3)`);
    await mall.sql(`UPDATE "T_RPL_H" SET "REMARK" = 'not yet' WHERE "RPL_NO" = '${id}'`);
    expect(await said()).toEqual([]);

    await mall.sql(`UPDATE "T_RPL_H" SET "STS" = '10', "SBM_DT" = "F_NOW"() WHERE "RPL_NO" = '${id}'`);
    expect(await said()).toEqual([`CREATED RestockOrder ${id} @017`]);
  });

  it("is said to be updated when only a line of it was", async () => {
    const id = await insertOrder("003");
    await mall.sql(`INSERT INTO "T_RPL_L" VALUES ('${id}', 1, 'BL2481', '38', 3)`);
    await mall.sql(`UPDATE "T_RPL_L" SET "QTY" = 4 WHERE "RPL_NO" = '${id}'`);
    await mall.sql(`DELETE FROM "T_RPL_L" WHERE "RPL_NO" = '${id}'`);

    const update = `UPDATED RestockOrder ${id} @003`;
    expect(await said()).toEqual([`CREATED RestockOrder ${id} @003`, update, update, update]);
  });

  it.each([
    ["marked as deleted", `UPDATE "T_RPL_H" SET "DEL_FLG" = '1' WHERE "RPL_NO" = `],
    ["taken back to be changed", `UPDATE "T_RPL_H" SET "STS" = '00' WHERE "RPL_NO" = `],
    ["removed", `DELETE FROM "T_RPL_H" WHERE "RPL_NO" = `],
  ])("is said to be deleted when it is %s", async (_, statement) => {
    const id = await insertOrder();
    await mall.sql(`${statement} '${id}'`);

    expect(await said()).toEqual([`CREATED RestockOrder ${id} @017`, `DELETED RestockOrder ${id} @017`]);
  });

  it("that moves to another counter concerns both", async () => {
    const id = await insertOrder();
    await mall.sql(`UPDATE "T_RPL_H" SET "CNTR_ID" = '003', "STS" = '20' WHERE "RPL_NO" = '${id}'`);

    expect((await said()).at(-1)).toBe(`UPDATED RestockOrder ${id} @003 @017`);
  });

  it("is not spoken of when its transaction was rolled back", async () => {
    await mall.sql(`BEGIN; ${inserted("017", "10")}; ROLLBACK`);
    expect(await said()).toEqual([]);
  });
});

describe("sales and prices", () => {
  const sale = (counterId: string, size: string): string =>
    `INSERT INTO "T_SLS_D" ("CNTR_ID", "SLS_DT", "PRD_ID", "SZ_CD", "QTY", "UNT_PRC", "AMT")
     VALUES ('${counterId}', "F_NOW"()::date, 'BL2481', '${size}', 1, 1, 1);`;

  it("a sale concerns product and size at its counter", async () => {
    await mall.sql(sale("017", "38"));
    expect(await said()).toEqual(["UPDATED Product BL2481 @017", "UPDATED Sku BL2481-38 @017"]);
  });

  it("the sales of one transaction are said once for each product and size", async () => {
    await mall.sql((sale("017", "38") + sale("003", "38") + sale("003", "39")).repeat(10));

    expect(await said()).toEqual([
      "UPDATED Product BL2481 @003 @017",
      "UPDATED Sku BL2481-38 @003 @017",
      "UPDATED Sku BL2481-39 @003",
    ]);
  });

  it("a sale that is taken back concerns the same", async () => {
    await mall.sql(sale("003", "40"));
    await mall.sql(
      `DELETE FROM "T_SLS_D" WHERE "CNTR_ID" = '003' AND "PRD_ID" = 'BL2481' AND "SZ_CD" = '40'`,
    );

    const both = ["UPDATED Product BL2481 @003", "UPDATED Sku BL2481-40 @003"];
    expect(await said()).toEqual([...both, ...both]);
  });

  it("a price concerns every counter that sells the product", async () => {
    await mall.sql(`INSERT INTO "T_CNTR_PRD" ("CNTR_ID", "PRD_ID") VALUES ('041', 'BL2481')`);
    await said();
    mall.gateway.forget();
    await mall.sql(`UPDATE "T_PRC_SHLF" SET "PRC_FEN" = 79900 WHERE "PRD_ID" = 'BL2481'`);

    expect(await said()).toEqual(["UPDATED Product BL2481 @017 @041"]);
  });

  it("a new day changes what was sold in the last 28 days, also if it began while nobody was there", async () => {
    await mall.stop();
    clock = () => new Date(Date.now() + 86_400_000);
    await mall.start();
    const product = await mall.gateway.change(of("Product", "BL2481"));
    await mall.gateway.change(of("Sku", "BL2481-38"));

    expect(product.subjects).toEqual(expect.arrayContaining(counter("017", "041")));
    await said();
    mall.gateway.forget();
    await mall.stop();
    await mall.start();
    expect(await said()).toEqual([]);
  });
});

describe("a counter", () => {
  it.each([
    ["its name", `UPDATE "T_CNTR_M" SET "CNTR_NM" = 'Belle A' WHERE "CNTR_ID" = '017'`, "UPDATED"],
    [
      "its shelf",
      `UPDATE "T_CNTR_PRD" SET "DEL_FLG" = '1' WHERE "CNTR_ID" = '017' AND "PRD_ID" <> 'BL2481'`,
      "UPDATED",
    ],
    ["the name of its brand", `UPDATE "T_BRND_M" SET "BRND_NM" = 'Belle!' WHERE "BRND_CD" = 'BL'`, "UPDATED"],
    ["its end", `UPDATE "T_CNTR_M" SET "DEL_FLG" = '1' WHERE "CNTR_ID" = '017'`, "DELETED"],
  ])("changes with %s", async (_, statement, kind) => {
    await mall.sql(statement);
    await mall.sql(`UPDATE "T_CNTR_M" SET "DEL_FLG" = '0' WHERE "DEL_FLG" = '1'`);

    expect((await said())[0]).toBe(`${kind} Counter 017 @017`);
  });
});

describe("nothing is lost and nothing comes twice (I5)", () => {
  /** Orders that were said to be created, as often as they were. */
  const created = async (): Promise<(string | undefined)[]> => {
    await said();
    return mall.gateway.changes.filter(({ kind }) => kind === "CREATED").map(({ key }) => key.id);
  };

  it("when the subgraph was away", async () => {
    const before = await insertOrder();
    await mall.gateway.change(of("RestockOrder", before));
    await mall.stop();
    const meanwhile = [await insertOrder(), await insertOrder("003")];
    await mall.start();

    expect(await created()).toEqual([before, ...meanwhile]);
  });

  it("when PostgreSQL was restarted", async () => {
    const before = await insertOrder();
    await server.stop();
    await server.start();
    const after = await insertOrder();

    expect(await created()).toEqual([before, after]);
  });

  it("when the connection breaks again and again, while transactions overlap", async () => {
    const written: string[] = [];
    const calm = new AbortController();
    const breaks = (async () => {
      while (!calm.signal.aborted) {
        await mall.sql(
          `SELECT pg_terminate_backend(active_pid, 1000) FROM pg_replication_slots
           WHERE slot_name = '${mall.slot}' AND active_pid IS NOT NULL`,
        );
      }
    })();
    // With numbers of their own, so that none waits for another's.
    const writers = ["003", "017", "025", "041"].map(async (one, writer) => {
      for (let count = 0; count < 25; count += 1) {
        const id = `R0002${writer}${String(count).padStart(3, "0")}`;
        await mall.sql(`INSERT INTO "T_RPL_H" ("CNTR_ID", "RPL_NO", "STS") VALUES ('${one}', '${id}', '10')`);
        written.push(id);
      }
    });
    await Promise.all(writers);
    calm.abort();
    await breaks;

    const ids = await created();
    expect(ids).toHaveLength(written.length);
    expect(new Set(ids)).toEqual(new Set(written));
  });

  it("when the slot was removed meanwhile: all that may have changed is said", async () => {
    const before = await insertOrder();
    await mall.gateway.change(of("RestockOrder", before));
    await mall.stop();
    await removeMallSlot(mall.databaseUrl, mall.slot);
    const meanwhile = await insertOrder();
    mall.gateway.forget();
    await mall.start();

    await mall.gateway.change(of("RestockOrder", meanwhile, "CREATED"));
    await mall.gateway.change(of("Counter", "017", "UPDATED"));
    await mall.gateway.change(of("Product", "BL2481", "UPDATED"));
    expect(mall.log.text()).toContain("has a gap");
    mall.gateway.forget();
    const after = await insertOrder();
    expect(await created()).toEqual([after]);
  });

  it("when tables were emptied, which the log does not explain: all that may have changed is said", async () => {
    await mall.sql(`TRUNCATE "T_SLS_D"`);

    expect(await said()).toEqual(
      expect.arrayContaining(["UPDATED Counter 017 @017", "UPDATED Counter 003 @003"]),
    );
    expect(mall.gateway.changes.some(of("Product", "BL2481", "UPDATED"))).toBe(true);
  });
});

describe("the server's log", () => {
  it("is not kept for what other tables write", async () => {
    const [start] = await mall.sql<{ lsn: string }>("SELECT pg_current_wal_lsn() AS lsn");
    await mall.sql(`CREATE TABLE other AS SELECT generate_series(1, 20000)`);

    const moved = `SELECT confirmed_flush_lsn > $1::pg_lsn + 100000 AS moved FROM pg_replication_slots WHERE slot_name = $2`;
    await expect
      .poll(async () => (await mall.sql(moved, [start!.lsn, mall.slot]))[0], { timeout: 30_000 })
      .toEqual({ moved: true });
  });
});
