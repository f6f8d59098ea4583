// The tables of IMS in one SQLite file. A change is on the disk when the call that made it is answered.
import Database from "libsql";
import { packageFile } from "../src/package-file.ts";

export interface Store {
  query<Row = unknown>(sql: string): Query<Row>;
  run(sql: string, ...values: readonly Value[]): void;
  /** All of it or nothing. */
  transaction<T>(work: () => T): T;
  close(): void;
}

interface Query<Row> {
  get(...values: readonly Value[]): Row | undefined;
  all(...values: readonly Value[]): Row[];
}

type Value = string | number | null;

interface Statement {
  get(...values: readonly Value[]): unknown;
  all(...values: readonly Value[]): unknown[];
  run(...values: readonly Value[]): unknown;
}

/** Opens the file, which is made when missing. Without a file: in memory, gone when closed. */
export async function openStore(file: string | undefined): Promise<Store> {
  const db = new Database(file ?? ":memory:", { timeout: 5000 });
  db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
  db.exec(await packageFile("legacy/tables.sql"));
  const statements = new Map<string, Statement>();
  const prepare = (sql: string): Statement => {
    let statement = statements.get(sql);
    if (!statement) statements.set(sql, (statement = db.prepare(sql) as Statement));
    return statement;
  };
  return {
    query: <Row>(sql: string) => prepare(sql) as Query<Row>,
    run: (sql, ...values) => void prepare(sql).run(...values),
    transaction(work) {
      db.exec("BEGIN IMMEDIATE");
      try {
        const result = work();
        db.exec("COMMIT");
        return result;
      } catch (error) {
        db.exec("ROLLBACK");
        throw error;
      }
    },
    close: () => void db.close(),
  };
}
