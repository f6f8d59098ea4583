// The tables of the log of changes.
import type { Migration } from "../database/migrate.ts";

/** Notified after every append; without payload. */
export const CHANGE_CHANNEL = "junto_change";

export const MIGRATIONS: readonly Migration[] = [
  {
    name: "changes and consumers",
    sql: `
      create table change (
        position bigint primary key,
        source text not null,
        id text not null,
        entity text not null,
        key jsonb not null,
        kind text not null,
        subjects jsonb not null,
        time timestamptz not null,
        at timestamptz not null default clock_timestamp(),
        unique (source, id)
      );
      create index change_at on change (at);

      create table change_head (position bigint not null);
      insert into change_head values (0);

      create table change_consumer (
        name text primary key,
        position bigint not null                -- of the last that it has handled
      );

      create table change_skipped (
        consumer text not null,
        position bigint not null,
        source text not null,
        id text not null,
        entity text not null,
        reason text not null,
        at timestamptz not null default clock_timestamp(),
        primary key (consumer, position)
      );`,
  },
];
