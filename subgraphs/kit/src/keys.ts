// The subgraph's own key pair: signs what it sends, so that nobody else can speak in its name.
import { createHash, randomUUID } from "node:crypto";
import {
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  importJWK,
  SignJWT,
  type JSONWebKeySet,
  type JWK,
} from "jose";
import type { State } from "./state.ts";

export interface OwnKeys {
  /** What `/.well-known/jwks.json` says. */
  readonly jwks: JSONWebKeySet;
  /** A token, 60 s long, that goes with this body to this audience and with no other. */
  sign(body: string, claims: { readonly issuer: string; readonly audience: string }): Promise<string>;
}

/** The pair is made at the first start, and kept. */
export async function loadOwnKeys(state: State): Promise<OwnKeys> {
  const stored = await state.remember("key", async () => {
    const { privateKey } = await generateKeyPair("EdDSA", { crv: "Ed25519", extractable: true });
    return JSON.stringify(await exportJWK(privateKey));
  });
  const { d, ...pub } = JSON.parse(stored) as JWK & { d: string };
  const kid = await calculateJwkThumbprint(pub);
  const key = await importJWK({ ...pub, d }, "EdDSA");
  return {
    jwks: { keys: [{ ...pub, kid, alg: "EdDSA", use: "sig" }] },
    sign: (body, { issuer, audience }) =>
      new SignJWT({ body: digestOf(body) })
        .setProtectedHeader({ alg: "EdDSA", typ: "junto-change+jwt", kid })
        .setIssuer(issuer)
        .setAudience(audience)
        .setIssuedAt()
        .setExpirationTime("60s")
        .setJti(randomUUID())
        .sign(key),
  };
}

/** base64url(sha256(text)): what a token names a body or an operation by. */
export function digestOf(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("base64url");
}
