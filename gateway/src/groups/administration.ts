// What changes a group as a whole, and who is in it. Each change is written to the feed in its own transaction; done
// again, it changes nothing and writes nothing. Who may do what is decided elsewhere.
import type { Database, Queryable } from "../database/database.ts";
import { cardsAgain } from "./cards-again.ts";
import { append, lockGroup } from "./feed.ts";
import { addGrants, type NewGrant } from "./grants.ts";
import { newId } from "./ids.ts";
import { addMember, bringIn, closeGroup } from "./membership.ts";
import { GROUP } from "./people.ts";
import type { GroupRow, MemberRow, SubjectKey } from "./rows.ts";

export interface Administration {
  /** Makes a group, once for each (createdBy, key). Who makes it is its first member, their organization the first in it. */
  createGroup(group: NewGroup): Promise<{ readonly group: GroupRow; readonly created: boolean }>;
  closeGroup(groupId: string, actor: string): Promise<void>;
  /** Adds a person of an organization that is in the group, or gives a member another role. */
  addMember(groupId: string, member: MemberRow, actor: string): Promise<void>;
  removeMember(groupId: string, personId: string, actor: string): Promise<void>;
}

interface NewGroup {
  readonly scenario: string;
  readonly name: string;
  readonly subject: SubjectKey;
  readonly createdBy: string;
  /** Of who makes it. */
  readonly organization: string;
  readonly role: string;
  readonly key: string;
  readonly grants?: readonly NewGrant[];
}

export function createAdministration(database: Database): Administration {
  return {
    createGroup: (group) => database.transaction((tx) => createGroup(tx, group)),

    closeGroup: (groupId, actor) =>
      database.transaction(async (tx) => {
        const { closed } = await lockGroup(tx, groupId, "allowed");
        if (closed) return;
        const entries = await closeGroup(tx, groupId, actor);
        await append(tx, groupId, [...entries, ...(await cardsAgain(tx, groupId, actor))]);
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
  };
}

async function createGroup(tx: Queryable, group: NewGroup): ReturnType<Administration["createGroup"]> {
  const { scenario, name, subject, createdBy, organization, key, role, grants = [] } = group;
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
  // That the organization is in needs no word of its own: its first member says so.
  await bringIn(tx, made.id, organization, createdBy);
  const added = await addMember(tx, made.id, { person: createdBy, role }, createdBy);
  const given = await addGrants(tx, made.id, grants, createdBy);
  const rows = await append(tx, made.id, [added!.entry, ...given.entries]);
  return { group: { ...made, head: rows.at(-1)!.seq }, created: true };
}
