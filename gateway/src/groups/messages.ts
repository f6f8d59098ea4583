// What people say in a group: messages, answers to them, threads on cards, who is mentioned; said, edited and deleted.
import { JuntoError } from "../errors/index.ts";
import type { Database, Queryable } from "../database/database.ts";
import { append, lockGroup, ROW } from "./feed.ts";
import { inOrder, isId, newId } from "./ids.ts";
import { refuse } from "./input.ts";
import type { FeedRow, MessageRow } from "./rows.ts";

export interface Messages {
  /**
   * Says something, once for each (group, actor, key). Refused in a closed group; what it names must be of the group.
   */
  postMessage(
    message: NewMessage,
  ): Promise<{ readonly message: MessageRow; readonly row: FeedRow; readonly created: boolean }>;
  /**
   * By its author alone, in a group that is not closed. What says the same already is left as it is: it may be sent again.
   *
   * @throws JuntoError BAD_USER_INPUT with the code STALE when it was edited since `seen`
   */
  editMessage(edit: Edit): Promise<MessageRow>;
  /** Its words are gone for good; that there was something stays. By its author alone, in a group that is not closed. */
  deleteMessage(message: OwnMessage): Promise<MessageRow>;
  /** In the order of the ids. */
  messages(ids: readonly string[]): Promise<readonly (MessageRow | null)[]>;
  /** Whom each message mentions, in the order of the ids. */
  mentionsOf(ids: readonly string[]): Promise<readonly (readonly string[])[]>;
  /** The thread on a card, or the answers to a message: the newest before `before`, the oldest first. */
  thread(groupId: string, on: ThreadOn, page: PageBefore): Promise<readonly MessageRow[]>;
  /** Messages of the group that mention the person, the newest first. */
  mentions(groupId: string, person: string, page: PageBefore): Promise<readonly MessageRow[]>;
}

export type ThreadOn = { readonly card: string } | { readonly message: string };

export interface PageBefore {
  /** A `seq`; null: from the newest on. */
  readonly before: number | null;
  readonly first: number;
}

interface Words {
  readonly text: string;
  /** Persons. */
  readonly mentions?: readonly string[];
}

interface NewMessage extends Words {
  readonly groupId: string;
  readonly actor: string;
  readonly key: string;
  /** A message of the group. What answers something in a thread is in that thread. */
  readonly replyTo?: string | null;
  /** A card of the group, in whose thread it is said. */
  readonly cardId?: string | null;
}

interface OwnMessage {
  readonly groupId: string;
  readonly messageId: string;
  readonly actor: string;
}

interface Edit extends OwnMessage, Words {
  /** The revision that the person saw; nothing: whichever it is. */
  readonly seen?: number | null;
}

export const MESSAGE: string = `message.id, message.grp as "groupId", message.seq, feed.at, author, text, revision,
  edited_at as "editedAt", reply_to as "replyTo", card as "cardId"`;
export const FROM_MESSAGE: string =
  "from message join feed on feed.grp = message.grp and feed.seq = message.seq";
export const END: number = 2 ** 31 - 1;

export function createMessages(database: Database): Messages {
  const page = (where: string, values: readonly unknown[], { before, first }: PageBefore) =>
    database.query<MessageRow>(
      `select ${MESSAGE} ${FROM_MESSAGE} where ${where} and message.seq < $2
       order by message.seq desc limit $3`,
      [values[0], Math.min(before ?? END, END), first, ...values.slice(1)],
    );
  return {
    postMessage: (message) => database.transaction((tx) => postMessage(tx, message)),
    editMessage: (edit) => database.transaction((tx) => editMessage(tx, edit)),
    deleteMessage: (message) => database.transaction((tx) => deleteMessage(tx, message)),

    async messages(ids) {
      const rows = await database.query<MessageRow>(
        `select ${MESSAGE} ${FROM_MESSAGE} where message.id = any($1)`,
        [ids.filter(isId)],
      );
      return inOrder(ids, rows);
    },

    async mentionsOf(ids) {
      const rows = await database.query<{ message: string; person: string }>(
        "select message, person from mention where message = any($1) order by person",
        [ids.filter(isId)],
      );
      return ids.map((id) => rows.filter(({ message }) => message === id).map(({ person }) => person));
    },

    async thread(groupId, on, { before, first }) {
      const [column, id] = "card" in on ? ["card", on.card] : ["reply_to", on.message];
      if (!isId(groupId) || !isId(id)) return [];
      const rows = await page(`message.grp = $1 and message.${column} = $4`, [groupId, id], {
        before,
        first,
      });
      return rows.reverse();
    },

    async mentions(groupId, person, { before, first }) {
      if (!isId(groupId)) return [];
      return database.query<MessageRow>(
        `select ${MESSAGE} from mention join message on message.id = mention.message
           join feed on feed.grp = message.grp and feed.seq = message.seq
         where mention.grp = $1 and mention.person = $2 and mention.seq < $3
         order by mention.seq desc limit $4`,
        [groupId, person, Math.min(before ?? END, END), first],
      );
    },
  };
}

async function postMessage(tx: Queryable, said: NewMessage): ReturnType<Messages["postMessage"]> {
  const { groupId, actor, key, text, mentions = [] } = said;
  const { closed } = await lockGroup(tx, groupId, "allowed");
  const known = await messageWhere(tx, "message.grp = $1 and author = $2 and key = $3", [
    groupId,
    actor,
    key,
  ]);
  if (known !== null) {
    const [row] = await tx.query<FeedRow>(`select ${ROW} from feed where grp = $1 and seq = $2`, [
      groupId,
      known.seq,
    ]);
    return { message: known, row: row!, created: false };
  }
  if (closed) await lockGroup(tx, groupId);
  const { replyTo, card } = await placeOf(tx, said);
  await checkMembers(tx, groupId, mentions, []);
  const id = newId();
  const [row] = await append(tx, groupId, [{ kind: "MESSAGE", keys: { message: id }, actor }]);
  await tx.query(
    `insert into message (id, grp, seq, author, key, text, reply_to, card) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [id, groupId, row!.seq, actor, key, text, replyTo, card],
  );
  const message = (await messageWhere(tx, "message.id = $1", [id]))!;
  await writeMentions(tx, message, mentions);
  return { message, row: row!, created: true };
}

async function editMessage(tx: Queryable, edit: Edit): Promise<MessageRow> {
  const { messageId, groupId, actor, text, mentions = [], seen = null } = edit;
  const message = await lockOwn(tx, edit);
  if (message.text === null) refuse(["messageId"], "DELETED", "The message was deleted.");
  const before = (
    await tx.query<{ person: string }>("select person from mention where message = $1", [messageId])
  ).map(({ person }) => person);
  const isSame = message.text === text && sameMembers(before, mentions);
  if (isSame) return message;
  if (seen !== null && seen !== message.revision)
    refuse(["messageId"], "STALE", "The message was edited since.");
  await checkMembers(tx, groupId, mentions, before);
  await tx.query(
    "update message set text = $2, revision = revision + 1, edited_at = clock_timestamp() where id = $1",
    [messageId, text],
  );
  await tx.query("delete from mention where message = $1", [messageId]);
  await writeMentions(tx, message, mentions);
  await append(tx, groupId, [{ kind: "MESSAGE_CHANGED", keys: { message: messageId }, actor }]);
  return (await messageWhere(tx, "message.id = $1", [messageId]))!;
}

async function deleteMessage(tx: Queryable, own: OwnMessage): Promise<MessageRow> {
  const { messageId, groupId, actor } = own;
  const message = await lockOwn(tx, own);
  if (message.text === null) return message;
  await tx.query("update message set text = null, revision = revision + 1 where id = $1", [messageId]);
  await tx.query("delete from mention where message = $1", [messageId]);
  await append(tx, groupId, [{ kind: "MESSAGE_CHANGED", keys: { message: messageId }, actor }]);
  return (await messageWhere(tx, "message.id = $1", [messageId]))!;
}

/** The message, for its author. @throws JuntoError NOT_FOUND, BAD_USER_INPUT */
async function lockOwn(tx: Queryable, { groupId, messageId, actor }: OwnMessage): Promise<MessageRow> {
  await lockGroup(tx, groupId);
  const message = await messageInGroup(tx, groupId, messageId);
  if (message === null)
    throw new JuntoError("NOT_FOUND", "There is no such message in this group.", {
      details: { field: ["messageId"] },
    });
  if (message.author !== actor) refuse(["messageId"], "NOT_OWN", "Only who said it changes it.");
  return message;
}

/** What it answers, and in whose thread it is. */
async function placeOf(
  tx: Queryable,
  { groupId, replyTo = null, cardId = null }: NewMessage,
): Promise<{ readonly replyTo: string | null; readonly card: string | null }> {
  if (cardId !== null) await checkCard(tx, groupId, cardId);
  if (replyTo === null) return { replyTo, card: cardId };
  const answered = await messageInGroup(tx, groupId, replyTo);
  if (answered === null) refuse(["replyTo"], "NOT_FOUND", "There is no such message in this group.");
  if (cardId !== null && answered.cardId !== cardId)
    refuse(["replyTo"], "OTHER_THREAD", "That message is not in the thread on this card.");
  return { replyTo, card: answered.cardId };
}

async function checkCard(tx: Queryable, groupId: string, id: string): Promise<void> {
  const [card] = isId(id) ? await tx.query("select from card where id = $1 and grp = $2", [id, groupId]) : [];
  if (card === undefined) refuse(["cardId"], "NOT_FOUND", "There is no such card in this group.");
}

/** @param besides who may be mentioned without being a member: who was when it was said */
async function checkMembers(
  tx: Queryable,
  groupId: string,
  persons: readonly string[],
  besides: readonly string[],
): Promise<void> {
  const rows = await tx.query<{ person: string }>(
    "select person from member where grp = $1 and person = any($2)",
    [groupId, persons],
  );
  const known = new Set([...besides, ...rows.map(({ person }) => person)]);
  const at = persons.findIndex((person) => !known.has(person));
  if (at >= 0) refuse(["mentions", String(at)], "NOT_A_MEMBER", "Only members can be mentioned.");
}

async function writeMentions(
  tx: Queryable,
  { id, groupId, seq }: MessageRow,
  persons: readonly string[],
): Promise<void> {
  await tx.query(
    `insert into mention (grp, seq, message, person) select $1, $2, $3, person from unnest($4::text[]) as person
     on conflict do nothing`,
    [groupId, seq, id, persons],
  );
}

async function messageInGroup(tx: Queryable, groupId: string, id: string): Promise<MessageRow | null> {
  return isId(id) ? messageWhere(tx, "message.grp = $1 and message.id = $2", [groupId, id]) : null;
}

async function messageWhere(
  tx: Queryable,
  where: string,
  values: readonly unknown[],
): Promise<MessageRow | null> {
  const [message] = await tx.query<MessageRow>(`select ${MESSAGE} ${FROM_MESSAGE} where ${where}`, [
    ...values,
  ]);
  return message ?? null;
}

function sameMembers(one: readonly string[], other: readonly string[]): boolean {
  const [a, b] = [new Set(one), new Set(other)];
  return a.size === b.size && [...a].every((each) => b.has(each));
}
