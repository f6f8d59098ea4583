// Data as the demo's three systems would give it.

export const ORDER = {
  __typename: "RestockOrder",
  id: "R00001234",
  status: "SUBMITTED",
  pairs: 12,
  note: "For the weekend",
  submittedAt: "2026-11-20T02:30:00Z",
  submittedBy: "brand:guo",
  decidedBy: null,
  reason: null,
  counter: { name: "Belle", floor: "3F" },
  lines: [
    {
      pairs: 8,
      sku: { id: "BL2481-38", size: "38", onHand: 24, sold: 31 },
      product: {
        id: "BL2481",
        name: "Riva pump",
        image: "https://pictures.example/BL2481.png",
        shelfPrice: { minor: 89_900, currency: "CNY" },
        suggestedPrice: { minor: 92_950, currency: "CNY" },
        leadDays: 7,
      },
    },
    {
      pairs: 4,
      sku: { id: "BL2481-39", size: "39", onHand: 1, sold: 1_204 },
      product: {
        id: "BL2481",
        name: "Riva pump",
        image: "https://pictures.example/BL2481.png",
        shelfPrice: { minor: 89_900, currency: "CNY" },
        suggestedPrice: { minor: 92_950, currency: "CNY" },
        leadDays: 1,
      },
    },
  ],
  purchaseOrder: { id: "PO-2026-000123", status: "CONFIRMED", expectedAt: "2026-11-27T00:00:00Z" },
} as const;

export const LOW = {
  __typename: "Product",
  id: "BL2481",
  name: "Riva pump",
  image: "https://pictures.example/BL2481.png",
  stock: 25,
  stockAsOf: "2026-11-20T01:00:00Z",
  soldPerDay: 4.25,
  leadDays: 7,
  salesByDay: [
    { day: "2026-11-18", pairs: 4 },
    { day: "2026-11-19", pairs: 0 },
    { day: "2026-11-20", pairs: -1 },
  ],
  skus: [
    { id: "BL2481-38", size: "38", onHand: 24, sold: 31 },
    { id: "BL2481-39", size: "39", onHand: 0, sold: 12 },
  ],
} as const;

export const SHELF_WITH_SKUS = {
  __typename: "Counter",
  id: "017",
  products: [
    {
      id: "BL2481",
      name: "Riva pump",
      skus: [
        { id: "BL2481-38", size: "38", onHand: 24, sold: 31 },
        { id: "BL2481-39", size: "39", onHand: null, sold: 12 },
      ],
    },
    {
      id: "BL3100",
      name: "Otto loafer",
      skus: [{ id: "BL3100-36", size: "36", onHand: 3, sold: 0 }],
    },
  ],
} as const;

const NAMES: Readonly<Record<string, readonly [en: string, zh: string]>> = {
  mall: ["Riverside Department Store", "江畔百货"],
  brand: ["Aurora Footwear", "曙光鞋业"],
  supplier: ["Harbour Supply", "港湾供应"],
};

export function organizationName(id: string, locale: string): string {
  return NAMES[id]?.[locale === "en" ? 0 : 1] ?? id;
}

export function personName(id: string): string | null {
  return id === "brand:guo" ? "郭敏" : null;
}
