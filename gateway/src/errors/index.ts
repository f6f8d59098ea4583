// Every error that leaves the gateway: a closed list of codes, each with what it means and what to do.

/** The catalogue. `status` is what HTTP answers when nothing else could be answered. */
export const CATALOGUE = {
  BAD_REQUEST: {
    status: 400,
    meaning: "The request is not well formed.",
    remedy: "Mend what the message names.",
  },
  BAD_USER_INPUT: {
    status: 400,
    meaning: "A value is not what the schema asks for.",
    remedy: "Mend the value.",
  },
  UNAUTHENTICATED: {
    status: 401,
    meaning: "No token, or one that is expired or not valid here.",
    remedy: "Sign in at your organization and send the new token.",
  },
  FORBIDDEN: { status: 403, meaning: "This person may not do that.", remedy: "Ask an administrator." },
  NOT_FOUND: {
    status: 404,
    meaning: "There is no such thing, or this person may not know of it.",
    remedy: "Check the id.",
  },
  NOT_SHARED: {
    status: 200,
    meaning: "The owner of this field does not share it with this person here.",
    remedy: "Ask the owner's administrator for a grant of the named policy to your role in the group.",
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    meaning: "This cannot be asked with this HTTP method.",
    remedy: "Send queries by GET or POST, mutations by POST.",
  },
  NOT_ACCEPTABLE: {
    status: 406,
    meaning: "The client takes none of the media types that there are.",
    remedy: "Accept application/graphql-response+json, application/json or text/event-stream.",
  },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    meaning: "The body is of a type, charset or encoding that is not read here.",
    remedy: "Send application/json in UTF-8, plain or as gzip, br or deflate.",
  },
  TOO_LARGE: { status: 413, meaning: "The request is larger than allowed.", remedy: "Send less at a time." },
  PERSISTED_QUERY_NOT_FOUND: {
    status: 200,
    meaning: "The gateway does not know the operation of this hash.",
    remedy: "Send the hash with the text once; clients that support persisted queries do so themselves.",
  },
  PERSISTED_QUERY_NOT_SUPPORTED: {
    status: 200,
    meaning: "The gateway keeps no persisted queries.",
    remedy: "Send the text.",
  },
  NOT_TRUSTED: {
    status: 403,
    meaning: "The gateway answers only operations that its operator has listed.",
    remedy: "Have the operation added to the list of trusted documents.",
  },
  TOO_MANY: {
    status: 429,
    meaning: "More at once than is allowed.",
    remedy: "End something that is open, or wait until it ends.",
  },
  TOO_SLOW: {
    status: 200,
    meaning: "Events of the subscription came faster than the client took them.",
    remedy: "Subscribe again; ask for less, or read faster.",
  },
  PLAN_FAILED: {
    status: 400,
    meaning: "The operation cannot be planned over this graph.",
    remedy: "Check the operation against the schema.",
  },
  PLAN_TIMEOUT: { status: 400, meaning: "Planning took too long.", remedy: "Make the operation smaller." },
  SUBGRAPH_AWAY: {
    status: 200,
    meaning: "The organization's system did not answer.",
    remedy: "Nothing; what is missing comes when it is back.",
  },
  SUBGRAPH_ERROR: {
    status: 200,
    meaning: "The organization's system answered with an error.",
    remedy: "Ask the organization named in `extensions`.",
  },
  STALE: { status: 409, meaning: "The card has changed since it was seen.", remedy: "Look at the new card." },
  CONFIGURATION: {
    status: 500,
    meaning: "The gateway is not set up right.",
    remedy: "Mend what the message names.",
  },
  UNAVAILABLE: { status: 503, meaning: "The gateway cannot answer now.", remedy: "Try again later." },
  INTERNAL: {
    status: 500,
    meaning: "Something went wrong in the gateway.",
    remedy: "Report it with the time.",
  },
} as const;

export type ErrorCode = keyof typeof CATALOGUE;

/** An error with a code of the catalogue. Its message may be shown to whoever asked; its cause never. */
export class JuntoError extends Error {
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: ErrorCode,
    message: string,
    options: { readonly cause?: unknown; readonly details?: Readonly<Record<string, unknown>> } = {},
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = "JuntoError";
    this.code = code;
    this.details = options.details ?? {};
  }

  /** What is not of the catalogue becomes INTERNAL: its own message stays in the log. */
  static from(error: unknown): JuntoError {
    if (error instanceof JuntoError) return error;
    return new JuntoError("INTERNAL", "Something went wrong in the gateway.", { cause: error });
  }
}
