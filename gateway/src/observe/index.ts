// What an operator sees of the gateway: log lines and metrics.
export { createLog, describeError, type LogOptions, type Log } from "./log.ts";
export { createMetrics, type Counter, type Histogram, type Labels, type Metrics } from "./metrics.ts";
