// The steps that change who is in a group, under its lock: each says what to write to the feed.
import { JuntoError } from "../errors/index.ts";
import type { Queryable } from "../database/database.ts";
import type { FeedEntry, MemberRow } from "./rows.ts";
import { weighAgain } from "./turns.ts";

/** An organization comes in. */
export async function bringIn(
  tx: Queryable,
  groupId: string,
  organization: string,
  actor: string,
): Promise<FeedEntry> {
  await tx.query("insert into organization_in_group (grp, organization) values ($1, $2)", [
    groupId,
    organization,
  ]);
  return organizationEntry(organization, "JOINED", actor);
}

/**
 * Adds a person, or gives a member another role.
 *
 * @returns the entry, and whether a member has another role now; null when the person is in that role already
 * @throws JuntoError FORBIDDEN when their organization is not in the group
 */
export async function addMember(
  tx: Queryable,
  groupId: string,
  { person, role }: MemberRow,
  actor: string,
): Promise<{ readonly entry: FeedEntry; readonly moved: boolean } | null> {
  await checkIn(tx, groupId, person);
  const [added] = await tx.query<{ moved: boolean }>(
    `with before as (select role from member where grp = $1 and person = $2)
     insert into member (grp, person, role, read_seq)
     select id, $2, $3, head from grp where id = $1 -- what was there before they came is not new to them
     on conflict (grp, person) do update set role = excluded.role where member.role <> excluded.role
     returning exists (select from before) as moved`,
    [groupId, person, role],
  );
  if (added === undefined) return null;
  await weighAgain(tx, groupId); // they may be the first of their organization in the role
  return { entry: { kind: "MEMBER", keys: { person, role, change: "ADDED" }, actor }, moved: added.moved };
}

/** Invitations that wait, or those that an organization made, are taken back: nobody stands behind them any more. */
export async function takeBackWaiting(
  tx: Queryable,
  groupId: string,
  actor: string,
  from: string | null,
): Promise<FeedEntry[]> {
  const taken = await tx.query<{ organization: string }>(
    `update invitation set state = 'TAKEN_BACK', answered_by = $2, answered_at = clock_timestamp()
     where grp = $1 and state = 'WAITING' and ($3::text is null or invited_from = $3) returning organization`,
    [groupId, actor, from],
  );
  return taken.map(({ organization }) => organizationEntry(organization, "TAKEN_BACK", actor));
}

/** Nothing is shared in it from now on, and nobody comes in any more. */
export async function closeGroup(tx: Queryable, groupId: string, actor: string): Promise<FeedEntry[]> {
  await tx.query("update grp set closed = true where id = $1", [groupId]);
  return [{ kind: "CLOSED", keys: {}, actor }, ...(await takeBackWaiting(tx, groupId, actor, null))];
}

export function organizationEntry(
  organization: string,
  change: "INVITED" | "DECLINED" | "TAKEN_BACK" | "JOINED" | "LEFT",
  actor: string,
): FeedEntry {
  return { kind: "ORGANIZATION", keys: { organization, change }, actor };
}

async function checkIn(tx: Queryable, groupId: string, person: string): Promise<void> {
  const [known] = await tx.query<{ isIn: boolean }>(
    `select exists (select from organization_in_group as there
       where there.grp = $1 and there.organization = person.organization) as "isIn"
     from person where id = $2`,
    [groupId, person],
  );
  if (known === undefined) throw new JuntoError("NOT_FOUND", "There is no such person.");
  if (!known.isIn)
    throw new JuntoError("FORBIDDEN", "The person's organization is not in this group.", {
      details: { reason: "NOT_IN_GROUP" },
    });
}
