// What a request asks, as text: sent with it, named by an id of the operator's list (trusted documents), or by a hash
// that somebody of the same organization sent with its text before (automatic persisted queries, Apollo's protocol).
import { createHash } from "node:crypto";
import { LRUCache } from "lru-cache";
import { JuntoError } from "../errors/index.ts";
import { withoutPrefix, type Trusted } from "./trusted.ts";

/** What a request says of its operation. */
export interface Asked {
  readonly query?: string | null;
  /** Names a trusted document. Implements "Persisted documents" of GraphQL over HTTP, with or without `sha256:`. */
  readonly documentId?: string | null;
  /** `persistedQuery: { version: 1, sha256Hash }` names a trusted document or a persisted query. */
  readonly extensions?: Readonly<Record<string, unknown>> | null;
}

export interface Found {
  readonly text: string;
  /** To be called when the text has proved valid: from then on its hash names it. */
  readonly persist?: () => void;
}

export interface Documents {
  /**
   * @param tenant what one tenant persists no other can name, find out about or push out
   * @throws JuntoError
   */
  find(asked: Asked, tenant: string): Found;
}

export interface DocumentsOptions {
  readonly trusted?: Trusted | undefined;
  readonly persisted: Persisted;
}

export function createDocuments({ trusted, persisted }: DocumentsOptions): Documents {
  const only = trusted?.mode === "only";
  const kept = only ? createPersisted(0) : persisted;
  return {
    find(asked, tenant) {
      const { query, documentId } = asked;
      if (typeof documentId === "string") return byId(documentId, query);
      const hash = hashOf(asked.extensions);
      if (hash !== undefined) {
        const text = trusted?.byId.get(hash);
        if (text !== undefined) return matching(text, query);
        if (!only) return kept.find(hash, query, tenant);
      }
      if (typeof query !== "string" || query === "") {
        if (only) throw notTrusted();
        throw new JuntoError("BAD_REQUEST", "There is no operation: send `query`.");
      }
      if (only && !trusted.texts.has(query)) throw notTrusted();
      return { text: query };
    },
  };

  function byId(id: string, query: string | null | undefined): Found {
    const text = trusted?.byId.get(withoutPrefix(id));
    if (text !== undefined) return matching(text, query);
    throw only
      ? notTrusted()
      : new JuntoError("NOT_FOUND", "There is no trusted document with this id. Send `query` instead.");
  }
}

/** An operator's list is not changed by what a request brings along. */
function matching(text: string, query: string | null | undefined): Found {
  if (typeof query === "string" && query !== "" && query !== text)
    throw new JuntoError("BAD_REQUEST", "The id names another text than that of `query`. Send one of them.");
  return { text };
}

function notTrusted(): JuntoError {
  return new JuntoError(
    "NOT_TRUSTED",
    "This gateway answers only operations that its operator has listed, and this is none of them.",
  );
}

function hashOf(extensions: Asked["extensions"]): string | undefined {
  const persistedQuery = extensions?.persistedQuery;
  if (persistedQuery === undefined || persistedQuery === null) return undefined;
  const { version, sha256Hash } = persistedQuery as { version?: unknown; sha256Hash?: unknown };
  if (version !== 1)
    throw new JuntoError("BAD_REQUEST", "`persistedQuery.version` must be 1: others are not supported.");
  if (typeof sha256Hash !== "string")
    throw new JuntoError("BAD_REQUEST", "`persistedQuery.sha256Hash` must be a text.");
  return sha256Hash;
}

/** Queries that clients name by a hash: they outlive the graph in which they were first asked. */
export interface Persisted {
  find(hash: string, query: string | null | undefined, tenant: string): Found;
}

/**
 * A cache for each tenant, since a shared one would tell each of them what the others ask.
 * @param characters of queries for each tenant; 0: none are kept
 */
export function createPersisted(characters: number): Persisted {
  const byTenant = new Map<string, LRUCache<string, string>>();
  const cacheOf = (tenant: string): LRUCache<string, string> => {
    let cache = byTenant.get(tenant);
    if (!cache)
      byTenant.set(
        tenant,
        (cache = new LRUCache<string, string>({
          maxSize: characters,
          sizeCalculation: (text) => text.length,
        })),
      );
    return cache;
  };
  return {
    find(hash, query, tenant) {
      // The messages are those that clients of the protocol look for.
      if (characters === 0) {
        if (typeof query === "string" && query !== "") return { text: query };
        throw new JuntoError("PERSISTED_QUERY_NOT_SUPPORTED", "PersistedQueryNotSupported");
      }
      const cache = cacheOf(tenant);
      const found = cache.get(hash);
      if (typeof query !== "string" || query === "") {
        if (found === undefined) throw new JuntoError("PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound");
        return { text: found };
      }
      if (found === query) return { text: found };
      if (createHash("sha256").update(query).digest("hex") !== hash)
        throw new JuntoError(
          "BAD_REQUEST",
          "`persistedQuery.sha256Hash` is not the SHA-256 of `query` (64 digits, in small letters).",
        );
      return { text: query, persist: () => void cache.set(hash, query) };
    },
  };
}
