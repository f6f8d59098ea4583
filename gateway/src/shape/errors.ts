// What the client reads of an error: a message of the catalogue, a code, the path, and whose system it was. What a
// subgraph said in its own words stays in the log.
import type { Withheld } from "../access/prune.ts";
import { CATALOGUE, JuntoError, type ErrorCode } from "../errors/index.ts";
import type { ExecutionError } from "../execute/execute.ts";
import type { SubgraphError } from "../execute/fetch-request.ts";
import { GROUPS } from "../supergraph/compose.ts";
import type { ShapedError } from "./shape.ts";

/** Reasons that a subgraph built with the kit may give, which say nothing of the data. */
const REASONS: ReadonlyMap<string, ErrorCode> = new Map([
  ["LEGACY_AWAY", "SUBGRAPH_AWAY"],
  ["LEGACY_TIMEOUT", "SUBGRAPH_AWAY"],
  ["LEGACY_NONSENSE", "SUBGRAPH_AWAY"],
  ["NOT_SHARED", "NOT_SHARED"],
  ["FORBIDDEN", "FORBIDDEN"],
  ["BAD_USER_INPUT", "BAD_USER_INPUT"],
]);

export function executionError(
  error: ExecutionError,
  organizationOf: (subgraph: string) => string,
): ShapedError {
  const { subgraph, path, cause } = error;
  if (subgraph === GROUPS && isOwn(cause))
    return { message: cause.message, path, extensions: { code: cause.extensions!.code } };
  const reason = cause instanceof Error ? undefined : reasonOf(cause);
  const code = codeOf(cause, reason);
  return {
    message: CATALOGUE[code].meaning,
    path,
    extensions: { code, subgraph, organization: organizationOf(subgraph), ...(reason && { reason }) },
  };
}

export function withheldError({ path, owner, policy }: Withheld): ShapedError {
  return {
    message: CATALOGUE.NOT_SHARED.meaning,
    path,
    extensions: { code: "NOT_SHARED", organization: owner, ...(policy && { policy }) },
  };
}

/** A request that could not be answered at all. */
export function requestErrors(error: JuntoError): readonly ShapedError[] {
  const { errors, ...details } = error.details as { errors?: readonly ShapedError[] };
  if (errors) return errors.map((each) => ({ ...each, extensions: { code: error.code, ...details } }));
  return [{ message: error.message, extensions: { code: error.code, ...details } }];
}

function codeOf(cause: SubgraphError | Error, reason: string | undefined): ErrorCode {
  if (cause instanceof JuntoError) return cause.code;
  if (cause instanceof Error) return "SUBGRAPH_AWAY";
  return (reason === undefined ? undefined : REASONS.get(reason)) ?? "SUBGRAPH_ERROR";
}

function reasonOf(cause: SubgraphError): string | undefined {
  const code = cause.extensions?.code;
  return typeof code === "string" && REASONS.has(code) ? code : undefined;
}

/** The gateway's own subgraph says what it means, in words that are meant to be read. */
function isOwn(cause: SubgraphError | Error): cause is SubgraphError {
  return !(cause instanceof Error) && cause.extensions?.own === true;
}
