// Brings the tables up to date: each step once, whichever of several gateways starts first.
import { JuntoError } from "../errors/index.ts";
import type { Database } from "./database.ts";

/** One step. What has been released is never changed, only followed by another. */
export interface Migration {
  readonly name: string;
  readonly sql: string;
}

const LOCK = 7_426_002;

/** `part` names whose steps they are: parts are migrated independently of each other. */
export async function migrate(
  database: Database,
  part: string,
  migrations: readonly Migration[],
): Promise<void> {
  await database.transaction(async (tx) => {
    await tx.query("set local statement_timeout = 0");
    await tx.query("select pg_advisory_xact_lock($1)", [LOCK]);
    await tx.query(
      `create table if not exists migration (
        part text not null, step int not null, name text not null, at timestamptz not null default now(),
        primary key (part, step))`,
    );
    const done = await tx.query<{ name: string }>(
      "select name from migration where part = $1 order by step",
      [part],
    );
    for (const [step, { name }] of done.entries()) {
      if (migrations[step]?.name === name) continue;
      throw new JuntoError(
        "CONFIGURATION",
        `The database has had step ${step} of ${part}, "${name}", which this gateway does not know: it is older than the database.`,
      );
    }
    for (const [step, { name, sql }] of migrations.entries()) {
      if (step < done.length) continue;
      await tx.query(sql);
      await tx.query("insert into migration (part, step, name) values ($1, $2, $3)", [part, step, name]);
    }
  });
}
