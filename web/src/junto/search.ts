// Looking for messages and cards: in one group, or in all that one is in.
import { SearchAllDocument, SearchCardsDocument, SearchGroupDocument } from "../generated/graphql.ts";
import type { Connection } from "./connection.ts";
import type { Hit, Locale } from "./types.ts";

export interface Found {
  /** By place or time, the newest first. */
  readonly hits: readonly Hit[];
  /** There may be more, before the last of these. */
  readonly more: boolean;
  /** Groups whose cards have not been looked through. */
  readonly left: readonly string[];
}

const PAGE = 30;

export async function findInGroup(
  connection: Connection,
  { group, text, locale, before }: { group: string; text: string; locale: Locale; before?: number },
): Promise<Found> {
  const variables = { group, text, locale, first: PAGE, ...(before !== undefined && { before }) };
  const { group: found } = await connection.ask(SearchGroupDocument, variables);
  const hits = found?.search ?? [];
  return { hits, more: hits.length === PAGE, left: [] };
}

/** Messages of all groups, and cards of the first few. */
export async function findInGroups(
  connection: Connection,
  asked: { text: string; locale: Locale },
): Promise<Found> {
  const [{ search }, cards] = await Promise.all([
    connection.ask(SearchAllDocument, { text: asked.text, first: PAGE }),
    findCards(connection, asked),
  ]);
  return { ...cards, hits: byTime([...search, ...cards.hits]) };
}

/** Goes on with the groups that are left, a few of them. */
export async function findFurther(
  connection: Connection,
  { hits, left }: Found,
  asked: { text: string; locale: Locale },
): Promise<Found> {
  const next = await findCards(connection, { ...asked, groups: left });
  return { ...next, hits: byTime([...hits, ...next.hits]) };
}

async function findCards(
  connection: Connection,
  variables: { text: string; locale: Locale; groups?: readonly string[] },
): Promise<Found> {
  const { searchCards } = await connection.ask(SearchCardsDocument, variables);
  return { ...searchCards, more: false };
}

function byTime(hits: readonly Hit[]): readonly Hit[] {
  return hits.toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at));
}
