// What a gateway stands between: the story's old systems, their subgraphs and the issuers, in this process.
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startBrandLegacy, startBrandSubgraph } from "@junto/brand";
import { peopleOf, startIssuers } from "@junto/cli";
import type { GatewayConfig } from "@junto/gateway";
import { startMallLegacy, startMallSubgraph } from "@junto/mall";
import { seedSupplierFolder, startSupplierSubgraph } from "@junto/supplier";
import { pino } from "pino";

const SCHEMA_DIR = new URL("../../schema", import.meta.url).pathname;
/** Each has a system, a subgraph of the same name, and an issuer. */
const ORGANIZATIONS = ["mall", "brand", "supplier"] as const;

export interface Systems {
  /** For the gateway that these systems expect. */
  readonly config: GatewayConfig;
  readonly issuers: string;
  /** Of the mall's PostgreSQL. */
  readonly erp: string;
}

type OnClose = (step: () => unknown) => void;

export async function startSystems(onClose: OnClose): Promise<Systems> {
  const dir = await mkdtemp(join(tmpdir(), "junto-bench-"));
  onClose(() => rm(dir, { recursive: true, force: true }));
  const folder = join(dir, "supplier");
  const [mall, brand, issuers] = await Promise.all([
    closing(onClose, startMallLegacy({ dataDir: join(dir, "mall"), size: "small" })),
    closing(onClose, startBrandLegacy({ stateFile: join(dir, "brand.db"), size: "small" })),
    closing(
      onClose,
      startIssuers({ organizations: ORGANIZATIONS.map((id) => ({ id, people: peopleOf(id) })) }),
    ),
    seedSupplierFolder({ folder, size: "small" }),
  ]);
  const port = await freePort();
  const gateway = { url: `http://127.0.0.1:${port}` };
  const log = pino({ level: "error" }, process.stderr);
  const common = (name: string) => ({ gateway, stateDir: join(dir, "state", name), log });
  const subgraphs = await Promise.all([
    closing(onClose, startMallSubgraph({ databaseUrl: mall.url, ...common("mall") })),
    closing(onClose, startBrandSubgraph({ wsdlUrl: brand.url, ...common("brand") })),
    closing(onClose, startSupplierSubgraph({ folder, ...common("supplier") })),
  ]);
  const config: GatewayConfig = {
    host: "127.0.0.1",
    port,
    publicUrl: gateway.url,
    issuerUrl: gateway.url,
    schemaDir: SCHEMA_DIR,
    dataDir: join(dir, "gateway"),
    logLevel: "error",
    allowedOrigins: [],
    subgraphUrls: new Map(ORGANIZATIONS.map((name, at) => [name, subgraphs[at]!.url])),
    issuers: new Map(ORGANIZATIONS.map((id) => [id, `${issuers.url}/${id}`])),
  };
  return { config, issuers: issuers.url, erp: mall.url };
}

/** What has started is closed in the end, also when something beside it could not start. */
async function closing<T extends { close(): unknown }>(onClose: OnClose, starting: Promise<T>): Promise<T> {
  const started = await starting;
  onClose(() => started.close());
  return started;
}

/** The subgraphs want to know where the gateway will be before it is there. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}
