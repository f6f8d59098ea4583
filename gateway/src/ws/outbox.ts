// What goes to one client: messages of the protocol around payloads that are ready, and how much has not left yet.
import { MessageType } from "graphql-ws";
import type { WebSocket } from "ws";
import type { JuntoError } from "../errors/index.ts";
import { requestErrors } from "../shape/errors.ts";

export interface Outbox {
  acknowledge(): void;
  pong(): void;
  /** A whole response as text. */
  next(id: string, payload: string): void;
  fail(id: string, error: JuntoError): void;
  complete(id: string): void;
  /** More is waiting than a client should let wait. */
  congested(): boolean;
  /** Resolves when it has gone, or the socket has. */
  drained(): Promise<void>;
  close(): void;
}

/** @param limit bytes that may wait */
export function createOutbox(socket: WebSocket, limit: number): Outbox {
  let waiting: (() => void)[] = [];
  const release = (): void => {
    if (socket.bufferedAmount > limit / 2 && socket.readyState === socket.OPEN) return;
    const ready = waiting;
    waiting = [];
    for (const resolve of ready) resolve();
  };
  const send = (text: string): void => {
    if (socket.readyState === socket.OPEN) socket.send(text, release);
  };
  return {
    acknowledge: () => send(`{"type":"${MessageType.ConnectionAck}"}`),
    pong: () => send(`{"type":"${MessageType.Pong}"}`),
    next: (id, payload) =>
      send(`{"id":${JSON.stringify(id)},"type":"${MessageType.Next}","payload":${payload}}`),
    fail: (id, error) => send(JSON.stringify({ id, type: MessageType.Error, payload: requestErrors(error) })),
    complete: (id) => send(`{"id":${JSON.stringify(id)},"type":"${MessageType.Complete}"}`),
    congested: () => socket.bufferedAmount > limit,
    drained: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        release();
      }),
    close: release,
  };
}
