// What is read in one run, of each owner: begun with its first request, told when it is known of the last what it asks.
import type { EntityRef } from "../execute/keys.ts";
import { canonicalJson } from "../json/canonical.ts";
import type { Asked, AskedByPlan } from "./asked.ts";
import type { Named } from "./named.ts";

/** What is read of one owner in one run. */
export interface Reading {
  readonly at: string;
  readonly fields: Set<string>;
  readonly policies: Set<string>;
  /** By their canonical text. */
  readonly entities: Map<string, EntityRef>;
  unnamed: number;
  /** Requests of which it is not known yet what they ask. */
  open: number;
  written: boolean;
}

export interface Readings {
  of(owner: string): Reading;
  /** Of one request it is known what it asks. */
  isKnown(owner: string, reading: Reading): void;
  /** Of requests that a run does not make, since there is nothing to ask, nobody waits to be told. */
  finish(): void;
}

/** @param tell called with what is read of an owner, once it is all known */
export function createReadings(
  asked: AskedByPlan,
  tell: (owner: string, reading: Reading) => void,
): Readings {
  const readings = new Map<string, Reading>();

  const finish = (owner: string, reading: Reading): void => {
    if (reading.written) return;
    reading.written = true;
    tell(owner, reading);
  };

  return {
    of(owner) {
      let reading = readings.get(owner);
      // What is asked when the line is written already is told in another one.
      if (!reading || reading.written) readings.set(owner, (reading = startReading(asked, owner)));
      return reading;
    },
    isKnown(owner, reading) {
      reading.open -= 1;
      if (reading.open === 0) finish(owner, reading);
    },
    finish() {
      for (const [owner, reading] of readings) finish(owner, reading);
    },
  };
}

function startReading({ all }: AskedByPlan, owner: string): Reading {
  return {
    at: new Date().toISOString(),
    fields: new Set(),
    policies: new Set(),
    entities: new Map(),
    unnamed: 0,
    open: all.filter((asked) => asked.owner === owner && !asked.isAction).length,
    written: false,
  };
}

export function noteFields({ fields, policies }: Reading, asked: Asked, held: readonly string[]): void {
  for (const field of asked.fields) fields.add(field);
  for (const policy of asked.policies) if (held.includes(policy)) policies.add(policy);
}

export function noteEntities(reading: Reading, { entities, unnamed }: Named): void {
  for (const entity of entities) reading.entities.set(canonicalJson(entity), entity);
  reading.unnamed += unnamed;
}
