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

      -- Adds lines at the ends of their chains, in one step: it holds the locks of the chains for as long as a commit
      -- takes. Gateways take them in one order, so that they do not wait for each other in a circle.
      create function access_log_add(drafts jsonb, digests text[]) returns void language plpgsql as $$
      declare
        owners text[] := array(select distinct draft ->> 'owner' from jsonb_array_elements(drafts) as draft order by 1);
        heads jsonb;
        draft jsonb;
        place jsonb;
        at_owner text;
      begin
        insert into access_chain (owner, seq, hash)
          select name, 0, repeat('0', 64) from unnest(owners) as name on conflict do nothing;
        perform 1 from access_chain where owner = any(owners) order by owner for update;
        -- In a statement of its own, which sees what was committed before the locks were had.
        select jsonb_object_agg(owner, jsonb_build_object('seq', seq, 'hash', hash)) into heads
          from access_chain where owner = any(owners);
        for each_one in 1 .. cardinality(digests) loop
          draft := drafts -> (each_one - 1);
          at_owner := draft ->> 'owner';
          place := jsonb_build_object(
            'seq', (heads -> at_owner ->> 'seq')::bigint + 1, 'prev', heads -> at_owner ->> 'hash');
          place := place || jsonb_build_object('hash', encode(sha256(convert_to(format(
            '{"digest":"%s","prev":"%s","seq":%s}', digests[each_one], place ->> 'prev', place ->> 'seq'),
            'UTF8')), 'hex'));
          insert into access_line (owner, seq, line) values (at_owner, (place ->> 'seq')::bigint, draft || place);
          heads := jsonb_set(heads, array[at_owner], place);
        end loop;
        update access_chain set seq = (head.value ->> 'seq')::bigint, hash = head.value ->> 'hash'
          from jsonb_each(heads) as head where access_chain.owner = head.key;
      end $$;

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
