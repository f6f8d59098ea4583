// The fetch port: the gateway's own subgraph in process, every other over HTTP with a token that says for whom.
import type { Requirements } from "../access/requirements.ts";
import type { SubgraphTokens } from "../access/subgraph-token.ts";
import type { Viewer } from "../access/viewer.ts";
import { JuntoError } from "../errors/index.ts";
import type { Making } from "../execute/engine.ts";
import { copy } from "../execute/data.ts";
import type { Fetch, SubgraphAnswer } from "../execute/fetch-request.ts";
import { GROUPS } from "../supergraph/compose.ts";
import { dedupe, type Send } from "./dedupe.ts";
import type { HttpSubgraph } from "./http.ts";
import type { InProcessRequest } from "./in-process.ts";

export interface PortParts {
  readonly subgraphs: ReadonlyMap<string, HttpSubgraph>;
  readonly requirements: Pick<Requirements, "held">;
  readonly tokens: SubgraphTokens;
  /** The gateway's own subgraph, and what its resolvers get. */
  readonly groups: (request: InProcessRequest) => Promise<SubgraphAnswer>;
  readonly groupsContext: (making: Making) => unknown;
  /** Subgraph ▸ headers of the client's request that go along. */
  readonly forwarded?: ReadonlyMap<string, readonly string[]>;
  /** Called once for each request that goes out. */
  readonly onRequest?: (subgraph: string) => void;
}

export function createFetch(parts: PortParts): Fetch<Making> {
  const forwardedTo = (subgraph: string): readonly string[] => parts.forwarded?.get(subgraph) ?? [];
  const send: Send<Making> = async (request, signal) => {
    const { subgraph, operation, operationKind, body, context: making } = request;
    const client = parts.subgraphs.get(subgraph);
    if (!client) throw new JuntoError("CONFIGURATION", `There is no address for subgraph ${subgraph}.`);
    const { viewer } = making;
    const held = parts.requirements.held(subgraph, viewer);
    const token = await parts.tokens.token({ subgraph, operation, viewer, held });
    parts.onRequest?.(subgraph);
    const headers: Record<string, string> = { authorization: `Bearer ${token}` };
    if (making.idempotencyKey !== undefined) headers["idempotency-key"] = making.idempotencyKey;
    for (const name of making.headers ? forwardedTo(subgraph) : [])
      if (Object.hasOwn(making.headers!, name)) headers[name] = making.headers![name]!;
    return client.send({ operationKind, body, headers, signal });
  };
  const shared = dedupe(send, ({ subgraph, context }) => scopeOf(context, forwardedTo(subgraph)));
  return (request) => {
    const { subgraph, operation, operationKind, variables, context: making } = request;
    if (subgraph === GROUPS)
      return parts.groups({
        operation,
        variables,
        context: parts.groupsContext(making),
        event: making.event,
      });
    // An event has come already, over the subscription's own connection.
    if (operationKind === "subscription") return Promise.resolve(copy(making.event as SubgraphAnswer));
    // A write that is under way is not stopped: nobody could say whether it was done.
    return shared(request, operationKind === "query" ? making.signal : undefined);
  };
}

/**
 * For whom: a person or an audience in a place, and with which headers. In no group a person with one token is one object;
 * a place is read anew for each request. The audience's key is of one length and no id of a person or scope has a blank
 * or a line break, so that no two make one text.
 */
function scopeOf({ viewer, headers }: Making, forwarded: readonly string[]): Viewer | string {
  const { audience, person, group } = viewer;
  const passed = headers && forwarded.length > 0 ? forwarded.map((name) => headers[name] ?? null) : null;
  if (!group && !passed) return viewer;
  const who = person ? `${audience}${person.id} ${person.scopes.join(" ")}` : audience;
  return passed ? `${who}\n${JSON.stringify(passed)}` : who;
}
