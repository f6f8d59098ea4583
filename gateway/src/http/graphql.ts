// GraphQL over HTTP: every request to /graphql, from its headers to the bytes of the response.
//
//   origin ▸ method ▸ accept ▸ asked for by a page? ▸ who asks ▸ body or address ▸ parameters ▸ answer
//
// The order is the same for all: what costs least is looked at first, and nothing is read of who is not known.
// It speaks node:http itself; a framework took longer over a small answer than the gateway does (docs/adr/0005).
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { refuse, type DoorAnswering, type Request, type Response } from "../answer.ts";
import { createStopper, type StopSignal } from "../cancel/stopper.ts";
import type { Limits } from "../config/index.ts";
import { JuntoError } from "../errors/index.ts";
import type { Identity, Person } from "../identity/index.ts";
import type { Log } from "../observe/index.ts";
import { readParameters, type Parameters } from "../parameters.ts";
import type { ApolloLane } from "./apollo.ts";
import { readJson } from "./body.ts";
import { GRAPHQL_RESPONSE, JSON_RESPONSE, mediaTypeFor, statusIn, type MediaType } from "./media-type.ts";
import { originHeaders, refuseUnasked } from "./origin.ts";
import { readSearch } from "./search.ts";

export interface GraphqlParts {
  readonly identity: Pick<Identity, "identify">;
  readonly answering: DoorAnswering;
  readonly apollo: ApolloLane;
  /** Someone has plugins in Apollo Server's pipeline: every request takes it. */
  readonly plugins: boolean;
  readonly allowedOrigins: readonly string[];
  readonly limits: Pick<Limits, "bodySize" | "batch">;
  /** Headers of requests that some subgraph may get. */
  readonly forwarded: () => readonly string[];
  /** The gateway goes away: what is under way is finished, nothing is begun. */
  readonly closing: () => boolean;
  readonly log: Log;
}

const METHODS = "GET, POST, OPTIONS";

export function createGraphql(
  parts: GraphqlParts,
): (incoming: IncomingMessage, outgoing: ServerResponse) => void {
  const { identity, answering, apollo, limits, log } = parts;

  async function handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const type = mediaTypeFor(incoming.headers.accept);
    const leaving = watch(outgoing);
    let reply: Response;
    try {
      reply = await serve(incoming, type, leaving);
    } catch (error) {
      reply = refuse(error, log);
    }
    send(incoming, outgoing, reply, type ?? JSON_RESPONSE);
  }

  async function serve(
    incoming: IncomingMessage,
    type: MediaType | null,
    leaving: StopSignal,
  ): Promise<Response> {
    const { method, headers } = incoming;
    if (parts.closing()) throw new JuntoError("UNAVAILABLE", "The gateway is going away. Ask again.");
    if (method !== "POST" && method !== "GET")
      throw new JuntoError("METHOD_NOT_ALLOWED", "GraphQL is asked by GET or POST.");
    if (!type)
      throw new JuntoError(
        "NOT_ACCEPTABLE",
        "Responses are application/graphql-response+json or application/json; the accept header takes neither.",
      );
    if (method === "GET") refuseUnasked(headers);
    const person = await identity.identify(headers.authorization);
    if (!person)
      throw new JuntoError("UNAUTHENTICATED", "Nobody is signed in. Send a token of your organization.");
    const passed = pick(headers, parts.forwarded());
    const asked: Asked = { person, headers, passed, queryOnly: method === "GET", leaving };
    const raw = method === "GET" ? readSearch(incoming.url!) : await readJson(incoming, limits.bodySize);
    if (Array.isArray(raw)) return answerBatch(raw, asked);
    const response = await answerOne(raw, asked);
    return { text: response.text, status: statusIn(type, response) };
  }

  async function answerOne(raw: unknown, asked: Asked): Promise<Response> {
    const { headers, queryOnly } = asked;
    const request = requestOf(readParameters(raw, headers["junto-group"] as string | undefined), asked);
    return parts.plugins || queryOnly ? apollo.answer(request, headers) : answering.answer(request);
  }

  /** Each by itself, as if it had come alone; what is wrong with one is its own answer. */
  async function answerBatch(batch: readonly unknown[], asked: Asked): Promise<Response> {
    const most = limits.batch;
    if (most < 2)
      throw new JuntoError("BAD_REQUEST", "This gateway takes one request at a time, not a list.");
    if (batch.length === 0) throw new JuntoError("BAD_REQUEST", "The list of requests is empty.");
    if (batch.length > most)
      throw new JuntoError(
        "TOO_LARGE",
        `The list has ${batch.length} requests; at most ${most} are allowed.`,
        { details: { limit: { name: "batch", most, counted: batch.length } } },
      );
    const responses = await Promise.all(
      batch.map((raw) => answerOne(raw, asked).catch((error: unknown) => refuse(error, log))),
    );
    return { text: `[${responses.map(({ text }) => text).join(",")}]`, status: 200 };
  }

  function send(
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    { text, status }: Response,
    type: MediaType,
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
    add(headers, originHeaders(incoming, parts.allowedOrigins));
    if (status !== 200) add(headers, explaining(status, incoming.method));
    // A body that nobody read would have to be read to its end before the next request.
    if (!incoming.complete || parts.closing()) headers.push("connection", "close");
    outgoing.writeHead(status, headers);
    outgoing.end(incoming.method === "HEAD" ? undefined : body);
  }

  return (incoming, outgoing) => {
    if (incoming.method !== "OPTIONS") return void handle(incoming, outgoing);
    outgoing.writeHead(204, { ...originHeaders(incoming, parts.allowedOrigins), allow: METHODS }).end();
  };
}

const CONTENT_TYPE: Readonly<Record<MediaType, string>> = {
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

/** Aborted when the client leaves before it has its answer. */
function watch(outgoing: ServerResponse): StopSignal {
  const stopper = createStopper();
  outgoing.once("close", () => {
    if (!outgoing.writableFinished) stopper.stop();
  });
  return stopper.signal;
}

/** What all requests of one HTTP request have in common. */
interface Asked {
  readonly person: Person;
  readonly headers: IncomingHttpHeaders;
  /** Those of the headers that some subgraph may get. */
  readonly passed: Readonly<Record<string, string>> | undefined;
  readonly queryOnly: boolean;
  readonly leaving: StopSignal;
}

function requestOf(parameters: Parameters, { person, passed, queryOnly, leaving }: Asked): Request {
  return {
    person,
    ...parameters,
    queryOnly,
    ...(passed && { headers: passed }),
    signal: leaving,
  };
}

/** undefined: none of them is there. */
function pick(
  headers: IncomingHttpHeaders,
  names: readonly string[],
): Readonly<Record<string, string>> | undefined {
  let picked: Record<string, string> | undefined;
  for (const name of names) {
    const value = headers[name];
    if (typeof value === "string") (picked ??= {})[name] = value;
  }
  return picked;
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
