// The notifier, on this device: while the person is signed in and wants it.
import { use, useEffect } from "react";
import { useWorkspace } from "../state/hooks.ts";
import { useWords } from "../words/words.ts";
import { createNotifier, type DeviceNotice } from "./notify.ts";
import { go } from "./route.ts";
import { SettingsContext } from "./settings-context.ts";

/** How often to look whether quiet hours are over; milliseconds. */
const EVERY = 60_000;

export function useNotifications(): void {
  const say = useWords();
  const { inbox, groups, preferences } = useWorkspace();
  const settings = use(SettingsContext)!;
  useEffect(() => {
    const wordsOf = (notice: DeviceNotice): readonly [title: string, body: string, tag: string] => {
      if (notice.kind === "digest") {
        const parts = (["cards", "calls", "messages"] as const)
          .filter((part) => notice[part] > 0)
          .map((part) => say(`notify.${part}`, { n: notice[part] }));
        return [say("app.name"), say("notify.digest", { what: say.list(parts) }), "digest"];
      }
      if (notice.kind === "message") {
        const { group, message } = notice;
        const person = message.actor?.name ?? say("event.system");
        return [group.name, say("notify.message", { person, text: message.text ?? "" }), message.id];
      }
      const { group, card } = notice.entry;
      return [group.name, say.summaryOf(card), card.id];
    };
    const notifier = createNotifier({
      inbox,
      groups,
      preferences,
      mayShow: () =>
        settings.notifies.get() &&
        "Notification" in globalThis &&
        Notification.permission === "granted" &&
        document.visibilityState === "hidden",
      show(notice) {
        const [title, body, tag] = wordsOf(notice);
        const shown = new Notification(title, { body, tag });
        shown.addEventListener("click", () => {
          window.focus();
          go(
            notice.kind === "message"
              ? { page: "group", id: notice.group.id, at: notice.message.seq }
              : { page: "inbox" },
          );
          shown.close();
        });
      },
    });
    const timer = setInterval(notifier.look, EVERY);
    return () => {
      clearInterval(timer);
      notifier.close();
    };
  }, [say, inbox, groups, preferences, settings]);
}
