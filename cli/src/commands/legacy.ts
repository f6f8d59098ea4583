// junto legacy: one of the demo's old systems by itself, as its organization runs it.
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { Argument, Option, type Command } from "commander";
import { withoutPassword } from "../demo/screen.ts";
import { port } from "../options.ts";
import { runOnce, runPart, type Running } from "../part.ts";

interface LegacyOptions {
  readonly port?: string;
  readonly data: string;
  readonly size: "full" | "small";
}

interface LegacySystem {
  say(url: string): string;
  /** It is files: there is nothing that runs. */
  readonly ends?: boolean;
  start(folder: string, options: LegacyOptions): Promise<Running>;
}

export function define(command: Command): void {
  command
    .addArgument(new Argument("<organization>", "whose").choices(Object.keys(systems)))
    .option("--port <port>", "port to listen on (mall: any that is free, then the same; brand: 4011)", port)
    .option("--data <folder>", "data folder of the demo", ".junto")
    .addOption(
      new Option("--size <size>", "how much there is in it at first")
        .choices(["full", "small"])
        .default("full"),
    )
    .action(async (organization: string, options: LegacyOptions) => {
      const system = systems[organization]!;
      const folder = join(resolve(options.data), organization);
      mkdirSync(folder, { recursive: true });
      const naming = {
        name: `legacy-${organization}`,
        data: options.data,
        say: (url: string) => system.say(url),
      };
      await (system.ends === true ? runOnce : runPart)(naming, () => system.start(folder, options));
    });
}

const systems: Readonly<Record<string, LegacySystem>> = {
  mall: {
    say: (url) => `The mall's database is at ${withoutPassword(url)}.`,
    async start(folder, { port: given, size }) {
      const { startMallLegacy } = await import("@junto/mall");
      const databaseUrl = process.env["MALL_DATABASE_URL"];
      return startMallLegacy({
        dataDir: join(folder, "postgres"),
        size,
        ...(given === undefined ? {} : { port: Number(given) }),
        ...(databaseUrl ? { databaseUrl } : {}),
      });
    },
  },
  brand: {
    say: (url) => `The brand's SOAP service is at ${url}.`,
    async start(folder, { port: given = "4011", size }) {
      const { startBrandLegacy } = await import("@junto/brand");
      return startBrandLegacy({ port: Number(given), stateFile: join(folder, "ims.sqlite"), size });
    },
  },
  supplier: {
    ends: true,
    say: (url) => `The supplier's workbooks are in ${url}.`,
    async start(folder, { size }) {
      const { seedSupplierFolder } = await import("@junto/supplier");
      const workbooks = join(folder, "workbooks");
      await seedSupplierFolder({ folder: workbooks, size });
      return { url: workbooks, close: () => Promise.resolve() };
    },
  },
};
