// What organizations share in groups, for good or until a date. A grant stands until it is withdrawn, ends by its date or
// is given again with another; then it is kept, and listed for its owner. Whether a date has come the database's clock
// says, at every look: a grant is gone at that moment, and the row of the feed that says so follows.
import { JuntoError } from "../errors/index.ts";
import type { Database, Queryable } from "../database/database.ts";
import { cardsAgain } from "./cards-again.ts";
import { append, lockGroup } from "./feed.ts";
import { isId, newId } from "./ids.ts";
import { refuse } from "./input.ts";
import { isText } from "./people.ts";
import type { FeedEntry, GrantEnd, GrantRow } from "./rows.ts";

export interface Grants {
  /** Those of a group that stand now. */
  grants(groupId: string): Promise<readonly GrantRow[]>;
  /** An organization's own, in all groups, ended ones too, the newest first. */
  grantsOf(organization: string, page: GrantsPage): Promise<readonly GrantRow[]>;
  /** Gives them at once; one that stands already gets the new date. */
  grant(groupId: string, grants: readonly NewGrant[], actor: string): Promise<void>;
  withdraw(groupId: string, grant: Omit<NewGrant, "until">, actor: string): Promise<void>;
  /**
   * Ends those whose date has come, once, whichever of several gateways looks first.
   *
   * @returns milliseconds until the next date; null: there is none
   */
  endGrants(): Promise<number | null>;
}

export interface NewGrant {
  readonly policy: string;
  /** Owner of the policy. */
  readonly organization: string;
  readonly role: string;
  /** Null or nothing: for good. */
  readonly until?: Date | null;
}

export interface GrantsPage {
  readonly groupId?: string | null;
  readonly policy?: string | null;
  readonly role?: string | null;
  readonly inForce?: boolean | null;
  readonly first: number;
  /** Id of the last one of the page before. */
  readonly after?: string | null;
}

const STANDS = "ended_at is null and (until is null or until > clock_timestamp())";
const GRANT = `grant_.id, grant_.grp as "groupId", policy, grant_.organization, role, granted_by as "grantedBy",
  granted_at as "grantedAt", until, (${STANDS} and not grp.closed) as "inForce", ending as "end",
  ended_at as "endedAt", ended_by as "endedBy"`;

export function createGrants(database: Database): Grants {
  return {
    async grants(groupId) {
      if (!isId(groupId)) return [];
      return database.query<GrantRow>(
        `select ${GRANT} from grant_ join grp on grp.id = grp where grp = $1 and ${STANDS} order by policy, role`,
        [groupId],
      );
    },

    async grantsOf(organization, { groupId, policy, role, inForce, first, after }) {
      if ([groupId, after].some((id) => typeof id === "string" && !isId(id))) return [];
      if ([policy, role].some((text) => typeof text === "string" && !isText(text))) return [];
      return database.query<GrantRow>(
        `select ${GRANT} from grant_ join grp on grp.id = grp
         where grant_.organization = $1 and ($2::uuid is null or grp = $2) and ($3::text is null or policy = $3)
           and ($4::text is null or role = $4) and ($5::boolean is null or (${STANDS} and not grp.closed) = $5)
           and ($6::uuid is null or grant_.id < $6)
         order by grant_.id desc limit $7`,
        [organization, groupId ?? null, policy ?? null, role ?? null, inForce ?? null, after ?? null, first],
      );
    },

    grant: (groupId, grants, actor) =>
      database.transaction(async (tx) => {
        await lockGroup(tx, groupId);
        const ended = await endDue(tx, groupId);
        const given = await addGrants(tx, groupId, grants, actor);
        if (ended.length + given.entries.length === 0) return;
        const again = given.shown || ended.length > 0 ? await cardsAgain(tx, groupId, actor) : [];
        await append(tx, groupId, [...ended, ...given.entries, ...again]);
      }),

    withdraw: (groupId, { policy, role, organization }, actor) =>
      database.transaction(async (tx) => {
        await lockGroup(tx, groupId, "allowed");
        const due = await endDue(tx, groupId);
        const withdrawn = await endGrants(tx, groupId, "WITHDRAWN", actor, {
          text: "policy = $5 and role = $6 and organization = $7",
          values: [policy, role, organization],
        });
        const entries = [...due, ...withdrawn];
        if (entries.length > 0)
          await append(tx, groupId, [...entries, ...(await cardsAgain(tx, groupId, actor))]);
      }),

    async endGrants() {
      const due = await database.query<{ grp: string }>(
        "select distinct grp from grant_ where ended_at is null and until <= clock_timestamp()",
      );
      for (const { grp } of due) await database.transaction((tx) => endDueIn(tx, grp));
      const [next] = await database.query<{ ms: number | null }>(
        `select (extract(epoch from min(until) - clock_timestamp()) * 1000)::float8 as ms
         from grant_ where ended_at is null and until is not null`,
      );
      return next?.ms ?? null;
    },
  };
}

/**
 * Under the group's lock.
 *
 * @returns what to write to the feed, and whether somebody sees more by it
 * @throws JuntoError when a date has passed, or an organization is not in the group
 */
export async function addGrants(
  tx: Queryable,
  groupId: string,
  grants: readonly NewGrant[],
  actor: string,
): Promise<{ readonly entries: readonly FeedEntry[]; readonly shown: boolean }> {
  await checkGrants(tx, groupId, grants);
  const entries: FeedEntry[] = [];
  let shown = false;
  for (const grant of grants) {
    const { policy, role, organization, until = null } = grant;
    const [standing] = await tx.query<{ id: string; until: Date | null }>(
      "select id, until from grant_ where grp = $1 and policy = $2 and role = $3 and ended_at is null",
      [groupId, policy, role],
    );
    if (standing && standing.until?.getTime() === until?.getTime()) continue;
    if (standing) await endGrants(tx, groupId, "REPLACED", actor, { text: "id = $5", values: [standing.id] });
    else shown = true;
    await tx.query(
      `insert into grant_ (id, grp, policy, role, organization, granted_by, granted_at, until)
       values ($1, $2, $3, $4, $5, $6, clock_timestamp(), $7)`,
      [newId(), groupId, policy, role, organization, actor, until],
    );
    entries.push(entryOf({ policy, role, until }, "GRANTED", actor));
  }
  return { entries, shown };
}

/** Under the group's lock: ends those of an organization, since it leaves. @returns what to write to the feed */
export async function endGrantsOf(
  tx: Queryable,
  groupId: string,
  organization: string,
  actor: string,
): Promise<FeedEntry[]> {
  const due = await endDue(tx, groupId);
  const left = await endGrants(tx, groupId, "LEFT", actor, {
    text: "organization = $5",
    values: [organization],
  });
  return [...due, ...left];
}

async function checkGrants(tx: Queryable, groupId: string, grants: readonly NewGrant[]): Promise<void> {
  const dates = grants.flatMap(({ until }) => until ?? []);
  const [clock] = await tx.query<{ past: boolean }>(
    "select exists (select from unnest($1::timestamptz[]) as date where date <= clock_timestamp()) as past",
    [dates],
  );
  if (clock!.past) refuse(["until"], "PAST", "This date has passed; a grant ends in the future, or never.");
  const [strangers] = await tx.query<{ some: boolean }>(
    `select exists (select unnest($2::text[]) except select organization from organization_in_group where grp = $1) as some`,
    [groupId, grants.map(({ organization }) => organization)],
  );
  if (strangers!.some)
    throw new JuntoError("FORBIDDEN", "The organization is not in this group.", {
      details: { reason: "NOT_IN_GROUP" },
    });
}

async function endDueIn(tx: Queryable, groupId: string): Promise<void> {
  await lockGroup(tx, groupId, "allowed");
  const ended = await endDue(tx, groupId);
  if (ended.length > 0) await append(tx, groupId, [...ended, ...(await cardsAgain(tx, groupId, null))]);
}

/** Nobody did it: the date had come, even if it is somebody's doing that it is noticed now. */
function endDue(tx: Queryable, groupId: string): Promise<FeedEntry[]> {
  return endGrants(tx, groupId, "EXPIRED", null, { text: "until <= clock_timestamp()", values: [] });
}

/** @param which of the group's, as SQL; its values are $5 and on */
async function endGrants(
  tx: Queryable,
  groupId: string,
  end: GrantEnd,
  actor: string | null,
  which: { readonly text: string; readonly values: readonly unknown[] },
): Promise<FeedEntry[]> {
  const ended = await tx.query<Pick<GrantRow, "policy" | "role" | "until">>(
    `with ended as (
       update grant_ set ending = $2, ended_by = $3,
         ended_at = case when $4::boolean then least(until, clock_timestamp()) else clock_timestamp() end
       where grp = $1 and ended_at is null and ${which.text} returning policy, role, until)
     select * from ended order by policy, role`,
    [groupId, end, actor, end === "EXPIRED", ...which.values],
  );
  return end === "REPLACED" ? [] : ended.map((grant) => entryOf(grant, end, actor));
}

function entryOf(
  { policy, role, until }: Pick<GrantRow, "policy" | "role" | "until">,
  change: "GRANTED" | Exclude<GrantEnd, "REPLACED">,
  actor: string | null,
): FeedEntry {
  return {
    kind: "GRANT",
    keys: { policy, role, change, ...(until && { until: until.toISOString() }) },
    actor,
  };
}
