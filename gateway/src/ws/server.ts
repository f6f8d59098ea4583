// The WebSocket door: who may connect, and how it closes. What is said on a socket is in socket.ts.
import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { CloseCode, GRAPHQL_TRANSPORT_WS_PROTOCOL } from "graphql-ws";
import { WebSocketServer } from "ws";
import type { DoorAnswering } from "../answer.ts";
import { DEFAULT_LIMITS, type Limits } from "../config/index.ts";
import { atMost, type Door } from "../door/door.ts";
import type { Subscribe } from "../door/operations.ts";
import type { Quotas } from "../door/quota.ts";
import type { Identity } from "../identity/index.ts";
import type { Log } from "../observe/index.ts";
import { ServedSocket } from "./socket.ts";

export interface WebSocketParts {
  readonly identity: Pick<Identity, "identify">;
  readonly answering: DoorAnswering;
  /** Starts a subscription; returns what ends it. @throws JuntoError */
  readonly subscribe: Subscribe;
  /** What one person may have open, at this door and others together. */
  readonly quotas: Quotas;
  /** Origins of pages that may connect. Programs send none. */
  readonly allowedOrigins: readonly string[];
  readonly log: Log;
  readonly limits?: Partial<Limits>;
}

/** Serves `path` of an HTTP server. */
export function serveWebSocket(server: Server, path: string, parts: WebSocketParts): Door {
  const limits = { ...DEFAULT_LIMITS, ...parts.limits };
  const served = new Set<ServedSocket>();
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: limits.messageSize,
    perMessageDeflate: false,
    handleProtocols: (offered) =>
      offered.has(GRAPHQL_TRANSPORT_WS_PROTOCOL) ? GRAPHQL_TRANSPORT_WS_PROTOCOL : false,
  });
  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const origin = request.headers.origin;
    if (pathOf(request.url) !== path) return refuseUpgrade(socket, "404 Not Found");
    if (origin !== undefined && !isAllowed(origin, request.headers.host, parts.allowedOrigins))
      return refuseUpgrade(socket, "403 Forbidden");
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      if (webSocket.protocol !== GRAPHQL_TRANSPORT_WS_PROTOCOL)
        return webSocket.close(CloseCode.SubprotocolNotAcceptable, "Subprotocol not acceptable");
      const one = new ServedSocket(webSocket, { ...parts, ...parts.quotas, limits });
      served.add(one);
      webSocket.on("close", () => served.delete(one));
    });
  };
  const onUpgradeWhileClosing = (_request: IncomingMessage, socket: Duplex): void =>
    refuseUpgrade(socket, "503 Service Unavailable");
  server.on("upgrade", onUpgrade);
  return {
    size: () => sockets.clients.size,
    dismiss(isGone) {
      for (const one of served) one.dismiss(isGone);
    },
    async close() {
      server.off("upgrade", onUpgrade);
      server.on("upgrade", onUpgradeWhileClosing);
      const closed = new Promise<void>((done) => sockets.close(() => done()));
      await atMost(limits.closingTime, Promise.all([...served].map((one) => one.leave())));
      for (const socket of sockets.clients) socket.close(1001, "The gateway is going away");
      await atMost(limits.closingTime, closed);
      for (const socket of sockets.clients) socket.terminate();
      await closed;
    },
  };
}

/** null: the target is no URL (`//` is one that HTTP allows). Nobody would catch what is thrown here. */
function pathOf(target = "/"): string | null {
  return URL.canParse(target, "http://gateway") ? new URL(target, "http://gateway").pathname : null;
}

function isAllowed(origin: string, host: string | undefined, allowed: readonly string[]): boolean {
  return (
    allowed.includes(origin) || (host !== undefined && URL.canParse(origin) && new URL(origin).host === host)
  );
}

function refuseUpgrade(socket: Duplex, status: string): void {
  socket.on("error", () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
