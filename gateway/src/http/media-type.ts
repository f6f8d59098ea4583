// In which media type a response goes out, and what that means for its status. Implements "Media Types" and "Status
// Codes" of the specification GraphQL over HTTP. https://graphql.github.io/graphql-over-http/draft/#sec-Media-Types
import type { Response } from "../answer.ts";

export const GRAPHQL_RESPONSE = "application/graphql-response+json";
export const JSON_RESPONSE = "application/json";

/** An answer by server-sent events (sse/). */
export const EVENT_STREAM = "text/event-stream";

export type WholeType = typeof GRAPHQL_RESPONSE | typeof JSON_RESPONSE;
export type MediaType = WholeType | typeof EVENT_STREAM;

/** Headers that were understood: clients send few different ones. */
const known = new Map<string, MediaType | null>();
const MOST_KNOWN = 200;

/** What the client likes best of what there is; null when it takes none. Who says nothing gets application/json. */
export function mediaTypeFor(accept: string | undefined): MediaType | null {
  if (accept === undefined || accept === "" || accept === "*/*") return JSON_RESPONSE;
  const found = known.get(accept);
  if (found !== undefined) return found;
  const chosen = choose(accept);
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(accept, chosen);
  return chosen;
}

/**
 * To a client of application/json, a request that was well formed but no valid GraphQL is a response like any other:
 * it may not know who else on the way answers with 400. Everything else is said by the status in both types.
 */
export function statusIn(type: MediaType, { status }: Response): number {
  return type === JSON_RESPONSE && status === 400 ? 200 : status;
}

/**
 * RFC 9110, 12.5.1: the most specific range decides about a type, then the client's weight about the types. Events are
 * for those who name them, and want them rather than a whole response.
 */
function choose(accept: string): MediaType | null {
  const ranges = accept.split(",").flatMap((part) => range(part) ?? []);
  const weight = (type: MediaType): { readonly q: number; readonly named: boolean } => {
    const [main] = type.split("/");
    const about = (name: string): Range | undefined => ranges.find((each) => each.name === name);
    const named = about(type);
    return { q: (named ?? about(`${main}/*`) ?? about("*/*"))?.q ?? 0, named: named !== undefined };
  };
  const response = weight(GRAPHQL_RESPONSE);
  const json = weight(JSON_RESPONSE);
  const events = weight(EVENT_STREAM);
  const whole = Math.max(response.q, json.q);
  const wholeNamed = response.named || json.named;
  if (events.named && events.q > 0 && (events.q > whole || (events.q === whole && !wholeNamed)))
    return EVENT_STREAM;
  if (whole === 0) return null;
  if (response.q !== json.q) return response.q > json.q ? GRAPHQL_RESPONSE : JSON_RESPONSE;
  return response.named ? GRAPHQL_RESPONSE : JSON_RESPONSE;
}

interface Range {
  readonly name: string;
  readonly q: number;
}

/** One range of the header; nothing for one that is none, or asks for another charset than there is. */
function range(text: string): Range | undefined {
  const [name = "", ...parameters] = text.split(";").map((part) => part.trim().toLowerCase());
  let q = 1;
  for (const parameter of parameters) {
    const [key, value = ""] = parameter.split("=").map((part) => part.trim().replace(/^"(.*)"$/, "$1"));
    if (key === "charset" && value !== "utf-8" && value !== "utf8") return undefined;
    if (key !== "q") continue;
    q = /^(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(value) ? Number(value) : 0;
  }
  return /^[^\s/]+\/[^\s/]+$/.test(name) ? { name, q } : undefined;
}
