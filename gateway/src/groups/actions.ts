// Actions as people took them: each runs once, however often it is sent, and every step is in the feed.
import { JuntoError } from "../errors/index.ts";
import { noteBegun } from "./begun.ts";
import { append, lockGroup } from "./feed.ts";
import { inOrder, isId, newId } from "./ids.ts";
import { isReservedName, type Entity } from "./keys.ts";
import type { Database, Queryable } from "../database/database.ts";
import type { ActionRow, ActionStatus, StoredUserError } from "./rows.ts";

export interface Actions {
  /** Takes an action up, once for each (group, person, key). `fresh`: it was not there before. */
  beginAction(action: NewAction): Promise<{ readonly run: ActionRow; readonly fresh: boolean }>;
  /**
   * Says how it went; what was said first stays. Of the errors field and code are kept. `named`: the entities that its
   * answer names, those of them that the group had no card about are begun by it.
   */
  finishAction(
    id: string,
    status: Exclude<ActionStatus, "PENDING">,
    userErrors: readonly StoredUserError[],
    named?: readonly Entity[],
  ): Promise<ActionRow>;
  action(id: string): Promise<ActionRow | null>;
  /** What a person took under this key in a group. */
  actionByKey(groupId: string, personId: string, key: string): Promise<ActionRow | null>;
  /** In the order of the ids. */
  actionsById(ids: readonly string[]): Promise<readonly (ActionRow | null)[]>;
  /** Taken up before that time and not finished, the oldest first. */
  pendingActions(olderThan: Date): Promise<readonly ActionRow[]>;
}

interface NewAction {
  readonly groupId: string;
  readonly personId: string;
  readonly key: string;
  readonly verb: string;
  readonly cardId: string | null;
  readonly input: unknown;
}

const ACTION = `id, grp as "groupId", person, key, verb, card as "cardId", input, status,
  user_errors as "userErrors", begun_at as "begunAt"`;

export function createActions(database: Database): Actions {
  const actionsById: Actions["actionsById"] = async (ids) => {
    const rows = await database.query<ActionRow>(`select ${ACTION} from action where id = any($1)`, [
      ids.filter(isId),
    ]);
    return inOrder(ids, rows);
  };

  return {
    actionsById,
    async action(id) {
      return (await actionsById([id]))[0] ?? null;
    },

    async actionByKey(groupId, personId, key) {
      if (!isId(groupId)) return null;
      const [row] = await database.query<ActionRow>(
        `select ${ACTION} from action where grp = $1 and person = $2 and key = $3`,
        [groupId, personId, key],
      );
      return row ?? null;
    },

    beginAction: (action) => database.transaction((tx) => beginAction(tx, action)),

    finishAction: (id, status, userErrors, named = []) =>
      database.transaction(async (tx) => {
        const [begun] = isId(id)
          ? await tx.query<ActionRow>(`select ${ACTION} from action where id = $1`, [id])
          : [];
        if (begun === undefined) throw new JuntoError("NOT_FOUND", "There is no such action.");
        await lockGroup(tx, begun.groupId, "allowed");
        const [finished] = await tx.query<ActionRow>(
          `update action set status = $2, user_errors = $3, input = null
           where id = $1 and status = 'PENDING' returning ${ACTION}`,
          [id, status, JSON.stringify(userErrors.map(withoutContent))],
        );
        if (finished === undefined) {
          return (await tx.query<ActionRow>(`select ${ACTION} from action where id = $1`, [id]))[0]!;
        }
        if (status === "DONE") await noteBegun(tx, finished, named);
        await appendAction(tx, finished);
        return finished;
      }),

    pendingActions: (olderThan) =>
      database.query<ActionRow>(
        `select ${ACTION} from action where status = 'PENDING' and begun_at < $1 order by begun_at`,
        [olderThan],
      ),
  };
}

async function beginAction(tx: Queryable, action: NewAction): ReturnType<Actions["beginAction"]> {
  const { groupId, personId, key, verb, cardId, input } = action;
  const { closed } = await lockGroup(tx, groupId, "allowed");
  const [there] = await tx.query<ActionRow>(
    `select ${ACTION} from action where grp = $1 and person = $2 and key = $3`,
    [groupId, personId, key],
  );
  if (there !== undefined) return { run: there, fresh: false };
  if (closed) await lockGroup(tx, groupId);
  const [run] = await tx.query<ActionRow>(
    `insert into action (id, grp, person, key, verb, card, input) values ($1, $2, $3, $4, $5, $6, $7) returning ${ACTION}`,
    [newId(), groupId, personId, key, verb, cardId, JSON.stringify(input ?? null)],
  );
  await appendAction(tx, run!);
  return { run: run!, fresh: true };
}

async function appendAction(tx: Queryable, { id, groupId, person }: ActionRow): Promise<void> {
  await append(tx, groupId, [{ kind: "ACTION", keys: { action: id }, actor: person }]);
}

/**
 * A code and the path of an input are names of the schema, and in a path a list's row may go by its key; what looks
 * like neither may be somebody's data.
 */
function withoutContent({ field, code }: StoredUserError): StoredUserError {
  const isName = (part: string) => /^[A-Za-z0-9_]{1,64}$/.test(part) && !isReservedName(part);
  const isRow = (part: string, index: number) => index === 1 && /^[A-Za-z0-9_:-]{1,64}$/.test(part);
  const isKnown = (part: string, index: number) =>
    isName(part) || (isRow(part, index) && !isReservedName(part));
  return {
    field: field.every(isKnown) ? field : [],
    code: /^[A-Z][A-Z0-9_]{0,63}$/.test(code) ? code : "REFUSED",
  };
}
