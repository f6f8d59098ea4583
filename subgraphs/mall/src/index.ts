// @junto/mall: the mall's retail ERP and the subgraph that wraps it.
export { startMallLegacy, type MallLegacy, type MallLegacyOptions } from "../legacy/start.ts";
export { removeMallSlot, startMallSubgraph, type MallSubgraphOptions } from "./subgraph.ts";
