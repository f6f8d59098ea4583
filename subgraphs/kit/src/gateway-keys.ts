// The gateway's public keys: fetched when they are needed, again when a token names a new one, and kept for a while when
// the gateway is away. Strangers who name keys that do not exist cannot make anyone ask all the time.
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWK, type JWTVerifyGetKey } from "jose";
import { request } from "undici";

/** The gateway's keys cannot be had at the moment. */
export class KeysUnavailable extends Error {
  override readonly name: string = "KeysUnavailable";
}

/** Milliseconds after which they are fetched again: a key that was withdrawn is gone then. */
const fresh = 10 * 60_000;
/** Milliseconds for which they hold while the gateway does not answer. */
const stale = 60 * 60_000;
/** Milliseconds between two fetches for keys that nobody knows, and after one that failed while others hold. */
const cooldown = 1000;
const answerTimeout = 5000;
const largestAnswer = 256 * 1024;

/** Finds the key of a token. Throws `KeysUnavailable` when that cannot be found out. */
export function createGatewayKeys(url: string, clock: () => number = Date.now): JWTVerifyGetKey {
  let known: { readonly find: JWTVerifyGetKey; readonly at: number } | undefined;
  let failed: { readonly error: KeysUnavailable; readonly at: number } | undefined;
  let fetching: Promise<JWTVerifyGetKey> | undefined;

  const refresh = (): Promise<JWTVerifyGetKey> => {
    // Who has no keys yet asks at once: the gateway may just be starting.
    if (known && failed && clock() - failed.at < cooldown) return Promise.reject(failed.error);
    fetching ??= fetchKeys(url)
      .then(
        (set) => {
          failed = undefined;
          known = { find: createLocalJWKSet(set), at: clock() };
          return known.find;
        },
        (cause: unknown) => {
          const error = new KeysUnavailable("The gateway's keys cannot be fetched", { cause });
          failed = { error, at: clock() };
          throw error;
        },
      )
      .finally(() => (fetching = undefined));
    return fetching;
  };

  const current = (): JWTVerifyGetKey | Promise<JWTVerifyGetKey> => {
    if (!known) return refresh();
    const { find, at } = known;
    const age = clock() - at;
    if (age < fresh) return find;
    if (age >= stale) return refresh();
    const fetched = refresh().catch(() => find);
    // Nobody waits for a gateway that did not answer the last time.
    return failed ? find : fetched;
  };

  return async (header, token) => {
    const find = await current();
    try {
      return await find(header, token);
    } catch (error) {
      const isNew = error instanceof errors.JWKSNoMatchingKey && clock() - known!.at >= cooldown;
      if (!isNew) throw error;
      return (await refresh())(header, token);
    }
  };
}

async function fetchKeys(url: string): Promise<JSONWebKeySet> {
  const signal = AbortSignal.timeout(answerTimeout);
  const answer = await request(url, { signal, headers: { accept: "application/json" } });
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer.body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largestAnswer) throw new Error(`${url} answered with more than ${largestAnswer} bytes`);
    chunks.push(chunk);
  }
  if (answer.statusCode !== 200) throw new Error(`${url} answered ${answer.statusCode}`);
  const { keys } = JSON.parse(Buffer.concat(chunks).toString("utf8")) as { keys?: unknown };
  if (!Array.isArray(keys)) throw new Error(`${url} is not a key set`);
  return { keys: keys.filter(isOurs) };
}

/** The gateway signs with Ed25519. A key whose secret is published says nothing of who has signed. */
function isOurs(key: JWK | null): boolean {
  return key?.kty === "OKP" && key.crv === "Ed25519" && key.d === undefined;
}
