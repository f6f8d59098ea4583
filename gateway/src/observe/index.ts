// What an operator sees of the gateway: log lines and metrics.
export { createLog, type Log } from "./log.ts";
export { createMetrics, type Counter, type Metrics } from "./metrics.ts";
