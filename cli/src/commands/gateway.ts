// junto gateway: a gateway by itself, configured by the environment.
import { resolve } from "node:path";
import type { Command } from "commander";
import { port } from "../options.ts";
import { runPart } from "../part.ts";
import { builtClient } from "../web-client.ts";

interface GatewayOptions {
  readonly port?: string;
  readonly host?: string;
  readonly schema?: string;
  readonly data?: string;
  readonly graph?: string;
  readonly web?: string;
}

export function define(command: Command): void {
  command
    .option("--port <port>", "port to listen on (JUNTO_PORT, 4000)", port)
    .option("--host <host>", "host to listen on (JUNTO_HOST, 127.0.0.1)")
    .option("--schema <folder>", "the folder with supergraph.yaml (JUNTO_SCHEMA_DIR, schema)")
    .option(
      "--data <folder>",
      "where the gateway keeps its keys and its embedded database (JUNTO_DATA_DIR, .junto)",
    )
    .option(
      "--graph <source>",
      "files, as they change; running: composed of the running subgraphs; fixed (JUNTO_GRAPH, files)",
    )
    .option("--web <folder>", "the web client as it was built (JUNTO_WEB_DIR, the one that comes along)")
    .action(run);
}

async function run(options: GatewayOptions): Promise<void> {
  const { createLog, readConfig, startGateway } = await import("@junto/gateway");
  const named = {
    JUNTO_PORT: options.port,
    JUNTO_HOST: options.host,
    JUNTO_SCHEMA_DIR: options.schema,
    JUNTO_DATA_DIR: options.data,
    JUNTO_GRAPH: options.graph,
    JUNTO_WEB_DIR: options.web ?? (process.env["JUNTO_WEB_DIR"] || builtClient()),
  };
  const given = Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined));
  const config = readConfig({ ...process.env, ...given }, process.cwd());
  const log = createLog({ level: config.logLevel, name: "gateway" });
  await runPart(
    { name: "gateway", data: resolve(config.dataDir), say: (url) => `The gateway is at ${url}/graphql.` },
    () => startGateway(config, { log }),
  );
}
