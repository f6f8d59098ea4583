// What changes a group: who is in it and what is shared in it. Each change is written to the feed in its own
// transaction; done again, it changes nothing and writes nothing. Who may do what is decided elsewhere.
import { append, lockGroup } from "./feed.ts";
import { newId } from "./ids.ts";
import { GROUP } from "./people.ts";
import type { Database, Queryable } from "../database/database.ts";
import type { FeedEntry, GroupRow, MemberRow, SubjectKey } from "./rows.ts";

export interface Administration {
  /** Makes a group, once for each (createdBy, key). Who makes it is its first member. */
  createGroup(group: NewGroup): Promise<{ readonly group: GroupRow; readonly created: boolean }>;
  closeGroup(groupId: string, actor: string): Promise<void>;
  /** Adds a person, or gives a member another role. */
  addMember(groupId: string, member: MemberRow, actor: string): Promise<void>;
  removeMember(groupId: string, personId: string, actor: string): Promise<void>;
  grant(groupId: string, grant: NewGrant, actor: string): Promise<void>;
  withdraw(groupId: string, grant: Pick<NewGrant, "policy" | "role">, actor: string): Promise<void>;
}

interface NewGroup {
  readonly scenario: string;
  readonly name: string;
  readonly subject: SubjectKey;
  readonly createdBy: string;
  /** Of who makes it. */
  readonly role: string;
  readonly key: string;
  readonly grants?: readonly NewGrant[];
  readonly members?: readonly MemberRow[];
}

interface NewGrant {
  readonly policy: string;
  /** Owner of the policy. */
  readonly organization: string;
  readonly role: string;
}

export function createAdministration(database: Database): Administration {
  return {
    createGroup: (group) => database.transaction((tx) => createGroup(tx, group)),

    closeGroup: (groupId, actor) =>
      database.transaction(async (tx) => {
        const { closed } = await lockGroup(tx, groupId, "allowed");
        if (closed) return;
        await tx.query("update grp set closed = true where id = $1", [groupId]);
        await append(tx, groupId, [
          { kind: "CLOSED", keys: {}, actor },
          ...(await cardsAgain(tx, groupId, actor)),
        ]);
      }),

    addMember: (groupId, member, actor) =>
      database.transaction(async (tx) => {
        await lockGroup(tx, groupId);
        const added = await addMember(tx, groupId, member, actor);
        if (added === null) return;
        await append(tx, groupId, [
          added.entry,
          ...(added.moved ? await cardsAgain(tx, groupId, actor) : []),
        ]);
      }),

    removeMember: (groupId, personId, actor) =>
      database.transaction(async (tx) => {
        // Also from a closed group: it can still be read.
        await lockGroup(tx, groupId, "allowed");
        const [removed] = await tx.query<MemberRow>(
          "delete from member where grp = $1 and person = $2 returning person, role",
          [groupId, personId],
        );
        if (removed === undefined) return;
        await append(tx, groupId, [{ kind: "MEMBER", keys: { ...removed, change: "REMOVED" }, actor }]);
      }),

    grant: (groupId, grant, actor) =>
      database.transaction(async (tx) => {
        await lockGroup(tx, groupId);
        const entry = await addGrant(tx, groupId, grant, actor);
        if (entry !== null) await append(tx, groupId, [entry, ...(await cardsAgain(tx, groupId, actor))]);
      }),

    withdraw: (groupId, { policy, role }, actor) =>
      database.transaction(async (tx) => {
        await lockGroup(tx, groupId, "allowed");
        const withdrawn = await tx.query(
          "delete from grant_ where grp = $1 and policy = $2 and role = $3 returning policy",
          [groupId, policy, role],
        );
        if (withdrawn.length === 0) return;
        const entry = { kind: "GRANT", keys: { policy, role, change: "WITHDRAWN" }, actor } as const;
        await append(tx, groupId, [entry, ...(await cardsAgain(tx, groupId, actor))]);
      }),
  };
}

/** Cards that may be on somebody's screen: all but very old ones. */
const CARDS_AGAIN = 200;

/** I8: who may see what has changed, so the group's cards are pushed again, to each as they may see them now. */
async function cardsAgain(tx: Queryable, groupId: string, actor: string): Promise<FeedEntry[]> {
  const cards = await tx.query<{ id: string }>(
    "select id from card where grp = $1 order by id desc limit $2",
    [groupId, CARDS_AGAIN],
  );
  return cards.map(({ id }) => ({ kind: "CARD_CHANGED", keys: { card: id }, actor }));
}

async function createGroup(tx: Queryable, group: NewGroup): ReturnType<Administration["createGroup"]> {
  const { scenario, name, subject, createdBy, key, role } = group;
  const [made] = await tx.query<GroupRow>(
    `insert into grp (id, name, scenario, subject_type, subject_id, created_by, created_key)
     values ($1, $2, $3, $4, $5, $6, $7) on conflict (created_by, created_key) do nothing returning ${GROUP}`,
    [newId(), name, scenario, subject.type, subject.id, createdBy, key],
  );
  if (made === undefined) {
    const [there] = await tx.query<GroupRow>(
      `select ${GROUP} from grp where created_by = $1 and created_key = $2`,
      [createdBy, key],
    );
    return { group: there!, created: false };
  }
  const entries: (FeedEntry | null)[] = [];
  for (const member of [{ person: createdBy, role }, ...(group.members ?? [])]) {
    entries.push((await addMember(tx, made.id, member, createdBy))?.entry ?? null);
  }
  for (const grant of group.grants ?? []) entries.push(await addGrant(tx, made.id, grant, createdBy));
  const rows = await append(
    tx,
    made.id,
    entries.filter((entry) => entry !== null),
  );
  return { group: { ...made, head: rows.at(-1)?.seq ?? 0 }, created: true };
}

/**
 * @returns what to write to the feed, and whether a member has another role now; null when the person is in that
 *   role already
 */
async function addMember(
  tx: Queryable,
  groupId: string,
  { person, role }: MemberRow,
  actor: string,
): Promise<{ readonly entry: FeedEntry; readonly moved: boolean } | null> {
  const [added] = await tx.query<{ moved: boolean }>(
    `with before as (select role from member where grp = $1 and person = $2)
     insert into member (grp, person, role) values ($1, $2, $3)
     on conflict (grp, person) do update set role = excluded.role where member.role <> excluded.role
     returning exists (select from before) as moved`,
    [groupId, person, role],
  );
  if (added === undefined) return null;
  return { entry: { kind: "MEMBER", keys: { person, role, change: "ADDED" }, actor }, moved: added.moved };
}

/** @returns what to write to the feed; null when it is granted already */
async function addGrant(
  tx: Queryable,
  groupId: string,
  { policy, role, organization }: NewGrant,
  actor: string,
): Promise<FeedEntry | null> {
  const granted = await tx.query(
    `insert into grant_ (grp, policy, role, organization, granted_by) values ($1, $2, $3, $4, $5)
     on conflict do nothing returning policy`,
    [groupId, policy, role, organization, actor],
  );
  return granted.length === 0 ? null : { kind: "GRANT", keys: { policy, role, change: "GRANTED" }, actor };
}
