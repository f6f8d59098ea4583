// Where each value of a card comes from, by the places in its data: which system gave it and when, or who does not share
// it.
import type { DataPath } from "@junto/template";
import type { Card, Titled } from "../junto/index.ts";

type Organization = Card["provenance"][number]["organization"];

export type Origin =
  | {
      readonly kind: "answered" | "silent";
      readonly organization: Organization;
      readonly system: Titled;
      /** When it answered, or did not. */
      readonly at: string;
    }
  | { readonly kind: "withheld"; readonly organization: Organization; readonly policy: Titled | null };

type Sourced = Pick<Card, "data" | "provenance" | "withheld">;

/** Of several places each origin once. A place of which nobody is named comes from the group itself: the card's own key. */
export function originsOf(card: Sourced, places: readonly DataPath[]): readonly Origin[] {
  const origins = new Map<string, Origin>();
  for (const place of places) {
    const origin = withheldAt(card.withheld, place) ?? systemAt(card, place);
    if (origin) origins.set(JSON.stringify(origin), origin);
  }
  return [...origins.values()];
}

function withheldAt(withheld: Card["withheld"], place: DataPath): Origin | undefined {
  const found = withheld.find(({ path }) => lengthIn(place, path) > 0);
  if (!found) return undefined;
  const { organization, en, zh } = found;
  return { kind: "withheld", organization, policy: en !== null && zh !== null ? { en, zh } : null };
}

/** The system that names the place most closely; where nothing came, the one that did not give it, or what it is in. */
function systemAt({ data, provenance }: Sourced, place: DataPath): Origin | undefined {
  const closest = closestOf(provenance, place, ({ paths }) => paths);
  const silent = isThere(data, place) ? undefined : closestOf(provenance, place, ({ missing }) => missing);
  const system = silent ?? closest;
  if (!system) return undefined;
  const { organization, en, zh, asOf } = system;
  return { kind: silent ? "silent" : "answered", organization, system: { en, zh }, at: asOf };
}

type System = Card["provenance"][number];

function closestOf(
  systems: readonly System[],
  place: DataPath,
  pathsOf: (system: System) => readonly string[],
): System | undefined {
  let closest: System | undefined;
  let length = 0;
  for (const system of systems)
    for (const path of pathsOf(system))
      if (lengthIn(place, path) > length) [closest, length] = [system, lengthIn(place, path)];
  return closest;
}

function isThere(data: unknown, place: DataPath): boolean {
  let value = data;
  for (const step of place) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return false;
    value = (value as Readonly<Record<string | number, unknown>>)[step];
  }
  return value !== null && value !== undefined;
}

/** How many steps of a place a path names; 0: it names another one. */
function lengthIn(place: DataPath, path: string): number {
  const steps = place.filter((step) => typeof step === "string");
  const wanted = path.split(".");
  return wanted.every((step, index) => steps[index] === step) ? wanted.length : 0;
}
