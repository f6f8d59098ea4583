// One HTTP request and the text that comes back, over undici's dispatch: without streams, and bounded while it arrives.
import { isUtf8 } from "node:buffer";
import type { IncomingHttpHeaders } from "node:http";
import type { Dispatcher } from "undici";

export const FAILURE_REASONS = [
  /** There was no connection: nothing was sent. */
  "connect",
  /** The connection broke before the answer was whole. */
  "broken",
  "deadline",
  "cancelled",
  "too large",
  "not UTF-8",
  /** An answer that is none: its status says so, or it is not GraphQL. */
  "status",
  "not GraphQL",
  /** The request could not be made, or was refused; not the subgraph's doing. */
  "request",
] as const;

export type FailureReason = (typeof FAILURE_REASONS)[number];

/** Why there is no answer. Its message is for the log, and never holds what was answered. */
export class Failure extends Error {
  readonly reason: FailureReason;

  constructor(reason: FailureReason, message: string, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause });
    this.name = "Failure";
    this.reason = reason;
  }
}

export interface Exchanged {
  readonly status: number;
  readonly text: string;
  readonly retryAfter: string | undefined;
}

/** What is under way and can be given up: an exchange, or a wait between two. */
export interface UnderWay {
  abandon(failure: Failure): void;
}

/** Rejects with a Failure. `begun` gets what can be given up. */
export function exchange(
  dispatcher: Dispatcher,
  options: Dispatcher.DispatchOptions,
  maxResponse: number,
  begun: (underWay: UnderWay) => void,
): Promise<Exchanged> {
  return new Promise((resolve, reject) => {
    const handler = new Exchange(maxResponse, resolve, reject);
    begun(handler);
    dispatcher.dispatch(options, handler);
  });
}

class Exchange implements Dispatcher.DispatchHandler, UnderWay {
  readonly #maxResponse: number;
  readonly #resolve: (exchanged: Exchanged) => void;
  readonly #reject: (failure: Failure) => void;
  /** null until the request is on a connection. */
  #controller: Dispatcher.DispatchController | null = null;
  #settled = false;
  #status = 0;
  #retryAfter: string | undefined;
  #chunks: Buffer[] = [];
  #size = 0;

  constructor(
    maxResponse: number,
    resolve: (exchanged: Exchanged) => void,
    reject: (failure: Failure) => void,
  ) {
    this.#maxResponse = maxResponse;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  abandon(failure: Failure): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#chunks = [];
    this.#reject(failure);
    this.#controller?.abort(failure);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Given up while it waited for a connection. Thrown, since `abort` would close the connection too.
    if (this.#settled) throw new Failure("cancelled", "Nobody waits for the answer.");
    this.#controller = controller;
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
  ): void {
    this.#status = status;
    this.#retryAfter = headers["retry-after"];
    if (Number(headers["content-length"]) > this.#maxResponse) this.#tooLarge();
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#settled) return;
    this.#size += chunk.length;
    if (this.#size > this.#maxResponse) this.#tooLarge();
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    if (this.#settled) return;
    const bytes = this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks, this.#size);
    // Read with replacements, different texts would become one.
    if (!isUtf8(bytes))
      return this.abandon(new Failure("not UTF-8", `It answered ${this.#status} with what is not UTF-8.`));
    this.#settled = true;
    this.#resolve({ status: this.#status, text: textOf(bytes), retryAfter: this.#retryAfter });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#settled) return;
    const isOurs = (error as NodeJS.ErrnoException).code === "UND_ERR_INVALID_ARG";
    const reason = isOurs ? "request" : this.#controller ? "broken" : "connect";
    this.abandon(new Failure(reason, error.message, error));
  }

  #tooLarge(): void {
    this.abandon(new Failure("too large", `The answer is larger than ${this.#maxResponse} bytes.`));
  }
}

/** Without the byte order mark that some old systems begin with. */
function textOf(bytes: Buffer): string {
  const text = bytes.toString("utf8");
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}
