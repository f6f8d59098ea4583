// The fetch port over HTTP: one pool a subgraph, a deadline, one more try for reads, and a breaker.
import { Pool, errors as undiciErrors } from "undici";
import { JuntoError } from "../errors/index.ts";
import type { SubgraphAnswer } from "../execute/execute.ts";
import { readAnswer } from "./answer.ts";
import { createBreaker, type Breaker } from "./breaker.ts";

export interface HttpSubgraphOptions {
  readonly name: string;
  /** Where it answers GraphQL over HTTP. */
  readonly url: string;
  /** Milliseconds from the request to the last byte of the answer. */
  readonly deadline?: number;
  /** Bytes of one answer. */
  readonly maxBody?: number;
  readonly connections?: number;
}

export interface HttpRequest {
  readonly operationKind: "query" | "mutation" | "subscription";
  readonly operation: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;
}

export interface HttpSubgraph {
  /** @throws JuntoError SUBGRAPH_AWAY when there was no answer that is GraphQL. */
  send(request: HttpRequest): Promise<SubgraphAnswer>;
  /** Whether the subgraph and the old system behind it say that they are well. */
  healthy(): Promise<boolean>;
  close(): Promise<void>;
}

const DEFAULTS = { deadline: 5_000, maxBody: 16 * 1024 * 1024, connections: 32 };

export function createHttpSubgraph(options: HttpSubgraphOptions): HttpSubgraph {
  const { name, url } = options;
  const { deadline, maxBody, connections } = { ...DEFAULTS, ...definedOnly(options) };
  const { origin, pathname, search } = new URL(url);
  const pool = new Pool(origin, {
    connections,
    pipelining: 1,
    bodyTimeout: deadline,
    headersTimeout: deadline,
    maxResponseSize: maxBody,
  });
  const breaker = createBreaker();

  const post = async (body: string, request: HttpRequest): Promise<SubgraphAnswer> => {
    const response = await pool.request({
      method: "POST",
      path: pathname + search,
      headers: { "content-type": "application/json", accept: "application/json", ...request.headers },
      body,
      signal: AbortSignal.timeout(deadline),
    });
    return readAnswer(`Subgraph ${name} answered ${response.statusCode}`, await response.body.text());
  };

  return {
    async send(request) {
      const body = JSON.stringify({ query: request.operation, variables: request.variables });
      return guarded(breaker, name, async () => {
        try {
          return await post(body, request);
        } catch (error) {
          // A connection that broke may have broken before the request arrived: a read can be asked again.
          if (request.operationKind !== "query" || !isBrokenConnection(error)) throw error;
          return post(body, request);
        }
      });
    },
    async healthy() {
      try {
        const response = await pool.request({
          method: "GET",
          path: "/health",
          signal: AbortSignal.timeout(deadline),
        });
        const health = JSON.parse(await response.body.text()) as { status?: unknown; legacy?: unknown };
        const well = response.statusCode === 200 && health.legacy !== "away";
        if (well) breaker.succeeded();
        return well;
      } catch {
        return false;
      }
    },
    close: () => pool.destroy(),
  };
}

async function guarded(
  breaker: Breaker,
  name: string,
  send: () => Promise<SubgraphAnswer>,
): Promise<SubgraphAnswer> {
  if (!breaker.allows())
    throw new JuntoError(
      "SUBGRAPH_AWAY",
      `Subgraph ${name} did not answer lately and is not asked for a moment.`,
    );
  try {
    const answer = await send();
    breaker.succeeded();
    return answer;
  } catch (error) {
    breaker.failed();
    if (error instanceof JuntoError) throw error;
    throw new JuntoError("SUBGRAPH_AWAY", `Subgraph ${name} did not answer.`, { cause: error });
  }
}

function isBrokenConnection(error: unknown): boolean {
  if (error instanceof undiciErrors.SocketError) return true;
  const code = (error as NodeJS.ErrnoException).code;
  return code === "ECONNRESET" || code === "EPIPE";
}

function definedOnly<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}
