// A line of an owner's access log, and how each is chained to the one before. docs/reference/access-log.md says it for
// whoever checks a chain without this code.
import { createHash } from "node:crypto";
import type { EntityRef } from "../execute/keys.ts";
import { canonicalJson } from "../json/canonical.ts";

/** `READ`: somebody of another organization was given it. The others: a mutation in the owner's system. */
export type AccessKind = "READ" | "ACTION_BEGUN" | "ACTION_ENDED";

/** `UNKNOWN`: the owner's system did not answer, so that nobody can say whether it was done. */
export type AccessOutcome = "DONE" | "REFUSED" | "FAILED" | "UNKNOWN";

export interface LineAction {
  /** The same in both lines of one sending. */
  readonly attempt: string;
  /** The field of the mutation: `approveRestock`. */
  readonly field: string;
  /** Of an action in a group: its run and verb. */
  readonly run: string | null;
  readonly verb: string | null;
  readonly outcome: AccessOutcome | null;
  /** Of what was refused: the codes that the owner's system gave. */
  readonly codes: readonly string[];
}

/** What happened, before it has its place in the chain. */
export interface LineDraft {
  readonly v: 1;
  /** The organization whose data or system it was. */
  readonly owner: string;
  /** When, in UTC with milliseconds. */
  readonly at: string;
  readonly kind: AccessKind;
  /** For whom: of which organization. */
  readonly organization: string;
  /** null: everyone of the organization with that role in the group, for whom something was pushed. */
  readonly person: string | null;
  readonly group: string | null;
  readonly role: string | null;
  /** Of the owner's policies those by which these fields were open. */
  readonly policies: readonly string[];
  readonly operation: { readonly name: string | null; readonly digest: string };
  readonly card: { readonly id: string | null; readonly type: string } | null;
  readonly action: LineAction | null;
  /** `Type.field`. */
  readonly fields: readonly string[];
  /** How many there were beyond those that are listed. */
  readonly moreFields: number;
  readonly entities: readonly EntityRef[];
  /** How many there were beyond those that are listed, or of whom no key was known. */
  readonly moreEntities: number;
}

export interface AccessLine extends LineDraft {
  /** From 1 on, without gaps. */
  readonly seq: number;
  /** `hash` of the line before; of the first: 64 zeros. */
  readonly prev: string;
  readonly hash: string;
}

export interface ChainHead {
  readonly seq: number;
  readonly hash: string;
}

/** Before the first line. */
export const START: ChainHead = { seq: 0, hash: "0".repeat(64) };

/** SHA-256, in hexadecimal digits, of canonical JSON (RFC 8785). */
function sha256(value: unknown): string {
  return createHash("sha256").update(canonicalJson(value)).digest("hex");
}

/** What a line says, without its place in the chain. */
export function digestOf(line: object): string {
  const { seq: _seq, prev: _prev, hash: _hash, ...said } = line as Partial<AccessLine>;
  return sha256(said);
}

/** The database chains lines by the same rule: migrations.ts. */
export function hashOf(line: object): string {
  const { seq, prev } = line as Partial<AccessLine>;
  return sha256({ digest: digestOf(line), prev, seq });
}

const MOST_FIELDS = 200;
const MOST_ENTITIES = 200;
const LONGEST_VALUE = 200;

/** What of lists a line has room for. @param unnamed entities of which no key was known */
export function bounded(
  fields: Iterable<string>,
  entities: Iterable<EntityRef>,
  unnamed: number,
): Pick<LineDraft, "fields" | "moreFields" | "entities" | "moreEntities"> {
  const allFields = [...fields].sort();
  const allEntities = [...entities];
  return {
    fields: allFields.slice(0, MOST_FIELDS),
    moreFields: Math.max(0, allFields.length - MOST_FIELDS),
    entities: allEntities.slice(0, MOST_ENTITIES).map(({ type, key }) => ({
      type,
      key: Object.fromEntries(Object.entries(key).map(([name, value]) => [name, storable(value)])),
    })),
    moreEntities: Math.max(0, allEntities.length - MOST_ENTITIES) + unnamed,
  };
}

/** A part of a key: text as it is; what is too long, or no text for a database, by its digest. */
function storable(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(storable);
  if (typeof part === "object" && part !== null)
    return Object.fromEntries(Object.entries(part).map(([name, value]) => [name, storable(value)]));
  const text = String(part);
  if (text.length <= LONGEST_VALUE && !/[\0\p{Cs}]/u.test(text)) return text;
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}
