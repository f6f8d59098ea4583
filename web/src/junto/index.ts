// Groups, feeds, cards and actions for chat clients: what of Junto a user interface should not have to do again. It
// draws nothing and knows no framework.
export { createConnection, problemOf, type Connection, type Tokens } from "./connection.ts";
export { createDrafts, formPlace, messagePlace, NO_DRAFT, type Draft, type Drafts } from "./drafts.ts";
export { AskError, type AskProblem } from "./errors.ts";
export type { FeedState } from "./feed-states.ts";
export { openGroup, type GroupView, type OpenGroup } from "./group.ts";
export { createOutbox, type Intention, type Outbox, type Outcome, type Sending } from "./outbox.ts";
export { browserStorage, type Storage } from "./storage.ts";
export { createStore, type Store, type Watched } from "./store.ts";
export { createTemplates, tagOf, type Templates } from "./templates.ts";
export type { CardState, Entry, RunState, Timeline } from "./timeline.ts";
export type {
  Action,
  ActionRun,
  Around,
  Card,
  FeedEvent,
  Group,
  Locale,
  Organization,
  Person,
  UserError,
} from "./types.ts";
