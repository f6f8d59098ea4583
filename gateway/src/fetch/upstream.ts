// A subscription at a subgraph for as long as somebody here wants its events: it comes back when the subgraph does.
//
//   CONNECTING ──let in──▸ OPEN ──the subgraph is away──▸ WAITING ──after a pause──▸ CONNECTING
//   CONNECTING ──the subgraph is away──▸ WAITING
//   any ──completed, refused for good, nobody wants it any more──▸ ENDED
//
// Each connection carries one subscription: its token is for one operation and one audience.
import type { SubgraphTokens } from "../access/subgraph-token.ts";
import type { Held } from "../access/requirements.ts";
import type { Viewer } from "../access/viewer.ts";
import { JuntoError } from "../errors/index.ts";
import type { Making } from "../execute/engine.ts";
import type { FetchRequest, SubgraphAnswer, SubgraphError } from "../execute/fetch-request.ts";
import { subscribeOverSocket, type Ending, type SocketLimits, type SocketSubscription } from "./socket.ts";

export interface UpstreamListener {
  next(answer: SubgraphAnswer): void;
  /** Events may have been missed, and may be until the subgraph is back. Said once for each time that it went. */
  away(cause: JuntoError): void;
  /** No more will come. */
  end(reason: "complete" | SubgraphError | JuntoError): void;
}

export type Upstream = SocketSubscription;

export interface Upstreams {
  /** Subscribes to what `Engine.source` says. */
  open(source: FetchRequest<Making>, listener: UpstreamListener): Upstream;
  /** All that decides what a subscription to it gives, as the graph is now. */
  keyOf(source: FetchRequest<Making>): string;
  /** Subscriptions at subgraphs. */
  size(): number;
}

/** As of a request over HTTP: the same settings are good for both. */
export interface UpstreamSubgraph {
  /** ws:// or wss:// */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly ca?: string;
  /** Milliseconds to connect, and again to acknowledge. */
  readonly deadline?: number;
  /** Bytes of one event. */
  readonly maxResponse?: number;
}

export interface UpstreamParts {
  /** Where a subgraph is subscribed to, and how, as the graph is now. */
  readonly subgraph: (name: string) => UpstreamSubgraph | undefined;
  /** What a viewer has now of what a subgraph asks for. */
  readonly held: (subgraph: string, viewer: Viewer) => Held;
  readonly tokens: Pick<SubgraphTokens, "token">;
  /** Called once for each event. */
  readonly onEvent?: (subgraph: string) => void;
  readonly limits?: Partial<SocketLimits>;
  readonly pauses?: Pauses;
}

/** Milliseconds from one try to the next: they double, and no two gateways or audiences come at once. */
export interface Pauses {
  readonly shortest: number;
  readonly longest: number;
  /** A connection that has held so long has ended the trouble. */
  readonly steady: number;
}

const PAUSES: Pauses = { shortest: 250, longest: 30_000, steady: 10_000 };

export function createUpstreams(parts: UpstreamParts): Upstreams {
  let size = 0;
  const addressOf = (subgraph: string): UpstreamSubgraph => {
    const at = parts.subgraph(subgraph);
    if (!at) throw new JuntoError("CONFIGURATION", `There is no address for subgraph ${subgraph}.`);
    return at;
  };

  const open = (source: FetchRequest<Making>, listener: UpstreamListener): Upstream => {
    const { subgraph, operation, context } = source;
    const { viewer } = context;
    addressOf(subgraph);
    size += 1;
    return keepSubscribed(
      {
        pauses: parts.pauses ?? PAUSES,
        async connect(on) {
          const at = addressOf(subgraph);
          const held = parts.held(subgraph, viewer);
          const token = await parts.tokens.token({ subgraph, operation, viewer, held });
          return subscribeOverSocket(
            {
              name: subgraph,
              url: at.url,
              ...(at.headers && { headers: at.headers }),
              ...(at.ca !== undefined && { ca: at.ca }),
              authorization: `Bearer ${token}`,
              body: source.body,
              limits: {
                ...(at.deadline !== undefined && { deadline: at.deadline }),
                ...(at.maxResponse !== undefined && { message: at.maxResponse }),
                ...parts.limits,
              },
            },
            on,
          );
        },
        ended: () => (size -= 1),
      },
      {
        ...listener,
        next(answer) {
          parts.onEvent?.(subgraph);
          listener.next(answer);
        },
      },
    );
  };
  const keyOf = ({ subgraph, body, context: { viewer } }: FetchRequest<Making>): string =>
    JSON.stringify([subgraph, body, parts.subgraph(subgraph), parts.held(subgraph, viewer)]);
  return { open, keyOf, size: () => size };
}

interface Connecting {
  readonly pauses: Pauses;
  connect(listener: Parameters<typeof subscribeOverSocket>[1]): Promise<SocketSubscription>;
  ended(): void;
}

function keepSubscribed({ connect, pauses, ended }: Connecting, listener: UpstreamListener): Upstream {
  let state: "CONNECTING" | "OPEN" | "WAITING" | "ENDED" = "CONNECTING";
  let socket: SocketSubscription | undefined;
  let paused = false;
  let failures = 0;
  let told = false;
  let timer: NodeJS.Timeout | undefined;

  const finish = (): boolean => {
    if (state === "ENDED") return false;
    state = "ENDED";
    clearTimeout(timer);
    ended();
    return true;
  };
  /** Who comes and goes in a moment is asked less and less often. */
  const steady = (): void => void (failures = 0);

  const opened = (): void => {
    state = "OPEN";
    told = false;
    timer = setTimeout(steady, pauses.steady);
  };
  const lost = (cause: JuntoError): void => {
    clearTimeout(timer);
    socket = undefined;
    state = "WAITING";
    const pause = Math.min(pauses.shortest * 2 ** failures, pauses.longest);
    failures += 1;
    timer = setTimeout(begin, pause * (0.5 + Math.random() / 2));
    if (told) return;
    told = true;
    listener.away(cause);
  };
  const end = (ending: Ending): void => {
    if (state === "ENDED") return;
    if (ending.kind === "away") return lost(ending.cause);
    finish();
    listener.end(ending.kind === "complete" ? "complete" : ending.cause);
  };
  const next = (answer: SubgraphAnswer): void => {
    if (state === "ENDED") return;
    steady();
    listener.next(answer);
  };

  const begin = (): void => {
    state = "CONNECTING";
    connect({ open: opened, next, end }).then(
      (connected) => {
        if (state === "ENDED") return connected.close();
        socket = connected;
        if (paused) connected.pause();
      },
      (error: unknown) => {
        if (finish()) listener.end(JuntoError.from(error));
      },
    );
  };
  begin();

  return {
    pause() {
      paused = true;
      socket?.pause();
    },
    resume() {
      paused = false;
      socket?.resume();
    },
    close() {
      if (finish()) socket?.close();
    },
  };
}
