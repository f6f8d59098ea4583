// What a subgraph said ▸ an answer in the shape that the GraphQL specification gives it. Whatever else it held is
// left out: what is not checked here goes no further.
import { JuntoError } from "../errors/index.ts";
import { isObject, type Json, type ResponsePath } from "../execute/data.ts";
import type { SubgraphAnswer, SubgraphError } from "../execute/fetch-request.ts";

/** Of one answer. */
const MOST_ERRORS = 1_000;

/**
 * @param who begins the message of an error: `Subgraph mall answered 502`
 * @throws JuntoError SUBGRAPH_AWAY
 */
export function readAnswer(who: string, text: string): SubgraphAnswer {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    // Without its cause: what the parser says quotes the answer, and the answer may hold data.
    throw new JuntoError("SUBGRAPH_AWAY", `${who} with something that is not JSON.`);
  }
  return checkAnswer(who, answer);
}

/** The same for what is read already: a message on a socket holds its answer. */
export function checkAnswer(who: string, answer: unknown): SubgraphAnswer {
  if (!isObject(answer) || !(Object.hasOwn(answer, "data") || Object.hasOwn(answer, "errors")))
    throw new JuntoError("SUBGRAPH_AWAY", `${who} with something that is not GraphQL.`);
  const { data, errors } = answer;
  return {
    data: isObject(data) ? data : null,
    ...(Array.isArray(errors) && { errors: errors.slice(0, MOST_ERRORS).filter(isObject).map(readError) }),
  };
}

/** A path goes on to the client, so it is a path or nothing. */
function readError({ message, path, extensions }: Json): SubgraphError {
  const isPath =
    Array.isArray(path) && path.every((key) => typeof key === "string" || Number.isSafeInteger(key));
  return {
    message: String(message),
    ...(isPath && { path: path as ResponsePath }),
    ...(isObject(extensions) && { extensions }),
  };
}
