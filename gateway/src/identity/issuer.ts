// The keys of one organization's issuer: found by discovery, cached, and fetched again when they rotate.
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWK, type JWTVerifyGetKey } from "jose";
import { request, type Agent } from "undici";
import { JuntoError } from "../errors/index.ts";
import type { IdentityLog, TrustedOrganization } from "./person.ts";

export interface Issuer {
  /** The public key for a token. Throws UNAVAILABLE when the issuer does not answer. */
  readonly key: JWTVerifyGetKey;
}

export interface IssuerContext {
  readonly clock: () => number;
  readonly agent: Agent;
  readonly log: IdentityLog | undefined;
}

interface KeySet {
  readonly find: JWTVerifyGetKey;
  readonly fetchedAt: number;
}

/** Keys are fetched again after this, and a withdrawn key is then gone. */
const FRESH_MS = 10 * 60_000;
/** While the issuer does not answer, its last known keys hold this long. */
const STALE_MS = 60 * 60_000;
/** A token with an unknown key makes us ask again, but strangers must not make us ask all the time. */
const COOLDOWN_MS = 30_000;
/** After a failure, everybody who asks gets that failure for so long. */
const PAUSE_MS = 1_000;
const DEADLINE_MS = 5_000;
const LONGEST_ANSWER = 256 * 1024;

export function createIssuer(organization: TrustedOrganization, context: IssuerContext): Issuer {
  const { clock, agent, log } = context;
  let keys: KeySet | undefined;
  let running: Promise<KeySet> | undefined;
  let failure: { readonly at: number; readonly error: unknown } | undefined;

  function refresh(): Promise<KeySet> {
    if (failure !== undefined && clock() - failure.at < PAUSE_MS) return Promise.reject(failure.error);
    running ??= fetchKeys(organization, agent)
      .then(
        (set) => {
          failure = undefined;
          const { found, left } = publicKeys(set);
          if (left > 0) log?.warn({ organization: organization.id, left }, LEFT);
          return (keys = { find: createLocalJWKSet({ keys: found }), fetchedAt: clock() });
        },
        (cause: unknown) => {
          const error = away(organization, cause);
          failure = { at: clock(), error };
          log?.warn({ organization: organization.id, err: cause }, "an issuer's keys could not be fetched");
          throw error;
        },
      )
      .finally(() => (running = undefined));
    return running;
  }

  async function current(): Promise<KeySet> {
    if (keys === undefined) return refresh();
    const held = keys;
    const age = clock() - held.fetchedAt;
    if (age < FRESH_MS) return held;
    if (age >= STALE_MS) return refresh();
    const fetched = refresh().catch(() => held);
    // Nobody waits for an issuer that did not answer the last time.
    return failure === undefined ? fetched : held;
  }

  return {
    async key(header, token) {
      const held = await current();
      try {
        return await held.find(header, token);
      } catch (error) {
        const unknown = error instanceof errors.JWKSNoMatchingKey;
        if (!unknown || clock() - held.fetchedAt < COOLDOWN_MS) throw error;
        return (await refresh()).find(header, token);
      }
    },
  };
}

const LEFT = "an issuer publishes keys that are secret or of another kind: they are not used";
/** Members of private and symmetric keys: RFC 7518, section 6. */
const SECRET = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/** The keys that may verify. One whose secret is published says nothing of who has signed. */
function publicKeys({ keys }: JSONWebKeySet): { readonly found: JWK[]; readonly left: number } {
  const found = keys.filter(
    (key) =>
      typeof key === "object" &&
      key !== null &&
      ["OKP", "EC", "RSA"].includes(key.kty!) &&
      !SECRET.some((member) => Object.hasOwn(key, member)),
  );
  return { found, left: keys.length - found.length };
}

async function fetchKeys(organization: TrustedOrganization, agent: Agent): Promise<JSONWebKeySet> {
  const uri = organization.jwksUri ?? (await discover(organization, agent));
  const set = await fetchJson(uri, agent);
  if (!Array.isArray(set["keys"])) throw new Error(`${uri} is not a key set`);
  return set as unknown as JSONWebKeySet;
}

/** Implements OpenID Connect Discovery 1.0, section 4.3: the document must be about the issuer that was asked. */
async function discover({ issuer }: TrustedOrganization, agent: Agent): Promise<string> {
  const document = await fetchJson(`${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`, agent);
  if (document["issuer"] !== issuer) throw new Error("the discovery document is about another issuer");
  const uri = document["jwks_uri"];
  if (typeof uri !== "string" || !URL.canParse(uri))
    throw new Error("the discovery document has no jwks_uri");
  if (new URL(uri).origin !== new URL(issuer).origin) {
    throw new Error("jwks_uri is of another origin; name it in supergraph.yaml (`jwks`) if that is meant");
  }
  return uri;
}

/** GET, redirects not followed, within a deadline and a size. */
async function fetchJson(uri: string, agent: Agent): Promise<Record<string, unknown>> {
  const signal = AbortSignal.timeout(DEADLINE_MS);
  const answer = await request(uri, { dispatcher: agent, signal, headers: { accept: "application/json" } });
  if (answer.statusCode !== 200) {
    await answer.body.dump();
    throw new Error(`${uri} answered ${answer.statusCode}`);
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer.body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LONGEST_ANSWER) throw new Error(`${uri} answered with more than ${LONGEST_ANSWER} bytes`);
    chunks.push(chunk);
  }
  const value: unknown = JSON.parse(Buffer.concat(chunks).toString("utf8"));
  if (typeof value !== "object" || value === null) throw new Error(`${uri} did not answer with an object`);
  return value as Record<string, unknown>;
}

function away(organization: TrustedOrganization, cause: unknown): JuntoError {
  const message = `The sign-in server of organization ${organization.id} does not answer as it should, so its people cannot be recognized now.`;
  return new JuntoError("UNAVAILABLE", message, { cause, details: { organization: organization.id } });
}
