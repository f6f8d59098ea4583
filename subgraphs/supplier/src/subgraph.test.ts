import { copyFile, mkdir, mkdtemp, readFile, rename, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import type { Subgraph } from "@junto/subgraph";
import {
  conformance,
  createTestLog,
  startTestGateway,
  type QueryResult,
  type TestGateway,
  type TestLog,
} from "@junto/subgraph/testing";
import iconv from "iconv-lite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { saveStock } from "../legacy/clerk.ts";
import { seedSupplierFolder } from "../legacy/seed.ts";
import { startSupplierSubgraph, type SupplierOptions } from "./subgraph.ts";

const BELLE = "库存_百丽_千百度.xlsx";
const CSV = "远洋鞋业_现货.csv";
const MEMBER = { organization: "mall", group: "g1", subjects: ["Counter:017"], policies: ["supplier.stock"] };

let home: string;
let folder: string;
let gateway: TestGateway;
let log: TestLog;
let subgraph: Subgraph;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "supplier-"));
  folder = join(home, "files");
  await seedSupplierFolder({ folder, size: "small" });
  log = createTestLog();
  gateway = await startTestGateway();
  await start();
});
afterEach(async () => {
  await subgraph.close();
  await gateway.close();
  await rm(home, { recursive: true });
});

describe("the supplier as a subgraph", () => {
  const sample = { policies: ["supplier.stock"] };
  const entities = {
    Product: { ...sample, key: "BL2481", field: "stock" },
    Sku: { ...sample, key: "BL2481-38", field: "onHand" },
  };
  const checks = conformance({ subgraph: () => subgraph, gateway: () => gateway, entities });
  it.each(checks)("$name", async ({ run }) => {
    await expect(run()).resolves.toBeUndefined();
  });
});

describe("products and skus", () => {
  it("have what the newest file says, and when it was saved", async () => {
    const saved = "2026-11-20T10:30:00.000Z";
    await subgraph.close();
    await utimes(join(folder, BELLE), new Date(saved), new Date(saved));
    await start();
    expect(await product("BL2481")).toEqual({
      id: "BL2481",
      stock: 40,
      leadDays: 5,
      stockAsOf: saved,
    });
    expect(await onHand("BL2481-38")).toBe(6);
  });

  it("come from the CSV of the second supplier, too", async () => {
    const text = iconv.decode(await readFile(join(folder, CSV)), "gbk");
    const [style, size, pairs] = text
      .split("\r\n")[1]!
      .split(",")
      .map((field) => field.trim());
    expect(await onHand(`${style}-${size}`)).toBe(Number(pairs));
  });

  it.each(["BL9999", "__proto__", "constructor", "BL2481-38", "no such"])("are null for %s", async (id) => {
    expect(await product(id)).toBeNull();
  });

  it.each(["BL2481", "BL2481-", "BL2481-50", "BL2481-__proto__", "ZZ0000-38"])(
    "are null for the sku %s",
    async (id) => {
      expect(await entity("Sku", id, "onHand")).toEqual({ data: { _entities: [null] } });
    },
  );

  it("are listed for the supplier's own people, least stock first", async () => {
    const list = async (first: string): Promise<{ stock: number }[]> =>
      (await gateway.query(subgraph, `{ stockList${first} { id stock } }`, {}, own)).data.stockList;
    const all = await list("(first: 1000)");
    expect(all).toHaveLength(24);
    expect(all.map(({ stock }) => stock)).toEqual(all.map(({ stock }) => stock).sort((a, b) => a - b));
    expect(await list("(first: 2)")).toEqual(all.slice(0, 2));
    expect(await list("")).toEqual(all);
  });

  it("are not listed for anyone else, whatever was shared with them", async () => {
    const { data, errors } = await gateway.query(subgraph, "{ stockList { id } }", {}, MEMBER);
    expect(data).toEqual({ stockList: null });
    expect(errors?.[0]?.extensions.code).toBe("NOT_SHARED");
  });

  it.each([-1, 1001])("are not listed %s at a time", async (first) => {
    const { errors } = await gateway.query(subgraph, `{ stockList(first: ${first}) { id } }`, {}, own);
    expect(errors?.[0]?.extensions.code).toBe("BAD_USER_INPUT");
  });
});

describe("what changes", () => {
  it("is told when the clerk saves: that sku and its product, nothing else", async () => {
    await saveStock({ folder, skuId: "BL2481-38", onHand: 1 });
    await changed("Sku", "BL2481-38");
    await changed("Product", "BL2481");
    expect(
      gateway.changes.map(({ entity, key, kind, subjects }) => ({ entity, key, kind, subjects })),
    ).toEqual(
      [
        { entity: "Product", key: { id: "BL2481" }, kind: "UPDATED", subjects: [] },
        { entity: "Sku", key: { id: "BL2481-38" }, kind: "UPDATED", subjects: [] },
      ].sort((a, b) => order(a, b)),
    );
    expect(await onHand("BL2481-38")).toBe(1);
    expect(await product("BL2481")).toMatchObject({ stock: 35 });
  });

  it("is told each time", async () => {
    for (const pairs of [11, 12, 13]) {
      gateway.forget();
      await saveStock({ folder, skuId: "BL2481-38", onHand: pairs });
      await changed("Sku", "BL2481-38");
      expect(await onHand("BL2481-38")).toBe(pairs);
    }
  });

  it("is told of the CSV", async () => {
    const path = join(folder, CSV);
    const text = iconv.decode(await readFile(path), "gbk");
    const [style, size] = text
      .split("\r\n")[1]!
      .split(",")
      .map((field) => field.trim());
    await writeFile(path, iconv.encode(text.replace(/^(AS.*?,\d+),\d+/m, "$1,99"), "gbk"));
    await changed("Sku", `${style}-${size}`);
    expect(await onHand(`${style}-${size}`)).toBe(99);
  });

  it("is not told of a file that was saved as it was", async () => {
    const later = new Date("2026-11-20T10:30:00.000Z");
    await utimes(join(folder, BELLE), later, later);
    await saveMarker();
    expect(touched("BL")).toEqual([]);
    expect(await product("BL2481")).toMatchObject({ stockAsOf: later.toISOString() });
  });

  it("is not told of what programs leave in the folder while they save", async () => {
    await writeFile(join(folder, `~$${BELLE}`), "wang");
    await copyFile(join(folder, BELLE), join(folder, "8F3A11C0.tmp"));
    await mkdir(join(folder, "旧.xlsx"));
    await saveMarker();
    expect(touched("BL")).toEqual([]);
    expect(log.text()).not.toContain("8F3A11C0");
  });

  it("is told of a product whose file is deleted: it has no stock", async () => {
    await rm(join(folder, BELLE));
    await changed("Product", "BL2481");
    await changed("Sku", "BL2481-38");
    expect(await product("BL2481")).toBeNull();
    expect(touched("PU")).toEqual([]);
  });

  it("is told of a product in a new file", async () => {
    await writeFile(join(folder, "新.csv"), "款号,尺码,数量\nZZ0001,38,4\n");
    await changed("Sku", "ZZ0001-38");
    expect(await product("ZZ0001")).toMatchObject({ stock: 4, leadDays: null });
  });

  it("is not told of a file that only gets another name", async () => {
    await rename(join(folder, BELLE), join(folder, "库存_新名.xlsx"));
    await saveMarker();
    expect(await product("BL2481")).toMatchObject({ stock: 40 });
    expect(touched("BL")).toEqual([]);
  });

  it("is not told of a file that is gone for a moment while a program saves it", async () => {
    const path = join(folder, BELLE);
    await writeFile(join(folder, `~$${BELLE}`), "wang");
    await rename(path, join(home, "aside"));
    await saveMarker();
    expect(await product("BL2481")).toMatchObject({ stock: 40 });
    await rename(join(home, "aside"), path);
    await rm(join(folder, `~$${BELLE}`));
    await saveMarker();
    expect(touched("BL")).toEqual([]);
  });

  it("is told when the folder is given by a relative path", async () => {
    await subgraph.close();
    await start({ folder: `${relative(process.cwd(), folder)}/` });
    await saveStock({ folder, skuId: "BL2481-38", onHand: 1 });
    await changed("Sku", "BL2481-38");
    expect(await onHand("BL2481-38")).toBe(1);
  });
});

describe("after a restart", () => {
  it("what the clerk saved meanwhile is told, and nothing else", async () => {
    await subgraph.close();
    await saveStock({ folder, skuId: "BL2481-38", onHand: 3 });
    await start();
    await changed("Sku", "BL2481-38");
    expect(gateway.changes.map(({ key }) => key["id"]).sort()).toEqual(["BL2481", "BL2481-38"]);
  });

  it("a file that was deleted meanwhile is told", async () => {
    await subgraph.close();
    await rm(join(folder, BELLE));
    await start();
    await changed("Product", "BL2481");
    expect(await product("BL2481")).toBeNull();
  });

  it("nothing is told when nothing changed, nor at the very first start", async () => {
    await subgraph.close();
    await start();
    await saveMarker();
    expect(touched("BL")).toEqual([]);
  });

  it("changes that the gateway did not get are sent", async () => {
    await gateway.away();
    await saveStock({ folder, skuId: "BL2481-38", onHand: 3 });
    await until(async () => (await health()).outbox === 2);
    await subgraph.close();
    await gateway.back();
    await start();
    await subgraph.drained();
    expect(touched("BL").sort()).toEqual(["BL2481", "BL2481-38"]);
  });
});

describe("a half-written workbook", () => {
  it("leaves the last good state in use, is reported with its name, and is read when it is whole", async () => {
    const path = join(folder, BELLE);
    const whole = await readFile(path);
    await writeFile(path, whole.subarray(0, whole.length / 2));
    await saveMarker();
    expect(await product("BL2481")).toMatchObject({ stock: 40 });
    expect(touched("BL")).toEqual([]);
    expect(log.lines).toContainEqual(
      expect.objectContaining({
        level: "warn",
        fields: { file: BELLE, reason: "is not a complete workbook" },
      }),
    );
    expect(await health()).toMatchObject({ status: "degraded" });
    expect(log.text()).toContain(`${BELLE} is not a complete workbook`);

    await writeFile(path, whole);
    await until(async () => (await health()).status === "ok");
    await saveStock({ folder, skuId: "BL2481-38", onHand: 2 });
    await changed("Sku", "BL2481-38");
  });

  it("that is there at the start says so of what it may hold, and takes nothing for gone", async () => {
    await subgraph.close();
    const path = join(folder, BELLE);
    const whole = await readFile(path);
    await writeFile(path, whole.subarray(0, 1_000));
    await start();
    await saveMarker();
    const { data, errors } = await entity("Product", "BL2481", "stock");
    expect(data).toEqual({ _entities: [null] });
    expect(errors?.[0]?.extensions.code).toBe("LEGACY_NONSENSE");
    expect((await product("PU0000")) ?? null).toBeNull();
    expect(touched("BL")).toEqual([]);

    await writeFile(path, whole);
    await until(async () => (await health()).status === "ok");
    expect(await product("BL2481")).toMatchObject({ stock: 40 });
    await rm(path);
    await changed("Product", "BL2481");
  });

  it("is reported once, however often the folder is looked at", async () => {
    await writeFile(join(folder, "坏.xlsx"), "half");
    await saveMarker();
    await saveMarker();
    const reports = log.lines.filter(({ message }) => message.startsWith("a file of stock cannot be used"));
    expect(reports).toHaveLength(1);
  });
});

describe("mistakes in a file", () => {
  it("cost the row and are reported, the others are kept", async () => {
    await writeFile(join(folder, "新.csv"), "款号,尺码,数量\nZZ0001,38,-4\nZZ0001,39,5\n");
    await changed("Sku", "ZZ0001-39");
    expect(await onHand("ZZ0001-38")).toBeNull();
    expect(await onHand("ZZ0001-39")).toBe(5);
    expect(await product("ZZ0001")).toMatchObject({ stock: null });
    const reason = "quantity of ZZ0001-38 is negative: the row is left out";
    expect(log.lines.find(({ message }) => message === "a file of stock has mistakes")?.fields).toEqual({
      file: "新.csv",
      count: 1,
      problems: [{ file: "新.csv", row: 2, reason }],
    });
  });

  it("of a style in two files the newer file counts, until it is gone", async () => {
    await writeFile(join(folder, "a.csv"), "款号,尺码,数量,交期\nBL2481,38,1,9\n");
    await changed("Product", "BL2481");
    expect(await product("BL2481")).toMatchObject({ stock: 1, leadDays: 9 });
    expect(await onHand("BL2481-37")).toBeNull();
    expect(log.lines.find(({ message }) => message.startsWith("styles are in two files"))?.fields).toEqual({
      file: BELLE,
      by: "a.csv",
      count: 1,
      styles: ["BL2481"],
    });

    gateway.forget();
    await rm(join(folder, "a.csv"));
    await changed("Product", "BL2481");
    expect(await product("BL2481")).toMatchObject({ stock: 40, leadDays: 5 });
  });
});

describe("a folder that is away", () => {
  const away = {
    data: { _entities: [null] },
    errors: [expect.objectContaining({ extensions: { code: "LEGACY_AWAY" } })],
  };

  it("is said to be away, and nothing in it is taken for gone", async () => {
    await rename(folder, `${folder}.away`);
    expect(await entity("Product", "BL2481", "stock")).toMatchObject(away);
    expect(await health()).toMatchObject({ status: "degraded", legacy: "away" });
    await rename(`${folder}.away`, folder);
    expect(await product("BL2481")).toMatchObject({ stock: 40 });
    await saveMarker();
    expect(touched("BL")).toEqual([]);
  });

  it("is listened to again when the same folder comes back", async () => {
    for (const pairs of [1, 2, 3]) {
      await rename(folder, `${folder}.away`);
      expect(await entity("Product", "BL2481", "stock")).toMatchObject(away);
      await rename(`${folder}.away`, folder);
      gateway.forget();
      await saveStock({ folder, skuId: "BL2481-38", onHand: pairs });
      await changed("Sku", "BL2481-38");
    }
  });

  it("that is empty is away: a drive that is not connected looks so", async () => {
    await rename(folder, `${folder}.away`);
    await mkdir(folder);
    expect(await entity("Product", "BL2481", "stock")).toMatchObject(away);
    expect(JSON.stringify(await entity("Product", "BL2481", "stock"))).not.toContain(home);
  });

  it("is no reason not to start, and is found when it comes", async () => {
    await subgraph.close();
    await rename(folder, `${folder}.away`);
    await start({ lookAgainEvery: 50 });
    expect(await entity("Sku", "BL2481-38", "onHand")).toMatchObject(away);
    await saveStock({ folder: `${folder}.away`, skuId: "BL2481-38", onHand: 3 });
    await rename(`${folder}.away`, folder);
    await changed("Sku", "BL2481-38");
    gateway.forget();
    await saveStock({ folder, skuId: "BL2481-38", onHand: 4 });
    await changed("Sku", "BL2481-38");
  });
});

const own = { organization: "supplier", policies: ["supplier.stock"] };

async function start(more: Partial<SupplierOptions> = {}): Promise<void> {
  const stateDir = join(home, "state");
  subgraph = await startSupplierSubgraph({ folder, gateway: { url: gateway.url }, stateDir, log, ...more });
  gateway.know(subgraph);
}

/** What is asked of one entity: data, and errors if there are any. */
async function entity(
  type: string,
  id: string,
  fields: string,
): Promise<Pick<QueryResult, "data" | "errors">> {
  const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on ${type} { ${fields} } } }`;
  const { data, errors } = await gateway.query(subgraph, query, { r: [{ __typename: type, id }] }, MEMBER);
  return { data, ...(errors && { errors }) };
}

async function product(id: string): Promise<object | null> {
  return (await entity("Product", id, "id stock leadDays stockAsOf")).data._entities[0];
}

async function onHand(id: string): Promise<number | null> {
  return (await entity("Sku", id, "onHand")).data._entities[0]?.onHand ?? null;
}

async function changed(entity: string, id: string): Promise<void> {
  await gateway.change((change) => change.entity === entity && change.key["id"] === id);
}

/** Ids that begin so and were told to have changed. */
function touched(prefix: string): string[] {
  return gateway.changes.map(({ key }) => key["id"]!).filter((id) => id.startsWith(prefix));
}

let markers = 0;

/** Saves another file and waits for its change: what was done before has been looked at by then. */
async function saveMarker(): Promise<void> {
  const style = `MA${String(++markers).padStart(4, "0")}`;
  await writeFile(join(folder, "标记.csv"), `款号,尺码,数量\n${style},38,1\n`);
  await changed("Sku", `${style}-38`);
}

async function health(): Promise<{ status: string; legacy: string; outbox: number }> {
  return (await fetch(`${subgraph.origin}/health`)).json() as Promise<{
    status: string;
    legacy: string;
    outbox: number;
  }>;
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds()));
}

function order(a: { entity: string }, b: { entity: string }): number {
  return a.entity < b.entity ? -1 : 1;
}
