// junto watch: a person's feed and cards, live; readable, or as JSON lines for programs.
import type { Command } from "commander";
import { connect, type ConnectionOptions } from "../connection.ts";
import { createFeedDrawing } from "../draw/feed.ts";
import { createPaint } from "../draw/text.ts";
import { followFeed } from "../follow.ts";
import { findGroup } from "../groups.ts";
import { stopRequested } from "../part.ts";
import { addConnectionOptions, localeOption, seq } from "../options.ts";

interface WatchOptions extends ConnectionOptions {
  readonly group: string;
  readonly after?: number;
  readonly json?: boolean;
  readonly locale: string;
}

/** Without `--after`, a person is shown so much of what happened before. */
const RECENT = 20;
const WIDEST = 100;

export function define(command: Command): void {
  addConnectionOptions(command)
    .requiredOption("--group <name>", "name or id of the group")
    .option(
      "--after <seq>",
      "only what happened after this event (default: the last 20; with --json: everything)",
      seq,
    )
    .option("--json", "one JSON object a line, nothing else on stdout")
    .addOption(localeOption())
    .action(watch);
}

async function watch(options: WatchOptions): Promise<void> {
  const connection = connect(options);
  const group = await findGroup(connection, options.group);
  const json = options.json === true;
  const after = options.after ?? (json ? 0 : Math.max(0, group.head - RECENT));
  const paint = createPaint(!json && process.stdout.isTTY && !process.env["NO_COLOR"]);
  const draw = createFeedDrawing({ columns: Math.min(WIDEST, process.stdout.columns || 80), paint });
  const print = json ? (event: unknown) => [JSON.stringify(event)] : draw;
  if (!json) console.log(paint.dim(`${group.name}, as ${options.as ?? "the token's person"}; Ctrl-C ends.`));

  const abort = new AbortController();
  process.stdout.on("error", () => abort.abort()); // whoever read it is gone
  void stopRequested(() => process.exit(1)).then(() => abort.abort());
  await followFeed({
    connection,
    group: group.id,
    after,
    locale: options.locale,
    signal: abort.signal,
    onEvent: (event) => process.stdout.write(`${print(event).join("\n")}\n`),
    onState: (state) =>
      console.error(state === "away" ? "The gateway is away; trying again …" : "The gateway is back."),
  });
}
