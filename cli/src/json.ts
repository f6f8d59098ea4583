// JSON that was typed on a command line.
import { usageError } from "./errors.ts";

/** @param option its name, for the message */
export function jsonObject(option: string, text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw usageError(
      `${option} is not JSON (${reason}); quote it for the shell, for example ${option} '{"note":"soon"}'.`,
    );
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw usageError(`${option} must be a JSON object, for example '{"note":"soon"}'.`);
}
