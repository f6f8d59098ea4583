// Looking for messages and cards: in one group, or in all that one is in.
import { SearchAllDocument, SearchGroupDocument } from "../generated/graphql.ts";
import type { Connection } from "./connection.ts";
import type { Hit, Locale } from "./types.ts";

export interface Found {
  /** By place or time, the newest first. */
  readonly hits: readonly Hit[];
  /** There may be more, before the last of these. */
  readonly more: boolean;
}

const PAGE = 30;
/** Groups whose cards are looked through when one looks in all of them: each is a question of its own. */
const GROUPS = 5;

export async function findInGroup(
  connection: Connection,
  { group, text, locale, before }: { group: string; text: string; locale: Locale; before?: number },
): Promise<Found> {
  const variables = { group, text, locale, first: PAGE, ...(before !== undefined && { before }) };
  const { group: found } = await connection.ask(SearchGroupDocument, variables);
  const hits = found?.search ?? [];
  return { hits, more: hits.length === PAGE };
}

/** @param groups the most recent first: cards are looked for in the first of them, messages in all */
export async function findInGroups(
  connection: Connection,
  { groups, text, locale }: { groups: readonly string[]; text: string; locale: Locale },
): Promise<Found> {
  const cardsIn = async (group: string): Promise<readonly Hit[]> => {
    const variables = { group, text, locale, kind: "CARD" as const, first: PAGE };
    return (await connection.ask(SearchGroupDocument, variables)).group?.search ?? [];
  };
  const [messages, ...cards] = await Promise.all([
    connection.ask(SearchAllDocument, { text, first: PAGE }).then(({ search }) => search),
    ...groups.slice(0, GROUPS).map(cardsIn),
  ]);
  const hits = [...messages, ...cards.flat()].sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
  return { hits, more: false };
}
