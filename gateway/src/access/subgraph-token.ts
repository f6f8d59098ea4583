// The signed word of the gateway to a subgraph: for whom, in which group, under which of its owner's policies.
import { createHash, randomUUID } from "node:crypto";
import { SignJWT } from "jose";
import { LRUCache } from "lru-cache";
import { LIFE } from "./key-file.ts";
import type { SigningKeys } from "./signing-keys.ts";
import type { Viewer } from "./viewer.ts";

export interface SubgraphTokens {
  /** A token for one operation at one subgraph, of whose owner the viewer holds `policies`. */
  token(request: {
    readonly subgraph: string;
    readonly operation: string;
    readonly viewer: Viewer;
    readonly policies: readonly string[];
  }): Promise<string>;
}

export function createSubgraphTokens(options: {
  readonly issuer: string;
  readonly keys: Pick<SigningKeys, "current" | "onWithdrawn">;
}): SubgraphTokens {
  const { issuer, keys } = options;
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
    const { kid, key } = keys.current();
    return new SignJWT({
      org: viewer.organization,
      ...(group && { group: group.id, role: group.role }),
      subjects: group?.subjects.map(({ type, id }) => `${type}:${id}`) ?? [],
      policies,
      scopes: scopesOf(viewer),
      op,
    })
      .setProtectedHeader({ alg: "EdDSA", typ: "junto-subgraph+jwt", kid })
      .setIssuer(issuer)
      .setAudience(subgraph)
      .setSubject(viewer.person?.id ?? `audience:${viewer.audience}`)
      .setIssuedAt()
      .setExpirationTime(`${LIFE}s`)
      .setJti(randomUUID())
      .sign(key);
  };
  keys.onWithdrawn(() => kept.clear());
  return {
    token({ subgraph, operation, viewer, policies }) {
      const op = digestOf(operation);
      // Audience and digest are of one length each, and no subgraph has a space in its name.
      const { person, audience } = viewer;
      const name = person ? `${audience}${op}${subgraph} ${person.id}` : `${audience}${op}${subgraph}`;
      const held = kept.get(name);
      const scopes = scopesOf(viewer);
      if (held && isEqual(held.policies, policies) && isEqual(held.scopes, scopes)) return held.token;
      const token = sign(subgraph, op, viewer, policies);
      kept.set(name, { policies, scopes, token });
      token.catch(() => kept.delete(name));
      return token;
    },
  };
}

interface Kept {
  readonly policies: readonly string[];
  readonly scopes: readonly string[];
  readonly token: Promise<string>;
}

const NONE: readonly string[] = [];

/** Nobody in particular holds a person's token. */
function scopesOf({ person }: Viewer): readonly string[] {
  return person?.scopes ?? NONE;
}

function isEqual(one: readonly string[], other: readonly string[]): boolean {
  return one === other || (one.length === other.length && one.every((each, index) => each === other[index]));
}
