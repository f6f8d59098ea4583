// The keys that sign for subgraphs: made once, followed by others while the gateway runs, published for as long as a token
// of theirs can hold, shared by several gateways.
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeProtectedHeader, exportJWK, generateKeyPair } from "jose";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LEAD, LINGER_MS, readKeyFile, rotateKeyFile } from "./key-file.ts";
import { openSigningKeys, type SigningKeys, type SigningKeysOptions } from "./signing-keys.ts";
import { createSubgraphTokens } from "./subgraph-token.ts";
import { organizationViewer } from "./viewer.ts";

const NOW = Date.UTC(2026, 10, 20, 9, 0, 0);
const DAY = 24 * 60 * 60_000;

let folder: string;
let file: string;
let now: number;
const opened: SigningKeys[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "junto-keys-"));
  file = join(folder, "deep", "keys.json");
  now = NOW;
});
afterEach(() => {
  for (const keys of opened.splice(0)) keys.close();
  rmSync(folder, { recursive: true });
});

async function open(options: Partial<SigningKeysOptions> = {}): Promise<SigningKeys> {
  const keys = await openSigningKeys({ file, interval: 20, clock: () => now, ...options });
  opened.push(keys);
  return keys;
}

const kidsOf = (keys: SigningKeys): string[] => keys.jwks().keys.map(({ kid }) => kid!);

describe("the first key", () => {
  it("is made for its owner alone, published without its secret, and kept", async () => {
    const keys = await open();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const [{ d }] = (JSON.parse(readFileSync(file, "utf8")) as { keys: [{ d: string }] }).keys;
    expect(keys.jwks().keys).toEqual([
      {
        kty: "OKP",
        crv: "Ed25519",
        x: expect.any(String),
        kid: keys.current().kid,
        alg: "EdDSA",
        use: "sig",
      },
    ]);
    expect(JSON.stringify(keys.jwks())).not.toContain(d);
    const again = await open();
    expect(again.jwks()).toEqual(keys.jwks());
    expect(again.secret).toEqual(keys.secret);
    expect(readdirSync(join(folder, "deep"))).toEqual(["keys.json"]);
  });

  it("is the same for gateways that start at once", async () => {
    const all = await Promise.all([open(), open(), open()]);
    expect(new Set(all.flatMap(kidsOf)).size).toBe(1);
  });

  it("may stand in its file alone, as it once did, and what is digested with it stays", async () => {
    const { privateKey } = await generateKeyPair("EdDSA", { extractable: true });
    file = join(folder, "old.json");
    const bytes = JSON.stringify(await exportJWK(privateKey));
    writeFileSync(file, bytes);
    const keys = await open();
    const secret = createHash("sha256").update("card digests").update(bytes).digest();
    expect(keys.secret).toEqual(secret);
    await rotateKeyFile(file, { now });
    const { keys: stored, secret: kept } = await readKeyFile(file);
    expect(stored.map(({ kid }) => kid)[0]).toBe(keys.current().kid);
    expect(kept).toEqual(secret);
  });

  it.each([
    ["nothing", ""],
    ["no JSON", "{"],
    ["no key", '{"keys": [], "secret": "x"}'],
    ["a public key only", '{"kty":"OKP","crv":"Ed25519","x":"AAAA"}'],
    ["a key of another kind", '{"kty":"oct","k":"AAAA"}'],
    [
      "a key without a time",
      '{"keys":[{"kty":"OKP","crv":"Ed25519","x":"A","d":"A","from":"soon"}],"secret":"x"}',
    ],
  ])("stops the start where there is %s, and is not replaced", async (_, text) => {
    file = join(folder, "broken.json");
    writeFileSync(file, text);
    await expect(open()).rejects.toMatchObject({ code: "CONFIGURATION" });
    expect(readFileSync(file, "utf8")).toBe(text);
  });
});

describe("a rotation", () => {
  it("publishes the new key before it signs, and the old one until its last token has ended", async () => {
    const keys = await open();
    const old = keys.current().kid;
    await rotateKeyFile(file, { now });
    await expect.poll(() => kidsOf(keys).length).toBe(2);
    const [, next] = kidsOf(keys);
    expect(keys.current().kid).toBe(old);
    now = NOW + LEAD * 1000 - 1;
    expect(keys.current().kid).toBe(old);
    now += 1;
    expect(keys.current().kid).toBe(next);
    expect(kidsOf(keys)).toEqual([old, next]);
    now += LINGER_MS;
    expect(kidsOf(keys)).toEqual([old, next]);
    now += 1;
    expect(kidsOf(keys)).toEqual([next]);
  });

  it("does not change what is digested", async () => {
    const keys = await open();
    await rotateKeyFile(file, { now });
    expect((await open()).secret).toEqual(keys.secret);
  });

  it("takes keys out of the file that nothing good is signed with", async () => {
    const keys = await open();
    const first = keys.current().kid;
    await rotateKeyFile(file, { now });
    now += LEAD * 1000 + LINGER_MS + 1;
    await rotateKeyFile(file, { now });
    const kids = (await readKeyFile(file)).keys.map(({ kid }) => kid);
    expect(kids).toHaveLength(2);
    expect(kids).not.toContain(first);
  });

  it("comes by itself when the key is old enough, once for all gateways of one file", async () => {
    const first = await open();
    await open({ rotateEvery: 30 * DAY });
    expect(kidsOf(first)).toHaveLength(1);
    now += 30 * DAY;
    await Promise.all([1, 2, 3].map(() => open({ rotateEvery: 30 * DAY })));
    await expect.poll(() => kidsOf(first).length).toBe(2);
    await open({ rotateEvery: 30 * DAY });
    expect((await readKeyFile(file)).keys.filter(({ from }) => from > now)).toHaveLength(1);
  });

  it("that cannot be written is said, and the old key goes on", async () => {
    const said: string[] = [];
    await open();
    writeFileSync(`${file}.lock`, "");
    now += 30 * DAY;
    const log = { warn: (_: object, message: string) => void said.push(message), info: () => undefined };
    const keys = await open({ rotateEvery: DAY, log });
    expect(said).toEqual([expect.stringContaining("could not be made")]);
    expect(kidsOf(keys)).toHaveLength(1);
    await expect(rotateKeyFile(file)).rejects.toThrow(/see .*\.lock/);
    utimesSync(`${file}.lock`, new Date(0), new Date(0));
    await rotateKeyFile(file);
    expect(existsSync(`${file}.lock`)).toBe(false);
  });
});

describe("another file in its place", () => {
  it("signs at once, and what the old key has signed holds to its end", async () => {
    const keys = await open();
    const old = keys.current().kid;
    const { privateKey } = await generateKeyPair("EdDSA", { extractable: true });
    writeFileSync(file, JSON.stringify(await exportJWK(privateKey)));
    await expect.poll(() => keys.current().kid).not.toBe(old);
    expect(kidsOf(keys)).toEqual([keys.current().kid, old]);
    now += LINGER_MS + 1;
    expect(kidsOf(keys)).toEqual([keys.current().kid]);
  });

  it("that is broken changes nothing", async () => {
    const said: string[] = [];
    const log = { warn: (_: object, message: string) => void said.push(message), info: () => undefined };
    const keys = await open({ log });
    const before = keys.jwks();
    writeFileSync(file, "{");
    await expect.poll(() => said).toEqual([expect.stringContaining("could not be read again")]);
    expect(keys.jwks()).toEqual(before);
  });
});

describe("a key that was stolen", () => {
  it("is withdrawn at once: it signs nothing, is not published, and no token of it is used again", async () => {
    const keys = await open();
    const stolen = keys.current().kid;
    const tokens = createSubgraphTokens({ issuer: "http://gateway.example", keys });
    const ask = () =>
      tokens.token({
        subgraph: "mall",
        operation: "{ a }",
        viewer: organizationViewer("mall"),
        held: { policies: [], scopes: [] },
      });
    expect(decodeProtectedHeader(await ask()).kid).toBe(stolen);
    await rotateKeyFile(file, { now });
    await rotateKeyFile(file, { revoke: true, now });
    await expect.poll(() => keys.current().kid).not.toBe(stolen);
    expect(kidsOf(keys)).toEqual([keys.current().kid]);
    expect(decodeProtectedHeader(await ask()).kid).toBe(keys.current().kid);
  });
});
