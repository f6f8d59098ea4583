// What the organizations agreed on, as the schema folder says it: who is in the graph, what it looks like, apps and
// scenarios.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { PolicyFacts } from "../access/requirements.ts";
import { loadApps, type App } from "../cards/app/apps.ts";
import { loadScenarios, type Scenario } from "../cards/app/scenarios.ts";
import { readSupergraphYaml, type GatewayConfig, type Organization } from "../config/index.ts";
import { JuntoError } from "../errors/index.ts";
import { GROUPS } from "../supergraph/compose.ts";
import { loadSupergraph, type Supergraph } from "../supergraph/load.ts";

export interface Agreement {
  /** Names what was read by its content. */
  readonly version: string;
  readonly directory: ReturnType<typeof readSupergraphYaml>;
  readonly supergraph: Supergraph;
  readonly apps: readonly App[];
  readonly scenarios: ReadonlyMap<string, Scenario>;
  readonly organizations: ReadonlyMap<string, Organization>;
  readonly policies: ReadonlyMap<string, PolicyFacts>;
  /** The organization that owns a subgraph. */
  readonly ownerOf: (subgraph: string) => string;
  /** The schema of the gateway's own subgraph. */
  readonly groupsTypeDefs: string;
}

type AgreementConfig = Pick<GatewayConfig, "schemaDir" | "subgraphUrls" | "issuers" | "secrets">;

/** What of the schema folder is read. */
export function agreementPaths(schemaDir: string): string[] {
  return ["supergraph.yaml", "supergraph.graphql", "groups.graphql", "apps", "scenarios"].map((name) =>
    join(schemaDir, name),
  );
}

/** Who is in the graph. @throws JuntoError CONFIGURATION with everything that is wrong */
export function readDirectory(config: AgreementConfig): Agreement["directory"] {
  return readSupergraphYaml(join(config.schemaDir, "supergraph.yaml"), {
    ...config,
    secrets: config.secrets ?? new Map(),
  });
}

/**
 * Reads and checks all of it.
 * @param version what it is called
 * @param sdl the supergraph, where it does not come from the folder
 * @throws JuntoError CONFIGURATION with what is wrong and what to do
 */
export function readAgreement(config: AgreementConfig, version: string, sdl?: string): Agreement {
  const { schemaDir } = config;
  const directory = readDirectory(config);
  const supergraph = loadSupergraph(sdl ?? readSupergraph(schemaDir));
  const apps = loadApps(join(schemaDir, "apps"), supergraph.schema);
  const scenarios = loadScenarios(join(schemaDir, "scenarios"), apps, directory.organizations);
  const ownerBySubgraph = new Map(directory.subgraphs.map(({ name, organization }) => [name, organization]));
  for (const name of supergraph.subgraphs.keys())
    if (name !== GROUPS && !ownerBySubgraph.has(name))
      throw new JuntoError(
        "CONFIGURATION",
        `supergraph.graphql has a subgraph ${name} that supergraph.yaml does not name. Run \`junto compose\`.`,
      );
  return {
    version,
    directory,
    supergraph,
    apps,
    scenarios: new Map(scenarios.map((scenario) => [scenario.name, scenario])),
    organizations: new Map(directory.organizations.map((organization) => [organization.id, organization])),
    policies: policyFacts(directory.organizations),
    ownerOf: (subgraph) => ownerBySubgraph.get(subgraph) ?? "junto",
    groupsTypeDefs: supergraph.groupsTypeDefs(readGroups(schemaDir)),
  };
}

/** The gateway's own part of the graph, as it is composed with the others. */
export function readGroups(schemaDir: string): string {
  return readFileSync(join(schemaDir, "groups.graphql"), "utf8");
}

/**
 * Names what there is to be read by its content.
 * @param paths files, and folders with all that is in them
 * @param more what else it is made of
 */
export function versionOf(paths: readonly string[], more = ""): string {
  const hash = createHash("sha256").update(JSON.stringify(more));
  for (const file of paths.flatMap(filesAt))
    hash.update(JSON.stringify([file, readFileSync(file, "base64")]));
  return hash.digest("hex").slice(0, 12);
}

/** None: there is nothing, which whoever reads it says better. */
function filesAt(path: string): string[] {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => READ.test(file) && statSync(file).isFile())
    .toSorted();
}

const READ = /\.(graphql|ya?ml|json)$/;

function readSupergraph(schemaDir: string): string {
  const file = join(schemaDir, "supergraph.graphql");
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new JuntoError("CONFIGURATION", `There is no supergraph at ${file}. Run \`junto compose\`.`, {
      cause,
    });
  }
}

function policyFacts(organizations: readonly Organization[]): Map<string, PolicyFacts> {
  return new Map(
    organizations.flatMap(({ id, policies }) =>
      [...policies].map(([name, { held }]) => [name, { organization: id, held }] as const),
    ),
  );
}
