// A change that somebody asks the gateway for, and in words why it was not made.
import type { TypedDocumentString } from "../generated/graphql.ts";
import { problemOf, type Connection, type UserError } from "../junto/index.ts";
import type { Word, Words } from "../words/words.ts";

interface Payload {
  readonly userErrors: readonly UserError[];
}

/** @returns null: it was made */
export async function change<Result extends object, Variables>(
  connection: Connection,
  say: Words,
  document: TypedDocumentString<Result, Variables>,
  variables: Variables,
): Promise<string | null> {
  try {
    const payloads = Object.values(await connection.ask(document, variables)) as readonly Payload[];
    const [wrong] = payloads.flatMap(({ userErrors }) => userErrors);
    return wrong ? wordsOf(wrong, say) : null;
  } catch (error) {
    const { kind, message } = problemOf(error);
    return kind === "AWAY" ? say("app.away") : message;
  }
}

function wordsOf({ code, message }: UserError, say: Words): string {
  return KNOWN.has(code) ? say(`wrong.${code}` as Word) : message;
}

const KNOWN: ReadonlySet<string> = new Set([
  "PAST",
  "NOT_WAITING",
  "ALREADY_IN",
  "NO_ROLE",
  "NOT_OWN_ROLE",
  "NOT_FOUND",
  "FORBIDDEN",
]);
