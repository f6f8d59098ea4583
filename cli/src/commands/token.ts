// junto token: a token of the demo's issuers, for other programs.
import type { Command } from "commander";
import { connect, type ConnectionOptions } from "../connection.ts";
import { addConnectionOptions } from "../options.ts";

export function define(command: Command): void {
  addConnectionOptions(command).action(async (options: ConnectionOptions) => {
    console.log(await connect(options).token());
  });
}
