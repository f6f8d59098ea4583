// A gateway for tests: really signs tokens, really serves its keys, really receives changes and verifies who sent them.
import { randomUUID } from "node:crypto";
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from "jose";
import { request } from "undici";
import { digestOf } from "../keys.ts";
import type { Subgraph } from "../types.ts";
import { createInbox, type ReceivedChange } from "./inbox.ts";
import { listen } from "./listen.ts";
import type { QueryResult } from "./result.ts";
import { subscribeTo, type TestEvents } from "./subscribe.ts";

export type { ReceivedChange } from "./inbox.ts";
export type { QueryResult } from "./result.ts";

/** Who asks. Without a group: `subjects` and `group` are absent. */
export interface TestViewer {
  /** `<organization>:someone` when absent. */
  readonly person?: string;
  readonly organization: string;
  readonly group?: string;
  readonly role?: string;
  /** For example `["Counter:017"]`. */
  readonly subjects?: readonly string[];
  /** Policies of the subgraph's owner that are satisfied, for example `["mall.price"]`. */
  readonly policies?: readonly string[];
  /** Of the person's own token, for example `["orders:read"]`. */
  readonly scopes?: readonly string[];
}

export interface TokenRequest extends TestViewer {
  /** Name of the subgraph that the token is for. */
  readonly subgraph: string;
  /** The operation that it is for. */
  readonly query: string;
  /** Replaces claims and header parameters, to see that they are checked. */
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
}

/** What a request to a subgraph needs to know of it; a `Subgraph` is one. */
type Target = Pick<Subgraph, "name" | "origin" | "url">;

export interface TestGateway {
  readonly url: string;
  /** Takes changes of this subgraph from now on; those of an unknown one are answered 503. `query` does it too. */
  know(subgraph: Target): void;
  token(request: TokenRequest): Promise<string>;
  /** Asks as the gateway would, for this viewer. */
  query(
    subgraph: Target,
    query: string,
    variables?: Readonly<Record<string, unknown>>,
    viewer?: TestViewer,
    headers?: Readonly<Record<string, string>>,
  ): Promise<QueryResult>;
  /** Asks with any token, or none. */
  send(subgraph: Target, body: unknown, token?: string): Promise<QueryResult>;
  /**
   * Subscribes as the gateway would, for this viewer. What is thrown is a `SubscriptionFailure`.
   *
   *     const events = await gateway.subscribe(subgraph, "subscription { sold { id } }");
   *     const { value } = await events.next();
   *     await events.return?.();
   */
  subscribe(
    subgraph: Target,
    query: string,
    variables?: Readonly<Record<string, unknown>>,
    viewer?: TestViewer,
  ): Promise<TestEvents>;
  /** Every change that was accepted, in order, once. */
  readonly changes: readonly ReceivedChange[];
  /** The first accepted change that fits, from the past or the future. Rejects after 10 s, saying what came instead. */
  change(fits: (change: ReceivedChange) => boolean): Promise<ReceivedChange>;
  /** Forgets the changes so far. */
  forget(): void;
  /** Answers changes with this status, or with what the function says of a batch; `undefined`: accepts again. */
  answer(status: number | ((batch: readonly ReceivedChange[]) => number | undefined) | undefined): void;
  /** Resolves when the next delivery has been answered with anything but 202. */
  refused(): Promise<number>;
  /** New keys: tokens signed from now on carry another key id. */
  rotate(): Promise<void>;
  /** Stops listening. The address stays its own. */
  away(): Promise<void>;
  back(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts one on a free port.
 *
 *     const gateway = await startTestGateway();
 *     const subgraph = await startSubgraph({ gateway, stateDir, … });
 *     const { data } = await gateway.query(subgraph, "{ counters { id } }", {}, { organization: "mall" });
 */
export async function startTestGateway(): Promise<TestGateway> {
  let keys = await createKeys();
  const inbox = createInbox();
  const routes = { jwks: () => ({ keys: [keys.jwk] }), receive: inbox.receive };
  let server = await listen(routes, 0);
  const { port } = server;
  const url = `http://127.0.0.1:${port}`;
  inbox.audience = url;

  const token = ({ claims, header, ...wanted }: TokenRequest): Promise<string> =>
    new SignJWT({ ...claimsOf(url, wanted), ...claims })
      .setProtectedHeader({ alg: "EdDSA", typ: "junto-subgraph+jwt", kid: keys.kid, ...header })
      .sign(keys.privateKey, { crit: Object.fromEntries(critical(header).map((name) => [name, true])) });

  const gateway: TestGateway = {
    url,
    know: (subgraph) => inbox.know(subgraph.name, subgraph.origin),
    token,
    async query(subgraph, query, variables = {}, viewer = { organization: subgraph.name }, headers = {}) {
      gateway.know(subgraph);
      const signed = await token({ ...viewer, subgraph: subgraph.name, query });
      return post(subgraph.url, { query, variables }, { ...headers, authorization: `Bearer ${signed}` });
    },
    send: (subgraph, body, signed) =>
      post(subgraph.url, body, signed === undefined ? {} : { authorization: `Bearer ${signed}` }),
    async subscribe(subgraph, query, variables = {}, viewer = { organization: subgraph.name }) {
      const signed = await token({ ...viewer, subgraph: subgraph.name, query });
      return subscribeTo(subgraph.url, { query, variables }, `Bearer ${signed}`);
    },
    changes: inbox.changes,
    change: inbox.change,
    forget: inbox.forget,
    answer: inbox.answer,
    refused: inbox.refused,
    async rotate() {
      keys = await createKeys();
    },
    away: () => server.close(),
    async back() {
      server = await listen(routes, port);
    },
    close: () => server.close(),
  };
  return gateway;
}

/** Signed as it is told, to see that it is refused. */
function critical(header: TokenRequest["header"]): readonly string[] {
  return Array.isArray(header?.["crit"]) ? header["crit"].map(String) : [];
}

function claimsOf(issuer: string, { subgraph, query, ...viewer }: TokenRequest): Record<string, unknown> {
  const now = Math.floor(Date.now() / 1000);
  return {
    iss: issuer,
    aud: subgraph,
    sub: viewer.person ?? `${viewer.organization}:someone`,
    org: viewer.organization,
    ...(viewer.group !== undefined && { group: viewer.group }),
    ...(viewer.role !== undefined && { role: viewer.role }),
    subjects: viewer.subjects ?? [],
    policies: viewer.policies ?? [],
    scopes: viewer.scopes ?? [],
    op: digestOf(query),
    iat: now,
    exp: now + 60,
    jti: randomUUID(),
  };
}

async function createKeys(): Promise<{
  readonly kid: string;
  readonly jwk: JWK;
  readonly privateKey: CryptoKey;
}> {
  const { publicKey, privateKey } = await generateKeyPair("EdDSA", { crv: "Ed25519" });
  const kid = randomUUID();
  return { kid, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: "EdDSA", use: "sig" } };
}

async function post(
  url: string,
  body: unknown,
  headers: Readonly<Record<string, string>>,
): Promise<QueryResult> {
  const answer = await request(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  return { status: answer.statusCode, ...((await answer.body.json()) as object) };
}
