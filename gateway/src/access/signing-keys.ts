// The keys that sign for subgraphs, as the file says them while the gateway runs: which one signs now, and which ones
// are published. The file is looked at again whenever it changes.
import { stat } from "node:fs/promises";
import { importJWK, type CryptoKey, type JWK } from "jose";
import { ensureKeyFile, isOver, LINGER_MS, readKeyFile, rotateKeyFile, type StoredKey } from "./key-file.ts";

export interface SigningKeys {
  /** The one that signs now. */
  current(): SigningKey;
  /** What is published at /.well-known/jwks.json now. */
  jwks(): { readonly keys: readonly JWK[] };
  /** Keeps digests from being guessed at; the same for all who share the file, whatever keys come and go. */
  readonly secret: Buffer;
  /** Calls when a key was taken out of the file: nothing that it has signed should be used any more. */
  onWithdrawn(listener: () => void): void;
  close(): void;
}

export interface SigningKey {
  readonly kid: string;
  readonly key: CryptoKey;
}

export interface SigningKeysOptions {
  readonly file: string;
  /** Milliseconds after which a key is followed by a new one, without being told. 0 or absent: never. */
  readonly rotateEvery?: number;
  /** Milliseconds between two looks at the file; 2000 when absent. */
  readonly interval?: number;
  readonly clock?: () => number;
  readonly log?: {
    warn(details: object, message: string): void;
    info(details: object, message: string): void;
  };
}

interface Held extends StoredKey, SigningKey {}

/** Reads the file; makes one, for its owner alone, when there is none. @throws JuntoError CONFIGURATION */
export async function openSigningKeys(options: SigningKeysOptions): Promise<SigningKeys> {
  const { file, rotateEvery = 0, interval = 2_000, clock = Date.now, log } = options;
  await ensureKeyFile(file, clock());
  if (rotateEvery > 0) await rotateIfDue();
  // Before it is read: what changes from here on is noticed.
  let seen = await stampOf(file);
  const { secret, keys: first } = await readKeyFile(file);
  let keys = await held(first);
  /** Keys that were taken out of the file, and until when they are published. */
  let gone: readonly (StoredKey & { readonly until: number })[] = [];
  const listeners = new Set<() => void>();

  async function rotateIfDue(): Promise<void> {
    try {
      const rotated = await rotateKeyFile(file, { olderThan: rotateEvery, now: clock() });
      if (rotated) log?.info({ kid: rotated.keys.at(-1)!.kid }, "a new signing key was made");
    } catch (error) {
      log?.warn(
        { err: error },
        "the signing key is due to be followed by a new one, which could not be made",
      );
    }
  }

  async function look(): Promise<void> {
    try {
      const read = await readKeyFile(file);
      const next = await held(read.keys);
      const kids = new Set(next.map(({ kid }) => kid));
      const now = clock();
      const left = keys
        .filter(({ kid }, at) => !kids.has(kid) && !isOver(keys, at, now))
        .map((key) => ({ ...key, until: now + LINGER_MS }));
      gone = [...gone, ...left].filter(({ kid }) => !kids.has(kid) && !read.revoked.includes(kid));
      keys = next;
      if (left.length > 0) for (const listener of listeners) listener();
      log?.info({ kids: [...kids] }, "the signing keys were read again");
    } catch (error) {
      log?.warn({ err: error }, "the signing keys could not be read again: those from before stay");
    }
  }

  async function watch(): Promise<void> {
    const stamp = await stampOf(file);
    if (stamp === seen) return;
    seen = stamp;
    await look();
  }
  const watcher = setInterval(() => void watch(), interval).unref();
  const timer = rotateEvery > 0 ? setInterval(() => void rotateIfDue(), LOOK_EVERY_MS).unref() : undefined;

  return {
    secret,
    current() {
      const now = clock();
      return keys.findLast(({ from }) => from <= now) ?? keys[0]!;
    },
    jwks() {
      const now = clock();
      const published = keys.filter((_, at) => !isOver(keys, at, now)).map(({ publicJwk }) => publicJwk);
      const lingering = gone.filter(({ until }) => until > now).map(({ publicJwk }) => publicJwk);
      return { keys: [...published, ...lingering] };
    },
    onWithdrawn: (listener) => void listeners.add(listener),
    close() {
      clearInterval(watcher);
      clearInterval(timer);
    },
  };
}

/** How often is looked whether a key is old enough. */
const LOOK_EVERY_MS = 10 * 60_000;

/** Another for a file that has changed, or that another has taken the place of. */
async function stampOf(file: string): Promise<string> {
  const found = await stat(file).catch(() => null);
  return found ? [found.ino, found.size, found.mtimeMs].join() : "";
}

async function held(keys: readonly StoredKey[]): Promise<readonly Held[]> {
  return Promise.all(
    keys.map(async (each) => ({ ...each, key: (await importJWK(each.privateJwk, "EdDSA")) as CryptoKey })),
  );
}
