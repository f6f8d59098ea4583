import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runSql, startTestServer, type TestServer } from "../src/fixture.ts";
import { startMallLegacy } from "./start.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

describe("the mall's old system", () => {
  it("has the story's counter, product, price and orders after the first start", async () => {
    const { url, seed } = await start(await server.database());

    expect(seed.how).toBe("loaded");
    expect(seed.rows).toBeGreaterThan(300);
    expect(await runSql(url, `SELECT "CNTR_ID", "BRND_CD" FROM "T_CNTR_M" WHERE "CNTR_ID" = '017'`)).toEqual([
      { CNTR_ID: "017   ", BRND_CD: "BL  " },
    ]);
    const shelf = `SELECT "SZ_CD" FROM "T_CNTR_PRD" JOIN "T_PRD_SZ" USING ("PRD_ID")
                   WHERE "CNTR_ID" = '017' AND "PRD_ID" = 'BL2481' ORDER BY 1`;
    expect((await runSql<{ SZ_CD: string }>(url, shelf)).map(({ SZ_CD }) => SZ_CD.trim())).toEqual([
      "35",
      "36",
      "37",
      "38",
      "39",
      "40",
    ]);
    expect(await runSql(url, `SELECT count(*)::int AS n FROM "T_RPL_H" WHERE "STS" = '10'`)).not.toEqual([
      { n: 0 },
    ]);
  });

  it("has sales up to today by the shop's clock", async () => {
    const { url } = await start(await server.database());
    const days = `SELECT max("SLS_DT") >= "F_NOW"()::date - 1 AS recent, max("SLS_DT") > "F_NOW"()::date AS future
                  FROM "T_SLS_D"`;

    expect(await runSql(url, days)).toEqual([{ recent: true, future: false }]);
  });

  it("keeps what people wrote when it is started again", async () => {
    const url = await server.database();
    await start(url);
    await runSql(url, `UPDATE "T_CNTR_M" SET "CNTR_NM" = 'moved' WHERE "CNTR_ID" = '017'`);

    expect((await start(url)).seed).toEqual({ how: "reused", rows: 0 });
    expect(await runSql(url, `SELECT "CNTR_NM" FROM "T_CNTR_M" WHERE "CNTR_ID" = '017'`)).toEqual([
      { CNTR_NM: "moved" },
    ]);
  });

  it("keeps nothing of a load that was interrupted, and loads everything the next time", async () => {
    const url = await server.database();
    // In the way of a table that is created late: the load fails after it has begun.
    await runSql(url, `CREATE FUNCTION "F_NXT_NO"(cd CHAR) RETURNS INTEGER LANGUAGE sql AS 'SELECT 1'`);
    await expect(start(url)).rejects.toThrow("nothing of them was kept");
    expect(await runSql(url, `SELECT to_regclass('"T_CNTR_M"') AS t`)).toEqual([{ t: null }]);

    await runSql(url, `DROP FUNCTION "F_NXT_NO"`);
    expect((await start(url)).seed.how).toBe("loaded");
  });

  it("is loaded once when two processes start it at the same moment", async () => {
    const url = await server.database();
    const both = await Promise.all([start(url), start(url)]);

    expect(both.map(({ seed }) => seed.how).toSorted()).toEqual(["loaded", "reused"]);
  });

  it("does not touch a database that has such tables from elsewhere", async () => {
    const url = await server.database();
    await runSql(url, `CREATE TABLE "T_CNTR_M" ("CNTR_ID" CHAR(6))`);

    expect((await start(url)).seed).toEqual({ how: "foreign", rows: 0 });
    expect(await runSql(url, `SELECT count(*)::int AS n FROM "T_CNTR_M"`)).toEqual([{ n: 0 }]);
  });

  it("numbers restock orders by itself, without gaps, from R00001234", async () => {
    const { url } = await start(await server.database());
    const insert = `INSERT INTO "T_RPL_H" ("CNTR_ID") VALUES ('017') RETURNING "RPL_NO"`;
    const numbers = await Promise.all([runSql(url, insert), runSql(url, insert)]);

    expect(
      numbers
        .flat()
        .map((row) => (row as { RPL_NO: string }).RPL_NO)
        .toSorted(),
    ).toEqual(["R00001234   ", "R00001235   "]);
  });
});

function start(databaseUrl: string): ReturnType<typeof startMallLegacy> {
  return startMallLegacy({ dataDir: "", databaseUrl, size: "small" });
}
