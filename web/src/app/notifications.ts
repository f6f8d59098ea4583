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
  const { inbox, preferences } = useWorkspace();
  const settings = use(SettingsContext)!;
  useEffect(() => {
    const wordsOf = (notice: DeviceNotice): readonly [title: string, body: string, tag: string] => {
      if (notice.kind === "digest")
        return [say("app.name"), say("notify.digest", { n: notice.cards }), "digest"];
      const { group, card } = notice.entry;
      return [group.name, say.locale === "en" ? card.en : card.zh, card.id];
    };
    const notifier = createNotifier({
      inbox,
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
          go({ page: "inbox" });
          shown.close();
        });
      },
    });
    const timer = setInterval(notifier.look, EVERY);
    return () => {
      clearInterval(timer);
      notifier.close();
    };
  }, [say, inbox, preferences, settings]);
}
