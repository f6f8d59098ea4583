// Digests: of what a card shows, to see whether it changed, and of templates, to name them by their content.
import { createHash, createHmac } from "node:crypto";
import { canonicalJson } from "../json/canonical.ts";

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
