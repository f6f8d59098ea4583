// A response ▸ what goes out: status, headers, bytes.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Response } from "../answer.ts";
import { GRAPHQL_RESPONSE, JSON_RESPONSE, type WholeType } from "./media-type.ts";
import { originHeaders } from "./origin.ts";

/** An HTTP request and where its answer goes. */
export interface Wire {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
}

export interface ReplyParts {
  readonly allowedOrigins: readonly string[];
  /** The gateway goes away: connections end with the answer that is under way. */
  readonly closing: () => boolean;
}

export const METHODS = "GET, POST, OPTIONS";

export function sendReply(
  { incoming, outgoing }: Wire,
  { text, status }: Response,
  type: WholeType,
  { allowedOrigins, closing }: ReplyParts,
): void {
  if (outgoing.destroyed) return;
  const body = bodyOf(text);
  const length = typeof body === "string" ? Buffer.byteLength(body) : body.length;
  const headers = [
    "cache-control",
    "no-store",
    "content-type",
    CONTENT_TYPE[type],
    "content-length",
    `${length}`,
  ];
  add(headers, originHeaders(incoming, allowedOrigins));
  if (status !== 200) add(headers, explaining(status, incoming.method));
  // A body that nobody read would have to be read to its end before the next request.
  if (!incoming.complete || closing()) headers.push("connection", "close");
  outgoing.writeHead(status, headers);
  outgoing.end(incoming.method === "HEAD" ? undefined : body);
}

const CONTENT_TYPE: Readonly<Record<WholeType, string>> = {
  [GRAPHQL_RESPONSE]: `${GRAPHQL_RESPONSE}; charset=utf-8`,
  [JSON_RESPONSE]: `${JSON_RESPONSE}; charset=utf-8`,
};

/** Name, value, name, value: as node:http takes them without copying. */
function add(headers: string[], more: Readonly<Record<string, string>>): void {
  for (const name in more) headers.push(name, more[name]!);
}

/** Characters from which on a text is sent as bytes. */
const LONG = 8 * 1024;

/**
 * A short text goes behind the headers, as one string. A long one would be copied twice more for that; and for
 * `Buffer.from` three times its room is taken at first, which the system has to find anew each time.
 */
function bodyOf(text: string): string | Buffer {
  if (text.length < LONG) return text;
  const bytes = Buffer.allocUnsafe(Buffer.byteLength(text));
  bytes.write(text);
  return bytes;
}

/** What HTTP asks to be said beside some statuses. */
function explaining(status: number, method: string | undefined): Readonly<Record<string, string>> {
  switch (status) {
    case 401:
      return { "www-authenticate": "Bearer" };
    case 405:
      return { allow: method === "GET" ? "POST" : METHODS };
    case 415:
      return { accept: "application/json", "accept-encoding": "gzip, br, deflate" };
    case 429:
    case 503:
      return { "retry-after": "1" };
    default:
      return {};
  }
}
