// @junto/subgraph: wraps an old system as a subgraph of a Junto gateway. Public exports only.
export { startSubgraph } from "./subgraph.ts";
export { inOrder } from "./entities.ts";
export { LegacyError, RequestError, type LegacyErrorCode, type RequestErrorCode } from "./errors.ts";
export type {
  Asked,
  Authorize,
  Change,
  ChangeKind,
  ChangeSink,
  Context,
  Cursor,
  Difference,
  EntityDefinition,
  Logger,
  Reconciliation,
  Resolver,
  Resolvers,
  Subgraph,
  SubgraphOptions,
  SubjectKey,
  Subscriber,
  Viewer,
  Watch,
} from "./types.ts";
