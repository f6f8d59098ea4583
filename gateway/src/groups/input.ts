// What people send: checked for its form. What is wrong with it is said by field and code.
import { JuntoError } from "../errors/index.ts";

export interface UserError {
  readonly field: readonly string[];
  readonly code: string;
  readonly message: string;
}

/** Ends a mutation with a user error. */
export function refuse(field: readonly string[], code: string, message: string): never {
  throw new JuntoError("BAD_USER_INPUT", message, { details: { field, code } });
}

/** The user error that an error is, or null: then it is not the user's. */
export function asUserError(error: unknown): UserError | null {
  if (!(error instanceof JuntoError)) return null;
  const { code, reason, field } = error.details as {
    code?: string;
    reason?: string;
    field?: readonly string[];
  };
  if (!["BAD_USER_INPUT", "NOT_FOUND", "FORBIDDEN"].includes(error.code)) return null;
  return { field: field ?? [], code: code ?? reason ?? error.code, message: error.message };
}

/** A name, an id, an idempotency key: one line. */
export function checkLine(value: string, field: string, longest = 200): string {
  if (value.trim() === "") refuse([field], "REQUIRED", `Give a ${field}.`);
  if (length(value) > longest) refuse([field], "TOO_LONG", `At most ${longest} characters.`);
  if (/[\p{Cc}\p{Cs}\u2028\u2029]/u.test(value))
    refuse([field], "INVALID", "It holds characters that are no text.");
  return value;
}

/** What somebody says: lines of text. */
export function checkText(value: string, field: string, longest = 4_000): string {
  if (value.trim() === "") refuse([field], "REQUIRED", `Give a ${field}.`);
  if (length(value) > longest) refuse([field], "TOO_LONG", `At most ${longest} characters.`);
  if (/(?![\n\t])[\p{Cc}\p{Cs}]/u.test(value))
    refuse([field], "INVALID", "It holds characters that are no text.");
  return value;
}

export function checkObject(value: unknown, field: string): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  return refuse([field], "INVALID", "It must be an object.");
}

/** How many of a list. @throws JuntoError BAD_USER_INPUT when it is negative */
export function pageSize(first: number, most: number): number {
  if (first < 0) throw new JuntoError("BAD_USER_INPUT", "`first` must not be negative.");
  return Math.min(first, most);
}

/** In characters, as people count them, or nearly so. */
function length(value: string): number {
  let count = 0;
  for (const _ of value) count++;
  return count;
}
