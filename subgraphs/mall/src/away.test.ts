import { createServer, type AddressInfo } from "node:net";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GUIDE, startTestMall, startTestServer, type TestMall, type TestServer } from "./fixture.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const NAME = `{ counter(id: "017") { id name } }`;
const SUBMIT = `mutation ($input: SubmitRestockInput!) {
  submitRestock(input: $input) { restockOrder { id } userErrors { code } } }`;
const INPUT = { counterId: "017", lines: [{ skuId: "BL2481-38", pairs: 1 }], key: "once" };

async function codes(mall: TestMall, query: string, variables = {}): Promise<(string | undefined)[]> {
  const { errors } = await mall.gateway.query(mall.subgraph, query, variables, GUIDE);
  return (errors ?? []).map(({ extensions }) => extensions.code);
}

async function health(mall: TestMall): Promise<{ status: string; legacy: string }> {
  const answer = await fetch(`${mall.subgraph.origin}/health`);
  return (await answer.json()) as { status: string; legacy: string };
}

describe("an ERP that is away", () => {
  it("is said to be away, for reads and actions, and is used again as soon as it is back", async () => {
    const mall = await startTestMall(server);
    expect(await codes(mall, NAME)).toEqual([]);
    await server.stop();

    expect(await codes(mall, NAME)).toEqual(["LEGACY_AWAY"]);
    expect(await codes(mall, SUBMIT, { input: INPUT })).toEqual(["LEGACY_AWAY"]);
    await expect
      .poll(() => health(mall), { timeout: 10_000 })
      .toMatchObject({ status: "degraded", legacy: "away" });

    await server.start();
    expect(await codes(mall, NAME)).toEqual([]);
    expect(await codes(mall, SUBMIT, { input: INPUT })).toEqual([]);
    await mall.gateway.change(({ entity, kind }) => entity === "RestockOrder" && kind === "CREATED");
    await expect.poll(() => health(mall), { timeout: 10_000 }).toMatchObject({ status: "ok", legacy: "ok" });
    await mall.close();
  });

  it("is no reason not to start: changes are followed when it comes back", async () => {
    const mall = await startTestMall(server);
    await mall.stop();
    await server.stop();
    await mall.start();
    expect(await codes(mall, NAME)).toEqual(["LEGACY_AWAY"]);

    await server.start();
    await mall.sql(`UPDATE "T_CNTR_M" SET "CNTR_NM" = 'Belle' WHERE "CNTR_ID" = '017'`);
    await mall.gateway.change(({ entity, key }) => entity === "Counter" && key.id === "017");
    await mall.close();
  });

  it("gives nothing of its address or its data away", async () => {
    const mall = await startTestMall(server);
    await server.stop();
    const { errors } = await mall.gateway.query(mall.subgraph, NAME, {}, GUIDE);
    await server.start();

    expect(errors?.[0]?.message).toBe("The mall's ERP cannot be reached");
    expect(mall.log.text()).not.toContain(new URL(mall.databaseUrl).password);
    await mall.close();
  });
});

describe("an ERP that is slow", () => {
  it("is given up after a while, and what waited is not done later", async () => {
    const mall = await startTestMall(server, { statementTimeout: 300 });
    const orders = `SELECT count(*)::int AS n FROM "T_RPL_H"`;
    const before = await mall.sql(orders);
    const other = new Client({ connectionString: mall.databaseUrl });
    await other.connect();
    await other.query(`BEGIN; LOCK TABLE "T_CNTR_M", "T_RPL_H" IN EXCLUSIVE MODE`);
    await other.query(`LOCK TABLE "T_CNTR_M"`);

    expect(await codes(mall, NAME)).toEqual(["LEGACY_TIMEOUT"]);
    expect(await codes(mall, SUBMIT, { input: INPUT })).toEqual(["LEGACY_TIMEOUT"]);
    await other.query("ROLLBACK");
    expect(await mall.sql(orders)).toEqual(before);
    expect(await codes(mall, NAME)).toEqual([]);

    await other.end();
    await mall.close();
  });

  it("is given up too when it takes connections and never says a word", async () => {
    const mall = await startTestMall(server);
    await mall.stop();
    const mute = createServer();
    await new Promise<void>((resolve) => mute.listen(0, "127.0.0.1", resolve));
    const { port } = mute.address() as AddressInfo;
    await mall.start({ databaseUrl: `postgres://postgres@127.0.0.1:${port}/rms` });

    expect(await codes(mall, NAME)).toEqual(["LEGACY_AWAY"]);
    await mall.close();
    mute.close();
  });
});

describe("an ERP that is another one", () => {
  it("is said to make no sense", async () => {
    const mall = await startTestMall(server);
    await mall.sql(`ALTER TABLE "T_CNTR_M" RENAME COLUMN "CNTR_NM" TO "CNTR_NAME"`);

    expect(await codes(mall, NAME)).toEqual(["LEGACY_NONSENSE"]);
    await mall.close();
  });
});
