// The access logs in PostgreSQL: one chain for each owner, however many gateways add to it.
import { openDatabase, type Database } from "../database/database.ts";
import { migrate } from "../database/migrate.ts";
import type { Log } from "../observe/index.ts";
import { digestOf } from "./line.ts";
import type { AccessKind, AccessLine, AccessOutcome, ChainHead, LineDraft } from "./line.ts";
import { FACTS, MIGRATIONS } from "./migrations.ts";
import { createWriter, type Writer } from "./writer.ts";

/** Which lines. What is not given does not matter. */
export interface LineFilter {
  readonly from?: Date;
  readonly until?: Date;
  readonly kind?: AccessKind;
  readonly outcome?: AccessOutcome;
  readonly group?: string;
  readonly person?: string;
  readonly organization?: string;
  readonly policy?: string;
  /** `key`: as much of it as is given. */
  readonly entity?: { readonly type: string; readonly key?: Readonly<Record<string, unknown>> };
}

export interface LinePage {
  readonly filter?: LineFilter;
  /** Only lines with a greater `seq`. */
  readonly after?: number;
  /** Only lines with a smaller `seq`. */
  readonly before?: number;
  readonly first: number;
  readonly order: "NEWEST_FIRST" | "OLDEST_FIRST";
}

/** What an owner's log can be asked. */
export interface AccessReader {
  lines(owner: string, page: LinePage): Promise<readonly AccessLine[]>;
  /** The newest line; null: there is none. */
  head(owner: string): Promise<ChainHead | null>;
}

export interface AccessLog extends AccessReader, Pick<Writer, "write"> {
  close(): Promise<void>;
}

export interface AccessLogOptions {
  readonly databaseUrl: string;
  readonly log: Log;
}

/** One writes; the others are for who reads. */
const CONNECTIONS = 3;

/** Opens the logs, and makes their tables. Several gateways may do so at once. */
export async function openAccessLog({ databaseUrl, log }: AccessLogOptions): Promise<AccessLog> {
  const database = openDatabase({ databaseUrl, log, connections: CONNECTIONS });
  try {
    await migrate(database, "access-log", MIGRATIONS);
  } catch (error) {
    await database.close();
    throw error;
  }
  const writer = createWriter((drafts) => append(database, drafts), log);
  return {
    write: writer.write,
    ...createReader(database),
    async close() {
      await writer.settled();
      await database.close();
    },
  };
}

async function append(database: Database, drafts: readonly LineDraft[]): Promise<void> {
  await database.query("select access_log_add($1, $2)", [JSON.stringify(drafts), drafts.map(digestOf)]);
}

function createReader(database: Database): AccessReader {
  return {
    async lines(owner, { filter = {}, after, before, first, order }) {
      const values: unknown[] = [];
      const value = (each: unknown): string => `$${values.push(each)}`;
      const conditions = [
        `owner = ${value(owner)}`,
        ...(after === undefined ? [] : [`seq > ${value(after)}`]),
        ...(before === undefined ? [] : [`seq < ${value(before)}`]),
        ...(filter.from ? [`(line ->> 'at') collate "C" >= ${value(filter.from.toISOString())}`] : []),
        ...(filter.until ? [`(line ->> 'at') collate "C" < ${value(filter.until.toISOString())}`] : []),
      ];
      const facts = factsOf(filter);
      if (facts) conditions.push(`${FACTS} @> ${value(JSON.stringify({ owner, ...facts }))}::jsonb`);
      const rows = await database.query<{ line: AccessLine }>(
        `select line from access_line where ${conditions.join(" and ")}
         order by seq ${order === "OLDEST_FIRST" ? "asc" : "desc"} limit ${value(first)}`,
        values,
      );
      return rows.map(({ line }) => line);
    },

    async head(owner) {
      const [found] = await database.query<{ seq: string; hash: string }>(
        "select seq, hash from access_chain where owner = $1 and seq > 0",
        [owner],
      );
      return found ? { seq: Number(found.seq), hash: found.hash } : null;
    },
  };
}

/** The part of a line that must be as the filter says; null: nothing. */
function factsOf({ kind, outcome, group, person, organization, policy, entity }: LineFilter): object | null {
  const facts = {
    ...(kind && { kind }),
    ...(outcome && { action: { outcome } }),
    ...(group !== undefined && { group }),
    ...(person !== undefined && { person }),
    ...(organization !== undefined && { organization }),
    ...(policy !== undefined && { policies: [policy] }),
    ...(entity && { entities: [entity] }),
  };
  return Object.keys(facts).length === 0 ? null : facts;
}
