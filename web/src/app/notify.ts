// Notifications of the device: of what has come to wait for the person while they look elsewhere. None of a muted group,
// and none in the person's quiet hours; what came in those is told once, by its number, when they are over. Nothing is
// said of a card but the summary that it shows anyway, and nothing is kept.
import { isMuted, isQuiet, type Inbox, type InboxCard, type Preferences } from "../junto/index.ts";

export interface NotifierOptions {
  readonly inbox: Pick<Inbox, "view">;
  readonly preferences: Pick<Preferences, "view">;
  /** The person wants them, the browser allows them, and nobody looks at the page. */
  readonly mayShow: () => boolean;
  readonly show: (notice: DeviceNotice) => void;
  readonly now?: () => Date;
}

export type DeviceNotice =
  | { readonly kind: "card"; readonly entry: InboxCard }
  /** So many cards that came in quiet hours wait still. */
  | { readonly kind: "digest"; readonly cards: number };

export interface Notifier {
  /** Looks whether the quiet hours are over. */
  look(): void;
  close(): void;
}

export function createNotifier(options: NotifierOptions): Notifier {
  const { preferences, mayShow, show, now = () => new Date() } = options;
  const view = options.inbox.view("WAITING");
  /** Those that were there when it was looked last; null: it was not. */
  let known: ReadonlySet<string> | null = null;
  /** Came in quiet hours. */
  let held: readonly string[] = [];

  function look(): void {
    const { state, cards } = view.get();
    if (state !== "ready") return;
    const there = new Set(cards.map(({ card }) => card.id));
    const before = known;
    known = there;
    held = held.filter((id) => there.has(id));
    const wanted = before
      ? cards.filter(
          ({ card, group }) => !before.has(card.id) && !isMuted(preferences.view.get(), group.id, now()),
        )
      : [];
    // Who looks at the page sees what there is.
    if (!mayShow()) {
      held = [];
      return;
    }
    if (isQuiet(preferences.view.get().quietHours, now())) {
      held = [...held, ...wanted.map(({ card }) => card.id)];
      return;
    }
    if (held.length > 0) show({ kind: "digest", cards: held.length });
    held = [];
    for (const entry of wanted) show({ kind: "card", entry });
  }

  look();
  return { look, close: view.subscribe(look) };
}
