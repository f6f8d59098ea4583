// The fetch port: the gateway's own subgraph in process, every other over HTTP with a token that says for whom.
import type { Requirements } from "../access/requirements.ts";
import type { SubgraphTokens } from "../access/subgraph-token.ts";
import { JuntoError } from "../errors/index.ts";
import type { Making } from "../execute/engine.ts";
import type { Fetch, FetchRequest, SubgraphAnswer } from "../execute/execute.ts";
import { GROUPS } from "../supergraph/compose.ts";
import { dedupe } from "./dedupe.ts";
import type { HttpSubgraph } from "./http.ts";
import type { InProcessRequest } from "./in-process.ts";

export interface PortParts {
  readonly subgraphs: ReadonlyMap<string, HttpSubgraph>;
  readonly ownerOf: (subgraph: string) => string;
  readonly requirements: Requirements;
  readonly tokens: SubgraphTokens;
  /** The gateway's own subgraph, and what its resolvers get. */
  readonly groups: (request: InProcessRequest) => Promise<SubgraphAnswer>;
  readonly groupsContext: (making: Making) => unknown;
  /** Called once for each request that goes out. */
  readonly onRequest?: (subgraph: string) => void;
}

export function createFetch(parts: PortParts): Fetch<Making> {
  const send = async (request: FetchRequest<Making>): Promise<SubgraphAnswer> => {
    const { subgraph, operation, variables, context: making } = request;
    if (subgraph === GROUPS)
      return parts.groups({
        operation,
        variables,
        context: parts.groupsContext(making),
        ...(making.event !== undefined && { event: making.event }),
      });
    // An event has come already, over the subscription's own connection.
    if (request.operationKind === "subscription") return making.event as SubgraphAnswer;
    const client = parts.subgraphs.get(subgraph);
    if (!client) throw new JuntoError("CONFIGURATION", `There is no address for subgraph ${subgraph}.`);
    const policies = parts.requirements.policiesHeld(parts.ownerOf(subgraph), making.viewer);
    const token = await parts.tokens.token({ subgraph, operation, viewer: making.viewer, policies });
    parts.onRequest?.(subgraph);
    return client.send({
      ...request,
      headers: {
        authorization: `Bearer ${token}`,
        ...(making.idempotencyKey !== undefined && { "idempotency-key": making.idempotencyKey }),
      },
    });
  };
  return dedupe(send, ({ subgraph, context: { viewer } }) =>
    subgraph === GROUPS ? null : JSON.stringify([viewer.audience, viewer.person?.id ?? null]),
  );
}
