// The tables of groups. They hold keys, ids, digests and what people wrote in the group (I1): no column takes
// the organizations' own data.
import type { Migration } from "../database/migrate.ts";

export const MIGRATIONS: readonly Migration[] = [
  {
    name: "people and groups",
    sql: `
      create table organization (id text primary key);

      create table person (
        id text primary key,
        organization text not null references organization,
        name text not null
      );

      create table grp (
        id uuid primary key,
        name text not null,
        scenario text not null,
        subject_type text not null,
        subject_id text not null,
        closed boolean not null default false,
        head int not null default 0,            -- the seq of the newest row of its feed
        changed_at timestamptz not null default clock_timestamp(),
        created_by text not null,
        created_key text not null,
        unique (created_by, created_key)
      );
      create index grp_subject on grp (subject_type, subject_id) where not closed;
      create index grp_scenario on grp (scenario) where not closed;

      create table member (
        grp uuid not null references grp,
        person text not null references person,
        role text not null,
        primary key (grp, person)
      );
      create index member_person on member (person);

      create table grant_ (
        grp uuid not null references grp,
        policy text not null,
        role text not null,
        organization text not null references organization,
        granted_by text not null references person,
        granted_at timestamptz not null default clock_timestamp(),
        primary key (grp, policy, role)
      );`,
  },
  {
    name: "feed and messages",
    sql: `
      create table feed (
        grp uuid not null references grp,
        seq int not null,
        kind text not null,
        at timestamptz not null,
        actor text,
        keys jsonb not null,
        latest uuid,                            -- of this card or action only the newest row of the kind is kept
        primary key (grp, seq)
      );
      create index feed_latest on feed (grp, kind, latest) where latest is not null;
      create index feed_at on feed (at);

      create table message (
        id uuid primary key,
        grp uuid not null references grp,
        seq int not null,
        author text not null references person,
        key text not null,
        text text not null,
        unique (grp, author, key)
      );`,
  },
  {
    name: "cards",
    sql: `
      create table card (
        id uuid primary key,
        grp uuid not null references grp,
        type text not null,
        entity_type text not null,
        entity_key jsonb not null,
        open boolean not null default true,
        to_roles text[] not null,
        posted_at timestamptz not null,
        revision int not null default 0         -- the highest that any audience has
      );
      create unique index card_open on card (grp, type, entity_type, entity_key) where open;
      create index card_group on card (grp, id);

      create table card_view (
        card uuid not null references card,
        audience text not null,
        revision int not null,
        digest bytea not null,
        primary key (card, audience)
      );

      create table card_showing (
        card uuid not null references card,
        audience text not null,
        digest bytea not null,                  -- of its rows in card_shown
        primary key (card, audience)
      );

      create table card_shown (
        card uuid not null references card,
        audience text not null,                 -- empty: the card's own entity, whoever looks
        entity_type text not null,
        entity_key jsonb not null,
        primary key (card, audience, entity_type, entity_key)
      );
      create index card_shown_entity on card_shown (entity_type, entity_key);

      create table watch (
        grp uuid not null references grp,
        rule text not null,
        entity_type text not null,
        entity_key jsonb not null,
        primary key (grp, rule, entity_type, entity_key)
      );
      create index watch_entity on watch (entity_type, entity_key);`,
  },
  {
    name: "actions",
    sql: `
      create table action (
        id uuid primary key,
        grp uuid not null references grp,
        person text not null references person,
        key text not null,
        verb text not null,
        card uuid references card,
        input jsonb,                            -- as the person wrote it, until it has been carried out
        status text not null default 'PENDING',
        user_errors jsonb not null default '[]',
        begun_at timestamptz not null default clock_timestamp(),
        unique (grp, person, key)
      );
      create index action_pending on action (begun_at) where status = 'PENDING';`,
  },
  {
    name: "grants that end, and those that have ended",
    sql: `
      alter table grant_ drop constraint grant__pkey;
      alter table grant_
        add column id uuid,                     -- sorts by time, as all ids
        add column until timestamptz,
        add column ended_at timestamptz,
        add column ended_by text references person,
        add column ending text;
      update grant_ set id = (
        lpad(to_hex((extract(epoch from granted_at) * 1000)::bigint), 12, '0') || '7' ||
        substr(md5(grp::text || policy || role), 1, 3) || '8' || substr(md5(grp::text || policy || role), 4, 15)
      )::uuid;
      alter table grant_ alter column id set not null, add primary key (id);
      create unique index grant_standing on grant_ (grp, policy, role) where ended_at is null;
      create index grant_until on grant_ (until) where ended_at is null and until is not null;
      create index grant_organization on grant_ (organization, id);`,
  },
  {
    name: "organizations in groups, and invitations",
    sql: `
      create table organization_in_group (
        grp uuid not null references grp,
        organization text not null references organization,
        since timestamptz not null default clock_timestamp(),
        primary key (grp, organization)
      );
      -- Those that were there before anyone was asked: by their people, by what they share, or by having made it.
      insert into organization_in_group (grp, organization)
        select grp, person.organization from member join person on person.id = member.person
        union select grp, organization from grant_
        union select grp.id, person.organization from grp join person on person.id = grp.created_by;

      create table invitation (
        id uuid primary key,
        grp uuid not null references grp,
        organization text not null references organization,
        invited_by text not null references person,
        invited_from text not null references organization,
        invited_at timestamptz not null default clock_timestamp(),
        state text not null default 'WAITING',
        answered_by text references person,
        answered_at timestamptz
      );
      create unique index invitation_waiting on invitation (grp, organization) where state = 'WAITING';
      create index invitation_organization on invitation (organization, id) where state = 'WAITING';`,
  },
  {
    name: "replies, threads on cards, mentions; messages that are edited and deleted",
    sql: `
      alter table message
        alter column text drop not null,        -- null: it was deleted, and is nowhere any more
        add column revision int not null default 1,
        add column edited_at timestamptz,
        add column reply_to uuid references message,
        add column card uuid references card;   -- it is in the thread on this card
      create unique index message_seq on message (grp, seq);
      create index message_reply on message (reply_to, seq) where reply_to is not null;
      create index message_card on message (card, seq) where card is not null;
      create index feed_card_posted on feed ((keys->>'card')) where kind = 'CARD_POSTED';

      create table mention (
        grp uuid not null references grp,
        seq int not null,                       -- of the message
        message uuid not null references message,
        person text not null references person,
        primary key (message, person)
      );
      create index mention_person on mention (grp, person, seq);`,
  },
  {
    name: "how far members have read",
    sql: `
      alter table member add column read_seq int not null default 0;
      -- What happened before anyone could say so is not new to those who were there.
      update member set read_seq = grp.head from grp where grp.id = member.grp;`,
  },
  {
    name: "what people have done with cards, and when they want quiet",
    sql: `
      create table card_mark (
        person text not null references person,
        card uuid not null references card,
        until timestamptz,                      -- snoozed until then; null: finished
        verbs text[] not null,                  -- what was offered then: anything else brings a finished card back
        seq int not null,                       -- head of the group's feed when that was looked at last
        at timestamptz not null default clock_timestamp(),
        primary key (person, card)
      );
      create index card_of_group_open on card (grp) where open;

      create table mute (
        person text not null references person,
        grp uuid not null references grp,
        until timestamptz,                      -- null: until the person undoes it
        primary key (person, grp)
      );

      create table quiet_hours (
        person text primary key references person,
        begins text not null,                   -- HH:MM, on the clock of the time zone
        ends text not null,
        days text[] not null,                   -- on which they begin
        time_zone text not null
      );`,
  },
  {
    name: "whose turn it is with a card",
    sql: `
      alter table card
        add column touched int not null default 1,  -- how often it was posted, or could have become another
        add column weighed int not null default 0,  -- for how many of these its turns were found
        add column weighing_until timestamptz;      -- a gateway finds them, or has failed by then
      create index card_to_weigh on card (id) where open and weighed < touched;

      create table card_turn (
        card uuid not null references card,
        organization text not null references organization,
        role text not null,
        verbs text[] not null,                  -- names of actions that are open to them; none: there is only something due
        primary key (card, organization, role)
      );

      create table weighed_in (
        one boolean primary key default true check (one),
        version text not null                   -- of what the organizations agreed on
      );

      -- What brings a finished card back is known without opening it.
      alter table card_mark drop column seq;`,
  },
  {
    name: "what actions have begun",
    sql: `
      create table begun (
        grp uuid not null references grp,
        entity_type text not null,
        entity_key jsonb not null,
        action uuid not null references action,
        primary key (grp, entity_type, entity_key)
      );
      create index begun_action on begun (action);`,
  },
];
