// Which organizations are in a group, and how they come in and go: the one that makes it is in, every other is invited
// and says yes itself. Nobody's people are in a group in which their organization is not.
import { JuntoError } from "../errors/index.ts";
import type { Database, Queryable } from "../database/database.ts";
import { cardsAgain } from "./cards-again.ts";
import { append, lockGroup } from "./feed.ts";
import { addGrants, endGrantsOf, type NewGrant } from "./grants.ts";
import { isId, newId } from "./ids.ts";
import { refuse } from "./input.ts";
import { addMember, bringIn, closeGroup, organizationEntry, takeBackWaiting } from "./membership.ts";
import type { FeedEntry, InvitationRow, InvitationState, MemberRow, ParticipationRow } from "./rows.ts";

export interface Consent {
  organizations(groupId: string): Promise<readonly string[]>;
  /** The groups that an organization is in, the newest first. */
  participations(organization: string, page: ParticipationsPage): Promise<readonly ParticipationRow[]>;
  invitation(id: string): Promise<InvitationRow | null>;
  /** Of a group, the newest first; `waiting`: only those that do, or only those that do not. */
  invitations(groupId: string, waiting?: boolean): Promise<readonly InvitationRow[]>;
  /** That wait for an organization's answer, the oldest first. */
  invitationsFor(organization: string, first: number): Promise<readonly InvitationRow[]>;
  /** The invitation that waits for the organization's answer: a new one, unless there is one. */
  invite(groupId: string, invitation: NewInvitation): Promise<InvitationRow>;
  /** @throws JuntoError BAD_USER_INPUT (NOT_WAITING) when it was answered or taken back before */
  refuseInvitation(id: string, state: "DECLINED" | "TAKEN_BACK", actor: string): Promise<InvitationRow>;
  /** The organization comes in, with its people and what it shares. @throws JuntoError like `refuseInvitation` */
  acceptInvitation(id: string, coming: Coming, actor: string): Promise<InvitationRow>;
  /** The organization's people, grants and invitations go with it. What the last one leaves is closed. */
  leaveGroup(groupId: string, organization: string, actor: string): Promise<void>;
}

export interface ParticipationsPage {
  /** Only closed groups, or only those that are not. */
  readonly closed?: boolean | null;
  readonly first: number;
  /** The group of the last one of the page before. */
  readonly after?: string | null;
}

interface NewInvitation {
  readonly organization: string;
  readonly actor: string;
  /** Of the actor. */
  readonly from: string;
}

interface Coming {
  readonly members: readonly MemberRow[];
  readonly grants: readonly NewGrant[];
}

const MOST = 100;
const INVITATION = `id, grp as "groupId", organization, invited_by as "invitedBy", invited_from as "invitedFrom",
  invited_at as "invitedAt", state, answered_by as "answeredBy", answered_at as "answeredAt"`;

export function createConsent(database: Database): Consent {
  const invitation: Consent["invitation"] = async (id) => {
    if (!isId(id)) return null;
    const [row] = await database.query<InvitationRow>(`select ${INVITATION} from invitation where id = $1`, [
      id,
    ]);
    return row ?? null;
  };

  /** The work on an invitation that still waits, under its group's lock. */
  const answering = (
    id: string,
    closed: "refused" | "allowed",
    work: (tx: Queryable, waiting: InvitationRow) => Promise<InvitationRow>,
  ): Promise<InvitationRow> =>
    database.transaction(async (tx) => {
      const known = await invitation(id);
      if (known === null) throw new JuntoError("NOT_FOUND", "There is no such invitation.");
      await lockGroup(tx, known.groupId, closed);
      const [now] = await tx.query<InvitationRow>(`select ${INVITATION} from invitation where id = $1`, [id]);
      if (now!.state !== "WAITING") refuse(["id"], "NOT_WAITING", SAID[now!.state]);
      return work(tx, now!);
    });

  return {
    invitation,

    async organizations(groupId) {
      if (!isId(groupId)) return [];
      const rows = await database.query<{ organization: string }>(
        "select organization from organization_in_group where grp = $1 order by since, organization",
        [groupId],
      );
      return rows.map(({ organization }) => organization);
    },

    async participations(organization, { closed, first, after }) {
      if (typeof after === "string" && !isId(after)) return [];
      return database.query<ParticipationRow>(
        `select grp as "groupId", organization, since from organization_in_group join grp on grp.id = grp
         where organization = $1 and ($2::boolean is null or closed = $2) and ($3::uuid is null or grp < $3)
         order by grp desc limit $4`,
        [organization, closed ?? null, after ?? null, first],
      );
    },

    async invitations(groupId, waiting) {
      if (!isId(groupId)) return [];
      return database.query<InvitationRow>(
        `select ${INVITATION} from invitation
         where grp = $1 and ($2::boolean is null or (state = 'WAITING') = $2) order by id desc limit $3`,
        [groupId, waiting ?? null, MOST],
      );
    },

    invitationsFor: (organization, first) =>
      database.query<InvitationRow>(
        `select ${INVITATION} from invitation where organization = $1 and state = 'WAITING' order by id limit $2`,
        [organization, first],
      ),

    invite: (groupId, wanted) => database.transaction((tx) => invite(tx, groupId, wanted)),

    refuseInvitation: (id, state, actor) =>
      answering(id, "allowed", async (tx, { groupId, organization }) => {
        const entry = organizationEntry(organization, state, actor);
        await append(tx, groupId, [entry]);
        return answered(tx, id, state, actor);
      }),

    acceptInvitation: (id, { members, grants }, actor) =>
      answering(id, "refused", async (tx, { groupId, organization }) => {
        const entries: FeedEntry[] = [await bringIn(tx, groupId, organization, actor)];
        for (const member of members) {
          const added = await addMember(tx, groupId, member, actor);
          if (added !== null) entries.push(added.entry);
        }
        const given = await addGrants(tx, groupId, grants, actor);
        const again = given.shown ? await cardsAgain(tx, groupId, actor) : [];
        await append(tx, groupId, [...entries, ...given.entries, ...again]);
        return answered(tx, id, "ACCEPTED", actor);
      }),

    leaveGroup: (groupId, organization, actor) =>
      database.transaction((tx) => leaveGroup(tx, groupId, organization, actor)),
  };
}

const SAID: Readonly<Record<InvitationState, string>> = {
  WAITING: "The invitation waits.",
  ACCEPTED: "The invitation has been accepted.",
  DECLINED: "The invitation has been declined.",
  TAKEN_BACK: "The invitation has been taken back.",
};

async function invite(
  tx: Queryable,
  groupId: string,
  { organization, actor, from }: NewInvitation,
): Promise<InvitationRow> {
  await lockGroup(tx, groupId);
  const there = await tx.query<{ organization: string }>(
    "select organization from organization_in_group where grp = $1 and organization = any($2)",
    [groupId, [organization, from]],
  );
  if (there.some((each) => each.organization === organization))
    refuse(["organizationId"], "ALREADY_IN", "This organization is in the group already.");
  if (there.length === 0) throw new JuntoError("NOT_FOUND", "There is no such group.");
  const [waiting] = await tx.query<InvitationRow>(
    `select ${INVITATION} from invitation where grp = $1 and organization = $2 and state = 'WAITING'`,
    [groupId, organization],
  );
  if (waiting !== undefined) return waiting;
  const [invited] = await tx.query<InvitationRow>(
    `insert into invitation (id, grp, organization, invited_by, invited_from) values ($1, $2, $3, $4, $5)
     returning ${INVITATION}`,
    [newId(), groupId, organization, actor, from],
  );
  await append(tx, groupId, [organizationEntry(organization, "INVITED", actor)]);
  return invited!;
}

async function answered(
  tx: Queryable,
  id: string,
  state: InvitationState,
  actor: string,
): Promise<InvitationRow> {
  const [row] = await tx.query<InvitationRow>(
    `update invitation set state = $2, answered_by = $3, answered_at = clock_timestamp()
     where id = $1 returning ${INVITATION}`,
    [id, state, actor],
  );
  return row!;
}

async function leaveGroup(
  tx: Queryable,
  groupId: string,
  organization: string,
  actor: string,
): Promise<void> {
  const { closed } = await lockGroup(tx, groupId, "allowed");
  const [left] = await tx.query(
    "delete from organization_in_group where grp = $1 and organization = $2 returning organization",
    [groupId, organization],
  );
  if (left === undefined) return;
  const removed = await tx.query<MemberRow>(
    `delete from member using person where grp = $1 and person.id = member.person and organization = $2
     returning member.person, role`,
    [groupId, organization],
  );
  const grants = await endGrantsOf(tx, groupId, organization, actor);
  const entries: FeedEntry[] = [
    organizationEntry(organization, "LEFT", actor),
    ...removed.map((keys) => ({ kind: "MEMBER", keys: { ...keys, change: "REMOVED" }, actor }) as const),
    ...grants,
    ...(await takeBackWaiting(tx, groupId, actor, organization)),
  ];
  const [others] = await tx.query("select from organization_in_group where grp = $1 limit 1", [groupId]);
  if (others === undefined && !closed) entries.push(...(await closeGroup(tx, groupId, actor)));
  await append(tx, groupId, [...entries, ...(await cardsAgain(tx, groupId, actor))]);
}
