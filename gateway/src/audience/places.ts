// Who is in a group in which role, and what was granted to that role there.
import type { ViewerGroup } from "../access/viewer.ts";
import type { Groups } from "../groups/store.ts";
import { together } from "./together.ts";

export interface Places {
  /** A person's place in a group; null when there is no such group, or they are not in it. */
  of(group: string, person: string): Promise<ViewerGroup | null>;
  /** The places of everyone in a group, by person. */
  all(group: string): Promise<(person: string) => ViewerGroup | null>;
  /** The audiences that a group has now: each organization's people in each role. */
  audiences(
    group: string,
  ): Promise<readonly { readonly organization: string; readonly place: ViewerGroup }[]>;
}

export function createPlaces(
  groups: Pick<Groups, "group" | "members" | "grants" | "membership" | "persons">,
): Places {
  /** The place that a role is in a group, the same object for everyone in the role. */
  const byRole = async (id: string): Promise<((role: string) => ViewerGroup) | null> => {
    const [group, grants] = await Promise.all([groups.group(id), groups.grants(id)]);
    if (!group) return null;
    const made = new Map<string, ViewerGroup>();
    return (role) => {
      let place = made.get(role);
      if (!place) {
        // In a closed group nothing is shared; what was said there can still be read.
        const granted = group.closed
          ? []
          : grants.filter((grant) => grant.role === role).map(({ policy }) => policy);
        made.set(
          role,
          (place = { id: group.id, role, subjects: [group.subject], granted: new Set(granted) }),
        );
      }
      return place;
    };
  };

  return {
    of: together(async (group, person) => {
      const member = await groups.membership(group, person);
      if (!member) return null;
      return (await byRole(group))?.(member.role) ?? null;
    }),
    async all(group) {
      const [placeOf, members] = await Promise.all([byRole(group), groups.members(group)]);
      const roles = new Map(members.map(({ person, role }) => [person, role]));
      return (person) => {
        const role = roles.get(person);
        return role === undefined || !placeOf ? null : placeOf(role);
      };
    },
    async audiences(group) {
      const [placeOf, members] = await Promise.all([byRole(group), groups.members(group)]);
      if (!placeOf) return [];
      const persons = await groups.persons(members.map(({ person }) => person));
      const distinct = new Map<string, { organization: string; place: ViewerGroup }>();
      members.forEach(({ role }, index) => {
        const organization = persons[index]?.organization;
        if (organization !== undefined)
          distinct.set(JSON.stringify([organization, role]), { organization, place: placeOf(role) });
      });
      return [...distinct.values()];
    },
  };
}
