import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { QueryResult, ReceivedChange, TestViewer } from "@junto/subgraph/testing";
import Database from "libsql";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { startBrand, type Brand } from "./brand.fixture.ts";

let brand: Brand;

beforeEach(async () => {
  brand = await startBrand({ callTimeout: 300 });
});
afterEach(() => brand.close());

const chen: TestViewer = {
  person: "brand:chen",
  organization: "brand",
  policies: ["brand.catalog", "brand.price"],
};
const PRODUCTS = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Product { id name suggestedPrice { minor } } } }`;

function ask(...ids: readonly string[]): Promise<QueryResult> {
  const r = ids.map((id) => ({ __typename: "Product", id }));
  return brand.gateway.query(brand.subgraph, PRODUCTS, { r }, chen);
}

const codesOf = ({ errors }: QueryResult): string[] =>
  (errors ?? []).map(({ extensions }) => extensions.code);

function changed(id: string): Promise<ReceivedChange> {
  return brand.gateway.change(({ entity, key }) => entity === "Product" && key["id"] === id);
}

async function health(): Promise<{ status: string; legacy: string }> {
  const answer = await fetch(`${brand.subgraph.origin}/health`);
  return (await answer.json()) as { status: string; legacy: string };
}

describe("IMS is away", () => {
  it("and who asks is told so; when it is back, so are the products", async () => {
    expect(codesOf(await ask("BL2481"))).toEqual([]);
    await brand.legacy.close();
    const without = await ask("BL2481");
    expect(without.data._entities).toEqual([null]);
    expect(codesOf(without)).toEqual(["LEGACY_AWAY"]);
    expect(await health()).toMatchObject({ status: "degraded", legacy: "away" });

    await brand.startLegacy();
    const again = await ask("BL2481");
    expect(codesOf(again)).toEqual([]);
    expect(again.data._entities[0].name).toBe("Black Nappa Loafer");
    await vi.waitFor(async () => expect(await health()).toMatchObject({ legacy: "ok" }));
  });

  it("when the subgraph starts, and it starts all the same", async () => {
    await brand.subgraph.close();
    await brand.legacy.close();
    await brand.startSubgraph({ deadline: 500 });
    expect(codesOf(await ask("BL2481"))).toEqual(["LEGACY_AWAY"]);
    await brand.startLegacy();
    expect(codesOf(await ask("BL2481"))).toEqual([]);
  });

  it("and changes are found when it is back", async () => {
    await brand.legacy.close();
    await vi.waitFor(() => expect(brand.log.text()).toContain("IMS cannot be polled"));
    await brand.startLegacy();
    await brand.staff.setSuggestedPrice("BL2481", 77700);
    expect(await changed("BL2481")).toMatchObject({ kind: "UPDATED" });
  });
});

describe("IMS is slow", () => {
  it("and is given up in good time", async () => {
    brand.legacy.delayMs = 2000;
    const begun = performance.now();
    expect(codesOf(await ask("BL2481"))).toEqual(["LEGACY_TIMEOUT"]);
    expect(performance.now() - begun).toBeLessThan(1500);
    brand.legacy.delayMs = 0;
    expect(codesOf(await ask("BL2481"))).toEqual([]);
  });

  it("and is not asked for a whole batch when the first of it are not answered", async () => {
    brand.legacy.traffic.atOnce = 0;
    brand.legacy.delayMs = 2000;
    const ids = Array.from({ length: 40 }, (_, index) => `BL${2000 + index}`);
    const begun = performance.now();
    const answer = await ask(...ids);
    expect(new Set(codesOf(answer))).toEqual(new Set(["LEGACY_TIMEOUT"]));
    expect(answer.data._entities).toEqual(ids.map(() => null));
    // 40 calls, 8 at once, 300 ms each would be 1.5 s.
    expect(performance.now() - begun).toBeLessThan(1400);
  });

  it("and one request's deadline holds for all of its calls together", async () => {
    await brand.subgraph.close();
    await brand.startSubgraph({ callTimeout: 5000, deadline: 200 });
    brand.legacy.delayMs = 1000;
    expect(codesOf(await ask("BL2481"))).toEqual(["LEGACY_TIMEOUT"]);
  });
});

describe("IMS answers nonsense", () => {
  it("a page of HTML where XML should be", async () => {
    brand.legacy.nonsense = true;
    const answer = await ask("BL2481");
    expect(answer.data._entities).toEqual([null]);
    expect(codesOf(answer)).toEqual(["LEGACY_NONSENSE"]);
    expect(JSON.stringify(answer)).not.toContain("It works!");
    brand.legacy.nonsense = false;
    expect(codesOf(await ask("BL2481"))).toEqual([]);
  });

  it("HTML instead of the WSDL, and the next request tries again", async () => {
    await brand.subgraph.close();
    brand.legacy.nonsense = true;
    await brand.startSubgraph({ deadline: 500 });
    expect(codesOf(await ask("BL2481"))).toEqual(["LEGACY_NONSENSE"]);
    brand.legacy.nonsense = false;
    expect(codesOf(await ask("BL2481"))).toEqual([]);
  });

  it("a Fault, for a login that it does not know", async () => {
    await brand.subgraph.close();
    await brand.startSubgraph({ login: { user: "IFUSER", password: "wrong-secret" }, deadline: 500 });
    const answer = await ask("BL2481");
    expect(codesOf(answer)).toEqual(["LEGACY_NONSENSE"]);
    expect(JSON.stringify(answer)).not.toContain("IFUSER");
    expect(brand.log.text()).toContain("IMS-0401");
    expect(brand.log.text()).not.toContain("wrong-secret");
  });

  it("a row that is broken, and the others still come", async () => {
    breakRow("UPDATE PRC SET AMT = '8 99,-' WHERE ITM_NO = 'BL2481'");
    breakRow("UPDATE ITM SET BRD_NM = '' WHERE ITM_NO = 'BL1026'");
    const answer = await ask("BL2481", "BL1026", "BL1119");
    expect(answer.data._entities).toMatchObject([
      { id: "BL2481", suggestedPrice: null },
      null,
      { id: "BL1119", suggestedPrice: { minor: expect.any(Number) } },
    ]);
    expect(codesOf(answer)).toEqual(["LEGACY_NONSENSE", "LEGACY_NONSENSE"]);
  });

  it("for one changed item, and the news of the others still come", async () => {
    breakRow("UPDATE ITM SET BRD_NM = '' WHERE ITM_NO = 'BL1026'");
    await brand.staff.updateItem("BL1026", { nameZh: "鞋" });
    await brand.staff.setSuggestedPrice("BL2481", 70000);
    expect(await changed("BL1026")).toMatchObject({ kind: "UPDATED" });
    expect(await changed("BL2481")).toMatchObject({ kind: "UPDATED" });
  });
});

it("a proxy that says that IMS is away is believed", async () => {
  const proxy = createServer((_request, response) => {
    response.writeHead(503, { "content-type": "text/html" }).end("<h1>Service Unavailable</h1>");
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const { port } = proxy.address() as AddressInfo;
  await brand.subgraph.close();
  await brand.startSubgraph({ wsdlUrl: `http://127.0.0.1:${port}/ims/catalogue?wsdl`, deadline: 500 });
  expect(codesOf(await ask("BL2481"))).toEqual(["LEGACY_AWAY"]);
  proxy.closeAllConnections();
  await new Promise((resolve) => proxy.close(resolve));
});

/** As somebody did by hand, years ago. */
function breakRow(sql: string): void {
  const db = new Database(join(brand.folder, "ims.db"), { timeout: 5000 });
  db.exec(sql);
  db.close();
}
