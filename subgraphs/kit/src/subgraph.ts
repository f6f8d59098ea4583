// The story of a subgraph: listen, verify, execute; and beside it: watch, store, send.
import { randomBytes } from "node:crypto";
import { createDocuments } from "./documents.ts";
import { createExecute } from "./execute.ts";
import { createHealth } from "./health.ts";
import { loadOwnKeys } from "./keys.ts";
import { defaultLogger } from "./log.ts";
import { checkChange, createOutbox } from "./outbox.ts";
import { createContexts } from "./request-context.ts";
import { buildSchema } from "./schema.ts";
import { startSender } from "./sender.ts";
import { openDoor } from "./server.ts";
import { openState, type State } from "./state.ts";
import { createSubscribe } from "./subscribe.ts";
import { createTokenCheck } from "./token.ts";
import type { Subgraph, SubgraphOptions } from "./types.ts";
import { createSink, startWatcher } from "./watch.ts";

/**
 * Starts a subgraph. Rejects when its definition is wrong, its state is in use or its port is taken; an old system
 * or a gateway that is away is no reason not to start.
 *
 *     const subgraph = await startSubgraph({
 *       name: "mall", organization: "mall", typeDefs, resolvers, legacy: pool,
 *       entities: { Counter: { load: (ids, { legacy }) => counters(legacy, ids) } },
 *       gateway: { url: "http://127.0.0.1:4000" }, stateDir: ".junto/mall",
 *     });
 */
export async function startSubgraph<Legacy>(options: SubgraphOptions<Legacy>): Promise<Subgraph> {
  const executable = buildSchema(options);
  const state = openState(options.stateDir);
  try {
    return await run(options, executable, state);
  } catch (error) {
    state.close();
    throw error;
  }
}

async function run<Legacy>(
  options: SubgraphOptions<Legacy>,
  executable: ReturnType<typeof buildSchema>,
  state: State,
): Promise<Subgraph> {
  const { name, log = defaultLogger(options.name), host = "127.0.0.1", port = 0 } = options;
  const url = options.gateway.url.replace(/\/+$/, "");
  const gateway = { url, issuer: options.gateway.issuer ?? url };
  const keys = await loadOwnKeys(state);
  const secret = await state.remember("digests", async () => randomBytes(32).toString("base64url"));
  const entities = new Set(Object.keys(options.entities));
  const outbox = createOutbox(name, state, (change) => checkChange(change, entities));

  const { schema } = executable;
  const ground = {
    schema,
    documents: createDocuments(schema),
    createContext: createContexts(executable, options, log),
    log,
  };
  let watching: () => boolean = () => false;
  const door = await openDoor({
    tokens: createTokenCheck({ audience: name, gateway }),
    schema,
    execute: createExecute(ground),
    subscribe: createSubscribe(ground),
    health: createHealth({
      ping: options.ping,
      watching: () => watching(),
      pending: () => outbox.pending(),
      log,
    }),
    jwks: keys.jwks,
    log,
    host,
    port,
  });

  // Not before the door is open: the gateway fetches the key there when the first change arrives.
  const sender = startSender({ outbox, keys, log, name, gateway });
  sender.wake();
  const sink = createSink(state, outbox, secret, () => sender.wake());
  const watcher = await startWatcher({ watch: options.watch, sink, log, patience: options.deadline ?? 5000 });
  watching = () => watcher.running();
  log.info({ url: `${door.origin}/graphql`, pending: outbox.pending() }, "subgraph started");

  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    await watcher.close();
    await door.close();
    await sender.close();
    state.close();
  };
  return {
    name,
    url: `${door.origin}/graphql`,
    origin: door.origin,
    drained: () => sender.drained(),
    close: () => (closing ??= close()),
  };
}
