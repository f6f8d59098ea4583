// What the brand's own people do at their IMS screens, for demos and tests: each is one SOAP call.
import { STAFF_LOGIN } from "../legacy/logins.ts";
import type { PurchaseOrderStatus } from "./codes.ts";
import { connect } from "./connection.ts";

export interface NewItem {
  readonly id: string;
  readonly name: string;
  readonly nameZh: string;
  readonly brandCode: string;
  readonly brand: string;
  readonly category: string;
  readonly sizes: readonly string[];
}

export interface ItemUpdate {
  readonly name?: string;
  readonly nameZh?: string;
  /** Replaces all sizes. */
  readonly sizes?: readonly string[];
}

export interface BrandStaff {
  addItem(item: NewItem): Promise<void>;
  updateItem(id: string, update: ItemUpdate): Promise<void>;
  deleteItem(id: string): Promise<void>;
  /** `from`: `yyyyMMdd`; today when absent. */
  setSuggestedPrice(id: string, fen: number, from?: string): Promise<void>;
  setOrderStatus(id: string, status: PurchaseOrderStatus): Promise<void>;
}

const STATUS: Readonly<Record<PurchaseOrderStatus, string>> = {
  PLACED: "10",
  CONFIRMED: "20",
  SHIPPED: "30",
  CANCELLED: "90",
};

/** Rejects as the subgraph's own calls do: with a `LegacyError`. */
export function createBrandStaff(options: {
  readonly wsdlUrl: string;
  readonly login?: { readonly user: string; readonly password: string };
}): BrandStaff {
  const call = connect({ wsdlUrl: options.wsdlUrl, login: options.login ?? STAFF_LOGIN });
  const run = async (operation: string, args: object): Promise<void> => {
    await call(operation, args);
  };
  return {
    addItem: ({ id, name, nameZh, brandCode, brand, category, sizes }) =>
      run("InsertItem", {
        ItemNo: id,
        DscE: name,
        DscC: nameZh,
        BrdCd: brandCode,
        BrdNm: brand,
        CatNm: category,
        SzCd: sizes,
      }),
    updateItem: (id, { name, nameZh, sizes }) =>
      run("UpdateItem", {
        ItemNo: id,
        ...(name && { DscE: name }),
        ...(nameZh && { DscC: nameZh }),
        ...(sizes && { SzCd: sizes }),
      }),
    deleteItem: (id) => run("DeleteItem", { ItemNo: id }),
    setSuggestedPrice: (id, fen, from) =>
      run("UpdatePrice", {
        ItemNo: id,
        PrcLst: "RRP",
        Amt: (fen / 100).toFixed(2),
        ...(from && { VldFrm: from }),
      }),
    setOrderStatus: (id, status) => run("SetPOStatus", { PONo: id, StsCd: STATUS[status] }),
  };
}
