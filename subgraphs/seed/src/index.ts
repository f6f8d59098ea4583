// @junto/seed: the data of the counter story, the same every time. Pure: it reads and writes nothing.
export { BRANDS, type SeedBrand } from "./brands.ts";
export {
  barcode,
  catalogue,
  skuId,
  STORY_COUNTER,
  STORY_PRODUCT,
  type SeedCatalogue,
  type SeedCounter,
  type SeedOptions,
  type SeedProduct,
  type SeedSize,
} from "./catalogue.ts";
export { TODAY, type DayOptions } from "./days.ts";
export {
  LAST_RESTOCK,
  purchaseOrders,
  restocks,
  type SeedLine,
  type SeedPurchaseOrder,
  type SeedRestock,
} from "./orders.ts";
export { sales, type SeedSale } from "./sales.ts";
export { stock, type SeedStock } from "./stock.ts";
