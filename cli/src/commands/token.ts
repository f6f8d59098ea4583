// junto token: a token of the demo's issuers, for other programs.
import type { Command } from "commander";
import { addConnectionOptions, connect, type ConnectionOptions } from "../connection.ts";

export function define(command: Command): void {
  addConnectionOptions(command).action(async (options: ConnectionOptions) => {
    console.log(await connect(options).token());
  });
}
