// Settings of the gateway, and who is in the graph.
export { readConfig, type GatewayConfig } from "./environment.ts";
export { readSupergraphYaml, type Organization, type SubgraphEntry } from "./supergraph.ts";
export { ALGORITHMS, SUBJECT, type ClaimPath, type ServiceMark, type SignIn } from "./sign-in.ts";
export { DEFAULT_LIMITS, type DoorLimitName, type LimitName, type Limits } from "./limits.ts";
