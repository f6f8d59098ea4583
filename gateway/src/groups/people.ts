// Organizations, people, and who is where: groups and members, as they are read.
import { inOrder, isId } from "./ids.ts";
import type { Database } from "../database/database.ts";
import type { GroupRow, MemberRow, PersonRow, SubjectKey } from "./rows.ts";

export interface People {
  /** Makes them known; names and policies stay in the configuration. */
  saveOrganizations(ids: readonly string[]): Promise<void>;
  savePerson(person: PersonRow): Promise<void>;
  person(id: string): Promise<PersonRow | null>;
  /** Those of an organization whose name or id holds `search`, by name. */
  peopleOf(organization: string, search: string, first: number): Promise<readonly PersonRow[]>;
  /** In the order of the ids. */
  persons(ids: readonly string[]): Promise<readonly (PersonRow | null)[]>;
  group(id: string): Promise<GroupRow | null>;
  /** In the order of the ids. */
  groupsById(ids: readonly string[]): Promise<readonly (GroupRow | null)[]>;
  /** Closed ones too; by what happened last. */
  groupsOf(personId: string): Promise<readonly GroupRow[]>;
  /** Those that are not closed. */
  groupsAbout(subject: SubjectKey): Promise<readonly GroupRow[]>;
  /** Those that are not closed. */
  groupsByScenario(scenario: string): Promise<readonly GroupRow[]>;
  membership(groupId: string, personId: string): Promise<{ readonly role: string } | null>;
  members(groupId: string): Promise<readonly MemberRow[]>;
  /** Those of one organization. */
  membersFrom(groupId: string, organization: string): Promise<readonly MemberRow[]>;
}

export const GROUP = `id, name, scenario, json_build_object('type', subject_type, 'id', subject_id) as subject, closed, head,
  changed_at as "changedAt"`;

export function createPeople(database: Database): People {
  const persons: People["persons"] = async (ids) => {
    const rows = await database.query<PersonRow>(
      "select id, organization, name from person where id = any($1)",
      [ids.filter(isText)],
    );
    return inOrder(ids, rows);
  };

  const groupsById: People["groupsById"] = async (ids) => {
    const rows = await database.query<GroupRow>(`select ${GROUP} from grp where id = any($1)`, [
      ids.filter(isId),
    ]);
    return inOrder(ids, rows);
  };

  return {
    persons,
    async person(id) {
      return (await persons([id]))[0] ?? null;
    },

    async saveOrganizations(ids) {
      await database.query("insert into organization select unnest($1::text[]) on conflict do nothing", [
        ids,
      ]);
    },

    async peopleOf(organization, search, first) {
      if (!isText(search)) return [];
      return database.query<PersonRow>(
        `select id, organization, name from person
         where organization = $1 and position(lower($2) in lower(name || ' ' || id)) > 0 order by name, id limit $3`,
        [organization, search, first],
      );
    },

    async savePerson({ id, organization, name }) {
      await database.query(
        `with known as (insert into organization (id) values ($2) on conflict do nothing)
         insert into person (id, organization, name) values ($1, $2, $3)
         on conflict (id) do update set organization = excluded.organization, name = excluded.name
         where (person.organization, person.name) is distinct from (excluded.organization, excluded.name)`,
        [id, organization, name],
      );
    },

    groupsById,
    async group(id) {
      return (await groupsById([id]))[0] ?? null;
    },

    async groupsOf(personId) {
      if (!isText(personId)) return [];
      return database.query<GroupRow>(
        `select ${GROUP} from grp join member on member.grp = grp.id where member.person = $1
         order by changed_at desc, id desc`,
        [personId],
      );
    },

    async groupsAbout({ type, id }) {
      if (!isText(type) || !isText(id)) return [];
      return database.query<GroupRow>(
        `select ${GROUP} from grp where subject_type = $1 and subject_id = $2 and not closed order by id`,
        [type, id],
      );
    },

    groupsByScenario: (scenario) =>
      database.query<GroupRow>(`select ${GROUP} from grp where scenario = $1 and not closed order by id`, [
        scenario,
      ]),

    async membership(groupId, personId) {
      if (!isId(groupId) || !isText(personId)) return null;
      const rows = await database.query<{ role: string }>(
        "select role from member where grp = $1 and person = $2",
        [groupId, personId],
      );
      return rows[0] ?? null;
    },

    async members(groupId) {
      if (!isId(groupId)) return [];
      return database.query<MemberRow>("select person, role from member where grp = $1 order by person", [
        groupId,
      ]);
    },

    async membersFrom(groupId, organization) {
      if (!isId(groupId)) return [];
      return database.query<MemberRow>(
        `select person, role from member join person on person.id = person
         where grp = $1 and organization = $2 order by person`,
        [groupId, organization],
      );
    },
  };
}

/** What is no text for PostgreSQL is nobody's id. */
export function isText(value: string): boolean {
  return !value.includes("\0");
}
