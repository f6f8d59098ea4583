// What a WebSocket client may do at most.
export interface WebSocketLimits {
  /** Bytes of one message from a client. */
  readonly message: number;
  /** Messages of one client that are read in a second; the others wait in its own network. */
  readonly messages: number;
  /** Subscriptions and other operations open at once on one socket. */
  readonly operations: number;
  /** Subscriptions that one person has open at once, on all sockets. */
  readonly subscriptions: number;
  /** Sockets that one person has open at once. */
  readonly sockets: number;
  /** Bytes that may wait for a client before it counts as slow. */
  readonly waiting: number;
  /** Milliseconds to say who one is. */
  readonly init: number;
  /** Milliseconds between pings; a client that has not answered by the next is gone. */
  readonly ping: number;
  /** Milliseconds that queries and mutations under way have to end when the gateway closes. */
  readonly closing: number;
}

export const DEFAULT_WEBSOCKET_LIMITS: WebSocketLimits = {
  message: 256 * 1024,
  messages: 1_000,
  operations: 100,
  subscriptions: 500,
  sockets: 50,
  waiting: 1024 * 1024,
  init: 10_000,
  ping: 30_000,
  closing: 10_000,
};
