// Composes the subgraphs' schemas and the gateway's own into the supergraph that is committed.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { composeServices } from "@apollo/composition";
import { parse } from "graphql";
import { readSupergraphYaml } from "../config/supergraph.ts";
import { JuntoError } from "../errors/index.ts";
import { entitiesOf, groupsTypeDefs } from "./entities.ts";

/** Name of the gateway's own subgraph. It is answered in process and has no address. */
export const GROUPS = "groups";

export interface Composition {
  readonly sdl: string;
  /** The committed file was not what composition gives now. */
  readonly changed: boolean;
  /** What composition wants the authors to know. */
  readonly hints: readonly string[];
}

/**
 * Composes the supergraph from `<schemaDir>/supergraph.yaml` and writes `<schemaDir>/supergraph.graphql`;
 * with `check` it writes nothing and only says whether the file is current.
 *
 * @throws JuntoError CONFIGURATION with every composition error, by subgraph.
 */
export function composeSupergraph(options: {
  readonly schemaDir: string;
  readonly check?: boolean;
}): Composition {
  const { schemaDir, check = false } = options;
  const { subgraphs } = readSupergraphYaml(join(schemaDir, "supergraph.yaml"));
  const { sdl, hints } = compose(
    subgraphs.map((subgraph) => ({ ...subgraph, sdl: readSchema(subgraph.name, subgraph.schema) })),
    readFileSync(join(schemaDir, "groups.graphql"), "utf8"),
  );
  const file = join(schemaDir, "supergraph.graphql");
  const changed = readIfThere(file) !== sdl;
  if (changed && !check) writeFileSync(file, sdl);
  return { sdl, changed, hints };
}

/** Composes schemas given as text. `groups` is the gateway's own schema without its generated part. */
export function compose(
  subgraphs: readonly { readonly name: string; readonly url: string; readonly sdl: string }[],
  groups: string,
): { sdl: string; hints: string[] } {
  const services = subgraphs.map(({ name, url, sdl }) => ({ name, url, typeDefs: parse(sdl) }));
  const own = parse(groupsTypeDefs(groups, entitiesOf(subgraphs)));
  const result = composeServices([...services, { name: GROUPS, url: "", typeDefs: own }]);
  if (result.errors) {
    const errors = result.errors.map((error) => `- ${error.message}`).join("\n");
    throw new JuntoError("CONFIGURATION", `The subgraphs do not compose:\n${errors}`);
  }
  return { sdl: `${result.supergraphSdl}\n`, hints: result.hints.map((hint) => hint.toString()) };
}

function readSchema(name: string, path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new JuntoError("CONFIGURATION", `Cannot read the schema of subgraph ${name} at ${path}.`, {
      cause,
    });
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
