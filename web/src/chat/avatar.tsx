// A person at a glance: the first letter of their name, in the color of their organization.
import type { ReactNode } from "react";
import type { Person } from "../junto/index.ts";

export function Avatar({ person }: { readonly person: Person | null }): ReactNode {
  const tone = person ? toneOf(person.organization.id) : 0;
  return (
    <span className={`avatar tone-${tone}`} aria-hidden="true">
      {person ? String.fromCodePoint(person.name.codePointAt(0) ?? 183) : "·"}
    </span>
  );
}

const TONES = 8;

/** The same organization has the same color everywhere. */
export function toneOf(organization: string): number {
  let sum = 0;
  for (const character of organization) sum = (sum * 31 + character.codePointAt(0)!) % 9973;
  return sum % TONES;
}
