// The connections to one subgraph: kept alive, bounded in number, HTTP/2 where the subgraph offers it over TLS.
import { Client, Pool, type buildConnector, type Dispatcher } from "undici";

export interface PoolOptions {
  readonly origin: string;
  readonly connections: number;
  /** Milliseconds to connect in. */
  readonly deadline: number;
  readonly http2: boolean;
  /** Certificates to trust, in the place of those that Node does. */
  readonly ca?: string;
}

export interface Connections {
  readonly reads: Dispatcher;
  readonly writes: Dispatcher;
  close(): Promise<void>;
}

/** Requests at once on one HTTP/2 connection. */
const STREAMS = 100;

export function openConnections(options: PoolOptions): Connections {
  const isH2 = options.http2 && options.origin.startsWith("https:");
  const reads = openPool(options, isH2, isH2 ? multiplexing : undefined);
  // A write has its connection for itself: undici sends again what was under way on an HTTP/2 connection that broke.
  const writes = isH2 ? openPool(options, isH2) : reads;
  return {
    reads,
    writes,
    async close() {
      await Promise.all([reads.destroy(), ...(writes === reads ? [] : [writes.destroy()])]);
    },
  };
}

function openPool(
  { origin, connections, deadline, ca }: PoolOptions,
  allowH2: boolean,
  factory?: Pool.Options["factory"],
): Pool {
  return new Pool(origin, {
    connections,
    allowH2,
    pipelining: 1,
    // One deadline is over the whole request; these would be two more timers.
    headersTimeout: 0,
    bodyTimeout: 0,
    connectTimeout: deadline,
    ...(ca !== undefined && { connect: { ca } }),
    ...(factory && { factory }),
  });
}

/** Many requests at once where the connection turns out to be HTTP/2, and one at a time where it does not. */
function multiplexing(origin: URL, options: object): Dispatcher {
  const { connect } = options as { readonly connect: buildConnector.connector };
  const client: Client = new Client(origin, {
    ...options,
    connect(target: buildConnector.Options, callback: buildConnector.Callback) {
      connect(target, (...connected) => {
        const [, socket] = connected;
        if (socket && "alpnProtocol" in socket)
          client.pipelining = socket.alpnProtocol === "h2" ? STREAMS : 1;
        callback(...connected);
      });
    },
  });
  return client;
}
