// One token: checked in every respect. Nothing of it goes into a message.
import { decodeJwt, decodeProtectedHeader, errors, jwtVerify, type JWTPayload } from "jose";
import { ALGORITHMS } from "../config/index.ts";
import { JuntoError } from "../errors/index.ts";
import { ClaimsError, personOf } from "./claims.ts";
import type { Issuer } from "./issuer.ts";
import type { Person, TrustedOrganization } from "./person.ts";

export const CLOCK_SKEW_MS = 5_000;

/** An access token. The gateway's own tokens for subgraphs and changes have other types and are none. */
const TYPES = new Set(["jwt", "at+jwt"]);
/** A token cannot be taken back, so it must end by itself. */
const LONGEST_LIFE_MS = 24 * 60 * 60_000;
/** An organization whose tokens are taken, and where its keys come from. */
export interface Trusted {
  readonly organization: TrustedOrganization;
  readonly issuer: Issuer;
}

export interface VerifyOptions {
  /** By `iss`. */
  readonly trusted: ReadonlyMap<string, Trusted>;
  /** What `aud` must hold, where an organization says nothing else. */
  readonly audience: string;
  readonly now: number;
}

export async function verifyToken(token: string, { trusted, audience, now }: VerifyOptions): Promise<Person> {
  try {
    const { organization, issuer } = named(token, trusted);
    const signIn = organization.signIn ?? {};
    const { payload } = await jwtVerify(token, issuer.key, {
      algorithms: [...(signIn.algorithms ?? ALGORITHMS)],
      issuer: organization.issuer,
      audience: signIn.audience ?? audience,
      requiredClaims: ["exp"],
      clockTolerance: CLOCK_SKEW_MS / 1000,
      currentDate: new Date(now),
    });
    return personOf(payload, organization.id, signIn, endOf(payload, now));
  } catch (error) {
    throw error instanceof JuntoError ? error : refused(error);
  }
}

/** Whose the token says it is, not yet proven: it only says whose keys must fit. */
function named(token: string, trusted: ReadonlyMap<string, Trusted>): Trusted {
  const { alg, typ } = decodeProtectedHeader(token);
  if (!ALGORITHMS.some((allowed) => allowed === alg))
    throw unauthenticated("The token is signed in a way that is not accepted.");
  const { iss } = decodeJwt(token);
  const found = typeof iss === "string" ? trusted.get(iss) : undefined;
  if (found === undefined) throw unauthenticated("The token is of an issuer that is not known here.");
  const mayLack = found.organization.signIn?.typ === "optional";
  const type = typeof typ === "string" ? typ.toLowerCase().replace(/^application\//, "") : "";
  if (!TYPES.has(type) && !(mayLack && typ === undefined))
    throw unauthenticated("The token is of a kind that is not accepted here.");
  return found;
}

function endOf({ exp }: JWTPayload, now: number): number {
  const expiresAt = Number(exp) * 1000;
  if (!(expiresAt - now <= LONGEST_LIFE_MS)) throw unauthenticated("The token is valid for more than a day.");
  return expiresAt;
}

function refused(error: unknown): JuntoError {
  if (error instanceof ClaimsError) return unauthenticated(error.message);
  // jose's errors carry the payload: only their code goes on, for the log.
  const cause = new Error(error instanceof errors.JOSEError ? error.code : "the token cannot be read");
  if (error instanceof errors.JWTExpired) return unauthenticated("The token has expired.", cause);
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === "aud") return unauthenticated("The token is not meant for this service.", cause);
    if (error.claim === "nbf") return unauthenticated("The token is not valid yet.", cause);
    if (error.reason === "missing")
      return unauthenticated("The token does not say when it ends (exp).", cause);
  }
  return unauthenticated("The token is not valid here.", cause);
}

function unauthenticated(message: string, cause?: unknown): JuntoError {
  return new JuntoError("UNAUTHENTICATED", message, { cause });
}
