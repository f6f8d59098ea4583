// Reads a batch of changes from CloudEvents in JSON, as they come from outside: nothing is taken but what is
// known, and what would carry more than keys is refused.
import { canonicalKey, isReservedName } from "../groups/keys.ts";
import type { Change, ChangeKind } from "./log.ts";

export const CONTENT_TYPE = "application/cloudevents-batch+json";

/** Says what is wrong, and with which event of the batch. */
export class Malformed extends Error {
  readonly event: number | undefined;

  constructor(message: string, event?: number) {
    super(message);
    this.event = event;
  }
}

/** @throws Malformed */
export function readBatch(body: Uint8Array, source: string): Change[] {
  let batch: unknown;
  try {
    batch = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    throw new Malformed("The body is not JSON in UTF-8.");
  }
  if (!Array.isArray(batch)) throw new Malformed("The body must be an array of events.");
  return batch.map((event: unknown, index) => {
    try {
      return readEvent(event, source);
    } catch (error) {
      throw new Malformed(error instanceof Error ? error.message : "It cannot be read.", index);
    }
  });
}

const MOST_SUBJECTS = 100;
const LONGEST = 200;

function readEvent(value: unknown, source: string): Change {
  const event = read(value, "The event");
  expect(event.get("specversion") === "1.0", 'specversion must be "1.0".');
  expect(event.get("type") === "dev.junto.change", 'type must be "dev.junto.change".');
  expect(event.get("source") === source, `source must be ${JSON.stringify(source)}.`);
  const contentType = event.get("datacontenttype");
  expect(
    contentType === undefined || contentType === "application/json",
    'datacontenttype must be "application/json".',
  );
  const data = read(event.get("data"), "data");
  // Data have no business here, and no place to go.
  for (const name of data.keys()) {
    expect(
      ["entity", "key", "kind", "subjects"].includes(name),
      "data must hold entity, key, kind and subjects only.",
    );
  }
  return {
    source,
    id: line(event.get("id"), "id"),
    time: instant(event.get("time")),
    entity: typeName(data.get("entity"), "data.entity"),
    key: readKey(data.get("key")),
    kind: readKind(data.get("kind")),
    subjects: readSubjects(data.get("subjects")),
  };
}

function readKey(value: unknown): Record<string, string> {
  const key = [...read(value, "data.key")].map(([name, field]): [string, string] => {
    expect(
      /^[A-Za-z_]\w{0,99}$/.test(name) && !isReservedName(name),
      "data.key has a name that is no field.",
    );
    return [name, line(field, "A field of data.key")];
  });
  expect(key.length > 0, "data.key has no fields.");
  const fields = Object.fromEntries(key);
  canonicalKey(fields);
  return fields;
}

function readKind(value: unknown): ChangeKind {
  if (value === "CREATED" || value === "UPDATED" || value === "DELETED") return value;
  throw new Error("data.kind must be CREATED, UPDATED or DELETED.");
}

function readSubjects(value: unknown): Change["subjects"] {
  if (!Array.isArray(value) || value.length > MOST_SUBJECTS) {
    throw new Error(`data.subjects must be an array of ${MOST_SUBJECTS} at most.`);
  }
  return value.map((each) => {
    const subject = read(each, "A subject");
    expect([...subject.keys()].sort().join() === "id,type", "A subject must have type and id only.");
    return {
      type: typeName(subject.get("type"), "A subject's type"),
      id: line(subject.get("id"), "A subject's id"),
    };
  });
}

/** An object's own entries; nothing that it has from elsewhere is ever read. */
function read(value: unknown, what: string): Map<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return new Map(Object.entries(value));
  throw new Error(`${what} must be an object.`);
}

function line(value: unknown, what: string): string {
  if (
    typeof value === "string" &&
    value.length > 0 &&
    value.length <= LONGEST &&
    !/[\p{Cc}\p{Cs}]/u.test(value)
  )
    return value;
  throw new Error(`${what} must be a text of 1 to ${LONGEST} characters.`);
}

function typeName(value: unknown, what: string): string {
  if (typeof value === "string" && /^[A-Za-z]\w{0,99}$/.test(value) && !isReservedName(value)) return value;
  throw new Error(`${what} must be the name of a type.`);
}

function instant(value: unknown): string {
  const isInstant =
    typeof value === "string" &&
    /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)$/.test(value);
  const time = new Date(isInstant ? value : Number.NaN);
  if (Number.isNaN(time.getTime()) || time.getUTCFullYear() < 1970)
    throw new Error("time must be an RFC 3339 instant.");
  return time.toISOString();
}

function expect(holds: boolean, message: string): void {
  if (!holds) throw new Error(message);
}
