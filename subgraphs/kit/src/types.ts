// The public types of the kit: what an integrator writes, and what the kit hands to that code.
import type { GraphQLResolveInfo, GraphQLScalarType } from "graphql";

/** What a group is about, for example `{ type: "Counter", id: "017" }`. */
export interface SubjectKey {
  readonly type: string;
  readonly id: string;
}

/** Who a request is made for, from the gateway's verified token. */
export interface Viewer {
  /** A person, for example `mall:lin`, or `audience:<hash>` when the gateway pushes to several at once. */
  readonly person: string;
  /** The organization of that person or audience, for example `mall`. */
  readonly organization: string;
  readonly group?: string;
  /** What the person is in that group for, for example `buyer`. */
  readonly role?: string;
  /** What the group is about. Empty without a group. */
  readonly subjects: readonly SubjectKey[];
  /** The policies of this subgraph's organization that the viewer holds. */
  readonly policies: ReadonlySet<string>;
  /**
   * What the token of a person of this subgraph's organization may be used for, as its sign-in says. Empty for the people
   * of others; of an audience, those that the graph asks for.
   */
  readonly scopes: ReadonlySet<string>;
}

/** What a request asks for, one thing at a time. */
export type Asked =
  | {
      /** A root field. */
      readonly kind: "query" | "mutation" | "subscription";
      readonly field: string;
      readonly args: Readonly<Record<string, unknown>>;
    }
  | {
      /** A field of an object that has a resolver of its own. */
      readonly kind: "field";
      readonly type: string;
      readonly field: string;
      readonly args: Readonly<Record<string, unknown>>;
      /** Of the entity that the field is of. */
      readonly key?: string;
    }
  | {
      /** An entity: by reference of the gateway, by `context.load`, or as a row that a resolver gives. */
      readonly kind: "entity";
      readonly type: string;
      readonly key: string;
    };

/**
 * The owner's own last word, after the token, policies and before anything runs in the old system. `true` lets it go on; anything
 * else is `NOT_SHARED`. Throw a `RequestError` to say it in your own words. A refused entity is left out of lists.
 *
 *     authorize: async (caller, asked, { legacy }) => {
 *       if (asked.kind === "mutation" && caller.person.includes(":service:"))
 *         throw new RequestError("FORBIDDEN", "Orders are placed by people");
 *       return asked.kind !== "entity" || (await isReleased(legacy, asked.key));
 *     }
 */
export type Authorize<Legacy> = (
  caller: Viewer,
  asked: Asked,
  context: Context<Legacy>,
) => boolean | Promise<boolean>;

/** Where the kit writes. A pino logger is one. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** What a resolver gets as its third argument: one object for the whole of a request. */
export interface Context<Legacy> {
  readonly viewer: Viewer;
  /** The connection to the old system, as given to `startSubgraph`. */
  readonly legacy: Legacy;
  readonly log: Logger;
  /**
   * Aborted when the request's time is over; in `subscribe`, when the subscription is. Give it to what can be stopped:
   * queries, fetches.
   */
  readonly signal: AbortSignal;
  /** For mutations: the `Idempotency-Key` that the gateway sent. */
  readonly idempotencyKey?: string;
  /**
   * One entity by its key, batched with every other load of this request.
   * `null`: there is none, or it is out of the request's scope.
   *
   *     lines: { product: (line, _args, context) => context.load("Product", line.style) }
   */
  load<T = unknown>(type: string, key: string | number): Promise<T | null>;
  /** The entity was changed: the next `load` asks the old system again. Done for all after each root mutation. */
  forget(type: string, key: string | number): void;
  /**
   * Ids of the subjects of this type that the request is about: narrow a query of the old system by them.
   * `null`: not limited (a person of the owner, without a group). `[]`: nothing may be seen.
   */
  subjectIds(type: string): readonly string[] | null;
  /** Throws `FORBIDDEN` unless the subject is one of the request's. Call it before anything runs in the old system. */
  requireSubject(type: string, id: string | number): void;
  /**
   * The same for a row, whose subject is found by its type's `@scope`: the row, or `FORBIDDEN` when there is none or the
   * request is not about it. Call it before anything runs in the old system.
   *
   *     cancelLine: async (_, { id }, context) => cancel(context.legacy, await context.requireRow("Line", id))
   */
  requireRow<T = unknown>(type: string, key: string | number): Promise<T>;
}

/** Finds the value of one field. What it throws is shown only if it is a `LegacyError` or a `RequestError`. */
export type Resolver<Legacy> = (
  parent: any,
  args: any,
  context: Context<Legacy>,
  info: GraphQLResolveInfo,
) => unknown;

/**
 * A field of Subscription: `subscribe` gives what happens, `resolve` makes the field's value of one event; without it
 * an event is an object with a property of the field's name. An event whose value is `null`, or a row that is out of the
 * request's scope, is not sent.
 *
 *     orderChanged: {
 *       subscribe: (_parent, _args, { signal }) => on(bus, "order", { signal }),
 *       resolve: ([id], _args, context) => context.load("Order", id),
 *     }
 */
export interface Subscriber<Legacy> {
  /**
   * Called once for each subscription, in the time of a request. `context.signal` is aborted when nobody wants the
   * events any more, and `return` of the iterator is called: let go of what it holds. What `context.load` has loaded
   * here is not looked for again: load in `resolve`, whose context is new for each event.
   */
  subscribe(
    parent: any,
    args: any,
    context: Context<Legacy>,
    info: GraphQLResolveInfo,
  ): AsyncIterable<unknown> | Promise<AsyncIterable<unknown>>;
  readonly resolve?: Resolver<Legacy>;
}

/**
 * Resolvers by type and field; scalars and values of enums by their name.
 *
 *     { Query: { counter: (_, { id }, context) => context.load("Counter", id) }, DateTime: dateTimeScalar }
 */
export type Resolvers<Legacy> = Readonly<
  Record<
    string,
    | GraphQLScalarType
    | Readonly<Record<string, Resolver<Legacy>>>
    | Readonly<Record<string, Subscriber<Legacy>>>
    | Readonly<Record<string, string | number>>
  >
>;

/** How the entities of one type are found. Rows are plain objects. */
export interface EntityDefinition<Legacy, Row = any> {
  /** The key field; "id" when absent. It must be a `@key` of the type. */
  readonly key?: string;
  /**
   * The rows of these keys, in the keys' order, `null` where there is none. Called once per batch, each key once.
   * See `inOrder`. A row of a type with `@scope(by: "counterId")` must have a property `counterId`, one of a type with
   * `@scope(by: "orderId:Order.counterId")` a property `orderId`, and the rows of Order a property `counterId`.
   */
  load(keys: readonly string[], context: Context<Legacy>): Promise<readonly (Row | null | undefined)[]>;
  /** The most keys that one call may get. */
  readonly maxBatch?: number;
}

export type ChangeKind = "CREATED" | "UPDATED" | "DELETED";

/** "This entity changed": keys, never data. */
export interface Change {
  /** The type, for example `Sku`. */
  readonly entity: string;
  /** Its key, for example `{ id: "BL2481-38" }`. */
  readonly key: Readonly<Record<string, string>>;
  readonly kind: ChangeKind;
  /** The subjects it belongs to; absent or empty when that is not known: the gateway then goes by the entity. */
  readonly subjects?: readonly SubjectKey[];
  /** RFC 3339; now when absent. */
  readonly time?: string;
  /** Unique within this subgraph; a new one when absent. The gateway takes the same id once. */
  readonly id?: string;
}

/** How far the old system has been read: a log position, a watermark. Never data. */
export interface Cursor {
  readonly name: string;
  readonly value: string;
}

/** Where `watch` brings what it found. */
export interface ChangeSink {
  /** Durable when the promise resolves: changes and cursor are stored in one transaction. */
  emit(changes: readonly Change[], cursor?: Cursor): Promise<void>;
  cursor(name: string): Promise<string | undefined>;
  /**
   * Compares rows with what they were last time (also over restarts) and emits a change for each that differs.
   * Changes, digests and cursor are stored in one transaction. Of the rows only keyed digests are kept.
   *
   *     await sink.reconcile({
   *       table: "stock",
   *       within: "shoes.xlsx/",                     // other files' rows are left alone
   *       rows: new Map([["shoes.xlsx/BL2481-38", { onHand: 12 }]]),
   *       change: (key, kind) => ({ entity: "Sku", key: { id: key.split("/")[1]! }, kind }),
   *     });
   */
  reconcile<Row>(reconciliation: Reconciliation<Row>): Promise<Difference>;
}

export interface Reconciliation<Row> {
  /** A name for this set of rows. */
  readonly table: string;
  /**
   * Rows by key. `undefined` as a row: it exists, and its content was not looked at, so it is never "updated".
   * A row may be whatever JSON can hold, and Date, bigint, Buffer, Map, Set.
   */
  readonly rows: ReadonlyMap<string, Row | undefined>;
  /** Only keys that begin so are compared: one file of a folder, one page of a list. All rows must be within. */
  readonly within?: string;
  /** `rows` are some of the rows only (what changed since a watermark): none is taken for deleted. */
  readonly partial?: boolean;
  /**
   * What to do the first time, when every row is new: "learn" (the default) notes the rows and tells nobody,
   * "announce" emits them as created. A part is no longer new once the whole table or that part was reconciled.
   */
  readonly first?: "learn" | "announce";
  /** What a difference means. Nothing, one or several changes. `row` is absent for a deleted one. */
  readonly change: (
    key: string,
    kind: ChangeKind,
    row: Row | undefined,
  ) => Change | readonly Change[] | undefined;
  readonly cursor?: Cursor;
}

/** Keys that differed. */
export interface Difference {
  readonly created: readonly string[];
  readonly updated: readonly string[];
  readonly deleted: readonly string[];
  /** The rows were seen for the first time and learned: no change was emitted. */
  readonly learned: boolean;
}

/** Finds the old system's changes for as long as the subgraph runs. Called again, with a pause, when it throws. */
export type Watch = (
  sink: ChangeSink,
  context: { readonly log: Logger; readonly signal: AbortSignal },
) => Promise<{ close(): Promise<void> }>;

export interface SubgraphOptions<Legacy> {
  /** The name in the supergraph; the audience of the gateway's tokens. */
  readonly name: string;
  /** The organization that owns it. */
  readonly organization: string;
  /** The schema, in SDL. */
  readonly typeDefs: string;
  readonly resolvers: Resolvers<Legacy>;
  /** One definition for each type with a `@key` that can be resolved here. */
  readonly entities: Readonly<Record<string, EntityDefinition<Legacy>>>;
  readonly legacy: Legacy;
  /** `issuer`: what the gateway's tokens say in `iss`; its `url` when absent. */
  readonly gateway: { readonly url: string; readonly issuer?: string };
  /** A folder of its own for the outbox, the cursors, the digests and the subgraph's key pair. Made when missing. */
  readonly stateDir: string;
  /** Resolves when the old system is there. For `/health`. */
  readonly ping?: () => Promise<void>;
  readonly watch?: Watch;
  /** Your own last word on each thing that is asked. */
  readonly authorize?: Authorize<Legacy>;
  /** Milliseconds that a request may take in the old system; 5000 when absent. After it: `LEGACY_TIMEOUT`. */
  readonly deadline?: number;
  /** Lines of JSON on stdout when absent. */
  readonly log?: Logger;
  /** 127.0.0.1 when absent. */
  readonly host?: string;
  /** A free one when absent or 0. */
  readonly port?: number;
}

/** A running subgraph. */
export interface Subgraph {
  readonly name: string;
  /** For example `http://127.0.0.1:4001/graphql`. */
  readonly url: string;
  /** For example `http://127.0.0.1:4001`. */
  readonly origin: string;
  /** Resolves when all stored changes are accepted by the gateway, or refused for good. Rejects when closed before. */
  drained(): Promise<void>;
  /** Ends requests under way, then everything else. What is not sent yet stays stored. */
  close(): Promise<void>;
}
