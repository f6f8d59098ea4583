// How a value is told where it comes from: what the card around it knows of that.
import type { DataPath } from "@junto/template";
import { createContext } from "react";
import type { Person } from "../junto/index.ts";
import type { Origin } from "./origins.ts";

export interface Asking {
  /** Where what was read at these places comes from. */
  readonly originsOf: (reads: readonly DataPath[]) => readonly Origin[];
  /** Every value says so; otherwise only those that are not there. */
  readonly everywhere: boolean;
  /** Whom one can ask. */
  readonly people: readonly Person[];
}

/** Null: nothing is known of where values come from. */
export const OriginsContext: React.Context<Asking | null> = createContext<Asking | null>(null);
