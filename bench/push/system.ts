// One organization's part of the story in a process of its own: its old system and the subgraph that wraps it.
import { join } from "node:path";
import { startBrandLegacy, startBrandSubgraph } from "@junto/brand";
import { startMallLegacy, startMallSubgraph } from "@junto/mall";
import { seedSupplierFolder, startSupplierSubgraph } from "@junto/supplier";
import { pino } from "pino";
import { serve } from "../child.ts";

export interface Wanted {
  readonly organization: "mall" | "brand" | "supplier";
  /** Where everything of the benchmark is kept. */
  readonly dir: string;
  /** Where the gateway will be. */
  readonly gateway: string;
}

export interface Started {
  /** Of the subgraph. */
  readonly url: string;
  /** Of the old system. */
  readonly legacy: string;
}

interface Part extends Started {
  close(): Promise<unknown>;
}

const log = pino({ level: "error" }, process.stderr);
let part: Part | undefined;

async function start({ organization, dir, gateway }: Wanted): Promise<Part> {
  const own = join(dir, organization);
  const common = { gateway: { url: gateway }, stateDir: join(own, "state"), log };
  if (organization === "supplier") {
    const folder = join(own, "folder");
    await seedSupplierFolder({ folder, size: "small" });
    const subgraph = await startSupplierSubgraph({ folder, ...common });
    return { url: subgraph.url, legacy: folder, close: () => subgraph.close() };
  }
  const legacy =
    organization === "mall"
      ? await startMallLegacy({ dataDir: join(own, "database"), size: "small" })
      : await startBrandLegacy({ stateFile: join(dir, "ims.db"), size: "small" });
  const subgraph =
    organization === "mall"
      ? await startMallSubgraph({ databaseUrl: legacy.url, ...common })
      : await startBrandSubgraph({ wsdlUrl: legacy.url, ...common });
  return {
    url: subgraph.url,
    legacy: legacy.url,
    async close() {
      await subgraph.close();
      await legacy.close();
    },
  };
}

const calls = {
  async start(wanted: Wanted): Promise<Started> {
    part = await start(wanted);
    return { url: part.url, legacy: part.legacy };
  },
  close: () => part?.close(),
};
export type SystemCalls = typeof calls;
serve(calls);
