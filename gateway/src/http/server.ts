// The HTTP door: GraphQL through Apollo Server, changes from subgraphs, the gateway's public keys, health.
import { ApolloServer, HeaderMap, type HTTPGraphQLRequest } from "@apollo/server";
import type { GatewayInterface } from "@apollo/server-gateway-interface";
import { ApolloServerPluginLandingPageDisabled } from "@apollo/server/plugin/disabled";
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import type { GraphQLSchema } from "graphql";
import type { JWK } from "jose";
import { refuse, type Answering, type Response } from "../answer.ts";
import { JuntoError } from "../errors/index.ts";
import type { Identity, Person } from "../identity/index.ts";
import type { Log, Metrics } from "../observe/index.ts";
import { DEFAULT_LIMITS } from "../config/index.ts";

export interface HttpParts {
  readonly schema: GraphQLSchema;
  readonly sdl: string;
  readonly identity: Identity;
  readonly answering: Answering;
  readonly jwks: { readonly keys: readonly JWK[] };
  /** Takes changes that subgraphs send. */
  readonly takeChanges: (request: {
    headers: Readonly<Record<string, string | string[] | undefined>>;
    body: Buffer;
  }) => Promise<{ status: number; body: unknown }>;
  /** Whether the gateway can do its work. */
  readonly health: () => Promise<{ readonly ok: boolean } & Readonly<Record<string, unknown>>>;
  readonly landingPage: string;
  readonly metrics: Metrics;
  readonly allowedOrigins: readonly string[];
  readonly log: Log;
}

/** Bytes of one request. */
const MAX_BODY = 1024 * 1024;
/** Milliseconds in which a request must have arrived. */
const SLOWEST_REQUEST = 30_000;
/** What is no UTF-8 is refused: read with replacements, different texts would become one. */
const UTF_8 = new TextDecoder("utf-8", { fatal: true });

/** Makes the server; it does not listen yet. */
export async function createHttpServer(parts: HttpParts): Promise<FastifyInstance> {
  const apollo = await startApollo(parts);
  const app = fastify({
    bodyLimit: MAX_BODY,
    requestTimeout: SLOWEST_REQUEST,
    forceCloseConnections: true,
  });
  app.addHook("onRequest", async (request, reply) => allowOrigin(request, reply, parts.allowedOrigins));
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    const status = error.statusCode ?? 500;
    const shown =
      status === 413
        ? new JuntoError("TOO_LARGE", `The request is larger than ${MAX_BODY} bytes.`)
        : status < 500
          ? new JuntoError("BAD_REQUEST", "The request is not well formed.", { cause: error })
          : error;
    return send(reply, refuse(shown, parts.log));
  });
  app.setNotFoundHandler((request, reply) =>
    send(
      reply,
      refuse(
        new JuntoError(
          "NOT_FOUND",
          `There is nothing at ${request.method} ${request.url.split("?")[0]!.slice(0, 100)}.`,
        ),
        parts.log,
      ),
    ),
  );

  app.route({
    method: ["GET", "POST"],
    url: "/graphql",
    handler: (request, reply) => graphql(apollo, parts, request, reply),
  });
  app.post("/changes", async (request, reply) => {
    const { status, body } = await parts.takeChanges({
      headers: request.headers,
      body: (request.body as Buffer | undefined) ?? Buffer.alloc(0),
    });
    return reply.code(status).send(body);
  });
  app.get("/.well-known/jwks.json", async () => parts.jwks);
  app.get("/health", async (_request, reply) => {
    const health = await parts.health();
    return reply.code(health.ok ? 200 : 503).send({ status: health.ok ? "ok" : "unavailable", ...health });
  });
  app.get("/metrics", async (_request, reply) =>
    reply.type("text/plain; version=0.0.4").send(parts.metrics.text()),
  );
  app.get("/", async (_request, reply) => reply.type("text/html; charset=utf-8").send(parts.landingPage));
  app.addHook("onClose", () => apollo.stop());
  return app;
}

interface ApolloContext {
  readonly person: Person | null;
  readonly group: string | undefined;
  /** Takes the response, when the gateway makes one: it is sent as it is. (Apollo hands on a copy of the context.) */
  readonly made: { response?: Response };
}

/**
 * Apollo Server parses and guards HTTP; what it is asked to execute is answered by answer.ts, which validates it as
 * it does for every door: what is too large first, since validation of a hostile document costs seconds.
 */
async function startApollo({ schema, sdl, answering, log }: HttpParts): Promise<ApolloServer<ApolloContext>> {
  const gateway: GatewayInterface = {
    load: async () => ({
      executor: async ({ request, source, context }) => {
        const own = context as ApolloContext;
        own.made.response = await answering.answer({
          person: own.person,
          query: source,
          operationName: request.operationName ?? null,
          variables: (request.variables as Record<string, unknown> | undefined) ?? null,
          ...(own.group !== undefined && { group: own.group }),
        });
        return { data: null }; // the text goes out as it is, past Apollo's own serialization
      },
    }),
    onSchemaLoadOrUpdate(callback) {
      callback({ apiSchema: schema, coreSupergraphSdl: sdl });
      return () => undefined;
    },
    stop: async () => undefined,
  };
  const apollo = new ApolloServer<ApolloContext>({
    gateway,
    introspection: true,
    dangerouslyDisableValidation: true,
    parseOptions: { maxTokens: DEFAULT_LIMITS.tokens },
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    logger: log,
    plugins: [ApolloServerPluginLandingPageDisabled()],
  });
  await apollo.start();
  return apollo;
}

async function graphql(
  apollo: ApolloServer<ApolloContext>,
  parts: HttpParts,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  let person: Person | null;
  try {
    person = await parts.identity.identify(request.headers.authorization);
    if (!person)
      throw new JuntoError("UNAUTHENTICATED", "Nobody is signed in. Send a token of your organization.");
  } catch (error) {
    return send(reply, refuse(error, parts.log));
  }
  const group = request.headers["junto-group"];
  const context: ApolloContext = { person, group: typeof group === "string" ? group : undefined, made: {} };
  const body = readBody(request);
  if (body instanceof JuntoError) return send(reply, refuse(body, parts.log));
  const {
    status,
    headers,
    body: answer,
  } = await apollo.executeHTTPGraphQLRequest({
    httpGraphQLRequest: {
      ...body,
      method: request.method,
      search: new URL(request.url, "http://gateway").search,
      headers: headersOf(request),
    },
    context: async () => context,
  });
  if (context.made.response) return send(reply, context.made.response);
  for (const [name, value] of headers) reply.header(name, value);
  return reply.code(status ?? 200).send(answer.kind === "complete" ? answer.string : "");
}

function readBody(request: FastifyRequest): Pick<HTTPGraphQLRequest, "body"> | JuntoError {
  if (request.method === "GET") return { body: undefined };
  const type = request.headers["content-type"] ?? "";
  if (!/^application\/json *(;|$)/i.test(type)) return { body: "" }; // Apollo says what is wrong with it
  try {
    return { body: JSON.parse(UTF_8.decode(request.body as Buffer)) as unknown };
  } catch {
    return new JuntoError("BAD_REQUEST", "The body is not valid JSON in UTF-8.");
  }
}

function headersOf(request: FastifyRequest): HeaderMap {
  const headers = new HeaderMap();
  for (const [name, value] of Object.entries(request.headers))
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(", ") : value);
  return headers;
}

function send(reply: FastifyReply, { text, status }: Response): FastifyReply {
  return reply.code(status).type("application/json; charset=utf-8").send(text);
}

/** Cross-origin requests are answered for origins that the operator names, and for no others. */
async function allowOrigin(
  request: FastifyRequest,
  reply: FastifyReply,
  allowed: readonly string[],
): Promise<FastifyReply | undefined> {
  const origin = request.headers.origin;
  reply.header("vary", "Origin").header("x-content-type-options", "nosniff");
  if (origin === undefined || !allowed.includes(origin)) return undefined;
  reply.header("access-control-allow-origin", origin);
  if (request.method !== "OPTIONS") return undefined;
  return reply
    .header("access-control-allow-methods", "GET, POST")
    .header("access-control-allow-headers", "authorization, content-type, junto-group")
    .code(204)
    .send();
}
