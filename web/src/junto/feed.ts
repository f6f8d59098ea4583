// Follows a group: the newest page, then everything that happens, through interruptions. See feed-states.md.
import { FollowDocument, OpenedDocument, type OpenedQuery } from "../generated/graphql.ts";
import { problemOf, type Connection } from "./connection.ts";
import type { FeedSignal, FeedState } from "./feed-states.ts";
import { live, signalOf, type Life } from "./life.ts";
import type { FeedEvent, Locale } from "./types.ts";

export type Opened = NonNullable<OpenedQuery["group"]>;

export interface FeedOptions {
  readonly connection: Connection;
  readonly group: string;
  readonly locale: Locale;
  /** The newest page; what was there before it is not the beginning of it (any more). */
  onOpened(opened: Opened): void;
  onEvent(event: FeedEvent): void;
  onState(state: FeedState): void;
  /** Of a browser, whether it is online; calls back when it comes online. */
  readonly whenOnline?: (listener: () => void) => () => void;
}

export const PAGE = 60;
/** Before this `seq` are all events. */
const END = 2 ** 31 - 1;

export function followGroup(options: FeedOptions): Life {
  const { connection, group, locale } = options;
  let cursor = 0;

  function loadPage(signal: (name: FeedSignal) => void): () => void {
    let wanted = true;
    connection.ask(OpenedDocument, { group, before: END, first: PAGE, locale }).then(
      ({ group: opened }) => {
        if (!wanted) return;
        if (!opened) return signal("NOT_A_MEMBER");
        cursor = opened.feed.at(-1)?.seq ?? opened.head;
        options.onOpened(opened);
        signal("LOADED");
      },
      (error: unknown) => signal(signalOf(problemOf(error))),
    );
    return () => (wanted = false);
  }

  function follow(signal: (name: FeedSignal) => void): () => void {
    let wanted = true;
    const end = connection.follow(
      FollowDocument,
      { group, after: cursor, locale },
      {
        connected: () => signal("CONNECTED"),
        next({ groupFeed: event }) {
          if (!wanted || event.seq <= cursor) return;
          cursor = event.seq;
          options.onEvent(event);
        },
        ended(problem) {
          signal(signalOf(problem));
        },
      },
    );
    return () => {
      wanted = false;
      end();
    };
  }

  return live({
    connection,
    start: "loading",
    load: loadPage,
    follow,
    onState: options.onState,
    ...(options.whenOnline && { whenOnline: options.whenOnline }),
  });
}
