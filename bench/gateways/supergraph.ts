// The benchmark's supergraph as an operator makes one: a schema folder with supergraph.yaml, composed. One organization
// owns the four subgraphs, and its people ask.
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { composeSupergraph, type GatewayConfig } from "@junto/gateway";
import { stringify } from "yaml";
import type { SubgraphName } from "./subgraphs.ts";

export const ORGANIZATION = "shop";
export const personNumbered = (number: number): string => `${ORGANIZATION}:person-${number}`;

export interface Composed {
  readonly config: GatewayConfig;
  /** For gateways that take a supergraph, Junto's too. */
  readonly sdl: string;
}

export function composeInto(
  dir: string,
  issuer: string,
  subgraphs: ReadonlyMap<SubgraphName, string>,
): Composed {
  const schemaDir = join(dir, "schema");
  for (const folder of ["apps", "scenarios"]) mkdirSync(join(schemaDir, folder), { recursive: true });
  cpSync(new URL("../../schema/groups.graphql", import.meta.url), join(schemaDir, "groups.graphql"));
  cpSync(new URL("schema", import.meta.url), join(schemaDir, "subgraphs"), { recursive: true });
  const yaml = {
    organizations: { [ORGANIZATION]: { name: { en: "Shop", "zh-CN": "商店" }, issuer } },
    subgraphs: Object.fromEntries(
      [...subgraphs].map(([name, url]) => [
        name,
        { organization: ORGANIZATION, url, schema: `subgraphs/${name}.graphql` },
      ]),
    ),
  };
  writeFileSync(join(schemaDir, "supergraph.yaml"), stringify(yaml));
  composeSupergraph({ schemaDir });
  const sdl = readFileSync(join(schemaDir, "supergraph.graphql"), "utf8");
  const config: GatewayConfig = {
    host: "127.0.0.1",
    port: 0,
    publicUrl: "http://127.0.0.1",
    issuerUrl: "http://127.0.0.1",
    schemaDir,
    dataDir: join(dir, "gateway"),
    logLevel: "warn",
    allowedOrigins: [],
    subgraphUrls: new Map(),
    issuers: new Map(),
  };
  // Junto answers the subgraph `groups` itself; the others want an address, and never ask it.
  return { config, sdl: sdl.replace('url: ""', 'url: "http://127.0.0.1:9/graphql"') };
}
