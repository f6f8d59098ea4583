// The HTTP door: GraphQL, and what else the gateway says: changes from subgraphs, its public keys, health, metrics.
import { createServer, type Server } from "node:http";
import fastify, { type FastifyInstance, type FastifyReply } from "fastify";
import type { JWK } from "jose";
import { refuse, type DoorAnswering, type Response } from "../answer.ts";
import { DEFAULT_LIMITS, type Limits } from "../config/index.ts";
import { JuntoError } from "../errors/index.ts";
import type { Identity } from "../identity/index.ts";
import type { Log, Metrics } from "../observe/index.ts";
import type { EventDoor } from "../sse/server.ts";
import { startApollo, type Plugin, type ShownGraph } from "./apollo.ts";
import { tooLarge } from "./body.ts";
import { addClient, type ClientParts } from "./client.ts";
import { createGraphql } from "./graphql.ts";
import { originHeaders } from "./origin.ts";

export interface HttpParts {
  /** What Apollo Server shows its plugins. */
  readonly shown: ShownGraph;
  readonly identity: Pick<Identity, "identify">;
  readonly answering: DoorAnswering;
  /** The door behind this one, for those who want their answer as events. */
  readonly events: Pick<EventDoor, "open">;
  /** As it is now. */
  readonly jwks: () => { readonly keys: readonly JWK[] };
  /** Takes changes that subgraphs send. */
  readonly takeChanges: (request: {
    headers: Readonly<Record<string, string | string[] | undefined>>;
    body: Buffer;
  }) => Promise<{ status: number; body: unknown }>;
  /** Whether the gateway can do its work. */
  readonly health: () => Promise<{ readonly ok: boolean } & Readonly<Record<string, unknown>>>;
  readonly landingPage: () => string;
  /** The web client is at `/` then, and the landing page at `/about`. */
  readonly client?: ClientParts | undefined;
  readonly metrics: Metrics;
  readonly allowedOrigins: readonly string[];
  /** Of Apollo Server. With any, every request takes its pipeline, and they see it there. */
  readonly plugins?: readonly Plugin[];
  readonly limits?: Partial<Limits>;
  /** Headers of requests that some subgraph may get; in small letters. */
  readonly forwarded?: () => readonly string[];
  readonly log: Log;
}

/** Makes the server; it does not listen yet. Its `close` lets what is under way come to its end. */
export async function createHttpServer(parts: HttpParts): Promise<FastifyInstance> {
  const { allowedOrigins, identity, answering, log } = parts;
  const limits = { ...DEFAULT_LIMITS, ...parts.limits };
  const plugins = parts.plugins ?? [];
  const apollo = await startApollo({ ...parts, plugins });
  let closing = false;
  const graphql = createGraphql({
    identity,
    answering,
    apollo,
    events: parts.events,
    plugins: plugins.length > 0,
    allowedOrigins,
    limits,
    forwarded: parts.forwarded ?? (() => []),
    closing: () => closing,
    log,
  });
  const app = fastify({
    bodyLimit: limits.bodySize,
    forceCloseConnections: "idle",
    return503OnClosing: false,
    serverFactory: (others) =>
      createNodeServer(limits, (incoming, outgoing) =>
        isGraphql(incoming.url!) ? graphql(incoming, outgoing) : others(incoming, outgoing),
      ),
  });
  app.addHook("onRequest", async (request, reply) => {
    reply.headers(originHeaders(request.raw, allowedOrigins));
    if (closing) reply.header("connection", "close");
    if (request.method !== "OPTIONS" || !reply.hasHeader("access-control-allow-origin")) return undefined;
    return reply.code(204).send();
  });
  refuseLikeEverywhere(app, parts, limits);
  addRoutes(app, parts, () => closing);
  app.addHook("preClose", async () => {
    closing = true;
    setTimeout(() => app.server.closeAllConnections(), limits.closingTime).unref();
  });
  app.addHook("onClose", () => apollo.stop());
  return app;
}

function createNodeServer(limits: Limits, handler: Parameters<typeof createServer>[1] & object): Server {
  return createServer(
    {
      maxHeaderSize: limits.headerSize,
      requestTimeout: limits.arrivalTime,
      headersTimeout: limits.arrivalTime,
      connectionsCheckingInterval: Math.min(limits.arrivalTime, 5_000),
      // Longer than the proxies in front keep theirs: otherwise they send into a connection that just closes.
      keepAliveTimeout: 72_000,
    },
    handler,
  );
}

function isGraphql(url: string): boolean {
  return url.startsWith("/graphql") && (url.length === 8 || url.charCodeAt(8) === 63); // "?"
}

/** Whatever goes wrong at the other addresses is said in the same form. */
function refuseLikeEverywhere(app: FastifyInstance, { log }: HttpParts, limits: Limits): void {
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    const status = error.statusCode ?? 500;
    const shown =
      status === 413
        ? tooLarge(limits.bodySize)
        : status < 500
          ? new JuntoError("BAD_REQUEST", "The request is not well formed.", { cause: error })
          : error;
    return send(reply, refuse(shown, log));
  });
  app.setNotFoundHandler((request, reply) => {
    const what = `${request.method} ${request.url.split("?")[0]!.slice(0, 100)}`;
    return send(reply, refuse(new JuntoError("NOT_FOUND", `There is nothing at ${what}.`), log));
  });
}

function addRoutes(app: FastifyInstance, parts: HttpParts, closing: () => boolean): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  app.post("/changes", async (request, reply) => {
    const { status, body } = await parts.takeChanges({
      headers: request.headers,
      body: (request.body as Buffer | undefined) ?? Buffer.alloc(0),
    });
    return reply.code(status).send(body);
  });
  app.get("/.well-known/jwks.json", async () => parts.jwks());
  app.get("/health", async (_request, reply) => {
    const { ok, ...more } = await parts.health();
    const status = closing() ? "closing" : ok ? "ok" : "unavailable";
    return reply.code(status === "ok" ? 200 : 503).send({ status, ok: status === "ok", ...more });
  });
  app.get("/metrics", async (_request, reply) =>
    reply.type("text/plain; version=0.0.4").send(parts.metrics.text()),
  );
  app.get(parts.client ? "/about" : "/", async (_request, reply) =>
    reply.type("text/html; charset=utf-8").send(parts.landingPage()),
  );
  if (parts.client) addClient(app, parts.client);
}

function send(reply: FastifyReply, { text, status }: Response): FastifyReply {
  return reply.code(status).type("application/json; charset=utf-8").send(text);
}
