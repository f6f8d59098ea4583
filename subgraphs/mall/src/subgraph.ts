// The mall's subgraph: wires the ERP's database, the schema and the log of its changes.
import { startSubgraph, type Logger, type Subgraph } from "@junto/subgraph";
import { watchLog } from "./changes/watch.ts";
import { removeSlot, type SlotNames } from "./changes/slot.ts";
import { openDatabase } from "./database.ts";
import { ping } from "./erp.ts";
import { packageFile } from "./package-file.ts";
import { entities, resolvers } from "./resolvers.ts";

export interface MallSubgraphOptions {
  /** `postgres://…` of the ERP. Its user reads the tables, writes restock orders, and may replicate. */
  readonly databaseUrl: string;
  readonly gateway: { readonly url: string; readonly issuer?: string };
  readonly stateDir: string;
  readonly host?: string;
  readonly port?: number;
  readonly log?: Logger;
  /** Name of the replication slot and of the publication; `junto_mall` when absent. */
  readonly slot?: string;
  /** Milliseconds for one statement; 4000 when absent. */
  readonly statementTimeout?: number;
  /** Tells the time; the system's clock when absent. */
  readonly now?: () => Date;
  /** Called with every statement that is sent for a request, before it runs. */
  readonly onQuery?: (sql: string) => void;
}

/**
 * Starts it. An ERP that is away is no reason not to start: requests fail with `LEGACY_AWAY` until it is there.
 *
 *     const { url } = await startMallLegacy({ dataDir: ".junto/mall" });
 *     const mall = await startMallSubgraph({ databaseUrl: url, gateway: { url: "http://127.0.0.1:4000" }, stateDir });
 */
export async function startMallSubgraph(options: MallSubgraphOptions): Promise<Subgraph> {
  const { databaseUrl, gateway, stateDir, host, port } = options;
  const names = slotNames(options.slot);
  const db = openDatabase(options);
  try {
    const subgraph = await startSubgraph({
      name: "mall",
      organization: "mall",
      typeDefs: await packageFile("schema.graphql"),
      resolvers,
      entities,
      legacy: db,
      gateway,
      stateDir,
      ping: () => ping(db),
      watch: watchLog({ databaseUrl, db, ...names, ...(options.now && { now: options.now }) }),
      ...(options.log && { log: options.log }),
      ...(host !== undefined && { host }),
      ...(port !== undefined && { port }),
    });
    return {
      ...subgraph,
      async close() {
        await subgraph.close();
        await db.close();
      },
    };
  } catch (error) {
    await db.close();
    throw error;
  }
}

/** Removes what the subgraph made in the ERP's server. While it stays, the server keeps its log for it. */
export function removeMallSlot(databaseUrl: string, slot?: string): Promise<void> {
  return removeSlot(databaseUrl, slotNames(slot));
}

function slotNames(slot = "junto_mall"): SlotNames {
  if (!/^[a-z0-9_]{1,63}$/.test(slot)) throw new Error(`"${slot}" is no name for a replication slot`);
  return { slot, publication: slot };
}
