// The fetch port: the gateway's own subgraph in process, every other over HTTP with a token that says for whom.
import type { Requirements } from "../access/requirements.ts";
import type { SubgraphTokens } from "../access/subgraph-token.ts";
import { JuntoError } from "../errors/index.ts";
import type { Making } from "../execute/engine.ts";
import type { Fetch, SubgraphAnswer } from "../execute/fetch-request.ts";
import { GROUPS } from "../supergraph/compose.ts";
import { dedupe, type StoppableRequest } from "./dedupe.ts";
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
  const send = async (request: StoppableRequest<Making>): Promise<SubgraphAnswer> => {
    const { subgraph, operation, operationKind, body, signal, context: making } = request;
    const client = parts.subgraphs.get(subgraph);
    if (!client) throw new JuntoError("CONFIGURATION", `There is no address for subgraph ${subgraph}.`);
    const policies = parts.requirements.policiesHeld(parts.ownerOf(subgraph), making.viewer);
    const token = await parts.tokens.token({ subgraph, operation, viewer: making.viewer, policies });
    parts.onRequest?.(subgraph);
    const headers: Record<string, string> = { authorization: `Bearer ${token}` };
    if (making.idempotencyKey !== undefined) headers["idempotency-key"] = making.idempotencyKey;
    return client.send({ operationKind, body, headers, ...(signal && { signal }) });
  };
  const shared = dedupe(send, ({ context: { viewer } }) => scopeOf(viewer));
  return async (request) => {
    const { subgraph, operation, operationKind, variables, context: making } = request;
    if (subgraph === GROUPS)
      return parts.groups({
        operation,
        variables,
        context: parts.groupsContext(making),
        ...(making.event !== undefined && { event: making.event }),
      });
    // An event has come already, over the subscription's own connection.
    if (operationKind === "subscription") return making.event as SubgraphAnswer;
    return shared(making.signal ? { ...request, signal: making.signal } : request);
  };
}

/** For whom: an audience, or one person of it. The audience's key is of one length, so that no two make one text. */
function scopeOf({ audience, person }: Making["viewer"]): string {
  return person ? `${audience}${person.id}` : audience;
}
