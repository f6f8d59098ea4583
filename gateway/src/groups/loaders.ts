// Batches what the resolvers of one operation read, and reads nothing twice.
import DataLoader from "dataloader";
import type { GroupsContext } from "./context.ts";
import type { ActionRow, CardRow, Entity, GroupRow, MessageRow, PersonRow, ReadingRow } from "./store.ts";

export interface Loaders {
  readonly person: DataLoader<string, PersonRow | null>;
  readonly message: DataLoader<string, MessageRow | null>;
  /** Whom a message mentions, by its id. */
  readonly mentions: DataLoader<string, readonly string[]>;
  readonly card: DataLoader<string, CardRow | null>;
  /** By whose action what a card is about came to be. */
  readonly begunBy: DataLoader<CardRow, string | null>;
  readonly action: DataLoader<string, ActionRow | null>;
  /** What an action has begun, by its id. */
  readonly begun: DataLoader<string, readonly Entity[]>;
  /** Whoever asks: for what may be said of it to those who are not in it. */
  readonly outline: DataLoader<string, GroupRow | null>;
  /** Unless the viewer may know of it: null. */
  readonly group: DataLoader<string, GroupRow | null>;
  /** Of who asks; null where they are no member, and for an audience. */
  readonly reading: DataLoader<string, ReadingRow | null>;
}

const ofContext = new WeakMap<GroupsContext, Loaders>();

export function loaders(context: GroupsContext): Loaders {
  let made = ofContext.get(context);
  if (made === undefined) ofContext.set(context, (made = createLoaders(context)));
  return made;
}

/** After something has been written: from now on it is read again. */
export function forgetLoaded(context: GroupsContext): void {
  ofContext.delete(context);
}

function createLoaders(context: GroupsContext): Loaders {
  const { groups, viewer } = context;
  return {
    person: new DataLoader((ids) => groups.persons(ids)),
    message: new DataLoader((ids) => groups.messages(ids)),
    mentions: new DataLoader((ids) => groups.mentionsOf(ids)),
    card: new DataLoader((ids) => groups.cardsById(ids)),
    begunBy: new DataLoader((cards) => groups.begunBy(cards)),
    begun: new DataLoader((ids) => groups.begunIn(ids)),
    action: new DataLoader((ids) => groups.actionsById(ids)),
    outline: new DataLoader((ids) => groups.groupsById(ids)),
    group: new DataLoader((ids) => Promise.all(ids.map((id) => visibleGroup(context, id)))),
    reading: new DataLoader(async (ids) =>
      viewer.person === null ? ids.map(() => null) : groups.readings(ids, viewer.person),
    ),
  };
}

/** I2: members know of a group; to everyone else it is as if it did not exist. */
async function visibleGroup({ groups, viewer }: GroupsContext, id: string): Promise<GroupRow | null> {
  const visible =
    viewer.person === null ? id === viewer.groupId : (await groups.membership(id, viewer.person)) !== null;
  return visible ? groups.group(id) : null;
}
