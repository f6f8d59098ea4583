// What can go wrong between a client and the gateway, by what one can do about it.

export type AskProblemKind =
  /** No answer: again, later. */
  | "AWAY"
  /** Again with a new token; twice: sign in. */
  | "TOKEN_REFUSED"
  /** There is no token, and none can be had without the person. */
  | "SIGNED_OUT"
  /** There is no such group for this person, or not any more. */
  | "NOT_A_MEMBER"
  /** An input, such as a cursor beyond the newest event. */
  | "BAD_INPUT"
  /** The client is of before a change of the graph, or wrong. */
  | "NOT_UNDERSTOOD";

export interface AskProblem {
  readonly kind: AskProblemKind;
  readonly message: string;
  /** Of the gateway's catalogue. */
  readonly code?: string | undefined;
}

export class AskError extends Error implements AskProblem {
  readonly kind: AskProblemKind;
  readonly code: string | undefined;

  constructor(kind: AskProblemKind, message: string, more: { cause?: unknown; code?: string } = {}) {
    super(message, more.cause === undefined ? {} : { cause: more.cause });
    this.name = "AskError";
    this.kind = kind;
    this.code = more.code;
  }
}
