// The store of groups over PostgreSQL: people, groups, feed, cards, actions. Everything that several gateways
// share about groups is here, and nothing of the organizations' own data (I1).
import type { Log } from "../observe/index.ts";
import { createActions, type Actions } from "./actions.ts";
import { createAdministration, type Administration } from "./administration.ts";
import { createAnnouncements, type Announcements } from "./announcements.ts";
import { createBegun, type Begun } from "./begun.ts";
import { createCards, type Cards } from "./cards.ts";
import { createConsent, type Consent } from "./consent.ts";
import { createEndings } from "./endings.ts";
import { createFeed, type Feed } from "./feed.ts";
import { createInbox, type Inbox } from "./inbox.ts";
import { createGrants, type Grants } from "./grants.ts";
import { createMessages, type Messages } from "./messages.ts";
import { MIGRATIONS } from "./migrations.ts";
import { createNotices, type Notices } from "./notices.ts";
import { createPeople, type People } from "./people.ts";
import { createPreferences, type Preferences } from "./preferences.ts";
import { createReading, type ReadingStore } from "./reading.ts";
import { openDatabase } from "../database/database.ts";
import { migrate } from "../database/migrate.ts";
import { createTurns, type Turns } from "./turns.ts";
import { createSearch, type Search } from "./search.ts";
import { createWatches, type Watches } from "./watches.ts";

export type { NewGrant } from "./grants.ts";
export type { Entity, EntityKey } from "./keys.ts";
export type {
  ActionRow,
  ActionStatus,
  CardRow,
  FeedKind,
  FeedRow,
  GrantRow,
  GroupRow,
  InboxRow,
  InboxState,
  InvitationRow,
  MemberRow,
  MessageRow,
  MuteRow,
  ParticipationRow,
  PersonRow,
  QuietHoursRow,
  ReadingRow,
  SeenRow,
  SubjectKey,
  TurnRow,
} from "./rows.ts";

/**
 * An id that is malformed is the id of nothing: reading gives null or nothing, writing throws NOT_FOUND. When
 * the database does not answer, everything throws UNAVAILABLE.
 */
export interface Groups
  extends
    People,
    Administration,
    Grants,
    Consent,
    Feed,
    Messages,
    Search,
    Cards,
    Actions,
    Begun,
    Inbox,
    Preferences,
    Watches,
    Turns,
    ReadingStore,
    Pick<Announcements, "onFeed"> {
  /** Something is another for one person in a group: how far they have read, or what waits for them. @returns what ends it */
  onPersonal(listener: (groupId: string, personId: string) => void): () => void;
  /** For what gateways tell each other beside that. */
  readonly notices: Pick<Notices, "tell" | "onNotice" | "onListening">;
  close(): Promise<void>;
}

export interface GroupsOptions {
  readonly databaseUrl: string;
  readonly log: Log;
  /** How often to look for what a notification was lost of, in ms. */
  readonly lookEvery?: number;
}

/** Opens the store, and makes or mends its tables. Several gateways may do so at once. */
export async function openGroups({ databaseUrl, log, lookEvery }: GroupsOptions): Promise<Groups> {
  const database = openDatabase({ databaseUrl, log });
  try {
    await migrate(database, "groups", MIGRATIONS);
  } catch (error) {
    await database.close();
    throw error;
  }
  const notices = createNotices({ database, databaseUrl, log });
  const announcements = createAnnouncements({
    database,
    notices,
    log,
    ...(lookEvery === undefined ? {} : { interval: lookEvery }),
  });
  const grants = createGrants(database);
  const endings = createEndings({ endGrants: grants.endGrants, log });
  return {
    ...createPeople(database),
    ...createAdministration(database),
    ...grants,
    ...createConsent(database),
    ...createFeed(database),
    ...createMessages(database),
    ...createSearch(database),
    ...createCards(database),
    ...createActions(database),
    ...createBegun(database),
    ...createInbox(database),
    ...createPreferences(database),
    ...createWatches(database),
    ...createTurns(database),
    ...createReading(database),
    notices,
    onFeed: announcements.onFeed,
    onPersonal: (listener) =>
      notices.onNotice("personal", (payload) => {
        const at = payload.indexOf(":");
        listener(payload.slice(0, at), payload.slice(at + 1));
      }),
    async close() {
      await endings.close();
      await announcements.close();
      await notices.close();
      await database.close();
    },
  };
}
