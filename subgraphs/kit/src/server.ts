// The door: POST /graphql for the gateway, subscriptions over WebSocket at the same address (socket.ts), and what anyone may ask: /health and the public key.
import type { AddressInfo } from "node:net";
import Fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from "fastify";
import type { GraphQLSchema } from "graphql";
import type { JSONWebKeySet } from "jose";
import { describeError } from "./errors.ts";
import { KeysUnavailable } from "./gateway-keys.ts";
import type { Execute } from "./execute.ts";
import type { Operation } from "./operation.ts";
import { openSocketDoor } from "./socket.ts";
import type { Subscribe } from "./subscribe.ts";
import type { Health } from "./health.ts";
import { digestOf } from "./keys.ts";
import { TokenError, type Credentials, type TokenCheck } from "./token.ts";
import type { Logger } from "./types.ts";

export interface Door {
  readonly origin: string;
  /** Takes no more requests, and ends those under way. */
  close(): Promise<void>;
}

const largestBody = 1_000_000;
const slowestRequest = 10_000;

export async function openDoor(options: {
  readonly tokens: TokenCheck;
  readonly schema: GraphQLSchema;
  readonly execute: Execute;
  readonly subscribe: Subscribe;
  readonly health: () => Promise<Health>;
  readonly jwks: JSONWebKeySet;
  readonly log: Logger;
  readonly host: string;
  readonly port: number;
}): Promise<Door> {
  const { tokens, execute, log } = options;
  const app = Fastify({ bodyLimit: largestBody, requestTimeout: slowestRequest, logger: false });
  app.removeContentTypeParser("text/plain");
  app.setNotFoundHandler((_request, reply) => refuse(reply, 404, "NOT_FOUND", "There is nothing here"));
  app.setErrorHandler((error: FastifyError, _request, reply) => answerError(error, reply, log));

  // The token is verified before the body is read, the operation in it after.
  const credentials = new WeakMap<FastifyRequest, Credentials>();
  const authenticate = async (request: FastifyRequest): Promise<void> => {
    credentials.set(request, await tokens.verify(request.headers.authorization));
  };

  app.post("/graphql", { onRequest: authenticate }, async (request, reply) => {
    const { viewer, operation: signed } = credentials.get(request)!;
    const operation = readOperation(request);
    if (!operation) return refuse(reply, 400, "BAD_REQUEST", "The body is not a GraphQL request");
    if (digestOf(operation.query) !== signed) throw new TokenError("it is for another operation");
    return execute(operation, viewer);
  });
  app.get("/health", options.health);
  app.get("/.well-known/jwks.json", () => options.jwks);

  const { schema, subscribe } = options;
  const sockets =
    schema.getSubscriptionType() && openSocketDoor(app.server, { schema, tokens, subscribe, log });
  await app.listen({ host: options.host, port: options.port });
  return {
    origin: originOf(app, options.host),
    async close() {
      await sockets?.close();
      await app.close();
    },
  };
}

function readOperation({ body, headers }: FastifyRequest): Operation | undefined {
  if (!isObject(body)) return undefined;
  const { query, variables, operationName } = body;
  if (typeof query !== "string") return undefined;
  if (variables !== undefined && variables !== null && !isObject(variables)) return undefined;
  if (operationName !== undefined && operationName !== null && typeof operationName !== "string")
    return undefined;
  const idempotencyKey = headers["idempotency-key"];
  return {
    query,
    ...(isObject(variables) && { variables }),
    ...(typeof operationName === "string" && { operationName }),
    ...(typeof idempotencyKey === "string" && { idempotencyKey }),
  };
}

function answerError(error: FastifyError, reply: FastifyReply, log: Logger): FastifyReply {
  if (error instanceof TokenError) {
    log.warn({ reason: error.message, from: reply.request.ip }, "a request without a good token");
    return refuse(reply, 401, "UNAUTHENTICATED", "A token of the gateway is needed");
  }
  if (error instanceof KeysUnavailable) {
    log.error({ err: describeError(error) }, "no token can be verified");
    return refuse(reply, 503, "UNAVAILABLE", "Try again later");
  }
  const status = error.statusCode ?? 500;
  if (status >= 500) {
    log.error({ err: describeError(error) }, "a request failed");
    return refuse(reply, 500, "INTERNAL", "Internal error");
  }
  return refuse(reply, status, "BAD_REQUEST", "The request is malformed, too large or not JSON");
}

function refuse(reply: FastifyReply, status: number, code: string, message: string): FastifyReply {
  return reply.code(status).send({ errors: [{ message, extensions: { code } }] });
}

function originOf(app: FastifyInstance, host: string): string {
  const { port } = app.server.address() as AddressInfo;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
