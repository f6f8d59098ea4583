// For development: the graph is composed of what the subgraphs say of themselves while they run, so that who changes a
// subgraph's schema sees it in the graph as soon as the subgraph is up again.
import { readFileSync } from "node:fs";
import type { SubgraphTokens } from "../access/subgraph-token.ts";
import { organizationViewer } from "../access/viewer.ts";
import { settingsOf } from "../fetch/clients.ts";
import { createHttpSubgraph, type HttpSubgraph } from "../fetch/http.ts";
import type { Log } from "../observe/index.ts";
import { compose } from "../supergraph/compose.ts";
import { readGroups, type Agreement } from "./agreement.ts";

export interface RunningSubgraphs {
  /** Asks all of them. One that does not answer is as it was last, or else as its file says. */
  ask(): Promise<void>;
  /** What they said, composed. @throws JuntoError CONFIGURATION with the composition errors */
  compose(): string;
  /** Names what they said by its content. */
  version(): string;
  close(): Promise<void>;
}

type Entry = Agreement["directory"]["subgraphs"][number];

/** Implements "Enhanced introspection with Query._service" of the subgraph specification. */
const OPERATION = "{ _service { sdl } }";

export function createRunningSubgraphs(parts: {
  readonly schemaDir: string;
  readonly subgraphs: () => readonly Entry[];
  readonly tokens: SubgraphTokens;
  readonly log: Log;
}): RunningSubgraphs {
  const clients = new Map<string, { readonly key: string; readonly client: HttpSubgraph }>();
  const said = new Map<string, string>();

  const clientOf = (entry: Entry): HttpSubgraph => {
    const settings = { ...settingsOf(entry), retries: 0 };
    const key = JSON.stringify(settings);
    const held = clients.get(entry.name);
    if (held?.key === key) return held.client;
    void held?.client.close();
    const client = createHttpSubgraph(settings);
    clients.set(entry.name, { key, client });
    return client;
  };

  async function askOne(entry: Entry): Promise<void> {
    const { name, organization } = entry;
    try {
      const viewer = organizationViewer(organization);
      const token = await parts.tokens.token({
        subgraph: name,
        operation: OPERATION,
        viewer,
        held: { policies: [], scopes: [] },
      });
      const { data } = await clientOf(entry).send({
        operationKind: "query",
        body: JSON.stringify({ query: OPERATION, variables: {} }),
        headers: { authorization: `Bearer ${token}` },
      });
      const { sdl } = (data?.["_service"] ?? {}) as { readonly sdl?: unknown };
      if (typeof sdl === "string") said.set(name, sdl);
    } catch (error) {
      parts.log.debug({ subgraph: name, err: error }, "a subgraph does not say what its schema is");
    }
  }

  const schemas = () =>
    parts.subgraphs().map(({ name, url, schema }) => ({
      name,
      url,
      sdl: said.get(name) ?? readFileSync(schema, "utf8"),
    }));

  return {
    ask: async () => void (await Promise.all(parts.subgraphs().map(askOne))),
    compose: () => compose(schemas(), readGroups(parts.schemaDir)).sdl,
    version: () => JSON.stringify(schemas()),
    close: async () => void (await Promise.all([...clients.values()].map(({ client }) => client.close()))),
  };
}
