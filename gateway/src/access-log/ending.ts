// How an action came out, as the owner's system said it.
import { isObject } from "../execute/data.ts";
import type { SubgraphAnswer } from "../execute/fetch-request.ts";
import { ERRORS_KEY } from "../execute/keys.ts";
import type { LineAction } from "./line.ts";

export type Ending = Pick<LineAction, "outcome" | "codes">;

/** @param key response key of the mutation's field */
export function endOf(answer: SubgraphAnswer | null, key: string): Ending {
  if (!answer) return { outcome: "UNKNOWN", codes: [] };
  const payload = answer.data?.[key];
  if (payload === null || payload === undefined) {
    // The owner's own check, row by row, is a word of its own.
    const codes = codesIn(answer.errors?.map(({ extensions }) => extensions));
    const isRefused = codes.some((code) => code === "FORBIDDEN" || code === "NOT_SHARED");
    return { outcome: isRefused ? "REFUSED" : "FAILED", codes };
  }
  const errors = isObject(payload) ? (payload[ERRORS_KEY] ?? payload["userErrors"]) : undefined;
  return Array.isArray(errors) && errors.length > 0
    ? { outcome: "REFUSED", codes: codesIn(errors) }
    : { outcome: "DONE", codes: [] };
}

const MOST_CODES = 20;

/** Codes are names of the schema. What does not look like one may be somebody's data. */
function codesIn(errors: readonly unknown[] = []): string[] {
  const codes = errors.flatMap((error) => (isObject(error) ? [error["code"]] : []));
  const names = codes.filter((code) => typeof code === "string" && /^[A-Z][A-Z0-9_]{0,63}$/.test(code));
  return [...new Set(names as string[])].slice(0, MOST_CODES);
}
