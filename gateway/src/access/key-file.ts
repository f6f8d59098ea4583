// The file with the keys that sign for subgraphs: several, each with the time from which it signs. A new one stands
// there before it is used, so that whoever verifies has it by then; one that signs no more stays until its last token has
// ended. Several gateways share one file, or have copies of it.
import { createHash, randomBytes } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from "jose";
import { JuntoError } from "../errors/index.ts";

/** Seconds for which a token holds. */
export const LIFE = 60;
/** Milliseconds for which a key is published after it has signed for the last time: a token's life, and as much for clocks. */
export const LINGER_MS: number = 2 * LIFE * 1000;
/** Seconds from when a new key stands in the file to when it signs: longer than key sets are cached. */
export const LEAD = 3_600;

export interface StoredKey {
  readonly kid: string;
  /** From when it signs, in ms since 1970. */
  readonly from: number;
  readonly privateJwk: JWK;
  readonly publicJwk: JWK;
}

export interface KeyFile {
  /** The oldest first, one at least. */
  readonly keys: readonly StoredKey[];
  /** Keeps digests from being guessed at; stays when keys rotate. */
  readonly secret: Buffer;
  /** Ids of keys that were withdrawn: nothing that they have signed is good. */
  readonly revoked: readonly string[];
}

/** @throws JuntoError CONFIGURATION: it is not there, or is no file of keys */
export async function readKeyFile(file: string): Promise<KeyFile> {
  try {
    return await parse(readFileSync(file));
  } catch (cause) {
    throw new JuntoError(
      "CONFIGURATION",
      `The gateway's signing keys at ${file} cannot be read. Restore the file, or delete it to have a new one made.`,
      { cause },
    );
  }
}

/** Makes the file with one key when there is none. Of two gateways that start at once, both use the same. */
export async function ensureKeyFile(file: string, now: number): Promise<void> {
  if (statSync(file, { throwIfNoEntry: false })) return;
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const keys = [await createKey(now)];
  const made = `${file}.${randomBytes(6).toString("hex")}`;
  write(made, { keys, secret: randomBytes(32), revoked: [] });
  try {
    linkSync(made, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    rmSync(made);
  }
}

export interface Rotation {
  /** Seconds until the new key signs; `LEAD` without it. */
  readonly lead?: number;
  /** The keys so far are withdrawn at once, and the new one signs at once: for when one was stolen. */
  readonly revoke?: boolean;
  /** Only if no key has been made for so many ms. */
  readonly olderThan?: number;
  readonly now?: number;
}

/**
 * Puts a new key into the file, and takes those out that nothing was signed with for long enough.
 * @returns the file as it is now; null: nothing was to be done
 * @throws JuntoError CONFIGURATION: somebody else is at it, or the file cannot be read or written
 */
export async function rotateKeyFile(file: string, rotation: Rotation = {}): Promise<KeyFile | null> {
  const { lead = LEAD, revoke = false, olderThan, now = Date.now() } = rotation;
  const release = lock(file);
  try {
    const { keys, secret, revoked } = await readKeyFile(file);
    if (olderThan !== undefined && now - keys.at(-1)!.from < olderThan) return null;
    const kept = revoke ? [] : keys.filter((_, at) => !isOver(keys, at, now));
    const next: KeyFile = {
      keys: [...kept, await createKey(revoke ? now : now + lead * 1000)],
      secret,
      revoked: revoke ? [...revoked, ...keys.map(({ kid }) => kid)] : revoked,
    };
    write(`${file}.new`, next);
    renameSync(`${file}.new`, file);
    return next;
  } finally {
    release();
  }
}

/** Whether the key there signs no more, and the last token that it signed has ended. */
export function isOver(keys: readonly StoredKey[], at: number, now: number): boolean {
  const next = keys[at + 1];
  return next !== undefined && next.from + LINGER_MS < now;
}

async function parse(bytes: Buffer): Promise<KeyFile> {
  const content = JSON.parse(bytes.toString("utf8")) as JWK & {
    keys?: (JWK & { from: string })[];
    secret?: string;
    revoked?: string[];
  };
  // The form of one key, which was the only one.
  if (!Array.isArray(content.keys)) {
    const secret = createHash("sha256").update("card digests").update(bytes).digest();
    return { keys: [await storedKey(content, 0)], secret, revoked: [] };
  }
  const keys = await Promise.all(content.keys.map(({ from, ...jwk }) => storedKey(jwk, Date.parse(from))));
  const secret = Buffer.from(String(content.secret), "base64url");
  if (keys.length === 0 || secret.length < 32) throw new Error("there is no key, or no secret");
  const revoked = (content.revoked ?? []).map(String);
  return { keys: keys.toSorted((one, other) => one.from - other.from), secret, revoked };
}

async function storedKey({ kty, crv, x, d }: JWK, from: number): Promise<StoredKey> {
  if (kty !== "OKP" || crv !== "Ed25519" || !x || !d) throw new Error("a key is not of Ed25519");
  if (Number.isNaN(from)) throw new Error("a key does not say from when it signs");
  const open = { kty, crv, x };
  const kid = await calculateJwkThumbprint(open);
  return { kid, from, privateJwk: { ...open, d }, publicJwk: { ...open, kid, alg: "EdDSA", use: "sig" } };
}

async function createKey(from: number): Promise<StoredKey> {
  const { privateKey } = await generateKeyPair("EdDSA", { extractable: true });
  return storedKey(await exportJWK(privateKey), from);
}

function write(file: string, { keys, secret, revoked }: KeyFile): void {
  const content = {
    keys: keys.map(({ privateJwk, from }) => ({ ...privateJwk, from: new Date(from).toISOString() })),
    secret: secret.toString("base64url"),
    ...(revoked.length > 0 && { revoked }),
  };
  writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
}

/** One rotates at a time. A lock that is older than a minute was left behind. */
function lock(file: string): () => void {
  const path = `${file}.lock`;
  const held = statSync(path, { throwIfNoEntry: false });
  if (held && Date.now() - held.mtimeMs > 60_000) rmSync(path, { force: true });
  try {
    writeFileSync(path, String(process.pid), { flag: "wx" });
  } catch (cause) {
    throw new JuntoError("CONFIGURATION", `The keys at ${file} cannot be changed now: see ${path}.`, {
      cause,
    });
  }
  return () => rmSync(path, { force: true });
}
