// Changes that wait for the gateway, in order, and how far the old system has been read.
import { randomUUID } from "node:crypto";
import type { State } from "./state.ts";
import type { Change, Cursor } from "./types.ts";

/** One stored change, as it goes over the wire. */
export interface StoredEvent {
  readonly seq: number;
  readonly id: string;
  /** A CloudEvent, in JSON. */
  readonly event: string;
}

export interface Outbox {
  /** To be called within a transaction of the state, together with what belongs to it. */
  add(changes: readonly Change[], cursor: Cursor | undefined): void;
  cursor(name: string): string | undefined;
  /** The oldest ones that are not sent. */
  next(limit: number): readonly StoredEvent[];
  /** They are with the gateway. */
  sent(events: readonly StoredEvent[]): void;
  /** The gateway will never take it: put aside, to be looked at. */
  refuse(event: StoredEvent, reason: string): void;
  pending(): number;
}

/** Refused ones that are kept; the oldest go first. */
const mostRefused = 1000;

/** `check` throws on a change that makes no sense, before anything is stored. */
export function createOutbox(source: string, state: State, check: (change: Change) => void): Outbox {
  return {
    add(changes, cursor) {
      const insert = state.prepare("INSERT OR IGNORE INTO outbox (id, event) VALUES (?, ?)");
      for (const change of changes) {
        check(change);
        const id = change.id ?? randomUUID();
        insert.run(id, JSON.stringify(cloudEvent(source, id, change)));
      }
      if (cursor) {
        state
          .prepare(
            "INSERT INTO cursors VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
          )
          .run(cursor.name, cursor.value);
      }
    },
    cursor(name) {
      const row = state.prepare("SELECT value FROM cursors WHERE name = ?").get(name);
      return (row as { value: string } | undefined)?.value;
    },
    next(limit) {
      const sql = "SELECT seq, id, event FROM outbox WHERE refused IS NULL ORDER BY seq LIMIT ?";
      return state.prepare(sql).all(limit) as StoredEvent[];
    },
    sent(events) {
      const remove = state.prepare("DELETE FROM outbox WHERE seq = ?");
      state.transaction(() => {
        for (const { seq } of events) remove.run(seq);
      });
    },
    refuse(event, reason) {
      state.prepare("UPDATE outbox SET refused = ? WHERE seq = ?").run(reason, event.seq);
      const old = "SELECT seq FROM outbox WHERE refused IS NOT NULL ORDER BY seq DESC LIMIT -1 OFFSET ?";
      state.prepare(`DELETE FROM outbox WHERE seq IN (${old})`).run(mostRefused);
    },
    pending() {
      const row = state.prepare("SELECT count(*) AS n FROM outbox WHERE refused IS NULL").get();
      return (row as { n: number }).n;
    },
  };
}

/** Throws unless it is a change of one of these entities. */
export function checkChange(change: Change, entities: ReadonlySet<string>): void {
  const fail = (what: string): never => {
    throw new TypeError(`A change is malformed: ${what}`);
  };
  if (!entities.has(change.entity)) fail(`there is no entity "${change.entity}" in this subgraph`);
  if (!["CREATED", "UPDATED", "DELETED"].includes(change.kind)) fail(`kind "${change.kind}"`);
  const key = Object.values(change.key);
  if (key.length === 0 || key.some((value) => typeof value !== "string" || value === "")) {
    fail(`the key of ${change.entity} must hold strings`);
  }
  for (const subject of change.subjects ?? []) {
    if (!subject.type || typeof subject.id !== "string") fail(`a subject of ${change.entity}`);
  }
}

function cloudEvent(source: string, id: string, change: Change): object {
  return {
    specversion: "1.0",
    id,
    source: `/subgraphs/${source}`,
    type: "dev.junto.change",
    time: change.time ?? new Date().toISOString(),
    datacontenttype: "application/json",
    // Picked one by one: whatever else an object carries stays in the owner's system.
    data: {
      entity: change.entity,
      key: change.key,
      kind: change.kind,
      subjects: (change.subjects ?? []).map(({ type, id: subject }) => ({ type, id: subject })),
    },
  };
}
