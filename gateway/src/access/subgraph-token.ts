// The signed word of the gateway to a subgraph: for whom, in which group, under which of its owner's policies.
import { createHash, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import {
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  importJWK,
  SignJWT,
  type CryptoKey,
  type JWK,
} from "jose";
import { LRUCache } from "lru-cache";
import { JuntoError } from "../errors/index.ts";
import type { Viewer } from "./viewer.ts";

/** Seconds for which a token holds. */
const LIFE = 60;

export interface SubgraphTokens {
  /** A token for one operation at one subgraph, of whose owner the viewer holds `policies`. */
  token(request: {
    readonly subgraph: string;
    readonly operation: string;
    readonly viewer: Viewer;
    readonly policies: readonly string[];
  }): Promise<string>;
  /** What is published at /.well-known/jwks.json. */
  readonly jwks: { readonly keys: readonly JWK[] };
}

/** Reads the gateway's key pair from `keyFile`; makes one, readable by the owner alone, when there is none. */
export async function createSubgraphTokens(options: {
  readonly issuer: string;
  readonly keyFile: string;
}): Promise<SubgraphTokens> {
  const { privateJwk, publicJwk } = await readKey(options.keyFile);
  const key = (await importJWK(privateJwk, "EdDSA")) as CryptoKey;
  const kept = new LRUCache<string, Kept>({ max: 5000, ttl: (LIFE / 2) * 1000 });
  const digests = new LRUCache<string, string>({ max: 5000 });
  const digestOf = (operation: string): string => {
    let digest = digests.get(operation);
    if (digest === undefined)
      digests.set(operation, (digest = createHash("sha256").update(operation).digest("base64url")));
    return digest;
  };
  const sign = (
    subgraph: string,
    op: string,
    viewer: Viewer,
    policies: readonly string[],
  ): Promise<string> => {
    const { group } = viewer;
    return new SignJWT({
      org: viewer.organization,
      ...(group && { group: group.id, role: group.role }),
      subjects: group?.subjects.map(({ type, id }) => `${type}:${id}`) ?? [],
      policies,
      op,
    })
      .setProtectedHeader({ alg: "EdDSA", typ: "junto-subgraph+jwt", kid: publicJwk.kid! })
      .setIssuer(options.issuer)
      .setAudience(subgraph)
      .setSubject(viewer.person?.id ?? `audience:${viewer.audience}`)
      .setIssuedAt()
      .setExpirationTime(`${LIFE}s`)
      .setJti(randomUUID())
      .sign(key);
  };
  return {
    jwks: { keys: [publicJwk] },
    token({ subgraph, operation, viewer, policies }) {
      const op = digestOf(operation);
      // Audience and digest are of one length each, and no subgraph has a space in its name.
      const { person, audience } = viewer;
      const name = person ? `${audience}${op}${subgraph} ${person.id}` : `${audience}${op}${subgraph}`;
      const held = kept.get(name);
      if (held && isEqual(held.policies, policies)) return held.token;
      const token = sign(subgraph, op, viewer, policies);
      kept.set(name, { policies, token });
      token.catch(() => kept.delete(name));
      return token;
    },
  };
}

interface Kept {
  readonly policies: readonly string[];
  readonly token: Promise<string>;
}

function isEqual(one: readonly string[], other: readonly string[]): boolean {
  return one === other || (one.length === other.length && one.every((each, index) => each === other[index]));
}

async function readKey(file: string): Promise<{ privateJwk: JWK; publicJwk: JWK }> {
  if (!existsSync(file)) {
    const { privateKey } = await generateKeyPair("EdDSA", { extractable: true });
    mkdirSync(dirname(file), { recursive: true });
    try {
      // "wx": of two gateways that start at once, one makes the key and both use it.
      writeFileSync(file, JSON.stringify(await exportJWK(privateKey)), { mode: 0o600, flag: "wx" });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
  try {
    const privateJwk = JSON.parse(readFileSync(file, "utf8")) as JWK;
    const { d: _secret, ...open } = privateJwk;
    return {
      privateJwk,
      publicJwk: { ...open, kid: await calculateJwkThumbprint(open), alg: "EdDSA", use: "sig" },
    };
  } catch (cause) {
    throw new JuntoError(
      "CONFIGURATION",
      `The gateway's signing key at ${file} cannot be read. Restore it, or delete it to have a new one made.`,
      { cause },
    );
  }
}
