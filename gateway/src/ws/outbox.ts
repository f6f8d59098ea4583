// What goes to one client: messages of the protocol around payloads that are ready, and how much has not left yet.
import { MessageType } from "graphql-ws";
import type { WebSocket } from "ws";
import { createBacklog } from "../door/backlog.ts";
import type { Outlet } from "../door/operations.ts";
import { requestErrors } from "../shape/errors.ts";

export interface Outbox extends Outlet {
  acknowledge(): void;
  pong(): void;
  close(): void;
}

/** @param limit bytes that may wait */
export function createOutbox(socket: WebSocket, limit: number): Outbox {
  const isOpen = (): boolean => socket.readyState === socket.OPEN;
  const backlog = createBacklog(() => (isOpen() ? socket.bufferedAmount : 0), limit);
  const send = (text: string): void => {
    if (isOpen()) socket.send(text, backlog.look);
  };
  return {
    acknowledge: () => send(`{"type":"${MessageType.ConnectionAck}"}`),
    pong: () => send(`{"type":"${MessageType.Pong}"}`),
    next: (id, payload) =>
      send(`{"id":${JSON.stringify(id)},"type":"${MessageType.Next}","payload":${payload}}`),
    fail: (id, error) => send(JSON.stringify({ id, type: MessageType.Error, payload: requestErrors(error) })),
    complete: (id) => send(`{"id":${JSON.stringify(id)},"type":"${MessageType.Complete}"}`),
    congested: backlog.congested,
    drained: backlog.drained,
    close: backlog.look,
  };
}
