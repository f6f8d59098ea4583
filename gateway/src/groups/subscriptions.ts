// How the subscriptions of the groups schema are answered: each event is the root value, and is executed for itself.
import { JuntoError } from "../errors/index.ts";
import type { GroupsContext } from "./context.ts";
import { found, type Resolver } from "./fields.ts";
import { loaders } from "./loaders.ts";
import { byOrganization } from "./resolvers.ts";
import type { FeedRow } from "./store.ts";

/** Who is where in a group now. */
export interface PresenceEvent {
  readonly groupId: string;
  /** Persons. */
  readonly here: readonly string[];
  readonly typing: readonly string[];
}

/** Of which of a person's groups there is news; null: of all. */
export interface MyGroupsEvent {
  readonly groupIds: readonly string[] | null;
}

/** One of these. */
export interface OwnEvent {
  readonly groupFeed?: FeedRow;
  readonly groupPresence?: PresenceEvent;
  readonly myGroups?: MyGroupsEvent;
}

const groupFeed: Resolver<OwnEvent | undefined> = (root, _, context) => inGroup(root?.groupFeed, context);

const groupPresence: Resolver<OwnEvent | undefined> = async (root, _, context) => {
  const { groupId, here, typing } = await inGroup(root?.groupPresence, context);
  const rows = await context.groups.seen(groupId);
  const members = new Set(rows.map(({ person }) => person));
  // I8: who has just been removed may not have gone everywhere yet.
  const persons = (ids: readonly string[]) =>
    ids.filter((id) => members.has(id)).map((id) => found(loaders(context).person.load(id)));
  return { here: persons(here), typing: persons(typing), seen: byOrganization(rows) };
};

const myGroups: Resolver<OwnEvent | undefined> = async (root, _, context) => {
  const { person } = context.viewer;
  if (person === null || !root?.myGroups) throw new JuntoError("FORBIDDEN", "An audience has no groups.");
  const { groupIds } = root.myGroups;
  if (groupIds === null) return { all: true, groups: await context.groups.groupsOf(person), left: [] };
  const groups = await Promise.all(groupIds.map((id) => loaders(context).group.load(id)));
  return {
    all: false,
    groups: groups.filter((group) => group !== null),
    left: groupIds.filter((_id, index) => groups[index] === null),
  };
};

export const subscriptions: Readonly<
  Record<keyof OwnEvent, { readonly resolve: Resolver<OwnEvent | undefined> }>
> = {
  groupFeed: { resolve: groupFeed },
  groupPresence: { resolve: groupPresence },
  myGroups: { resolve: myGroups },
};

/** I2: of a group there is something only for who may know of it. */
async function inGroup<Event extends { readonly groupId: string }>(
  event: Event | undefined,
  context: GroupsContext,
): Promise<Event> {
  if (event === undefined || (await loaders(context).group.load(event.groupId)) === null)
    throw new JuntoError("NOT_FOUND", "There is no such group.");
  return event;
}
