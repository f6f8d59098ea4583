// @junto/supplier: the supplier's files, the clerk who keeps them, and the subgraph that reads them.
export { saveStock, type SavedStock } from "../legacy/clerk.ts";
export { seedSupplierFolder, type SeededFolder } from "../legacy/seed.ts";
export { startSupplierSubgraph, type SupplierOptions } from "./subgraph.ts";
