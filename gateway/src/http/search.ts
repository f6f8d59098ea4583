// The parameters of a GET, from the address. Implements "GET" of the specification GraphQL over HTTP.
// https://graphql.github.io/graphql-over-http/draft/#sec-GET
import { JuntoError } from "../errors/index.ts";

/** Those that are JSON within the address. */
const MAPS: ReadonlySet<string> = new Set(["variables", "extensions"]);

/** The same that a body of JSON would have held. @throws JuntoError BAD_REQUEST */
export function readSearch(url: string): Readonly<Record<string, unknown>> {
  const search = new URLSearchParams(url.slice(url.indexOf("?") + 1 || url.length));
  const read: Record<string, unknown> = {};
  for (const name of ["query", "operationName", "variables", "extensions", "documentId"]) {
    const [value, ...more] = search.getAll(name);
    if (more.length > 0) throw new JuntoError("BAD_REQUEST", `The address has "${name}" more than once.`);
    // Forms send what is empty as if it were there.
    if (value === undefined || (value === "" && name !== "query")) continue;
    read[name] = MAPS.has(name) ? parse(name, value) : value;
  }
  return read;
}

function parse(name: string, value: string): unknown {
  try {
    return JSON.parse(value) as unknown;
  } catch {
    throw new JuntoError("BAD_REQUEST", `"${name}" in the address is not valid JSON.`);
  }
}
