// @junto/brand: the brand's subgraph, and the old system that it wraps.
export {
  startBrandLegacy,
  type BrandLegacy,
  type BrandLegacyOptions,
  type Traffic,
} from "../legacy/start.ts";
export { createBrandStaff, type BrandStaff, type ItemUpdate, type NewItem } from "./staff.ts";
export { startBrandSubgraph, type BrandSubgraphOptions } from "./subgraph.ts";
