// Verifies that a request comes from the gateway, is for this subgraph, and is the operation that was signed.
import { errors, jwtVerify, type JWTPayload } from "jose";
import { createGatewayKeys, KeysUnavailable } from "./gateway-keys.ts";
import type { SubjectKey, Viewer } from "./types.ts";

/** What a good token says. */
export interface Credentials {
  readonly viewer: Viewer;
  /** Digest of the only operation that it may be used for. */
  readonly operation: string;
}

export interface TokenCheck {
  /** Throws `TokenError` when the token is not good, `KeysUnavailable` when that cannot be found out. */
  verify(authorization: string | undefined): Promise<Credentials>;
}

/** `reason` is for the log; whoever sent the token learns nothing of it. */
export class TokenError extends Error {
  override readonly name: string = "TokenError";
}

/** Longer is no token that the gateway has made. */
const longest = 12_288;
const lifetime = 60;
const skew = 5;

export function createTokenCheck(options: {
  readonly audience: string;
  readonly gateway: { readonly url: string; readonly issuer: string };
}): TokenCheck {
  const { audience, gateway } = options;
  const keys = createGatewayKeys(`${gateway.url}/.well-known/jwks.json`);

  return {
    async verify(authorization) {
      if (authorization && authorization.length > longest) throw new TokenError("it is too long");
      const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/.exec(authorization ?? "")?.[1];
      if (!token) throw new TokenError("there is no token");
      try {
        const { payload } = await jwtVerify(token, keys, {
          algorithms: ["EdDSA"],
          typ: "junto-subgraph+jwt",
          issuer: gateway.issuer,
          audience,
          clockTolerance: skew,
          maxTokenAge: lifetime,
          requiredClaims: ["sub", "org", "op", "exp", "iat"],
        });
        return credentials(payload, audience);
      } catch (error) {
        throw classify(error);
      }
    },
  };
}

function classify(error: unknown): Error {
  if (error instanceof TokenError || error instanceof KeysUnavailable) return error;
  const reason = error instanceof errors.JOSEError ? error.message : "it cannot be verified";
  return new TokenError(reason, { cause: error });
}

function credentials(claims: JWTPayload, audience: string): Credentials {
  // One audience only: a token for several could be passed on from one subgraph to another.
  if (claims.aud !== audience) throw new TokenError("it is for other audiences too");
  const group = optionalText(claims, "group");
  const role = optionalText(claims, "role");
  return {
    operation: text(claims, "op"),
    viewer: {
      person: text(claims, "sub"),
      organization: text(claims, "org"),
      ...(group !== undefined && { group }),
      ...(role !== undefined && { role }),
      subjects: texts(claims, "subjects").map(subjectKey),
      policies: new Set(texts(claims, "policies")),
      // A gateway from before there were scopes says nothing of them.
      scopes: new Set(claims["scopes"] === undefined ? [] : texts(claims, "scopes")),
    },
  };
}

function subjectKey(value: string): SubjectKey {
  const at = value.indexOf(":");
  if (at < 1 || at === value.length - 1) throw new TokenError(`a subject is malformed`);
  return { type: value.slice(0, at), id: value.slice(at + 1) };
}

function optionalText(claims: JWTPayload, name: string): string | undefined {
  return claims[name] === undefined ? undefined : text(claims, name);
}

function text(claims: JWTPayload, name: string): string {
  const value = claims[name];
  if (typeof value !== "string" || value === "") throw new TokenError(`claim ${name} is malformed`);
  return value;
}

function texts(claims: JWTPayload, name: string): readonly string[] {
  const value = claims[name];
  if (!Array.isArray(value) || value.some((item) => typeof item !== "string")) {
    throw new TokenError(`claim ${name} is malformed`);
  }
  return value as readonly string[];
}
