// Entities by key: every load of a request is batched, each row is checked against the scope, references resolved.
import DataLoader from "dataloader";
import type { Authorization } from "./authorize.ts";
import { isPromise, type Deadline } from "./deadline.ts";
import type { Notes } from "./directives.ts";
import { RequestError } from "./errors.ts";
import { isInScope, notAbout } from "./scope.ts";
import type { Context, EntityDefinition } from "./types.ts";

type Row = Record<string, unknown>;
type Entities = Readonly<Record<string, EntityDefinition<any>>>;

/** Loads of one request. */
export interface Loads {
  readonly load: <T>(type: string, key: string | number) => Promise<T | null>;
  readonly requireRow: <T>(type: string, key: string | number) => Promise<T>;
  /** Whether the request is about a row. Throws, or rejects, when the row does not say what it belongs to. */
  readonly isInScope: (type: string, row: object) => boolean | Promise<boolean>;
  readonly forget: (type: string, key: string | number) => void;
  /** What was loaded may have changed. */
  readonly forgetAll: () => void;
}

export function createLoads<Legacy>(
  entities: Entities,
  notes: Notes,
  deadline: Deadline,
  authorization: Authorization | undefined,
  context: () => Context<Legacy>,
): Loads {
  const loaders = new Map<string, DataLoader<string, unknown>>();

  const loaderOf = (type: string): DataLoader<string, unknown> => {
    const known = loaders.get(type);
    if (known) return known;
    const entity = Object.hasOwn(entities, type) ? entities[type] : undefined;
    if (!entity) throw new TypeError(`There is no entity "${type}" in this subgraph`);
    const loader = new DataLoader<string, unknown>(
      async (keys) => deadline.race(() => loadBatch(type, entity, keys, context())),
      { ...(entity.maxBatch !== undefined && { maxBatchSize: entity.maxBatch }) },
    );
    loaders.set(type, loader);
    return loader;
  };

  const inScope: Loads["isInScope"] = (type, row) => {
    const scope = notes.get(type)?.scope;
    if (!scope) return true;
    const subjectIds = (subject: string): readonly string[] | null => context().subjectIds(subject);
    return isInScope(type, row, scope, subjectIds, (over, key) => loaderOf(over).load(key));
  };

  const load = async <T>(type: string, key: string | number): Promise<T | null> => {
    const loader = loaderOf(type);
    const refusal = authorization?.entity(type, String(key));
    if (refusal) await refusal;
    const row = await loader.load(String(key));
    if (row === null || row === undefined) return null;
    const kept = inScope(type, row);
    return (isPromise(kept) ? await kept : kept) ? (row as T) : null;
  };

  return {
    load,
    async requireRow<T>(type: string, key: string | number) {
      const row = await load<T>(type, key);
      if (row === null) throw notAbout(type);
      return row;
    },
    isInScope: inScope,
    forget: (type, key) => void loaderOf(type).clear(String(key)),
    forgetAll: () => loaders.forEach((loader) => loader.clearAll()),
  };
}

async function loadBatch<Legacy>(
  type: string,
  entity: EntityDefinition<Legacy>,
  keys: readonly string[],
  context: Context<Legacy>,
): Promise<readonly unknown[]> {
  const rows: readonly unknown[] = await entity.load(keys, context);
  if (rows.length !== keys.length) {
    throw new Error(`The entity ${type} was asked for ${keys.length} rows and gave ${rows.length}`);
  }
  return rows;
}

/** Puts rows into the order of the keys, `null` where there is none: what `EntityDefinition.load` must return. */
export function inOrder<Row>(
  keys: readonly string[],
  rows: Iterable<Row>,
  keyOf: (row: Row) => string,
): (Row | null)[] {
  const byKey = new Map<string, Row>();
  for (const row of rows) byKey.set(keyOf(row), row);
  return keys.map((key) => byKey.get(key) ?? null);
}

/** The key of a row, if it is of an entity and says it. */
export function keyOf(entities: Entities, type: string, row: unknown): string | undefined {
  if (!Object.hasOwn(entities, type)) return undefined;
  const key = (row as Row | null | undefined)?.[entities[type]!.key ?? "id"];
  return typeof key === "string" || typeof key === "number" ? String(key) : undefined;
}

/** What `_entities` gives for one representation. Rejects alone: the others still come. */
export async function resolveReference(
  reference: unknown,
  entities: Entities,
  notes: Notes,
  context: Context<unknown>,
): Promise<object | null> {
  const { __typename: type, ...fields } = (reference ?? {}) as Row;
  if (typeof type !== "string" || !Object.hasOwn(entities, type)) {
    throw new RequestError("BAD_USER_INPUT", "A representation is of no entity of this subgraph");
  }
  const key = fields[entities[type]!.key ?? "id"];
  if ((typeof key !== "string" && typeof key !== "number") || key === "") {
    throw new RequestError("BAD_USER_INPUT", `A representation of ${type} has no key`);
  }
  const row = await context.load<object>(type, String(key));
  return row && withReference(row, type, fields, notes);
}

// The row itself may be shared or frozen, so it is copied. What @requires brought from elsewhere goes with it.
function withReference(row: object, type: string, fields: Row, notes: Notes): object {
  const external = Object.entries(fields).filter(([name]) => notes.get(type)?.fields.get(name)?.external);
  const copy: object = Object.create(Object.getPrototypeOf(row) as object | null);
  return Object.assign(copy, row, Object.fromEntries(external), { __typename: type });
}
