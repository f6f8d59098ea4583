// One token: checked in every respect, and what it says of the person. Nothing of it goes into a message.
import { decodeJwt, decodeProtectedHeader, errors, jwtVerify, type JWTPayload } from "jose";
import { JuntoError } from "../errors/index.ts";
import type { Issuer } from "./issuer.ts";
import type { Person } from "./person.ts";

export const CLOCK_SKEW_MS = 5_000;

/** Asymmetric only: a public key can never be the secret of a forged token. */
const ALGORITHMS = ["EdDSA", "ES256", "RS256"];
/** An access token. The gateway's own tokens for subgraphs and changes have other types and are none. */
const TYPES = new Set(["jwt", "at+jwt"]);
/** A token cannot be taken back, so it must end by itself. */
const LONGEST_LIFE_MS = 24 * 60 * 60_000;
/** No colon (it ends the organization in a person's id), nothing that a topic or a path could take for its own. */
const SUBJECT = /^[A-Za-z0-9][A-Za-z0-9._@|+-]{0,127}$/;
/** In characters. */
const LONGEST_NAME = 100;

export interface VerifyOptions {
  /** By `iss`. */
  readonly issuers: ReadonlyMap<string, Issuer>;
  readonly audience: string;
  readonly now: number;
}

export async function verifyToken(token: string, options: VerifyOptions): Promise<Person> {
  try {
    const issuer = trustedIssuer(token, options.issuers);
    const { payload } = await jwtVerify(token, issuer.key, {
      algorithms: ALGORITHMS,
      issuer: issuer.issuer,
      audience: options.audience,
      requiredClaims: ["exp", "sub"],
      clockTolerance: CLOCK_SKEW_MS / 1000,
      currentDate: new Date(options.now),
    });
    return person(payload, issuer.organization, options.now);
  } catch (error) {
    throw error instanceof JuntoError ? error : refused(error);
  }
}

/** The issuer that the token names, not yet proven: it only says whose keys must fit. */
function trustedIssuer(token: string, issuers: ReadonlyMap<string, Issuer>): Issuer {
  const { alg, typ } = decodeProtectedHeader(token);
  if (alg === undefined || !ALGORITHMS.includes(alg))
    throw unauthenticated("The token is signed in a way that is not accepted.");
  const type = typeof typ === "string" ? typ.toLowerCase().replace(/^application\//, "") : "";
  if (!TYPES.has(type)) throw unauthenticated("The token is of a kind that is not accepted here.");
  const { iss } = decodeJwt(token);
  const issuer = typeof iss === "string" ? issuers.get(iss) : undefined;
  if (issuer === undefined) throw unauthenticated("The token is of an issuer that is not known here.");
  return issuer;
}

function person(payload: JWTPayload, organization: string, now: number): Person {
  const { sub, exp } = payload;
  if (typeof sub !== "string" || !SUBJECT.test(sub))
    throw unauthenticated("The token's subject is not acceptable.");
  const expiresAt = Number(exp) * 1000;
  if (!(expiresAt - now <= LONGEST_LIFE_MS)) throw unauthenticated("The token is valid for more than a day.");
  const name = typeof payload["name"] === "string" ? printable(payload["name"]) : "";
  const roles: unknown[] = Array.isArray(payload["roles"]) ? payload["roles"] : [];
  return Object.freeze({
    id: `${organization}:${sub}`,
    organization,
    name: name === "" ? sub : name,
    roles: Object.freeze(roles.filter((role) => typeof role === "string").slice(0, 100)),
    scopes: Object.freeze(scopesOf(payload)),
    expiresAt,
  });
}

/** `scope` of RFC 9068, or `scp`, as some issuers call it: a list, or one text with spaces between. */
function scopesOf({ scope, scp }: JWTPayload): string[] {
  const said: unknown = scope ?? scp;
  const list: unknown[] = typeof said === "string" ? said.split(" ") : Array.isArray(said) ? said : [];
  const texts = list.filter((each): each is string => typeof each === "string" && each !== "");
  return [...new Set(texts)].slice(0, 100);
}

/** A name as it can stand in a line: no control or direction characters, not endless. */
function printable(name: string): string {
  const plain = name.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "").trim();
  return Array.from(plain).slice(0, LONGEST_NAME).join("");
}

function refused(error: unknown): JuntoError {
  // jose's errors carry the payload: only their code goes on, for the log.
  const cause = new Error(error instanceof errors.JOSEError ? error.code : "the token cannot be read");
  if (error instanceof errors.JWTExpired) return unauthenticated("The token has expired.", cause);
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === "aud") return unauthenticated("The token is not meant for this service.", cause);
    if (error.claim === "nbf") return unauthenticated("The token is not valid yet.", cause);
    if (error.reason === "missing") return unauthenticated("The token lacks a claim (exp, sub).", cause);
  }
  return unauthenticated("The token is not valid here.", cause);
}

function unauthenticated(message: string, cause?: unknown): JuntoError {
  return new JuntoError("UNAUTHENTICATED", message, { cause });
}
