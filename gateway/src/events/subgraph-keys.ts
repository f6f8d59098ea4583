// The public keys by which subgraphs sign the changes that they send: each publishes its own.
import { createRemoteJWKSet, type JWTVerifyGetKey } from "jose";

/**
 * By subgraph; null: there is none of that name. Keys are fetched when they are first needed, and kept.
 * @param addressOf where a subgraph is now
 */
export function subgraphKeys(
  addressOf: (subgraph: string) => string | undefined,
): (subgraph: string) => JWTVerifyGetKey | null {
  const kept = new Map<string, { readonly address: string; readonly keys: JWTVerifyGetKey }>();
  return (subgraph) => {
    const address = addressOf(subgraph);
    if (address === undefined) return null;
    let found = kept.get(subgraph);
    if (found?.address !== address) kept.set(subgraph, (found = { address, keys: keysAt(address) }));
    return found.keys;
  };
}

/** A subgraph that was set up anew signs with a new key: it is looked for again after a second, not half a minute. */
function keysAt(address: string): JWTVerifyGetKey {
  return createRemoteJWKSet(new URL("/.well-known/jwks.json", address), {
    cooldownDuration: 1_000,
    timeoutDuration: 3_000,
  });
}
