// Who asks: the token of a request becomes a person of the organization whose issuer signed it.
import { hash } from "node:crypto";
import { LRUCache } from "lru-cache";
import { Agent } from "undici";
import { JuntoError } from "../errors/index.ts";
import { createIssuer, type Issuer, type IssuerContext } from "./issuer.ts";
import type { IdentityLog, Person, TrustedOrganization } from "./person.ts";
import { CLOCK_SKEW_MS, verifyToken } from "./token.ts";

export type { IdentityLog, Person, TrustedOrganization } from "./person.ts";

export interface IdentityOptions {
  readonly organizations: readonly TrustedOrganization[];
  /** What `aud` must contain. */
  readonly audience: string;
  /** Now, in ms. */
  readonly clock?: () => number;
  readonly log?: IdentityLog;
}

export interface Identity {
  /**
   * The person of an `Authorization` header; null when there is none.
   * Throws UNAUTHENTICATED for a token that is not valid here, UNAVAILABLE when its issuer does not answer.
   */
  identify(authorization: string | undefined): Promise<Person | null>;
  /** From now on these organizations' issuers are trusted, and no others. The keys of those that stay are kept. */
  trust(organizations: readonly TrustedOrganization[]): void;
  close(): Promise<void>;
}

const CACHED_TOKENS = 10_000;
/** RFC 6750: one scheme, one token. What is longer was not made by an issuer. */
const BEARER = /^Bearer +([\w-]+\.[\w-]+\.[\w-]+)$/i;
const LONGEST_HEADER = 8_192;

export function createIdentity(options: IdentityOptions): Identity {
  const clock = options.clock ?? Date.now;
  const agent = new Agent({ connections: 4, keepAliveTimeout: 4_000 });
  const context: IssuerContext = { clock, agent, log: options.log };
  let issuers = trustedIssuers(options.organizations, context);
  const verified = new LRUCache<string, Person>({ max: CACHED_TOKENS });

  return {
    async identify(authorization) {
      if (authorization === undefined) return null;
      const token = bearer(authorization);
      const digest = hash("sha256", token, "base64");
      const known = verified.get(digest);
      if (known !== undefined) {
        if (clock() < known.expiresAt + CLOCK_SKEW_MS) return known;
        verified.delete(digest);
      }
      const trusted = issuers;
      const person = await verifyToken(token, {
        issuers: trusted,
        audience: options.audience,
        now: clock(),
      });
      if (trusted === issuers) verified.set(digest, person);
      return person;
    },
    trust(organizations) {
      const next = trustedIssuers(organizations, context, issuers);
      const stay = [...issuers].every(([issuer, held]) => next.get(issuer) === held);
      issuers = next;
      if (!stay) verified.clear();
    },
    async close() {
      verified.clear();
      await agent.destroy();
    },
  };
}

function bearer(authorization: string): string {
  const token = authorization.length > LONGEST_HEADER ? undefined : BEARER.exec(authorization)?.[1];
  if (token === undefined) {
    throw new JuntoError(
      "UNAUTHENTICATED",
      "The Authorization header must be `Bearer` and one signed token.",
    );
  }
  return token;
}

/** By issuer. One issuer speaks for one organization only: otherwise its token could make people of two. */
function trustedIssuers(
  organizations: readonly TrustedOrganization[],
  context: IssuerContext,
  before: ReadonlyMap<string, Issuer> = new Map(),
): ReadonlyMap<string, Issuer> {
  const issuers = new Map<string, Issuer>();
  for (const organization of organizations) {
    const other = issuers.get(organization.issuer);
    if (other !== undefined) {
      throw new JuntoError(
        "CONFIGURATION",
        `Organizations ${other.organization} and ${organization.id} name the same issuer; each needs its own.`,
      );
    }
    const held = before.get(organization.issuer);
    const same = held?.organization === organization.id && held.jwksUri === organization.jwksUri;
    issuers.set(organization.issuer, same ? held : createIssuer(organization, context));
  }
  return issuers;
}
