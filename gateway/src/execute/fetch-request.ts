// What is asked of a subgraph and what it says: the port between the execution of a plan and whatever carries it.
import type { Json, ResponsePath } from "./data.ts";

/** `C` is whatever the caller passes through: for whom, until when. */
export interface FetchRequest<C> {
  readonly subgraph: string;
  readonly operationKind: "query" | "mutation" | "subscription";
  readonly operation: string;
  /** SHA-256 of the operation's text, base64url. */
  readonly digest: string;
  /** JSON text of an object. */
  readonly variables: string;
  /** JSON text of the whole request: `{"query":…,"variables":…}`. */
  readonly body: string;
  readonly context: C;
}

export interface SubgraphError {
  readonly message: string;
  readonly path?: ResponsePath;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** Belongs to whoever asked, who may change it. */
export interface SubgraphAnswer {
  readonly data?: Json | null;
  readonly errors?: readonly SubgraphError[];
}

/** Asks a subgraph. Rejects when there was no answer. */
export type Fetch<C> = (request: FetchRequest<C>) => Promise<SubgraphAnswer>;
