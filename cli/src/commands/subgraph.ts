// junto subgraph: one of the demo's subgraphs by itself, in front of its old system.
import { join, resolve } from "node:path";
import { Argument, type Command } from "commander";
import { usageError } from "../errors.ts";
import { address, port } from "../options.ts";
import { runPart, type Running } from "../part.ts";
import { readRunFile } from "../run-files.ts";

interface SubgraphCommandOptions {
  readonly port?: string;
  readonly gateway: string;
  readonly data: string;
  readonly legacy?: string;
}

interface Common {
  readonly gateway: { readonly url: string };
  readonly stateDir: string;
  readonly port: number;
}

interface SubgraphKind {
  readonly port: number;
  /** Environment variable that names the old system. */
  readonly variable: string;
  start(legacy: string, common: Common): Promise<Running>;
}

const kinds: Readonly<Record<string, SubgraphKind>> = {
  mall: {
    port: 4001,
    variable: "MALL_DATABASE_URL",
    start: async (databaseUrl, common) =>
      (await import("@junto/mall")).startMallSubgraph({ databaseUrl, ...common }),
  },
  brand: {
    port: 4002,
    variable: "BRAND_WSDL_URL",
    start: async (wsdlUrl, common) =>
      (await import("@junto/brand")).startBrandSubgraph({ wsdlUrl, ...common }),
  },
  supplier: {
    port: 4003,
    variable: "SUPPLIER_FOLDER",
    start: async (folder, common) =>
      (await import("@junto/supplier")).startSupplierSubgraph({ folder, ...common }),
  },
};

export function define(command: Command): void {
  command
    .addArgument(new Argument("<name>", "which").choices(Object.keys(kinds)))
    .option("--port <port>", "port to listen on (4001, 4002, 4003)", port)
    .option(
      "--gateway <url>",
      "the gateway (JUNTO_GATEWAY_URL)",
      address,
      process.env["JUNTO_GATEWAY_URL"] || "http://127.0.0.1:4000",
    )
    .option(
      "--legacy <address>",
      "database, WSDL or folder (MALL_DATABASE_URL, BRAND_WSDL_URL, SUPPLIER_FOLDER; default: the demo's)",
    )
    .option("--data <folder>", "data folder of the demo", ".junto")
    .action(run);
}

async function run(name: string, options: SubgraphCommandOptions): Promise<void> {
  const kind = kinds[name]!;
  const legacy =
    options.legacy ?? (process.env[kind.variable] || readRunFile(options.data, `legacy-${name}`)?.url);
  if (legacy === undefined) {
    throw usageError(
      `where is the old system of ${name}? Start it with \`junto legacy ${name}\`, or name it in ${kind.variable}.`,
    );
  }
  const common = {
    gateway: { url: options.gateway },
    stateDir: join(resolve(options.data), name, "subgraph"),
    port: Number(options.port ?? kind.port),
  };
  await runPart(
    { name: `subgraph-${name}`, data: options.data, say: (url) => `The subgraph ${name} is at ${url}.` },
    () => kind.start(legacy, common),
  );
}
