// Where a value comes from, by its place.
import { describe, expect, it } from "vitest";
import { originsOf } from "./origins.ts";

const [mall, brand, supplier] = ["mall", "brand", "supplier"].map((id) => ({ id, en: id, zh: id })) as [
  { id: string; en: string; zh: string },
  { id: string; en: string; zh: string },
  { id: string; en: string; zh: string },
];
const AT = "2026-11-23T05:29:00Z";
const system = (
  organization: typeof mall,
  paths: string[],
  missing: string[] = [],
): Parameters<typeof originsOf>[0]["provenance"][number] => ({
  organization,
  system: `${organization.id}-1`,
  en: `System of ${organization.id}`,
  zh: `${organization.id}的系统`,
  status: missing.length > 0 ? "PARTIAL" : "OK",
  asOf: AT,
  paths,
  missing,
});
const card = {
  data: {
    id: "R1",
    lines: [
      { pairs: 3, product: { name: "Riva", stock: 6, price: null } },
      { pairs: 4, product: { name: null, stock: null, price: null } },
    ],
  },
  provenance: [
    system(mall, ["lines"]),
    system(brand, ["lines.product.name"]),
    system(supplier, ["lines.product.stock"], ["lines.product.stock"]),
  ],
  withheld: [
    {
      path: "lines.product.price",
      organization: mall,
      policy: "mall.price",
      en: "Shelf prices",
      zh: "货架价",
    },
  ],
};
const kinds = (...places: (readonly (string | number)[])[]): string[] =>
  originsOf(card, places).map(({ kind, organization }) => `${kind} ${organization.id}`);

describe("where a value comes from", () => {
  it("is the system that names its place most closely", () => {
    expect(kinds(["lines", 0, "pairs"])).toEqual(["answered mall"]);
    expect(kinds(["lines", 0, "product", "name"])).toEqual(["answered brand"]);
    expect(originsOf(card, [["lines", 0, "product", "name"]])).toEqual([
      { kind: "answered", organization: brand, system: { en: "System of brand", zh: "brand的系统" }, at: AT },
    ]);
  });

  it("is each system once, when it was made from several places", () => {
    expect(kinds(["lines", 0, "pairs"], ["lines", 1, "pairs"], ["lines", 0, "product", "stock"])).toEqual([
      "answered mall",
      "answered supplier",
    ]);
  });

  it("I9: tells what did not come from what is not there and from what is not shared", () => {
    expect(kinds(["lines", 1, "product", "stock"])).toEqual(["silent supplier"]);
    expect(kinds(["lines", 1, "product", "name"])).toEqual(["answered brand"]);
    expect(kinds(["lines", 1, "product", "price", "minor"])).toEqual(["withheld mall"]);
  });

  it("is nobody's where nobody is named: the card's own key", () => {
    expect(kinds(["id"])).toEqual([]);
  });

  it("below a list that did not come is the system that did not give the list", () => {
    const without = { ...card, data: { id: "R1", lines: null } };
    const away = [system(mall, ["lines"], ["lines"]), ...card.provenance.slice(1)];
    expect(originsOf({ ...without, provenance: away }, [["lines", 0, "pairs"]])).toMatchObject([
      { kind: "silent", organization: mall },
    ]);
  });
});
