// The tables of the access logs. Lines are only added: the database itself refuses to change them or take them away.
import type { Migration } from "../database/migrate.ts";

/** What filters are matched against, by containment: an index over it serves them all. */
export const FACTS = `(line - '{fields,moreFields,moreEntities,operation,prev,hash,at,seq,v}'::text[])`;

export const MIGRATIONS: readonly Migration[] = [
  {
    name: "access logs",
    sql: `
      create table access_chain (
        owner text primary key,
        seq bigint not null,                    -- of its newest line; its row lock orders those who add
        hash text not null
      );

      create table access_line (
        owner text not null,
        seq bigint not null,
        line jsonb not null,                    -- all of it; the columns beside it say the same
        primary key (owner, seq),
        check (line ->> 'owner' = owner and (line ->> 'seq')::bigint = seq)
      );
      create index access_line_facts on access_line using gin (${FACTS} jsonb_path_ops);

      create function access_log_is_kept() returns trigger language plpgsql as $$
      begin
        raise exception 'The access log is only added to: this would change it.' using errcode = 'restrict_violation';
      end $$;
      create trigger access_line_kept before update or delete on access_line
        for each row execute function access_log_is_kept();
      create trigger access_line_not_truncated before truncate on access_line
        for each statement execute function access_log_is_kept();
      create trigger access_chain_forward before update on access_chain
        for each row when (new.seq < old.seq or new.owner <> old.owner) execute function access_log_is_kept();
      create trigger access_chain_kept before delete on access_chain
        for each row execute function access_log_is_kept();
      create trigger access_chain_not_truncated before truncate on access_chain
        for each statement execute function access_log_is_kept();`,
  },
];
