// Groups, feeds, cards and actions for chat clients: what of Junto a user interface should not have to do again. It
// draws nothing and knows no framework.
export { createConnection, problemOf, type Connection, type Tokens } from "./connection.ts";
export {
  createDrafts,
  editPlace,
  formPlace,
  messagePlace,
  NO_DRAFT,
  threadPlace,
  type Draft,
  type Drafts,
} from "./drafts.ts";
export { AskError, type AskProblem } from "./errors.ts";
export type { FeedState } from "./feed-states.ts";
export { openGroup, type GroupView, type OpenGroup } from "./group.ts";
export { followGroups, type GroupList } from "./group-list.ts";
export { mentionAt, mentionsIn, partsOf, suggested, type TextPart } from "./mentions.ts";
export { createOutbox, type Intention, type Outbox, type Outcome, type Sending } from "./outbox.ts";
export { beHere, seenMarks, type Here, type SeenMark } from "./presence.ts";
export { findFurther, findInGroup, findInGroups, type Found } from "./search.ts";
export {
  createInbox,
  type Inbox,
  type InboxCard,
  type InboxState,
  type InboxView,
  type Marking,
} from "./inbox.ts";
export {
  createPreferences,
  isMuted,
  isQuiet,
  type Preferences,
  type PreferencesView,
  type QuietHours,
} from "./preferences.ts";
export { browserStorage, type Storage } from "./storage.ts";
export { createStore, type Store, type Watched } from "./store.ts";
export { createTemplates, tagOf, type Templates } from "./templates.ts";
export {
  answeredBy,
  answerCounts,
  isBegunBy,
  threadIn,
  threadsOf,
  type CardState,
  type Entry,
  type RunState,
  type ThreadOn,
  type Timeline,
} from "./timeline.ts";
export type {
  Action,
  ActionRun,
  Around,
  Asked,
  Card,
  ClosedAction,
  FeedEvent,
  Group,
  Called,
  Hit,
  Locale,
  Message,
  Organization,
  Person,
  Presence,
  Reading,
  Role,
  Titled,
  UserError,
} from "./types.ts";
