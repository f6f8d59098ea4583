// What a client sends of one request, whichever door it takes. Implements "Request Parameters" of the specification
// GraphQL over HTTP. https://graphql.github.io/graphql-over-http/draft/#sec-Request-Parameters
import type { Request } from "../answer.ts";
import { JuntoError } from "../errors/index.ts";
import type { Person } from "../identity/index.ts";

/** A request without those things that only its door knows. */
export type Parameters = Required<
  Pick<Request, "query" | "documentId" | "extensions" | "operationName" | "variables" | "group">
>;

/** Those things. */
export interface AtDoor extends Pick<Request, "readOnly" | "lastEvent" | "signal" | "headers"> {
  readonly person: Person;
}

/** Field by field: every request comes by here, and to spread what comes in many shapes takes longer. */
export function requestOf(parameters: Parameters, atDoor: AtDoor): Request {
  const { query, documentId, extensions, operationName, variables, group } = parameters;
  const { person, readOnly, lastEvent, signal, headers } = atDoor;
  return {
    person,
    query,
    documentId,
    extensions,
    operationName,
    variables,
    group,
    readOnly,
    lastEvent,
    signal,
    headers,
  };
}

/**
 * @param raw JSON as the client sent it
 * @param groupBeside the group that the door itself was told (HTTP: a header)
 * @throws JuntoError BAD_REQUEST
 */
export function readParameters(raw: unknown, groupBeside?: string): Parameters {
  if (!isMap(raw)) throw badRequest("A request is a JSON object.");
  const query = text(raw, "query");
  const documentId = text(raw, "documentId");
  const extensions = map(raw, "extensions");
  if (query === null && documentId === null && extensions?.persistedQuery == null)
    throw badRequest('A request has a "query", the text of the operation.');
  const group = groupOf(extensions, groupBeside);
  const operationName = text(raw, "operationName");
  const variables = map(raw, "variables");
  return { query, documentId, extensions, operationName, variables, group };
}

type Json = Readonly<Record<string, unknown>>;

/** null is the same as nothing, everywhere. */
function text(raw: Json, name: string): string | null {
  const value = raw[name] ?? null;
  if (value !== null && typeof value !== "string") throw badRequest(`"${name}" must be a text.`);
  return value;
}

function map(raw: Json, name: string): Json | null {
  const value = raw[name] ?? null;
  if (value !== null && !isMap(value)) throw badRequest(`"${name}" must be an object.`);
  return value;
}

/** Over HTTP there is a header for it; where there is none, or in a batch, it stands in `extensions`. */
function groupOf(extensions: Json | null, beside: string | undefined): string | undefined {
  const group = extensions?.group ?? null;
  if (group === null) return beside;
  if (typeof group !== "string") throw badRequest('"extensions.group" must be the id of a group.');
  if (beside !== undefined && beside !== group)
    throw badRequest("The request names one group in its header and another in its extensions.");
  return group;
}

function isMap(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function badRequest(message: string): JuntoError {
  return new JuntoError("BAD_REQUEST", message);
}
