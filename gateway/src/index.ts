// @junto/gateway: starts a gateway, and composes the supergraph that it serves.
export { openAccessLog, type AccessLog, type AccessLogOptions } from "./access-log/store.ts";
export type { ChainHead } from "./access-log/line.ts";
export { verifyChain, type Verdict } from "./access-log/verify.ts";
export { readKeyFile, rotateKeyFile, type KeyFile, type Rotation } from "./access/key-file.ts";
export { readConfig, readSupergraphYaml, type GatewayConfig } from "./config/index.ts";
export { JuntoError, type ErrorCode } from "./errors/index.ts";
export { startGateway, type Gateway } from "./main.ts";
export { createLog, type Log } from "./observe/index.ts";
export { composeSupergraph, type Composition } from "./supergraph/compose.ts";
