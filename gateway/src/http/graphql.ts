// GraphQL over HTTP: every request to /graphql, from its headers to the bytes of the response.
//
//   origin ▸ method ▸ accept ▸ asked for by a page? ▸ who asks ▸ body or address ▸ parameters ▸ answer, or events (sse/)
//
// The order is the same for all: what costs least is looked at first, and nothing is read of who is not known.
// It speaks node:http itself; a framework took longer over a small answer than the gateway does (docs/adr/0005).
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { refuse, type DoorAnswering, type Request, type Response } from "../answer.ts";
import { createStopper, type StopSignal } from "../cancel/stopper.ts";
import type { Limits } from "../config/index.ts";
import { JuntoError } from "../errors/index.ts";
import { readParameters } from "../door/parameters.ts";
import type { Identity, Person } from "../identity/index.ts";
import type { Log } from "../observe/index.ts";
import type { EventDoor } from "../sse/server.ts";
import type { ApolloLane } from "./apollo.ts";
import { readJson } from "./body.ts";
import {
  EVENT_STREAM,
  GRAPHQL_RESPONSE,
  JSON_RESPONSE,
  mediaTypeFor,
  statusIn,
  type MediaType,
  type WholeType,
} from "./media-type.ts";
import { originHeaders, refuseUnasked } from "./origin.ts";
import { readSearch } from "./search.ts";

export interface GraphqlParts {
  readonly identity: Pick<Identity, "identify">;
  readonly answering: DoorAnswering;
  readonly apollo: ApolloLane;
  /** Answers those who want events. */
  readonly events: Pick<EventDoor, "open">;
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
    let reply: Response | "events";
    try {
      reply = await serve({ incoming, outgoing }, type, leaving);
    } catch (error) {
      reply = refuse(error, log);
    }
    // What is refused before there is a stream is a response like others.
    if (reply !== "events")
      send(incoming, outgoing, reply, type === null || type === EVENT_STREAM ? JSON_RESPONSE : type);
  }

  async function serve(
    wire: Wire,
    type: MediaType | null,
    leaving: StopSignal,
  ): Promise<Response | "events"> {
    const { incoming } = wire;
    const { method, headers } = incoming;
    if (parts.closing()) throw new JuntoError("UNAVAILABLE", "The gateway is going away. Ask again.");
    if (method !== "POST" && method !== "GET")
      throw new JuntoError("METHOD_NOT_ALLOWED", "GraphQL is asked by GET or POST.");
    if (!type)
      throw new JuntoError(
        "NOT_ACCEPTABLE",
        "Responses are application/graphql-response+json, application/json or text/event-stream; the accept header takes none of them.",
      );
    if (method === "GET") refuseUnasked(headers);
    const person = await identity.identify(headers.authorization);
    if (!person)
      throw new JuntoError("UNAUTHENTICATED", "Nobody is signed in. Send a token of your organization.");
    const passed = pick(headers, parts.forwarded());
    const asked: Asked = { person, headers, passed, readOnly: method === "GET", leaving };
    const raw = method === "GET" ? readSearch(incoming.url!) : await readJson(incoming, limits.bodySize);
    if (type === EVENT_STREAM) return openStream(raw, asked, wire);
    if (Array.isArray(raw)) return answerBatch(raw, asked);
    const response = await answerOne(raw, asked);
    return { text: response.text, status: statusIn(type, response) };
  }

  async function answerOne(raw: unknown, asked: Asked): Promise<Response> {
    return throughLane(requestOf(raw, asked), asked);
  }

  /** With plugins in Apollo Server's pipeline, or by GET, through it. */
  function throughLane(request: Request, { headers, readOnly }: Asked): Promise<Response> {
    return parts.plugins || readOnly ? apollo.answer(request, headers) : answering.answer(request);
  }

  /** The rest is the stream's: what is wrong with the operation is told there. */
  function openStream(raw: unknown, asked: Asked, { incoming, outgoing }: Wire): "events" {
    if (Array.isArray(raw))
      throw new JuntoError("BAD_REQUEST", "An event stream carries one request, not a list.");
    const lastEvent = asked.headers["last-event-id"] as string | undefined;
    parts.events.open({
      request: { ...requestOf(raw, asked), ...(lastEvent && { lastEvent }) },
      outgoing,
      headers: originHeaders(incoming, parts.allowedOrigins),
      answering: {
        kindOf: answering.kindOf,
        answer: (request) => throughLane(request, asked),
      },
    });
    return "events";
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
    type: WholeType,
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

/** Aborted when the client leaves before it has its answer. */
function watch(outgoing: ServerResponse): StopSignal {
  const stopper = createStopper();
  outgoing.once("close", () => {
    if (!outgoing.writableFinished) stopper.stop();
  });
  return stopper.signal;
}

/** An HTTP request and where its answer goes. */
interface Wire {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
}

/** What all requests of one HTTP request have in common. */
interface Asked {
  readonly person: Person;
  readonly headers: IncomingHttpHeaders;
  /** Those of the headers that some subgraph may get. */
  readonly passed: Readonly<Record<string, string>> | undefined;
  readonly readOnly: boolean;
  readonly leaving: StopSignal;
}

function requestOf(raw: unknown, asked: Asked): Request & { readonly person: Person } {
  const { person, headers, passed, readOnly, leaving } = asked;
  return {
    person,
    ...readParameters(raw, headers["junto-group"] as string | undefined),
    readOnly,
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
