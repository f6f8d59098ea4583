// The gateway as a client sees it: questions over HTTP, subscriptions over graphql-ws, both with the person's token.
import { createClient } from "graphql-ws";
import type { TypedDocumentString } from "../generated/graphql.ts";
import { AskError, type AskProblem } from "./errors.ts";

/** The signed-in person's token. */
export interface Tokens {
  /** @throws AskError SIGNED_OUT when there is none and none can be had without the person */
  current(): Promise<string>;
  /** A new one, after the gateway refused `refused`. @throws AskError SIGNED_OUT, AWAY */
  renew(refused: string): Promise<string>;
}

export interface ConnectionOptions {
  /** Origin of the gateway, for example `https://junto.example`. */
  readonly url: string;
  readonly tokens: Tokens;
  readonly fetch?: typeof globalThis.fetch;
  readonly webSocket?: typeof globalThis.WebSocket;
}

export interface Connection {
  /** @throws AskError */
  ask<Result, Variables>(
    document: TypedDocumentString<Result, Variables>,
    variables: Variables,
  ): Promise<Result>;
  /** Subscribes on a socket of its own. Ends once, by `sink.ended`, unless it is stopped before. */
  follow<Result, Variables>(
    document: TypedDocumentString<Result, Variables>,
    variables: Variables,
    sink: Sink<Result>,
  ): () => void;
  /** Gets a new token in place of the one that the gateway refused last. */
  renew(): Promise<void>;
}

export interface Sink<Result> {
  connected(): void;
  next(result: Result): void;
  ended(problem: AskProblem): void;
}

/** A socket that says nothing for so long is gone; milliseconds. */
const PING = 15_000;

export function createConnection(options: ConnectionOptions): Connection {
  const { url, tokens, fetch = globalThis.fetch, webSocket = globalThis.WebSocket } = options;
  let last = "";

  async function post(body: string, token: string): Promise<Response> {
    last = token;
    try {
      return await fetch(`${url}/graphql`, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          accept: "application/graphql-response+json",
          authorization: `Bearer ${token}`,
        },
        body,
      });
    } catch (cause) {
      throw new AskError("AWAY", "The gateway cannot be reached.", { cause });
    }
  }

  return {
    async ask(document, variables) {
      const body = JSON.stringify({ query: String(document), variables });
      const token = await tokens.current();
      const first = await post(body, token);
      const response = first.status === 401 ? await post(body, await tokens.renew(token)) : first;
      return readAnswer(response);
    },
    follow(document, variables, sink) {
      let over = false;
      const end = (problem: AskProblem): void => {
        if (over) return;
        over = true;
        sink.ended(problem);
        void client.dispose();
      };
      const client = createClient({
        url: `${url.replace(/^http/, "ws")}/graphql`,
        webSocketImpl: webSocket,
        retryAttempts: 0, // it would begin from the old cursor again
        keepAlive: PING,
        connectionParams: async () => ({ authorization: `Bearer ${(last = await tokens.current())}` }),
        on: { connected: () => !over && sink.connected() },
      });
      client.subscribe<never>(
        { query: String(document), variables: variables as Record<string, unknown> },
        {
          next({ data, errors }) {
            if (data) sink.next(data);
            else end(problemOf(errors));
          },
          error: (error) => end(problemOf(error)),
          complete: () => end({ kind: "AWAY", message: "The gateway ended it." }),
        },
      );
      return () => {
        over = true;
        void client.dispose();
      };
    },
    renew: async () => void (await tokens.renew(last)),
  };
}

interface Answer<Result> {
  readonly data?: Result | null;
  readonly errors?: unknown;
}

async function readAnswer<Result>(response: Response): Promise<Result> {
  let answer: Answer<Result>;
  try {
    answer = (await response.json()) as Answer<Result>;
  } catch (cause) {
    throw new AskError("AWAY", `The gateway's answer cannot be read (${response.status}).`, { cause });
  }
  // What could be answered is taken; what could not says so by a null.
  if (answer.data) return answer.data;
  const { kind, message, code } = problemOf(answer.errors);
  throw new AskError(response.status >= 500 ? "AWAY" : kind, message, code === undefined ? {} : { code });
}

/** What went wrong, from a close of the socket, errors of GraphQL, or something thrown. */
export function problemOf(error: unknown): AskProblem {
  if (error instanceof AskError) return error;
  if (Array.isArray(error)) return problemOfGraphql(error[0]);
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
  const reason = typeof error === "object" && error !== null && "reason" in error ? String(error.reason) : "";
  if (code === 4401 || code === 4403) return { kind: "TOKEN_REFUSED", message: reason };
  if (code === 4400 || code === 4406 || code === 4409 || code === 4429)
    return { kind: "NOT_UNDERSTOOD", message: reason };
  return { kind: "AWAY", message: reason };
}

function problemOfGraphql(error: unknown): AskProblem {
  const { message = "", extensions } = (error ?? {}) as {
    message?: string;
    extensions?: { code?: string };
  };
  const code = extensions?.code ?? "";
  return { kind: KINDS[code] ?? "AWAY", message, code };
}

const KINDS: Readonly<Record<string, AskProblem["kind"]>> = {
  UNAUTHENTICATED: "TOKEN_REFUSED",
  FORBIDDEN: "NOT_A_MEMBER",
  NOT_FOUND: "NOT_A_MEMBER",
  BAD_REQUEST: "NOT_UNDERSTOOD",
  BAD_USER_INPUT: "BAD_INPUT",
  TOO_LARGE: "NOT_UNDERSTOOD",
};
