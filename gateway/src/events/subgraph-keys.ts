// The public keys by which subgraphs sign the changes that they send: each publishes its own.
import { createRemoteJWKSet, type JWTVerifyGetKey } from "jose";

/** By subgraph; null: there is none of that name. Keys are fetched when they are first needed, and kept. */
export function subgraphKeys(
  subgraphs: readonly { readonly name: string; readonly url: string }[],
): (subgraph: string) => JWTVerifyGetKey | null {
  const keys = new Map(
    subgraphs.map(({ name, url }) => [
      name,
      // A subgraph that was set up anew signs with a new key: it is looked for again after a second, not half a minute.
      createRemoteJWKSet(new URL("/.well-known/jwks.json", url), {
        cooldownDuration: 1_000,
        timeoutDuration: 3_000,
      }),
    ]),
  );
  return (subgraph) => keys.get(subgraph) ?? null;
}
