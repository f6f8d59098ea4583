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
import { readParameters, requestOf, type AtDoor, type Parameters } from "../door/parameters.ts";
import type { Identity } from "../identity/index.ts";
import type { Log } from "../observe/index.ts";
import type { EventDoor } from "../sse/server.ts";
import type { ApolloLane } from "./apollo.ts";
import { readJson } from "./body.ts";
import { EVENT_STREAM, JSON_RESPONSE, mediaTypeFor, statusIn, type MediaType } from "./media-type.ts";
import { originHeaders, refuseUnasked } from "./origin.ts";
import { METHODS, sendReply, type ReplyParts, type Wire } from "./reply.ts";
import { readSearch } from "./search.ts";

export interface GraphqlParts extends ReplyParts {
  readonly identity: Pick<Identity, "identify">;
  readonly answering: DoorAnswering;
  readonly apollo: ApolloLane;
  /** Answers those who want events. */
  readonly events: Pick<EventDoor, "open">;
  /** Someone has plugins in Apollo Server's pipeline: every request takes it. */
  readonly plugins: boolean;
  readonly limits: Pick<Limits, "bodySize" | "batch">;
  /** Headers of requests that some subgraph may get. */
  readonly forwarded: () => readonly string[];
  readonly log: Log;
}

export function createGraphql(
  parts: GraphqlParts,
): (incoming: IncomingMessage, outgoing: ServerResponse) => void {
  const { identity, answering, apollo, limits, log } = parts;

  async function handle(wire: Wire): Promise<void> {
    const type = mediaTypeFor(wire.incoming.headers.accept);
    const leaving = watch(wire.outgoing);
    let reply: Response | "events";
    try {
      reply = await serve(wire, type, leaving);
    } catch (error) {
      reply = refuse(error, log);
    }
    // What is refused before there is a stream is a response like others.
    if (reply !== "events")
      sendReply(wire, reply, type === null || type === EVENT_STREAM ? JSON_RESPONSE : type, parts);
  }

  async function serve(
    wire: Wire,
    type: MediaType | null,
    leaving: StopSignal,
  ): Promise<Response | "events"> {
    const { incoming } = wire;
    const { method, headers } = incoming;
    const wanted = checkHead(incoming, type, parts.closing());
    const person = await identity.identify(headers.authorization);
    if (!person)
      throw new JuntoError("UNAUTHENTICATED", "Nobody is signed in. Send a token of your organization.");
    const asked: Asked = {
      person,
      readOnly: method === "GET",
      signal: leaving,
      headers: pick(headers, parts.forwarded()),
      all: headers,
    };
    const raw = method === "GET" ? readSearch(incoming.url!) : await readJson(incoming, limits.bodySize);
    if (wanted === EVENT_STREAM) return openStream(raw, asked, wire);
    if (Array.isArray(raw)) return answerBatch(raw, asked);
    const response = await answerOne(raw, asked);
    return { text: response.text, status: statusIn(wanted, response) };
  }

  async function answerOne(raw: unknown, asked: Asked): Promise<Response> {
    return throughLane(requestOf(parametersOf(raw, asked), asked), asked);
  }

  /** With plugins in Apollo Server's pipeline, or by GET, through it. */
  function throughLane(request: Request, { all, readOnly }: Asked): Promise<Response> {
    return parts.plugins || readOnly ? apollo.answer(request, all) : answering.answer(request);
  }

  /** Each by itself, as if it had come alone; what is wrong with one is its own answer. */
  async function answerBatch(batch: readonly unknown[], asked: Asked): Promise<Response> {
    checkBatch(batch, limits.batch);
    const responses = await Promise.all(
      batch.map((raw) => answerOne(raw, asked).catch((error: unknown) => refuse(error, log))),
    );
    return { text: `[${responses.map(({ text }) => text).join(",")}]`, status: 200 };
  }

  /** The rest is the stream's: what is wrong with the operation is told there. */
  function openStream(raw: unknown, asked: Asked, { incoming, outgoing }: Wire): "events" {
    if (Array.isArray(raw))
      throw new JuntoError("BAD_REQUEST", "An event stream carries one request, not a list.");
    const parameters = parametersOf(raw, asked);
    const lastEvent = (asked.all["last-event-id"] as string | undefined) || undefined;
    parts.events.open({
      person: asked.person,
      request: (signal) => requestOf(parameters, { ...asked, lastEvent, signal }),
      outgoing,
      headers: originHeaders(incoming, parts.allowedOrigins),
      answering: {
        kindOf: answering.kindOf,
        answer: (request) => throughLane(request, asked),
      },
    });
    return "events";
  }

  return (incoming, outgoing) => {
    if (incoming.method !== "OPTIONS") return void handle({ incoming, outgoing });
    outgoing.writeHead(204, { ...originHeaders(incoming, parts.allowedOrigins), allow: METHODS }).end();
  };
}

/** What can be said before it is known who asks. @returns the type of the answer. @throws JuntoError */
function checkHead(
  { method, headers }: IncomingMessage,
  type: MediaType | null,
  closing: boolean,
): MediaType {
  if (closing) throw new JuntoError("UNAVAILABLE", "The gateway is going away. Ask again.");
  if (method !== "POST" && method !== "GET")
    throw new JuntoError("METHOD_NOT_ALLOWED", "GraphQL is asked by GET or POST.");
  if (!type)
    throw new JuntoError(
      "NOT_ACCEPTABLE",
      "Responses are application/graphql-response+json, application/json or text/event-stream; the accept header takes none of them.",
    );
  if (method === "GET") refuseUnasked(headers);
  return type;
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
interface Asked extends AtDoor {
  /** Every header of it; `headers` are those that some subgraph may get. */
  readonly all: IncomingHttpHeaders;
}

function parametersOf(raw: unknown, { all }: Asked): Parameters {
  return readParameters(raw, all["junto-group"] as string | undefined);
}

/** @throws JuntoError */
function checkBatch({ length }: readonly unknown[], most: number): void {
  if (most < 2) throw new JuntoError("BAD_REQUEST", "This gateway takes one request at a time, not a list.");
  if (length === 0) throw new JuntoError("BAD_REQUEST", "The list of requests is empty.");
  if (length > most)
    throw new JuntoError("TOO_LARGE", `The list has ${length} requests; at most ${most} are allowed.`, {
      details: { limit: { name: "batch", most, counted: length } },
    });
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
