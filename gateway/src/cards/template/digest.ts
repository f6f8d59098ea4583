// Digests: of what a card shows, to see whether it changed, and of templates, to name them by their content.
import { createHash, createHmac } from "node:crypto";

/**
 * Digest of how a card comes out, 32 bytes. It is kept between pushes and so must not tell the data: without the
 * secret nobody can try values out against it.
 */
export function canonicalDigest(secret: Buffer, data: unknown, actions: unknown): Buffer {
  return createHmac("sha256", secret)
    .update(canonicalJson([data, actions]))
    .digest();
}

/** Name of a content: 43 characters that are safe in an address. */
export function contentRef(content: unknown): string {
  return createHash("sha256").update(canonicalJson(content)).digest("base64url");
}

/** JSON with the keys of objects in order, so that equal values are equal texts. */
export function canonicalJson(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const fields = Object.entries(value as Record<string, unknown>)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, field]) => `${JSON.stringify(key)}:${canonicalJson(field)}`);
  return `{${fields.join(",")}}`;
}
