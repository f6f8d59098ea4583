// The subgraph's own memory: one SQLite file that survives SIGKILL, open in one process at a time.
import { chmodSync, closeSync, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import Database from "libsql";

export interface State {
  /** Every statement is prepared once. Throws after `close`. */
  prepare(sql: string): Statement;
  /** All of it or nothing, durable when it returns. */
  transaction<T>(work: () => T): T;
  /** A value that is made once and kept: keys and secrets. */
  remember(name: string, make: () => Promise<string>): Promise<string>;
  close(): void;
}

export interface Statement {
  run(...parameters: readonly unknown[]): { readonly changes: number };
  get(...parameters: readonly unknown[]): unknown;
  all(...parameters: readonly unknown[]): unknown[];
}

const schema = `
  CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS cursors (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  -- refused: why the gateway will never take it; such an event is kept and not sent again.
  CREATE TABLE IF NOT EXISTS outbox (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, event TEXT NOT NULL, refused TEXT
  );
  CREATE INDEX IF NOT EXISTS outbox_pending ON outbox (seq) WHERE refused IS NULL;
  CREATE TABLE IF NOT EXISTS digests (
    tbl TEXT NOT NULL, key TEXT NOT NULL, digest TEXT NOT NULL, PRIMARY KEY (tbl, key)
  ) WITHOUT ROWID;
  -- Which tables, or parts of them, have been seen at least once.
  CREATE TABLE IF NOT EXISTS learned (tbl TEXT NOT NULL, part TEXT NOT NULL, PRIMARY KEY (tbl, part)) WITHOUT ROWID;
`;

/** Opens the state in `dir`, which is made when missing. */
export function openState(dir: string): State {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const unlock = lock(dir);
  let db: Database.Database;
  try {
    const file = privateFile(join(dir, "state.db"));
    db = new Database(file, { timeout: 5000 });
    // FULL: a commit is on the disk before it is answered for.
    db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
    db.exec(schema);
  } catch (error) {
    unlock();
    throw error;
  }
  const statements = new Map<string, Statement>();
  let open = true;

  const prepare = (sql: string): Statement => {
    if (!open) throw new Error("The subgraph's state is closed");
    let statement = statements.get(sql);
    if (!statement) statements.set(sql, (statement = db.prepare(sql) as Statement));
    return statement;
  };

  return {
    prepare,
    transaction(work) {
      if (!open) throw new Error("The subgraph's state is closed");
      return db.transaction(work).immediate();
    },
    async remember(name, make) {
      const read = (): string | undefined =>
        (prepare("SELECT value FROM meta WHERE name = ?").get(name) as { value: string } | undefined)?.value;
      const known = read();
      if (known !== undefined) return known;
      prepare("INSERT OR IGNORE INTO meta (name, value) VALUES (?, ?)").run(name, await make());
      return read()!;
    },
    close() {
      if (!open) return;
      open = false;
      statements.clear();
      db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
      db.close();
      unlock();
    },
  };
}

// Two processes on one state would send changes twice and out of order. An open transaction on a file of its own
// is a lock that the system lets go when the process dies, however it dies.
function lock(dir: string): () => void {
  const db = new Database(privateFile(join(dir, "state.lock")), { timeout: 200 });
  try {
    db.exec("BEGIN EXCLUSIVE");
  } catch (cause) {
    db.close();
    throw new Error(`The state in ${dir} is in use by another running subgraph`, { cause });
  }
  return () => {
    db.exec("ROLLBACK");
    db.close();
  };
}

function privateFile(path: string): string {
  closeSync(openSync(path, "a", 0o600));
  chmodSync(path, 0o600);
  return path;
}
