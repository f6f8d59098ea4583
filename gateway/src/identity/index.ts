// Who asks: the token of a request becomes a person of the organization whose issuer signed it.
import { hash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { LRUCache } from "lru-cache";
import { Agent } from "undici";
import { JuntoError } from "../errors/index.ts";
import { servicesOf } from "./claims.ts";
import { createIssuer, type IssuerContext } from "./issuer.ts";
import type { IdentityLog, Person, TrustedOrganization } from "./person.ts";
import { CLOCK_SKEW_MS, verifyToken, type Trusted } from "./token.ts";

export { isServiceId, servicesOf } from "./claims.ts";
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
  /** Whether who was recognized once could still be: by an organization that is trusted, as a service that it lists. */
  knows(person: Person): boolean;
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
  let trusted = trustedBy(options.organizations, context);
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
      const before = trusted;
      const person = await verifyToken(token, { trusted, audience: options.audience, now: clock() });
      if (before === trusted) verified.set(digest, person);
      return person;
    },
    trust(organizations) {
      const next = trustedBy(organizations, context, trusted);
      const stay = [...trusted].every(([issuer, held]) => isDeepStrictEqual(next.get(issuer), held));
      trusted = next;
      if (!stay) verified.clear();
    },
    knows({ id, organization, roles, service }) {
      const found = [...trusted.values()].find((each) => each.organization.id === organization);
      if (!found || !service) return found !== undefined;
      return servicesOf(found.organization).some(
        (each) => each.id === id && each.roles.join() === roles.join(),
      );
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
function trustedBy(
  organizations: readonly TrustedOrganization[],
  context: IssuerContext,
  before: ReadonlyMap<string, Trusted> = new Map(),
): ReadonlyMap<string, Trusted> {
  const trusted = new Map<string, Trusted>();
  for (const organization of organizations) {
    const { id, issuer, jwksUri } = organization;
    const other = trusted.get(issuer)?.organization;
    if (other !== undefined) {
      throw new JuntoError(
        "CONFIGURATION",
        `Organizations ${other.id} and ${id} name the same issuer; each needs its own.`,
      );
    }
    const held = before.get(issuer);
    const same = held?.organization.id === id && held.organization.jwksUri === jwksUri;
    trusted.set(issuer, {
      organization,
      issuer: same ? held.issuer : createIssuer(organization, context),
    });
  }
  return trusted;
}
