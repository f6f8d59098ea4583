// What every operation of IMS needs: its arguments read strictly, and the log of changes written.
import { fault } from "./faults.ts";
import type { Store } from "./store.ts";

export interface ServiceOptions {
  readonly store: Store;
  readonly now: () => Date;
  /** Where the pictures are: `http://127.0.0.1:8080`. */
  readonly origin: string;
}

export type Args = Readonly<Record<string, unknown>>;

export type Operations = Readonly<Record<string, (args: Args) => object>>;

/** A text that must be there. */
export function text(args: Args, name: string): string {
  const value = maybe(args, name);
  if (value === undefined) throw fault("IMS-0400", name.toUpperCase());
  return value;
}

/** A text that may be absent; empty is absent. */
export function maybe(args: Args, name: string): string | undefined {
  const value = args[name];
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value.trim() !== "" ? value.trim() : undefined;
}

export function integer(args: Args, name: string, least: number): number {
  const value = Number(maybe(args, name));
  if (!Number.isInteger(value) || value < least) throw fault("IMS-0400", name.toUpperCase());
  return value;
}

/** An element that may come more than once: one of it is not a list. */
export function repeated(args: Args, name: string): readonly unknown[] {
  const value = args[name];
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? (value as unknown[]) : [value];
}

/** I: an item, P: a price, O: an order. */
export function logChange(store: Store, type: "I" | "P" | "O", key: string, at: string): void {
  store.run("INSERT OR IGNORE INTO CHG_LOG VALUES (?, ?, ?)", type, key, at);
}
