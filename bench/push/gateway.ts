// The gateway in a process of its own. When what happens on the way of a change is heard on Node's and undici's
// diagnostics channels: nothing in the gateway's code is touched.
import { subscribe } from "node:diagnostics_channel";
import {
  createLog,
  openAccessLog,
  startGateway,
  type AccessLog,
  type AccessLogOptions,
  type Gateway,
  type GatewayConfig,
} from "@junto/gateway";
import { now, serve } from "../child.ts";

/** Instants of one change, and what it had the gateway ask. */
export interface Way {
  /** The first byte of `POST /changes` was read. */
  readonly arrived: number;
  /** It was answered: the change is on the log. */
  readonly stored: number;
  /** The first request to a subgraph. */
  readonly asked: number;
  /** The last answer of a subgraph. */
  readonly answered: number;
}

let gateway: Gateway | undefined;
let isLogging = true;

/** The access log, of which the writing can be left out. */
async function openSwitched(options: AccessLogOptions): Promise<AccessLog> {
  const log = await openAccessLog(options);
  return { ...log, write: async (drafts) => (isLogging ? log.write(drafts) : undefined) };
}

let way: { -readonly [Instant in keyof Way]: number | undefined } = nothing();

function nothing(): typeof way {
  return { arrived: undefined, stored: undefined, asked: undefined, answered: undefined };
}

const isChange = (message: unknown): boolean =>
  (message as { request: { url?: string } }).request.url === "/changes";
const isQuestion = (message: unknown): boolean =>
  (message as { request: { method?: string } }).request.method === "POST";

subscribe("http.server.request.start", (message) => {
  if (isChange(message)) way.arrived ??= now();
});
subscribe("http.server.response.finish", (message) => {
  if (isChange(message)) way.stored ??= now();
});
subscribe("undici:request:create", (message) => {
  if (isQuestion(message)) way.asked ??= now();
});
subscribe("undici:request:trailers", (message) => {
  if (isQuestion(message)) way.answered = now();
});

const calls = {
  async start(config: GatewayConfig): Promise<void> {
    gateway = await startGateway(config, {
      log: createLog({ level: config.logLevel, name: "gateway" }),
      openAccessLog: openSwitched,
    });
  },
  /** From now on lines of the access log are written, or not. */
  accessLog(isOn: boolean): void {
    isLogging = isOn;
  },
  /** Of the change since this was asked last. */
  way(): Way {
    const { arrived = NaN, stored = NaN, asked = NaN, answered = NaN } = way;
    way = nothing();
    return { arrived, stored, asked, answered };
  },
  /** Sent to each subgraph since the start. */
  requests: (): ReadonlyMap<string, number> => new Map(gateway?.requests),
  close: () => gateway?.close(),
};
export type GatewayCalls = typeof calls;
serve(calls);
