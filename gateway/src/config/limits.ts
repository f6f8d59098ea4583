// Every limit that an operator can set: its variable is JUNTO_LIMIT_ and its name. Each has a default with which a
// gateway on the open network stays up, and leaves room for what clients usually ask.

interface Limit {
  readonly default: number;
  /** The smallest value that makes sense. */
  readonly least: number;
  /** What is counted, as the guide for operators says it. */
  readonly what: string;
}

export type LimitName =
  | "characters"
  | "tokens"
  | "fragments"
  | "fields"
  | "rootFields"
  | "aliases"
  | "directives"
  | "depth"
  | "nesting"
  | "pairs"
  | "cost"
  | "listSize"
  | "values"
  | "valueDepth"
  | "persisted"
  | "planTime"
  | "plansAtOnce"
  | "plansWaiting"
  | DoorLimitName;

/** Of the doors: what of a client is read or kept at all. */
export type DoorLimitName =
  | "bodySize"
  | "headerSize"
  | "batch"
  | "arrivalTime"
  | "messageSize"
  | "messagesPerSecond"
  | "operationsPerSocket"
  | "socketsPerPerson"
  | "subscriptionsPerPerson"
  | "waitingSize"
  | "initTime"
  | "pingTime"
  | "closingTime";
export type Limits = Readonly<Record<LimitName, number>>;

export const LIMITS: Readonly<Record<LimitName, Limit>> = {
  characters: { default: 100_000, least: 1, what: "characters of an operation's text" },
  tokens: { default: 10_000, least: 1, what: "tokens of it" },
  fragments: { default: 300, least: 0, what: "fragments of it" },
  fields: { default: 2_000, least: 1, what: "fields, after fragments are replaced" },
  rootFields: { default: 200, least: 1, what: "fields at the root, after fragments are replaced" },
  aliases: { default: 500, least: 0, what: "aliases, after fragments are replaced" },
  directives: { default: 500, least: 0, what: "directives, after fragments are replaced" },
  depth: { default: 30, least: 1, what: "levels of fields" },
  nesting: { default: 45, least: 1, what: "levels of fields and fragments" },
  pairs: { default: 10_000, least: 1, what: "pairs of fields with one response key at one place" },
  cost: { default: 1_000_000, least: 1, what: "cost of an operation with its variables" },
  listSize: { default: 10, least: 1, what: "items that a list counts for without `@listSize`" },
  values: { default: 10_000, least: 1, what: "values in a request's variables" },
  valueDepth: { default: 32, least: 1, what: "levels of a value in variables" },
  persisted: {
    default: 1_000_000,
    least: 0,
    what: "characters of persisted queries kept for one organization; 0: none are",
  },
  planTime: { default: 2_000, least: 1, what: "milliseconds that planning an operation may take" },
  plansAtOnce: { default: 4, least: 1, what: "plans that are made at once" },
  plansWaiting: { default: 100, least: 0, what: "new operations that may wait for their plan" },
  bodySize: { default: 1_048_576, least: 1, what: "bytes of an HTTP body, as sent and again as unpacked" },
  headerSize: { default: 16_384, least: 1_024, what: "bytes of a request's headers, its address too" },
  batch: { default: 10, least: 0, what: "requests in one body; 0 and 1: no lists are taken" },
  arrivalTime: { default: 30_000, least: 1, what: "milliseconds in which an HTTP request must have arrived" },
  messageSize: { default: 262_144, least: 1, what: "bytes of a message on a WebSocket" },
  messagesPerSecond: {
    default: 1_000,
    least: 1,
    what: "messages of one WebSocket that are read in a second",
  },
  operationsPerSocket: { default: 100, least: 1, what: "operations open at once on one WebSocket" },
  socketsPerPerson: {
    default: 100,
    least: 1,
    what: "WebSockets and event streams that one person has open at this gateway",
  },
  subscriptionsPerPerson: {
    default: 500,
    least: 1,
    what: "subscriptions that one person has open at this gateway, on all of them",
  },
  waitingSize: {
    default: 1_048_576,
    least: 1,
    what: "bytes that may wait for a client before it counts as slow",
  },
  initTime: { default: 10_000, least: 1, what: "milliseconds to say who one is on a WebSocket" },
  pingTime: {
    default: 30_000,
    least: 1,
    what: "milliseconds between pings; who does not answer, or takes nothing, is gone",
  },
  closingTime: {
    default: 10_000,
    least: 1,
    what: "milliseconds that what is under way has to end at a stop",
  },
};

export const LIMIT_NAMES = Object.keys(LIMITS) as readonly LimitName[];

export const DEFAULT_LIMITS: Limits = Object.fromEntries(
  LIMIT_NAMES.map((name) => [name, LIMITS[name].default]),
) as Limits;

/** `plansAtOnce` ▸ `JUNTO_LIMIT_PLANS_AT_ONCE` */
export function limitVariable(name: LimitName): string {
  return `JUNTO_LIMIT_${name.replace(/[A-Z]/g, "_$&").toUpperCase()}`;
}
