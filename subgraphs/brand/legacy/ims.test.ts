import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClientAsync, WSSecurity } from "soap";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { INTERFACE_LOGIN, STAFF_LOGIN, type Login } from "./logins.ts";
import { startBrandLegacy, type BrandLegacy } from "./start.ts";

let legacy: BrandLegacy;
let now: number;

beforeEach(async () => {
  now = Date.parse("2026-11-20T04:00:00Z");
  legacy = await startBrandLegacy({ size: "small", now: () => new Date(now) });
});
afterEach(() => legacy.close());

/** Calls as any SOAP client would: from the WSDL that the service gives. */
async function call(operation: string, args: object, login: Login | null = INTERFACE_LOGIN): Promise<any> {
  const client = await createClientAsync(legacy.url, {
    endpoint: legacy.url.replace("?wsdl", ""),
    disableCache: true,
  });
  if (login) client.setSecurity(new WSSecurity(login.user, login.password, { hasTimeStamp: false }));
  const methods = client as unknown as Record<string, (args: object) => Promise<unknown[]>>;
  return (await methods[`${operation}Async`]!(args))[0];
}

const staff = (operation: string, args: object): Promise<any> => call(operation, args, STAFF_LOGIN);

describe("IMS, over SOAP 1.1", () => {
  it("publishes a WSDL that says document and literal", async () => {
    const wsdl = await (await fetch(legacy.url)).text();
    expect(wsdl).toContain('style="document"');
    expect(wsdl).toContain('<soap:body use="literal"');
    expect(wsdl).not.toContain("rpc");
  });

  it("gives one item a call, all of it text", async () => {
    const { Item } = await call("GetItem", { ItemNo: "BL2481" });
    expect(Item).toMatchObject({ ItemNo: "BL2481", DscC: "黑色软羊皮乐福鞋", BrdCd: "BL", StsCd: "A" });
    expect(Item.Sz[3]).toEqual({ SzCd: "38", EanCd: "6901002481382" });
    expect((await call("GetPrice", { ItemNo: "BL2481", PrcLst: "RRP", Dt: "20261120" })).Prc.Amt).toBe(
      "899.00",
    );
  });

  it.each([
    ["GetItem", { ItemNo: "ZZ9999" }, "IMS-0404"],
    ["GetItem", {}, "IMS-0400"],
    ["GetPurchaseOrder", { PONo: "PO-1999-000001" }, "IMS-0404"],
    ["GetPrice", { ItemNo: "BL2481", PrcLst: "RRP", Dt: "19990101" }, "IMS-0404"],
    ["ListItems", { PgNo: 0, PgSz: 10 }, "IMS-0400"],
    ["UpdateItem", { ItemNo: "BL2481", DscE: "Mine" }, "IMS-0403"],
  ])("answers %s %j with a Fault that has a code", async (operation, args, code) => {
    await expect(call(operation, args)).rejects.toMatchObject({
      root: {
        Envelope: { Body: { Fault: { faultcode: "soap:Client", detail: { ImsErr: { ErrCd: code } } } } },
      },
      response: { status: 500 },
    });
  });

  it.each([
    ["none", null],
    ["a wrong one", { user: "IFUSER", password: "guess" }],
    ["an unknown one", { user: "", password: "" }],
  ])("lets nobody in with this login: %s", async (_which, login) => {
    await expect(call("GetItem", { ItemNo: "BL2481" }, login)).rejects.toThrow("IMS-0401");
  });

  it("survives what is no SOAP at all", async () => {
    const endpoint = legacy.url.replace("?wsdl", "");
    for (const body of ["", "<a><b", "{}", "<Envelope/>", "x".repeat(100_000)]) {
      const answer = await fetch(endpoint, { method: "POST", headers: { "content-type": "text/xml" }, body });
      expect(answer.status).toBe(500);
    }
    expect((await call("GetSysTm", {})).SysTm).toBe("20261120120000");
  });

  it("draws a picture of each style, always the same, and of nothing else", async () => {
    const picture = async (name: string): Promise<Response> => fetch(`${legacy.origin}/img/${name}`);
    const first = await (await picture("BL2481.svg")).text();
    expect(first).toMatch(/^<svg /);
    expect(await (await picture("BL2481.svg")).text()).toBe(first);
    expect(await (await picture("BL1026.svg")).text()).not.toBe(first);
    for (const name of ["ZZ9999.svg", "..%2Fims.db", "BL2481"])
      expect((await picture(name)).status).toBe(404);
  });
});

describe("GetChangesSince", () => {
  const numbers = ({ Chg }: { Chg?: { KeyNo: string } | { KeyNo: string }[] }): string[] =>
    [Chg ?? []].flat().map(({ KeyNo }) => KeyNo);

  it("tells what changed after the watermark, and not what changes in its second", async () => {
    const { NxtWm } = await call("GetChangesSince", { MaxCnt: 10 });
    expect(NxtWm).toBe("20261120120000");
    await staff("UpdateItem", { ItemNo: "BL2481", DscE: "In the same second" });
    now += 1000;
    await staff("UpdateItem", { ItemNo: "BL1026", DscE: "A second later" });
    expect(numbers(await call("GetChangesSince", { Wm: NxtWm, MaxCnt: 10 }))).toEqual(["BL1026"]);
    expect(numbers(await call("GetChangesSince", { Wm: "20261120115959", MaxCnt: 10 }))).toEqual([
      "BL2481",
      "BL1026",
    ]);
  });

  it("stops at the number that was asked for, and says that there is more", async () => {
    for (const ItemNo of ["BL1026", "BL1119", "BL2481"]) {
      now += 1000;
      await staff("UpdateItem", { ItemNo, DscE: "New" });
    }
    const page = await call("GetChangesSince", { Wm: "20261120120000", MaxCnt: 2 });
    expect(page).toMatchObject({ More: "Y", NxtWm: "20261120120002" });
    expect(numbers(page)).toEqual(["BL1026", "BL1119"]);
    const rest = await call("GetChangesSince", { Wm: page.NxtWm, MaxCnt: 2 });
    expect(rest.More).toBe("N");
    expect(numbers(rest)).toEqual(["BL2481"]);
  });

  it("tells a price of tomorrow when it is entered, and again when tomorrow comes", async () => {
    await staff("UpdatePrice", { ItemNo: "BL2481", PrcLst: "RRP", Amt: "699.00", VldFrm: "20261121" });
    const price = async (Dt: string): Promise<string> =>
      (await call("GetPrice", { ItemNo: "BL2481", PrcLst: "RRP", Dt })).Prc.Amt;
    expect([await price("20261120"), await price("20261121")]).toEqual(["899.00", "699.00"]);
    expect(numbers(await call("GetChangesSince", { Wm: "20261120115959", MaxCnt: 9 }))).toEqual(["BL2481"]);
    now += 12 * 3_600_000;
    expect(numbers(await call("GetChangesSince", { Wm: "20261120235959", MaxCnt: 9 }))).toEqual(["BL2481"]);
  });

  it("says nothing of what was deleted", async () => {
    await staff("DeleteItem", { ItemNo: "BL1026" });
    expect(numbers(await call("GetChangesSince", { Wm: "20261120115959", MaxCnt: 9 }))).toEqual([]);
    expect((await call("ListItems", { PgNo: 1, PgSz: 500 })).Cnt).toBe(23);
  });
});

describe("CreatePurchaseOrder", () => {
  const order = {
    CustRef: "R00001234",
    CustCd: "RDS017",
    RqId: "once",
    Ln: [{ ItemNo: "BL2481", SzCd: "38", Qty: 3 }],
  };

  it("takes the same request once, and another one for the same reference not at all", async () => {
    const { PONo } = await call("CreatePurchaseOrder", order);
    expect((await call("CreatePurchaseOrder", order)).PONo).toBe(PONo);
    await expect(call("CreatePurchaseOrder", { ...order, RqId: "twice" })).rejects.toThrow("IMS-0410");
    await expect(call("CreatePurchaseOrder", { ...order, CustRef: "R00001235" })).rejects.toThrow("IMS-0409");
    const { PO } = await call("FindPurchaseOrders", { CustRef: "R00001234" });
    expect(PO).toMatchObject([{ PONo, StsCd: "10" }]);
  });

  it.each([
    ["an item that there is not", { ItemNo: "ZZ9999", SzCd: "38", Qty: 3 }],
    ["a size that there is not", { ItemNo: "BL2481", SzCd: "50", Qty: 3 }],
  ])("refuses %s, and keeps nothing of the order", async (_what, line) => {
    await expect(call("CreatePurchaseOrder", { ...order, Ln: [...order.Ln, line] })).rejects.toThrow(
      "IMS-0404",
    );
    expect(await call("FindPurchaseOrders", { CustRef: "R00001234" })).toBeNull();
  });
});

describe("a restart of IMS", () => {
  it("finds what was there, and is not filled again", async () => {
    const folder = await mkdtemp(join(tmpdir(), "ims-"));
    const options = { stateFile: join(folder, "ims.db"), size: "small" as const, now: () => new Date(now) };
    await legacy.close();
    legacy = await startBrandLegacy(options);
    await staff("UpdateItem", { ItemNo: "BL2481", DscE: "Kept" });
    await staff("DeleteItem", { ItemNo: "BL1026" });
    await legacy.close();
    legacy = await startBrandLegacy(options);
    expect((await call("GetItem", { ItemNo: "BL2481" })).Item.DscE).toBe("Kept");
    await expect(call("GetItem", { ItemNo: "BL1026" })).rejects.toThrow("IMS-0404");
    await legacy.close();
    await rm(folder, { recursive: true });
  });

  it("is filled with all 3,000 items when it is not asked for less", async () => {
    await legacy.close();
    legacy = await startBrandLegacy();
    expect((await call("ListItems", { PgNo: 6, PgSz: 500 })).Itm).toHaveLength(500);
    expect((await call("ListItems", { PgNo: 7, PgSz: 500 })).Cnt).toBe(3000);
  });
});
