// Composes the subgraphs' schemas and the gateway's own into the supergraph that is committed.
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { composeServices } from "@apollo/composition";
import { GraphQLError, parse, printSchema } from "graphql";
import { readSupergraphYaml } from "../config/supergraph.ts";
import { JuntoError } from "../errors/index.ts";
import { apiSchema } from "./api.ts";
import { entitiesOf, groupsTypeDefs } from "./entities.ts";
import { refuseUnsupportedIn } from "./supported.ts";

/** Name of the gateway's own subgraph. It is answered in process and has no address. */
export const GROUPS = "groups";

const API_HEAD = "# What clients see of the graph. Composed: `npm run compose` writes it.\n\n";

export interface Composition {
  readonly sdl: string;
  /** The committed files were not what composition gives now. */
  readonly changed: boolean;
  /** What composition wants the authors to know. */
  readonly hints: readonly string[];
}

/**
 * Composes the supergraph from `<schemaDir>/supergraph.yaml` and writes `<schemaDir>/supergraph.graphql`, and what
 * clients see of it, from which they generate their types, `<schemaDir>/api.graphql`; with `check` it writes nothing and
 * only says whether the files are current.
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
  const api = `${API_HEAD}${printSchema(apiSchema(parse(sdl)))}\n`;
  const stale = Object.entries({ "supergraph.graphql": sdl, "api.graphql": api }).filter(
    ([name, text]) => readIfThere(join(schemaDir, name)) !== text,
  );
  if (!check) for (const [name, text] of stale) replaceFile(join(schemaDir, name), text);
  return { sdl, changed: stale.length > 0, hints };
}

/** Composes schemas given as text. `groups` is the gateway's own schema without its generated part. */
export function compose(
  subgraphs: readonly { readonly name: string; readonly url: string; readonly sdl: string }[],
  groups: string,
): { sdl: string; hints: string[] } {
  const services = subgraphs.map(({ name, url, sdl }) => ({ name, url, typeDefs: parse(sdl) }));
  for (const { name, typeDefs } of services) refuseUnsupportedIn(name, typeDefs);
  const own = parse(groupsTypeDefs(groups, entitiesOf(subgraphs)));
  const result = composed([...services, { name: GROUPS, url: "", typeDefs: own }]);
  if (result.errors) {
    const errors = result.errors.map((error) => `- ${error.message}`).join("\n");
    throw new JuntoError("CONFIGURATION", `The subgraphs do not compose:\n${errors}`);
  }
  return { sdl: `${result.supergraphSdl}\n`, hints: result.hints.map((hint) => hint.toString()) };
}

/** Some of what is wrong composition throws. */
function composed(services: Parameters<typeof composeServices>[0]): ReturnType<typeof composeServices> {
  try {
    return composeServices(services);
  } catch (error) {
    if (error instanceof GraphQLError) return { errors: [error] };
    throw error;
  }
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

/** At once: a gateway that follows the file must not read half of it. */
function replaceFile(file: string, text: string): void {
  const draft = `${file}.${process.pid}.part`;
  writeFileSync(draft, text);
  renameSync(draft, file);
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
