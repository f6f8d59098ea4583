// How far members have read, what is new for them since, and what waits for them.
import type { Database } from "../database/database.ts";
import { isId } from "./ids.ts";
import { MESSAGE } from "./messages.ts";
import { CHANNELS } from "./notices.ts";
import { isText } from "./people.ts";
import type { MessageRow, ReadingRow, SeenRow } from "./rows.ts";
import { WAITS } from "./waiting.ts";

export interface ReadingStore {
  /** They have read up to `seq`: never back, never beyond the newest row. Of who is no member nothing is kept. */
  markRead(groupId: string, personId: string, seq: number): Promise<void>;
  /** In the order of the ids; null where they are no member. */
  readings(groupIds: readonly string[], personId: string): Promise<readonly (ReadingRow | null)[]>;
  /**
   * What others said to a member since they have read: what mentions them or answers one of theirs, the newest first. Of
   * more than a thousand messages the older ones are not looked at.
   */
  saidTo(groupId: string, personId: string, first: number): Promise<readonly MessageRow[]>;
  /** Of all members, who has read furthest first. */
  seen(groupId: string): Promise<readonly SeenRow[]>;
}

/** Rows of a feed, and cards of a group, that are looked at to count. */
const MOST = 1_000;

/** Whether a row `message` mentions `member`. SQL. */
const MENTIONS =
  "exists (select from mention where mention.message = message.id and mention.person = member.person)";
/** Whether it answers one of theirs, and does not mention them beside. */
const ANSWERS = `(exists (select from message as own where own.id = message.reply_to and own.author = member.person)
  and not ${MENTIONS})`;

const OF_CARDS = "'CARD_POSTED', 'CARD_CHANGED'";

export function createReading(database: Database): ReadingStore {
  return {
    async markRead(groupId, personId, seq) {
      if (!isId(groupId) || !isText(personId)) return;
      await database.query(
        `with moved as (
           update member set read_seq = least($3, grp.head) from grp
           where grp.id = $1 and member.grp = grp.id and member.person = $2 and read_seq < least($3, grp.head)
           returning member.person)
         select pg_notify($4, $5) from moved`,
        [groupId, personId, seq, CHANNELS.personal, `${groupId}:${personId}`],
      );
    },

    async readings(groupIds, personId) {
      const rows = isText(personId)
        ? await database.query<ReadingRow>(
            // What came of an action, and what was edited, is nothing new by itself: it shows on what it is about. What was
            // deleted is not new to anybody.
            `select member.grp as "groupId", read_seq as seq, news.*, called.*, waiting.*
             from member join grp on grp.id = member.grp
             cross join lateral (
               select
                 count(*) filter (where is_new and kind = 'MESSAGE')::int as messages,
                 count(*) filter (where is_new and answers)::int as answers,
                 count(distinct keys ->> 'card') filter (where is_new and kind in (${OF_CARDS}))::int as cards,
                 count(*) filter (where is_new and kind not in ('MESSAGE', ${OF_CARDS}))::int as changes,
                 min(seq) filter (where is_new) as first,
                 count(*) > ${MOST} as more
               from (
                 select seq, kind, keys, answers,
                   kind not in ('ACTION', 'MESSAGE_CHANGED') and actor is distinct from member.person and not is_gone as is_new
                 from (
                   select * from feed where grp = member.grp and seq > member.read_seq order by seq limit ${MOST + 1}
                 ) as happened cross join lateral (
                   select coalesce(bool_or(text is null), false) as is_gone, coalesce(bool_or(${ANSWERS}), false) as answers
                   from message where happened.kind = 'MESSAGE' and message.grp = happened.grp and message.seq = happened.seq
                 ) as said
               ) as row
             ) as news
             cross join lateral (
               select count(*)::int as mentions, min(seq) as "firstMention"
               from (
                 select mention.seq from mention join message on message.id = mention.message
                 where mention.grp = member.grp and mention.person = member.person and mention.seq > member.read_seq
                   and message.author <> member.person
                 order by mention.seq limit ${MOST}
               ) as one
             ) as called
             cross join lateral (
               select count(*)::int as waiting
               from (select from card where card.grp = grp.id and ${WAITS} limit ${MOST}) as one
             ) as waiting
             where member.person = $1 and member.grp = any ($2)`,
            [personId, groupIds.filter(isId)],
          )
        : [];
      const byId = new Map(rows.map((row) => [row.groupId, row]));
      return groupIds.map((id) => byId.get(id) ?? null);
    },

    async saidTo(groupId, personId, first) {
      if (!isId(groupId) || !isText(personId)) return [];
      return database.query<MessageRow>(
        `select ${MESSAGE} from member cross join lateral (
           select * from message where message.grp = member.grp and message.seq > member.read_seq
           order by message.seq desc limit ${MOST}
         ) as message join feed on feed.grp = message.grp and feed.seq = message.seq
         where member.grp = $1 and member.person = $2 and author <> member.person and text is not null
           and (${MENTIONS} or ${ANSWERS})
         order by message.seq desc limit $3`,
        [groupId, personId, first],
      );
    },

    async seen(groupId) {
      if (!isId(groupId)) return [];
      return database.query<SeenRow>(
        `select person.id as person, person.organization, read_seq as seq
         from member join person on person.id = member.person where member.grp = $1 order by read_seq desc, person.id`,
        [groupId],
      );
    },
  };
}
