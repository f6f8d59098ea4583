// A person's connection to the gateway: the door that every client uses.
import { failure, usageError } from "./errors.ts";
import { readRunFile } from "./run-files.ts";

export interface ConnectionOptions {
  /** `mall:lin`; not needed with JUNTO_TOKEN. */
  readonly as?: string;
  readonly url?: string;
  readonly issuers?: string;
  readonly data: string;
}

export interface GraphqlError {
  readonly message: string;
  readonly extensions?: { readonly code?: string };
}

export interface GraphqlAnswer {
  readonly data?: unknown;
  readonly errors?: readonly GraphqlError[];
}

export interface Connection {
  /** The gateway's address, without `/graphql`. */
  readonly url: string;
  /** A token that still holds for a while. `fresh`: a new one, whatever the last one. */
  token(fresh?: boolean): Promise<string>;
  /** The data of an operation. Any error of the answer is thrown. */
  ask<T>(query: string, variables?: object, group?: string): Promise<T>;
  /** The answer as it came. */
  answer(query: string, variables?: object, group?: string): Promise<GraphqlAnswer>;
}

interface TokenAnswer {
  readonly access_token?: string;
  readonly expires_in?: number;
  readonly error_description?: string;
}

interface Token {
  readonly text: string;
  readonly until: number;
}

const DEFAULT_GATEWAY = "http://127.0.0.1:4000";
const DEFAULT_ISSUERS = "http://127.0.0.1:4100";
const DEADLINE_MS = 30_000;
/** A token that ends sooner is not begun with. */
const SPARE_MS = 30_000;

export function connect(options: ConnectionOptions, env: NodeJS.ProcessEnv = process.env): Connection {
  const gateway =
    options.url ?? env["JUNTO_URL"] ?? readRunFile(options.data, "gateway")?.url ?? DEFAULT_GATEWAY;
  const url = gateway.replace(/\/(graphql\/?)?$/, "");
  const given = env["JUNTO_TOKEN"];
  if (options.as === undefined && given === undefined) throw usageError("say who asks: --as mall:lin");
  const issuers = options.issuers ?? readRunFile(options.data, "issuers")?.url ?? DEFAULT_ISSUERS;
  let held: Token | undefined;

  const connection: Connection = {
    url,
    async token(fresh = false) {
      if (options.as === undefined) return given!;
      if (fresh || held === undefined || held.until < Date.now()) held = await signIn(options.as, issuers);
      return held.text;
    },
    async ask<T>(query: string, variables?: object, group?: string) {
      const { data, errors } = await connection.answer(query, variables, group);
      if (errors !== undefined && errors.length > 0) throw failure(describeErrors(errors));
      if (data === undefined || data === null)
        throw failure("the gateway answered with neither data nor an error.");
      return data as T;
    },
    async answer(query, variables = {}, group) {
      return post(
        `${url}/graphql`,
        { query, variables },
        {
          authorization: `Bearer ${await connection.token()}`,
          ...(group === undefined ? {} : { "junto-group": group }),
        },
      );
    },
  };
  return connection;
}

/** Signs a person in at the demo's issuers. */
async function signIn(person: string, issuers: string): Promise<Token> {
  const [organization] = person.split(":");
  const answer = await send(
    `${issuers.replace(/\/$/, "")}/${organization}/token`,
    { person },
    {},
    "sign-in server",
  );
  const body = (await answer.json().catch(() => ({}))) as TokenAnswer;
  if (body.access_token === undefined) {
    const reason = body.error_description ?? `the server answered ${answer.status}`;
    throw usageError(`${person} cannot sign in: ${reason}`);
  }
  return { text: body.access_token, until: Date.now() + (body.expires_in ?? 0) * 1000 - SPARE_MS };
}

/** One line a distinct error, with its code. */
export function describeErrors(errors: readonly GraphqlError[]): string {
  const lines = errors.map(({ message, extensions }) =>
    extensions?.code ? `${message} (${extensions.code})` : message,
  );
  return [...new Set(lines)].join("\n       ");
}

async function post(url: string, body: object, headers: Record<string, string>): Promise<GraphqlAnswer> {
  const answer = await send(url, body, headers, "gateway");
  const text = await answer.text();
  try {
    return JSON.parse(text) as GraphqlAnswer;
  } catch (cause) {
    throw failure(`${url} answered ${answer.status}, and not as a gateway does; is that its address?`, cause);
  }
}

async function send(
  url: string,
  body: object,
  headers: Record<string, string>,
  what: string,
): Promise<Response> {
  try {
    return await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json", ...headers },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
  } catch (cause) {
    throw failure(noAnswer(what, url), cause);
  }
}

export function noAnswer(what: string, url: string): string {
  return `no ${what} answers at ${new URL(url).origin}; \`npx junto demo\` starts one, --url and --issuers name another.`;
}
