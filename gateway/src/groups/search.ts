// Finding what was said: messages that hold all the words. A word is any run of characters, so that it is found in a text
// without spaces as well. There is no index of texts: one of trigrams (pg_trgm) knows three characters and more, and most
// words in Chinese have two. A group is read from its end, by the index of its messages.
import type { Database } from "../database/database.ts";
import { isId } from "./ids.ts";
import { END, FROM_MESSAGE, MESSAGE, type PageBefore } from "./messages.ts";
import type { FeedRow, MessageRow } from "./rows.ts";

export interface Search {
  /** Messages of a group in which all of the words are, the newest first. */
  searchMessages(groupId: string, words: readonly string[], page: PageBefore): Promise<readonly MessageRow[]>;
  /** The same in every group of which the person is a member, by when they were said. */
  searchMessagesOf(person: string, words: readonly string[], first: number): Promise<readonly MessageRow[]>;
  /** Where in the feed each card was posted, in the order of the ids. */
  cardPlaces(ids: readonly string[]): Promise<readonly (Pick<FeedRow, "seq" | "at" | "actor"> | null)[]>;
}

export function createSearch(database: Database): Search {
  return {
    async searchMessages(groupId, words, { before, first }) {
      if (!isId(groupId)) return [];
      return database.query<MessageRow>(
        `select ${MESSAGE} ${FROM_MESSAGE}
         where message.grp = $1 and message.seq < $2 and text ilike all ($3)
         order by message.seq desc limit $4`,
        [groupId, Math.min(before ?? END, END), words.map(pattern), first],
      );
    },

    // In each group from its end, until there are enough: what is said often is found without reading everything.
    searchMessagesOf: (person, words, first) =>
      database.query<MessageRow>(
        `select ${MESSAGE} from member, lateral (
           select * from message where grp = member.grp and text ilike all ($2) order by seq desc limit $3
         ) as message join feed on feed.grp = message.grp and feed.seq = message.seq
         where member.person = $1 order by feed.at desc, message.id desc limit $3`,
        [person, words.map(pattern), first],
      ),

    async cardPlaces(ids) {
      const rows = await database.query<Pick<FeedRow, "seq" | "at" | "actor"> & { card: string }>(
        `select keys->>'card' as card, seq, at, actor from feed
         where kind = 'CARD_POSTED' and keys->>'card' = any($1)`,
        [ids.filter(isId)],
      );
      const byCard = new Map(rows.map((row) => [row.card, row]));
      return ids.map((id) => byCard.get(id) ?? null);
    },
  };
}

/** The word itself anywhere in a text: what a pattern would read as signs is escaped. */
function pattern(word: string): string {
  return `%${word.replace(/[\\%_]/g, "\\$&")}%`;
}
