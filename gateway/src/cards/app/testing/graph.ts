// The graph that tests of cards load apps against: the real subgraph schemas, composed.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse, type GraphQLSchema } from "graphql";
import { readSupergraphYaml, type Supergraph } from "../../../config/supergraph.ts";
import { apiSchema } from "../../../supergraph/api.ts";
import { compose } from "../../../supergraph/compose.ts";

export const SCHEMA_DIR: string = fileURLToPath(new URL("../../../../../schema", import.meta.url));

export const graph: Supergraph = readSupergraphYaml(`${SCHEMA_DIR}/supergraph.yaml`);

/** What clients see, with `Query.entity` and the union of all entities. */
export function composedApiSchema(): GraphQLSchema {
  const subgraphs = graph.subgraphs.map((each) => ({ ...each, sdl: readFileSync(each.schema, "utf8") }));
  const { sdl } = compose(subgraphs, readFileSync(`${SCHEMA_DIR}/groups.graphql`, "utf8"));
  return apiSchema(parse(sdl));
}
