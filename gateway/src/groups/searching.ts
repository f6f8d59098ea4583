// Search in a group and over all of one's groups. Messages are looked for in the database. Cards are joined for who asks,
// and looked through by what they show to them: of the owners' data nothing is stored to be searched (I1), and what is
// withheld is not found (I2).
import type { CardEnvelope, GroupsContext } from "./context.ts";
import { found, type Fields } from "./fields.ts";
import { checkLine, pageSize, refuse } from "./input.ts";
import { loaders } from "./loaders.ts";
import { personOf } from "./rules.ts";
import { shownTexts } from "./shown-texts.ts";
import { findWords, hasWords, snippetOf, type SnippetPart } from "./snippets.ts";
import type { CardRow, GroupRow, MessageRow } from "./store.ts";

export interface Hit {
  readonly kind: "MESSAGE" | "CARD";
  readonly groupId: string;
  readonly seq: number;
  readonly at: Date;
  readonly author: string | null;
  readonly message: MessageRow | null;
  readonly card: CardRow | null;
  readonly snippet: readonly SnippetPart[];
}

interface SearchArgs {
  readonly text: string;
  readonly first: number;
  readonly before?: number | null;
  readonly kind?: Hit["kind"] | null;
  readonly locale: string;
}

interface SearchCardsArgs {
  readonly text: string;
  readonly groups?: readonly string[] | null;
  readonly locale: string;
}

interface CardsFound {
  readonly hits: readonly Hit[];
  readonly left: readonly string[];
}

const MOST_HITS = 50;
const LONGEST_TEXT = 100;
const MOST_WORDS = 8;
/** Cards of one group that are joined to be looked through, and how many side by side. */
const OPEN_CARDS = 50;
const SETTLED_CARDS = 30;
const AT_ONCE = 8;
/** Of several groups so many in all, but one group at least; and groups at most. */
const CARDS_AT_A_TIME = 80;
const GROUPS_AT_A_TIME = 20;

export const Query: Fields<unknown> = {
  search: async (_, { text, first }: SearchArgs, context): Promise<Hit[]> => {
    const person = personOf(context);
    const words = wordsOf(text);
    const messages = await context.groups.searchMessagesOf(person, words, pageSize(first, MOST_HITS));
    return messages.map((message) => messageHit(message, words));
  },

  searchCards: async (_, { text, groups: named, locale }: SearchCardsArgs, context): Promise<CardsFound> => {
    const person = personOf(context);
    const words = wordsOf(text);
    const own = (await context.groups.groupsOf(person)).map(({ id }) => id);
    const ids = named ? [...new Set(named)].filter((id) => own.includes(id)) : own;
    const cards: CardRow[] = [];
    let looked = 0;
    for (const id of ids.slice(0, GROUPS_AT_A_TIME)) {
      const more = await cardsOf(id, context);
      if (looked > 0 && cards.length + more.length > CARDS_AT_A_TIME) break;
      cards.push(...more);
      looked += 1;
    }
    const envelopes = await context.openCards(cards);
    const hits = await hitsIn(cards, words, locale, context, async (at) => envelopes[at] ?? null);
    return { hits: hits.sort((a, b) => b.at.getTime() - a.at.getTime()), left: ids.slice(looked) };
  },
};

export const Group: Fields<GroupRow> = {
  search: async ({ id }, args: SearchArgs, context): Promise<Hit[]> => {
    const { before = null, kind = null, locale } = args;
    const words = wordsOf(args.text);
    const first = pageSize(args.first, MOST_HITS);
    const [messages, cards] = await Promise.all([
      kind === "CARD" ? [] : context.groups.searchMessages(id, words, { before, first }),
      kind === "MESSAGE" || context.viewer.groupId !== id
        ? []
        : cardHits(id, words, { before, locale }, context),
    ]);
    const hits = [...messages.map((message) => messageHit(message, words)), ...cards];
    return hits.sort((a, b) => b.seq - a.seq).slice(0, first);
  },
};

export const SearchHit: Fields<Hit> = {
  group: ({ groupId }, _, context) => found(loaders(context).outline.load(groupId)),
  actor: ({ author }, _, context) => (author === null ? null : loaders(context).person.load(author)),
};

/** @throws JuntoError BAD_USER_INPUT */
function wordsOf(text: string): string[] {
  const words = checkLine(text, "text", LONGEST_TEXT).trim().split(/\s+/u);
  if (words.length > MOST_WORDS) refuse(["text"], "TOO_MANY", `At most ${MOST_WORDS} words.`);
  return words;
}

function messageHit(message: MessageRow, words: readonly string[]): Hit {
  const { groupId, seq, at, author, text } = message;
  const snippet = snippetOf(text ?? "", findWords(words));
  return { kind: "MESSAGE", groupId, seq, at, author, message, card: null, snippet };
}

async function cardHits(
  groupId: string,
  words: readonly string[],
  { before, locale }: { readonly before: number | null; readonly locale: string },
  context: GroupsContext,
): Promise<Hit[]> {
  const cards = await cardsOf(groupId, context);
  return hitsIn(cards, words, locale, context, (at, { seq }) =>
    before !== null && seq >= before ? null : context.openCard(cards[at]!),
  );
}

/** Those of a group that are looked through. */
async function cardsOf(groupId: string, { groups }: GroupsContext): Promise<CardRow[]> {
  const [open, settled] = await Promise.all([
    groups.cards(groupId, { first: OPEN_CARDS, open: true }),
    groups.cards(groupId, { first: SETTLED_CARDS, open: false }),
  ]);
  return [...open, ...settled];
}

/** @param open a card by its position among them; null: it is passed over */
async function hitsIn(
  cards: readonly CardRow[],
  words: readonly string[],
  locale: string,
  { groups }: GroupsContext,
  open: (at: number, place: { readonly seq: number }) => Promise<CardEnvelope | null> | null,
): Promise<Hit[]> {
  const places = await groups.cardPlaces(cards.map(({ id }) => id));
  const finder = findWords(words);
  const look = async (card: CardRow, index: number): Promise<Hit[]> => {
    const place = places[index];
    const envelope = place && (await open(index, place));
    if (!place || !envelope) return [];
    const texts = [envelope.summary(locale), ...shownTexts(envelope.adaptiveCard(locale))];
    if (!hasWords(texts.join("\n"), words)) return [];
    const text = texts.find((each) => each.search(finder) >= 0) ?? texts[0]!;
    const { seq, at, actor: author } = place;
    const snippet = snippetOf(text, finder);
    return [{ kind: "CARD", groupId: card.groupId, seq, at, author, message: null, card, snippet }];
  };
  const hits: Hit[] = [];
  for (let from = 0; from < cards.length; from += AT_ONCE) {
    const some = cards.slice(from, from + AT_ONCE).map((card, index) => look(card, from + index));
    hits.push(...(await Promise.all(some)).flat());
  }
  return hits;
}
