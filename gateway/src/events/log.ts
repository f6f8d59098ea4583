// The log of changes: what has changed in whichever organization's system, in one order, kept until it has
// been handled. Keys, never data. What drives it is a driver's affair; every driver keeps the same contract,
// which is written down as tests in log.contract.test.ts.
import type { EntityKey, SubjectKey } from "../groups/store.ts";

/** "This entity has changed", said by a subgraph that owns part of it. */
export interface Change {
  /** `/subgraphs/<name>` */
  readonly source: string;
  /** Unique within the source. */
  readonly id: string;
  readonly entity: string;
  readonly key: EntityKey;
  readonly kind: ChangeKind;
  /** The subjects that it belongs to; may be none. */
  readonly subjects: readonly SubjectKey[];
  /** When it happened, by the source's clock: RFC 3339, UTC. */
  readonly time: string;
}

export type ChangeKind = "CREATED" | "UPDATED" | "DELETED";

export interface ChangeLog {
  /** All or none; durable when the promise resolves. A change that is there already, by (source, id), is passed over. */
  append(changes: readonly Change[]): Promise<Appended>;
  /**
   * Hands every change to the consumer of that name, in the order of the log, in batches of one or more.
   *
   * - What the handler resolved for is not given again; where a consumer is, is kept over restarts. What was
   *   under way when a gateway died is given again: a handler may see a change twice.
   * - A handler is called with the next batch only after it has resolved for this one. Of several gateways
   *   that subscribe by one name, one is active; when it goes, another goes on.
   * - A batch for which it throws is given again, then change by change. A change for which it throws time and
   *   again is skipped, which is logged and kept (`skipped`). While it throws UNAVAILABLE nothing is skipped:
   *   then it is not the change that is at fault.
   * - A new name begins with the oldest change that is still kept.
   */
  subscribe(consumer: string, handler: ChangeHandler): ChangeSubscription;
  /** The changes that a consumer could not handle, the newest first. */
  skipped(consumer: string): Promise<readonly SkippedChange[]>;
  /** Ends the subscriptions too. */
  close(): Promise<void>;
}

export interface Appended {
  readonly accepted: number;
  readonly duplicates: number;
}

export type ChangeHandler = (changes: readonly Change[]) => Promise<void>;

export interface ChangeSubscription {
  /** Waits for the handler's call under way, and for what it handled to be kept. */
  close(): Promise<void>;
}

export interface SkippedChange {
  readonly source: string;
  readonly id: string;
  readonly entity: string;
  /** A code or the name of an error; its message may hold data. */
  readonly reason: string;
  readonly at: Date;
}
