// @junto/subgraph/testing: a real gateway's two sides, for the tests of subgraphs, and what every subgraph must hold.
export {
  conformance,
  type ConformanceCheck,
  type ConformanceOptions,
  type EntitySample,
} from "./conformance.ts";
export {
  startTestGateway,
  type QueryResult,
  type ReceivedChange,
  type TestGateway,
  type TestViewer,
  type TokenRequest,
} from "./gateway.ts";
export { createTestLog, type TestLog } from "./log.ts";
export type { SubscriptionFailure, TestEvents } from "./subscribe.ts";
