// Finds the group that a person means, by its name or id.
import type { Connection } from "./connection.ts";
import { usageError } from "./errors.ts";
import { FIND_GROUPS } from "./operations.ts";

export interface FoundGroup {
  readonly id: string;
  readonly name: string;
  /** `seq` of its newest event. */
  readonly head: number;
}

export async function findGroup(connection: Connection, named: string): Promise<FoundGroup> {
  const { groups } = await connection.ask<{ groups: FoundGroup[] }>(FIND_GROUPS);
  const byId = groups.find(({ id }) => id === named);
  if (byId !== undefined) return byId;
  const [found, ...more] = groups.filter(({ name }) => name === named);
  if (found === undefined) {
    const names = groups.map(({ name }) => `"${name}"`).join(", ");
    throw usageError(`you are in no group "${named}"${names === "" ? "" : `; you are in ${names}`}.`);
  }
  if (more.length > 0) {
    throw usageError(
      `you are in several groups "${named}"; give one of the ids ${[found, ...more].map(({ id }) => id).join(", ")}.`,
    );
  }
  return found;
}
