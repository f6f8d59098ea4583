// Cards of groups: which card type about which entity, what each shows, and how it last came out for whom. Of
// the entities there are keys, of what came out there are digests.
import { createHash } from "node:crypto";
import { JuntoError } from "../errors/index.ts";
import { append, lockGroup } from "./feed.ts";
import { inOrder, isId, newId } from "./ids.ts";
import { canonicalKey, entityText } from "./keys.ts";
import type { Entity, EntityKey } from "./keys.ts";
import type { Database, Queryable } from "../database/database.ts";
import type { CardRow } from "./rows.ts";

export interface Cards {
  /** One open card for each (group, type, entity): when there is one, that one is given. */
  postCard(card: NewCard): Promise<{ readonly card: CardRow; readonly created: boolean }>;
  card(id: string): Promise<CardRow | null>;
  /** In the order of the ids. */
  cardsById(ids: readonly string[]): Promise<readonly (CardRow | null)[]>;
  /** Of a group, the newest first; `open`: only those that are, or only those that are not. */
  cards(
    groupId: string,
    page: { readonly first: number; readonly open?: boolean | undefined },
  ): Promise<readonly CardRow[]>;
  /** The open card of this type about this entity in the group. */
  openCardAbout(groupId: string, type: string, entity: Entity): Promise<CardRow | null>;
  closeCard(id: string, actor?: string | null): Promise<void>;
  /** Writes to the feeds that these cards look different. Ids of no card are passed over. */
  touchCards(ids: readonly string[], actor?: string | null): Promise<void>;
  /** Cards in groups that are not closed, about the entity or with it in what they showed last. */
  cardsShowing(
    type: string,
    key: EntityKey,
  ): Promise<readonly { readonly cardId: string; readonly groupId: string }[]>;
  /** What the card shows to an audience, in the place of what it showed them. */
  setShown(cardId: string, audience: string, entities: readonly Entity[]): Promise<void>;
  /** How the card last came out for an audience. */
  view(cardId: string, audience: string): Promise<View | null>;
  /** The revision for how it comes out now: the one it had, or the card's next one when the digest differs. */
  recordView(
    cardId: string,
    audience: string,
    digest: Uint8Array,
  ): Promise<{ readonly revision: number; readonly changed: boolean }>;
}

interface NewCard {
  readonly groupId: string;
  readonly type: string;
  readonly entity: Entity;
  /** Roles. */
  readonly to: readonly string[];
  /** Nothing: a system did. */
  readonly actor?: string | null;
}

interface View {
  readonly revision: number;
  readonly digest: Uint8Array;
}

export const CARD: string = `id, grp as "groupId", type, json_build_object('type', entity_type, 'key', entity_key) as entity,
  open, to_roles as "to", posted_at as "postedAt", revision, touched`;

export function createCards(database: Database): Cards {
  const cardsById: Cards["cardsById"] = async (ids) => {
    const rows = await database.query<CardRow>(`select ${CARD} from card where id = any($1)`, [
      ids.filter(isId),
    ]);
    return inOrder(ids, rows);
  };

  return {
    cardsById,
    async card(id) {
      return (await cardsById([id]))[0] ?? null;
    },

    async cards(groupId, { first, open }) {
      if (!isId(groupId)) return [];
      return database.query<CardRow>(
        `select ${CARD} from card where grp = $1 and ($2::boolean is null or open = $2) order by id desc limit $3`,
        [groupId, open ?? null, Math.max(0, Math.min(first, 1_000))],
      );
    },

    postCard: (card) => database.transaction((tx) => postCard(tx, card)),

    async openCardAbout(groupId, type, entity) {
      if (!isId(groupId)) return null;
      const [card] = await database.query<CardRow>(
        `select ${CARD} from card where grp = $1 and type = $2 and entity_type = $3 and entity_key = $4 and open`,
        [groupId, type, entity.type, canonicalKey(entity.key)],
      );
      return card ?? null;
    },

    closeCard: (id, actor = null) =>
      database.transaction(async (tx) => {
        const [card] = isId(id)
          ? await tx.query<{ grp: string }>("select grp from card where id = $1", [id])
          : [];
        if (card === undefined) throw noCard();
        await lockGroup(tx, card.grp, "allowed");
        const closed = await tx.query("update card set open = false where id = $1 and open returning id", [
          id,
        ]);
        if (closed.length > 0)
          await append(tx, card.grp, [{ kind: "CARD_CHANGED", keys: { card: id }, actor }]);
      }),

    async touchCards(ids, actor = null) {
      const cards = await database.query<{ id: string; grp: string }>(
        "select id, grp from card where id = any($1) order by id",
        [ids.filter(isId)],
      );
      for (const groupId of new Set(cards.map(({ grp }) => grp))) {
        const entries = cards
          .filter(({ grp }) => grp === groupId)
          .map(({ id }) => ({ kind: "CARD_CHANGED", keys: { card: id }, actor }) as const);
        await database.transaction((tx) => append(tx, groupId, entries));
      }
    },

    cardsShowing: async (type, key) =>
      database.query(
        `select distinct card.id as "cardId", card.grp as "groupId"
         from card_shown join card on card.id = card_shown.card join grp on grp.id = card.grp
         where card_shown.entity_type = $1 and card_shown.entity_key = $2 and not grp.closed order by card.id`,
        [type, canonicalKey(key)],
      ),

    setShown: (cardId, audience, entities) => setShown(database, cardId, audience, entities),

    async view(cardId, audience) {
      if (!isId(cardId)) return null;
      const rows = await database.query<View>(
        "select revision, digest from card_view where card = $1 and audience = $2",
        [cardId, audience],
      );
      return rows[0] ?? null;
    },

    async recordView(cardId, audience, digest) {
      if (!isId(cardId)) throw noCard();
      return (
        (await sameView(database, cardId, audience, digest)) ??
        database.transaction((tx) => recordView(tx, cardId, audience, digest))
      );
    },
  };
}

async function postCard(
  tx: Queryable,
  { groupId, type, entity, to, actor = null }: NewCard,
): ReturnType<Cards["postCard"]> {
  const key = canonicalKey(entity.key);
  await lockGroup(tx, groupId);
  const [there] = await tx.query<CardRow>(
    `select ${CARD} from card where grp = $1 and type = $2 and entity_type = $3 and entity_key = $4 and open`,
    [groupId, type, entity.type, key],
  );
  if (there !== undefined) return { card: there, created: false };
  const id = newId();
  const [card] = await tx.query<CardRow>(
    `insert into card (id, grp, type, entity_type, entity_key, to_roles, posted_at)
     values ($1, $2, $3, $4, $5, $6, clock_timestamp()) returning ${CARD}`,
    [id, groupId, type, entity.type, key, to],
  );
  await tx.query("insert into card_shown (card, audience, entity_type, entity_key) values ($1, '', $2, $3)", [
    id,
    entity.type,
    key,
  ]);
  await append(tx, groupId, [{ kind: "CARD_POSTED", keys: { card: id }, actor }]);
  return { card: card!, created: true };
}

async function setShown(
  database: Database,
  cardId: string,
  audience: string,
  entities: readonly Entity[],
): Promise<void> {
  const shown = new Map(entities.map((entity) => [entityText(entity), entity]));
  const digest = createHash("sha256")
    .update([...shown.keys()].sort().join("\n"))
    .digest();
  if (!isId(cardId)) throw noCard();
  const [card] = await database.query<{ same: boolean }>(
    `select digest is not distinct from $3 as same
     from card left join card_showing on card_showing.card = card.id and audience = $2 where card.id = $1`,
    [cardId, audience, digest],
  );
  if (card === undefined) throw noCard();
  if (card.same) return;
  await database.transaction(async (tx) => {
    await tx.query(
      `insert into card_showing (card, audience, digest) values ($1, $2, $3)
       on conflict (card, audience) do update set digest = excluded.digest`,
      [cardId, audience, digest],
    );
    const values = [cardId, audience, JSON.stringify([...shown.values()])];
    const wanted = `select type as entity_type, key as entity_key from jsonb_to_recordset($3::jsonb) as row (type text, key jsonb)`;
    await tx.query(
      `delete from card_shown where card = $1 and audience = $2 and (entity_type, entity_key) not in (${wanted})`,
      values,
    );
    await tx.query(
      `insert into card_shown (card, audience, entity_type, entity_key) select $1, $2, wanted.* from (${wanted}) as wanted on conflict do nothing`,
      values,
    );
  });
}

async function sameView(
  tx: Queryable,
  cardId: string,
  audience: string,
  digest: Uint8Array,
): Promise<{ revision: number; changed: false } | null> {
  const [view] = await tx.query<{ revision: number }>(
    "select revision from card_view where card = $1 and audience = $2 and digest = $3",
    [cardId, audience, digest],
  );
  return view === undefined ? null : { revision: view.revision, changed: false };
}

async function recordView(
  tx: Queryable,
  cardId: string,
  audience: string,
  digest: Uint8Array,
): ReturnType<Cards["recordView"]> {
  const [locked] = await tx.query("select id from card where id = $1 for no key update", [cardId]);
  if (locked === undefined) throw noCard();
  const same = await sameView(tx, cardId, audience, digest);
  if (same !== null) return same;
  const [card] = await tx.query<{ revision: number }>(
    "update card set revision = revision + 1 where id = $1 returning revision",
    [cardId],
  );
  const revision = card!.revision;
  await tx.query(
    `insert into card_view (card, audience, revision, digest) values ($1, $2, $3, $4)
     on conflict (card, audience) do update set revision = excluded.revision, digest = excluded.digest`,
    [cardId, audience, revision, digest],
  );
  return { revision, changed: true };
}

function noCard(): JuntoError {
  return new JuntoError("NOT_FOUND", "There is no such card.");
}
