// Starts the brand's subgraph: the schema, IMS behind it, and the watch on IMS's changes.
import { startSubgraph, type Logger, type Subgraph } from "@junto/subgraph";
import { INTERFACE_LOGIN } from "../legacy/logins.ts";
import { entities } from "./entities.ts";
import { createIms } from "./ims.ts";
import { packageFile } from "./package-file.ts";
import { resolvers } from "./resolvers.ts";
import { watchIms } from "./watch.ts";

export interface BrandSubgraphOptions {
  /** Address of IMS's WSDL. */
  readonly wsdlUrl: string;
  readonly login?: { readonly user: string; readonly password: string };
  readonly gateway: { readonly url: string; readonly issuer?: string };
  readonly stateDir: string;
  readonly port?: number;
  readonly host?: string;
  readonly log?: Logger;
  /** Milliseconds that one call to IMS may take; 2000 when absent. */
  readonly callTimeout?: number;
  /** Milliseconds that a request may take in IMS altogether; 5000 when absent. */
  readonly deadline?: number;
  /** Calls to IMS under way at the same time; 8 when absent. */
  readonly atOnce?: number;
  /** Milliseconds between looks for changes; 1000 when absent. */
  readonly pollEvery?: number;
  /** Milliseconds between comparisons of all keys; 60,000 when absent. */
  readonly scanEvery?: number;
  /** Changes in one answer; 500 when absent. */
  readonly pageSize?: number;
}

/** IMS may be away: the subgraph starts, says so at `/health`, and answers with errors until it is there. */
export async function startBrandSubgraph(options: BrandSubgraphOptions): Promise<Subgraph> {
  const { wsdlUrl, login = INTERFACE_LOGIN, gateway, stateDir, port, host, log, deadline } = options;
  const { callTimeout: timeout = 2000, atOnce = 8 } = options;
  const { pollEvery = 1000, scanEvery = 60_000, pageSize = 500 } = options;
  const ims = createIms({ wsdlUrl, login, timeout, atOnce });
  return startSubgraph({
    name: "brand",
    organization: "brand",
    typeDefs: await packageFile("schema.graphql"),
    resolvers,
    entities,
    legacy: ims,
    gateway,
    stateDir,
    ping: async () => void (await ims.time()),
    watch: watchIms(ims, { pollEvery, scanEvery, pageSize, overlap: 3, atOnce: 4 }),
    ...(port !== undefined && { port }),
    ...(host !== undefined && { host }),
    ...(log && { log }),
    ...(deadline !== undefined && { deadline }),
  });
}
