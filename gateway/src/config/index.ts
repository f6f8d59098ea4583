// Settings of the gateway, and who is in the graph.
export { readConfig, type GatewayConfig, type LogLevel } from "./environment.ts";
export {
  readSupergraphYaml,
  type Organization,
  type Overrides,
  type Policy,
  type SubgraphEntry,
  type Supergraph,
  type Texts,
} from "./supergraph.ts";
