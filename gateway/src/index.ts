// @junto/gateway: starts a gateway, and composes the supergraph that it serves.
export { readConfig, readSupergraphYaml, type GatewayConfig } from "./config/index.ts";
export { JuntoError, type ErrorCode } from "./errors/index.ts";
export { startGateway, type Gateway } from "./main.ts";
export { createLog, type Log } from "./observe/index.ts";
export { composeSupergraph, type Composition } from "./supergraph/compose.ts";
