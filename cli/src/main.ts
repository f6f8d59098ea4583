// junto, the command line: what there is, and what happens when something goes wrong. Each command is loaded
// only when it is asked for, so that `junto` starts quickly.
import { Command, CommanderError } from "commander";
import { describeFailure, EXIT } from "./errors.ts";

interface CommandModule {
  define(command: Command): void;
}

const commands: Readonly<Record<string, readonly [string, () => Promise<CommandModule>]>> = {
  demo: [
    "start everything: three old systems, their subgraphs, the gateway, and a group",
    () => import("./commands/demo.ts"),
  ],
  watch: ["a person's feed and cards, live", () => import("./commands/watch.ts")],
  act: ["run an action in a group", () => import("./commands/act.ts")],
  say: ["say something in a group", () => import("./commands/say.ts")],
  query: ["run a GraphQL operation as a person", () => import("./commands/query.ts")],
  clerk: ["save a supplier's workbook with another figure", () => import("./commands/clerk.ts")],
  token: ["print a token of the demo's issuers", () => import("./commands/token.ts")],
  gateway: ["run a gateway", () => import("./commands/gateway.ts")],
  subgraph: ["run a subgraph of the demo", () => import("./commands/subgraph.ts")],
  legacy: ["run an old system of the demo", () => import("./commands/legacy.ts")],
  issuers: ["run the demo's issuers", () => import("./commands/issuers.ts")],
  audit: ["an organization's access log: export it, check it", () => import("./commands/audit.ts")],
  access: ["why somebody sees a field, or does not", () => import("./commands/access.ts")],
  keys: ["list the keys that sign for subgraphs, or make a new one", () => import("./commands/keys.ts")],
  web: ["build the web client, when its sources have changed", () => import("./commands/web.ts")],
  compose: ["compose the supergraph, or check that it is current", () => import("./commands/compose.ts")],
};

process.exit(await run(process.argv.slice(2)));

async function run(args: readonly string[]): Promise<number> {
  try {
    const program = await defineProgram(args);
    if (args.length === 0) program.outputHelp();
    else await program.parseAsync(args, { from: "user" });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    // Commander has said itself what is wrong.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT.usage;
    const { text, exitCode } = describeFailure(error);
    console.error(text);
    return exitCode;
  }
}

async function defineProgram(args: readonly string[]): Promise<Command> {
  const program = new Command("junto")
    .description("Junto: live cards for groups of people of several organizations.")
    .showSuggestionAfterError()
    .exitOverride();
  const asked = args[0] === "help" ? args[1] : args[0];
  for (const [name, [description, load]] of Object.entries(commands)) {
    const command = program.command(name).description(description);
    if (name === asked) (await load()).define(command);
  }
  return program;
}
