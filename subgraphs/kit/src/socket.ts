// The door of subscriptions: graphql-transport-ws at the address of everything else. The gateway's token comes in
// `connection_init`, and is verified there and again for each subscription, exactly as it is over HTTP.
import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { CloseCode, handleProtocols, makeServer, type Context, type SubscribePayload } from "graphql-ws";
import { GraphQLError, type ExecutionArgs, type ExecutionResult, type GraphQLSchema } from "graphql";
import { WebSocketServer, type WebSocket } from "ws";
import { describeError } from "./errors.ts";
import { KeysUnavailable } from "./gateway-keys.ts";
import { digestOf } from "./keys.ts";
import type { Subscribe } from "./subscribe.ts";
import { TokenError, type Credentials, type TokenCheck } from "./token.ts";
import type { Logger } from "./types.ts";

export interface SocketParts {
  readonly schema: GraphQLSchema;
  readonly tokens: TokenCheck;
  readonly subscribe: Subscribe;
  readonly log: Logger;
}

export interface SocketDoor {
  close(): Promise<void>;
}

/** Of a connection, before and after its token is known to be good. */
interface Connection {
  readonly socket: WebSocket;
  readonly from: string | undefined;
  authorization?: string;
}
type Connected = Context<Record<string, unknown> | undefined, Connection>;

const path = "/graphql";
const largestMessage = 1_000_000;
const mostSubscriptions = 100;
const slowestInit = 10_000;
const pingEvery = 30_000;
/** For who does not say goodbye. */
const patience = 1_000;

export function openSocketDoor(server: Server, parts: SocketParts): SocketDoor {
  const { log } = parts;
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: largestMessage,
    perMessageDeflate: false,
    handleProtocols,
  });
  const protocol = makeServer<Record<string, unknown> | undefined, Connection>({
    connectionInitWaitTimeout: slowestInit,
    onConnect: (context) => letIn(context, parts),
    onSubscribe: (context, _id, payload) => begin(context, payload, parts),
    subscribe: ({ contextValue }) => contextValue as AsyncGenerator<ExecutionResult>,
  });
  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    if (request.url?.split("?")[0] !== path) {
      socket.on("error", () => socket.destroy());
      return void socket.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      const closed = protocol.opened(adapt(webSocket, log), {
        socket: webSocket,
        from: request.socket.remoteAddress,
      });
      const stopPings = keepAlive(webSocket);
      webSocket.on("error", (error) => log.debug({ err: describeError(error) }, "a socket failed"));
      webSocket.on("close", (code, reason) => {
        stopPings();
        closed(code, reason.toString()).catch((error: unknown) =>
          log.error({ err: describeError(error) }, "a subscription could not be ended"),
        );
      });
    });
  };
  server.on("upgrade", onUpgrade);
  return {
    async close() {
      server.off("upgrade", onUpgrade);
      for (const socket of sockets.clients) socket.close(1001, "The subgraph is going away");
      const timer = setTimeout(() => {
        for (const socket of sockets.clients) socket.terminate();
      }, patience);
      await new Promise<void>((done) => sockets.close(() => done()));
      clearTimeout(timer);
    },
  };
}

/** false: closed with 4403. */
async function letIn(context: Connected, { tokens, log }: SocketParts): Promise<boolean> {
  const authorization = context.connectionParams?.["authorization"];
  if (typeof authorization === "string") context.extra.authorization = authorization;
  return (await verified(context.extra, tokens, log)) !== undefined;
}

/** A token of a minute may be over by the time that somebody subscribes, and it is for one operation. */
async function begin(
  context: Connected,
  { query, variables, operationName }: SubscribePayload,
  { schema, tokens, subscribe, log }: SocketParts,
): Promise<ExecutionArgs | readonly GraphQLError[]> {
  const found = await verified(context.extra, tokens, log, query);
  if (!found) {
    context.extra.socket.close(CloseCode.Forbidden, "Forbidden");
    return [refusal("UNAUTHENTICATED", "A token of the gateway is needed")];
  }
  if (Object.keys(context.subscriptions).length > mostSubscriptions)
    return [refusal("BAD_REQUEST", `At most ${mostSubscriptions} subscriptions may be open on one socket`)];
  const begun = await subscribe(
    {
      query,
      ...(variables && { variables }),
      ...(typeof operationName === "string" && { operationName }),
    },
    found.viewer,
  );
  if ("errors" in begun) return begun.errors;
  return { schema, document: begun.document, operationName, contextValue: begun.events };
}

/** `query`: the operation that the token must be for. */
async function verified(
  { authorization, socket, from }: Connection,
  tokens: TokenCheck,
  log: Logger,
  query?: string,
): Promise<Credentials | undefined> {
  try {
    const found = await tokens.verify(authorization);
    if (query !== undefined && digestOf(query) !== found.operation)
      throw new TokenError("it is for another operation");
    return found;
  } catch (error) {
    if (error instanceof KeysUnavailable) {
      log.error({ err: describeError(error) }, "no token can be verified");
      socket.close(1013, "Try again later");
    } else if (error instanceof TokenError) {
      log.warn({ reason: error.message, from }, "a socket without a good token");
    } else throw error;
    return undefined;
  }
}

function adapt(socket: WebSocket, log: Logger): Parameters<ReturnType<typeof makeServer>["opened"]>[0] {
  return {
    protocol: socket.protocol,
    // Resolves when it has left: a subscription does not run ahead of who reads it.
    send: (data) =>
      new Promise((resolve) =>
        socket.readyState === socket.OPEN ? socket.send(data, () => resolve()) : resolve(),
      ),
    close: (code, reason = "") => socket.close(code, reason.slice(0, 120)),
    onMessage(take) {
      socket.on("message", (data: Buffer, isBinary) => {
        if (socket.readyState !== socket.OPEN) return;
        if (isBinary) return socket.close(CloseCode.BadRequest, "Messages are text");
        take(data.toString("utf8")).catch((error: unknown) => {
          log.error({ err: describeError(error) }, "a socket's message failed");
          socket.close(CloseCode.InternalServerError, "Internal error");
        });
      });
    },
  };
}

function keepAlive(socket: WebSocket): () => void {
  let answered = true;
  socket.on("pong", () => (answered = true));
  const timer = setInterval(() => {
    if (!answered) return socket.terminate();
    answered = false;
    socket.ping();
  }, pingEvery);
  return () => clearInterval(timer);
}

function refusal(code: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code } });
}
