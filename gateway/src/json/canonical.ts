// One text for equal values, whoever writes it: for digests.

/**
 * JSON with the keys of objects in order and no spaces, as RFC 8785 (JSON Canonicalization Scheme) has it. Members that
 * are undefined are left out. A string must not hold half of a character (a lone surrogate).
 */
export function canonicalJson(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const fields = Object.entries(value as Record<string, unknown>)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, field]) => `${JSON.stringify(key)}:${canonicalJson(field)}`);
  return `{${fields.join(",")}}`;
}
