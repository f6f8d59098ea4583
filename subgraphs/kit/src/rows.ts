// What the old system's rows were last time, as keyed digests, and what differs now.
import { createHmac } from "node:crypto";
import { setImmediate as breathe } from "node:timers/promises";
import type { Outbox } from "./outbox.ts";
import type { State } from "./state.ts";
import type { Change, ChangeKind, Difference, Reconciliation } from "./types.ts";

/** Rows that are digested before others get a turn. */
const chunk = 1000;

/** The digest of a row that exists, but whose content nobody has looked at. */
const unseen = "";

/** A reconciliation without what its differences mean. */
type Comparison = Omit<Reconciliation<unknown>, "change">;

export type Reconcile = <Row>(reconciliation: Reconciliation<Row>) => Promise<Difference>;

/** `secret`: without it, a digest of something guessable (a price, a stock figure) could be found by trying. */
export function createReconcile(state: State, outbox: Outbox, secret: string): Reconcile {
  return async (reconciliation) => {
    const digests = await digestAll(reconciliation, secret);
    return state.transaction(() => {
      const difference = compare(state, reconciliation, digests);
      const changes = difference.learned ? [] : changesOf(reconciliation, difference);
      outbox.add(changes, reconciliation.cursor);
      return difference;
    });
  };
}

async function digestAll(
  { table, rows, within = "" }: Comparison,
  secret: string,
): Promise<Map<string, string>> {
  const digests = new Map<string, string>();
  for (const [key, row] of rows) {
    if (!key.startsWith(within))
      throw new TypeError(`The row "${key}" of "${table}" is not within "${within}"`);
    digests.set(key, row === undefined ? unseen : digestOf(table, key, row, secret));
    if (digests.size % chunk === 0) await breathe();
  }
  return digests;
}

// Table and key are part of it, so that equal rows do not show that they are equal.
function digestOf(table: string, key: string, row: unknown, secret: string): string {
  return createHmac("sha256", secret)
    .update(JSON.stringify([table, key]))
    .update(canonical(row))
    .digest("base64url");
}

function compare(
  state: State,
  { table, within = "", partial, first = "learn" }: Comparison,
  digests: ReadonlyMap<string, string>,
): Difference {
  const before = storedDigests(state, table, within);
  const write = state.prepare(
    "INSERT INTO digests VALUES (?, ?, ?) ON CONFLICT (tbl, key) DO UPDATE SET digest = excluded.digest",
  );
  const created: string[] = [];
  const updated: string[] = [];
  for (const [key, digest] of digests) {
    const old = before.get(key);
    before.delete(key);
    if (old === undefined) created.push(key);
    else if (old === digest || digest === unseen) continue;
    else updated.push(key);
    write.run(table, key, digest);
  }
  const deleted = partial ? [] : [...before.keys()];
  const remove = state.prepare("DELETE FROM digests WHERE tbl = ? AND key = ?");
  for (const key of deleted) remove.run(table, key);
  const isNew = markLearned(state, table, within);
  return { created, updated, deleted, learned: isNew && first === "learn" };
}

/** True if neither the whole table nor this part of it was seen before. */
function markLearned(state: State, table: string, part: string): boolean {
  const known = state.prepare("SELECT 1 FROM learned WHERE tbl = ? AND part IN ('', ?)").get(table, part);
  if (known !== undefined) return false;
  state.prepare("INSERT INTO learned VALUES (?, ?)").run(table, part);
  return true;
}

function storedDigests(state: State, table: string, within: string): Map<string, string> {
  const rows = state
    .prepare("SELECT key, digest FROM digests WHERE tbl = ? AND substr(key, 1, length(?)) = ?")
    .all(table, within, within) as { key: string; digest: string }[];
  return new Map(rows.map(({ key, digest }) => [key, digest]));
}

function changesOf<Row>({ change, rows }: Reconciliation<Row>, difference: Difference): readonly Change[] {
  const told = (keys: readonly string[], kind: ChangeKind): readonly Change[] =>
    keys.flatMap((key) => change(key, kind, rows.get(key)) ?? []);
  return [
    ...told(difference.created, "CREATED"),
    ...told(difference.updated, "UPDATED"),
    ...told(difference.deleted, "DELETED"),
  ];
}

/** The same text for the same content, whatever the order of properties. */
export function canonical(value: unknown): string {
  if (value === undefined) return "~";
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number") return `n${value}`;
  if (typeof value === "bigint") return `i${value}`;
  if (typeof value === "string") return JSON.stringify(value);
  if (value instanceof Date) return `d${value.getTime()}`;
  if (value instanceof Uint8Array) return `b${Buffer.from(value).toString("base64")}`;
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (value instanceof Set) return `s[${[...value].map(canonical).toSorted().join()}]`;
  if (value instanceof Map)
    return `m[${[...value]
      .map((entry) => canonical(entry))
      .toSorted()
      .join()}]`;
  if (typeof value !== "object") throw new TypeError(`A ${typeof value} in a row cannot be compared`);
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  const texts = fields.map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`);
  return `{${texts.toSorted().join()}}`;
}
