// junto issuers: the demo's issuers by themselves.
import { join, resolve } from "node:path";
import type { Command } from "commander";
import { DEMO_ORGANIZATIONS, peopleOf } from "../demo/people.ts";
import { startIssuers } from "../issuers/server.ts";
import { port, seq } from "../options.ts";
import { runPart } from "../part.ts";

interface IssuersCommandOptions {
  readonly port: string;
  readonly data: string;
  readonly ttl: number;
}

export function define(command: Command): void {
  command
    .option("--port <port>", "port to listen on", port, "4100")
    .option("--data <folder>", "data folder of the demo", ".junto")
    .option("--ttl <seconds>", "how long a token holds", seq, 3600)
    .action(run);
}

async function run({ port: number, data, ttl }: IssuersCommandOptions): Promise<void> {
  const ids = DEMO_ORGANIZATIONS;
  const organizations = ids.map((id) => ({ id, people: peopleOf(id) }));
  const stateDir = join(resolve(data), "issuers");
  await runPart(
    {
      name: "issuers",
      data,
      say: (url) => `The issuers are at ${ids.map((id) => `${url}/${id}`).join(", ")}.`,
    },
    () => startIssuers({ port: Number(number), stateDir, organizations, ttl }),
  );
}
