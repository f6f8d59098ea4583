// junto web: builds the web client in a checkout, when it is missing or older than its sources.
import type { Command } from "commander";
import { shortPath } from "../demo/screen.ts";
import { describeFailure } from "../errors.ts";
import { runOnce } from "../part.ts";
import { buildClient } from "../web-client.ts";

interface WebOptions {
  readonly data: string;
}

export function define(command: Command): void {
  command.option("--data <folder>", "data folder of the demo", ".junto").action(build);
}

/** Where it is. Without it the demo goes on, so this says why and does not fail. */
async function built(): Promise<string> {
  try {
    return shortPath((await buildClient()).dist);
  } catch (error) {
    console.error(describeFailure(error).text);
    return "not built; see its log";
  }
}

async function build({ data }: WebOptions): Promise<void> {
  const naming = { name: "web", data, say: (where: string) => `The web client: ${where}.` };
  await runOnce(naming, async () => ({ url: await built(), close: () => Promise.resolve() }));
}
