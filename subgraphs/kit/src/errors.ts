// The errors that a caller may see, and the masking of all others.
import { GraphQLError, type GraphQLFormattedError } from "graphql";
import type { Logger } from "./types.ts";

/** AWAY: cannot be reached. TIMEOUT: did not answer in time. NONSENSE: answered something that makes no sense. */
export type LegacyErrorCode = "LEGACY_AWAY" | "LEGACY_TIMEOUT" | "LEGACY_NONSENSE";

/**
 * The old system failed. The message is shown to people of other organizations: no addresses, no data.
 * The cause is logged, never sent.
 *
 *     throw new LegacyError("LEGACY_AWAY", "The catalogue service cannot be reached", { cause: error });
 */
export class LegacyError extends Error {
  override readonly name: string = "LegacyError";
  readonly code: LegacyErrorCode;
  constructor(code: LegacyErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

export type RequestErrorCode = "BAD_USER_INPUT" | "FORBIDDEN" | "NOT_SHARED";

/** The request asks for what cannot be given. The message is shown to the caller. */
export class RequestError extends Error {
  override readonly name: string = "RequestError";
  readonly code: RequestErrorCode;
  constructor(code: RequestErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** An error of the execution as it is sent. What nobody should see is logged with its cause and masked. */
export function present(error: GraphQLError, report: (error: unknown) => void): GraphQLFormattedError {
  const original = error.originalError;
  const place = {
    ...(error.path && { path: error.path }),
    ...(error.locations && { locations: error.locations }),
  };
  if (original instanceof RequestError) {
    return { message: original.message, ...place, extensions: { code: original.code } };
  }
  if (original instanceof LegacyError) {
    report(original);
    return { message: original.message, ...place, extensions: { code: original.code } };
  }
  // Only the coercion of variables fails without a path: that is the caller's own input.
  if (!error.path) {
    return { message: error.message, ...place, extensions: { code: "BAD_USER_INPUT" } };
  }
  report(original ?? error);
  return { message: "Internal error", ...place, extensions: { code: "INTERNAL" } };
}

/** What a log line says of an error: no properties that a driver may have filled with data. */
export function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error };
  // GraphQL's own complaints about a value quote the value.
  const quotesData = error instanceof GraphQLError;
  const code = (error as { code?: unknown }).code;
  return {
    type: error.name,
    message: quotesData ? "a value does not fit its type" : error.message,
    ...(typeof code === "string" && { code }),
    ...(!quotesData && { stack: error.stack }),
    ...(error.cause !== undefined && { cause: describeError(error.cause) }),
  };
}

/** A reporter for one request, which logs an error once however many fields it failed. */
export function errorReporter(log: Logger, fields: object): (error: unknown, path?: string) => void {
  const seen = new Set<unknown>();
  return (error, path) => {
    if (seen.has(error)) return;
    seen.add(error);
    log.error({ ...fields, ...(path && { path }), err: describeError(error) }, "a field failed");
  };
}
