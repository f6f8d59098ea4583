// junto compose: makes schema/supergraph.graphql, and schema/api.graphql for clients, of the subgraphs' schemas, or
// checks that they are current.
import { join, relative, resolve } from "node:path";
import type { Command } from "commander";
import { failure } from "../errors.ts";

interface ComposeOptions {
  readonly schema: string;
  readonly check?: boolean;
}

export function define(command: Command): void {
  command
    .option(
      "--schema <folder>",
      "the folder with supergraph.yaml",
      process.env["JUNTO_SCHEMA_DIR"] || "schema",
    )
    .option("--check", "write nothing; fail when the committed supergraph is not current")
    .action(compose);
}

async function compose({ schema, check = false }: ComposeOptions): Promise<void> {
  const { composeSupergraph } = await import("@junto/gateway");
  const files = ["supergraph.graphql", "api.graphql"]
    .map((name) => relative("", join(resolve(schema), name)))
    .join(" and ");
  const { changed } = composeSupergraph({ schemaDir: resolve(schema), check });
  if (check && changed)
    throw failure(`${files} are not what the subgraphs' schemas give; run \`npm run compose\`.`);
  console.log(changed ? `${files} are written.` : `${files} are current.`);
}
