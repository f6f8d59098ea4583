// What a gateway stands between: the story's old systems and their subgraphs, one process an organization, and the
// issuers, in this process.
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { peopleOf, startIssuers } from "@junto/cli";
import type { GatewayConfig } from "@junto/gateway";
import { startChild, type Child, type OnClose } from "../child.ts";
import type { SystemCalls } from "./system.ts";

const SCHEMA_DIR = new URL("../../schema", import.meta.url).pathname;
export const ORGANIZATIONS = ["mall", "brand", "supplier"] as const;
export type Organization = (typeof ORGANIZATIONS)[number];

export interface Systems {
  /** For the gateway that these systems expect. */
  readonly config: GatewayConfig;
  readonly issuers: string;
  /** Of the mall's PostgreSQL. */
  readonly erp: string;
  readonly processes: ReadonlyMap<Organization, Child<SystemCalls>>;
}

export async function startSystems(onClose: OnClose): Promise<Systems> {
  const dir = await mkdtemp(join(tmpdir(), "junto-bench-"));
  onClose(() => rm(dir, { recursive: true, force: true }));
  const issuers = await startIssuers({
    organizations: ORGANIZATIONS.map((id) => ({ id, people: peopleOf(id) })),
  });
  onClose(() => issuers.close());
  const port = await freePort();
  const gateway = `http://127.0.0.1:${port}`;
  const processes = new Map(
    ORGANIZATIONS.map((organization) => [
      organization,
      startChild<SystemCalls>(new URL("system.ts", import.meta.url), onClose),
    ]),
  );
  const started = await Promise.all(
    ORGANIZATIONS.map((organization) =>
      processes.get(organization)!.ask("start", { organization, dir, gateway }),
    ),
  );
  const config: GatewayConfig = {
    host: "127.0.0.1",
    port,
    publicUrl: gateway,
    issuerUrl: gateway,
    schemaDir: SCHEMA_DIR,
    dataDir: join(dir, "gateway"),
    logLevel: "error",
    allowedOrigins: [],
    subgraphUrls: new Map(ORGANIZATIONS.map((name, at) => [name, started[at]!.url])),
    issuers: new Map(ORGANIZATIONS.map((id) => [id, `${issuers.url}/${id}`])),
  };
  return { config, issuers: issuers.url, erp: started[ORGANIZATIONS.indexOf("mall")]!.legacy, processes };
}

/** The subgraphs want to know where the gateway will be before it is there. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}
