// The signed word of the gateway to a subgraph: for whom, in which group, under which of its owner's policies.
import { createHash, randomUUID } from "node:crypto";
import { SignJWT } from "jose";
import { LRUCache } from "lru-cache";
import { LIFE } from "./key-file.ts";
import type { SigningKeys } from "./signing-keys.ts";
import type { Held } from "./requirements.ts";
import type { Viewer } from "./viewer.ts";

export interface SubgraphTokens {
  /** A token for one operation at one subgraph: of what that asks for the viewer has `held`. */
  token(request: {
    readonly subgraph: string;
    readonly operation: string;
    readonly viewer: Viewer;
    readonly held: Held;
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
    { policies, scopes }: Held,
  ): Promise<string> => {
    const { group } = viewer;
    const { kid, key } = keys.current();
    return new SignJWT({
      org: viewer.organization,
      ...(group && { group: group.id, role: group.role }),
      subjects: group?.subjects.map(({ type, id }) => `${type}:${id}`) ?? [],
      policies,
      scopes,
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
    token({ subgraph, operation, viewer, held }) {
      const op = digestOf(operation);
      // Audience and digest are of one length each, and no subgraph has a space in its name.
      const { person, audience } = viewer;
      const name = person ? `${audience}${op}${subgraph} ${person.id}` : `${audience}${op}${subgraph}`;
      const known = kept.get(name);
      if (known && isEqual(known.held.policies, held.policies) && isEqual(known.held.scopes, held.scopes))
        return known.token;
      const token = sign(subgraph, op, viewer, held);
      kept.set(name, { held, token });
      token.catch(() => kept.delete(name));
      return token;
    },
  };
}

interface Kept {
  readonly held: Held;
  readonly token: Promise<string>;
}

function isEqual(one: readonly string[], other: readonly string[]): boolean {
  return one === other || (one.length === other.length && one.every((each, index) => each === other[index]));
}
