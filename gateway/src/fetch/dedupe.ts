// Equal reads in flight for the same audience are one request. Never across audiences, persons or groups.
import type { FetchRequest, SubgraphAnswer } from "../execute/execute.ts";

/**
 * Joins equal requests in flight. `scope` names for whom a request is made by all that decides the answer;
 * null: this request stands alone. Each asker gets an answer of its own to change.
 */
export function dedupe<C>(
  send: (request: FetchRequest<C>) => Promise<SubgraphAnswer>,
  scope: (request: FetchRequest<C>) => string | null,
): (request: FetchRequest<C>) => Promise<SubgraphAnswer> {
  const inFlight = new Map<string, { readonly answer: Promise<SubgraphAnswer>; shared: boolean }>();
  return async (request) => {
    const within = request.operationKind === "query" ? scope(request) : null;
    if (within === null) return send(request);
    const key = JSON.stringify([within, request.subgraph, request.operation, request.variables]);
    let entry = inFlight.get(key);
    if (entry) entry.shared = true;
    else
      inFlight.set(
        key,
        (entry = { answer: send(request).finally(() => inFlight.delete(key)), shared: false }),
      );
    const answer = await entry.answer;
    return entry.shared ? structuredClone(answer) : answer;
  };
}
