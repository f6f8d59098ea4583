// What this device is set to: language and appearance, as the device has them until the person chooses otherwise, and
// whether it notifies, which it does not until it is asked to.
import { browserStorage, createStore, type Locale, type Watched } from "../junto/index.ts";
import { loadWords } from "../words/words.ts";

export type Theme = "auto" | "light" | "dark";

export interface Settings {
  readonly locale: Watched<Locale>;
  readonly theme: Watched<Theme>;
  /** Whether this device should notify, where its browser allows it. */
  readonly notifies: Watched<boolean>;
  /** When its words are there. @throws when they cannot be had now; all stays as it was */
  setLocale(locale: Locale): Promise<void>;
  setTheme(theme: Theme): void;
  setNotifies(notifies: boolean): void;
}

export function createSettings(): Settings {
  const storage = browserStorage(() => localStorage);
  const kept = storage.read("junto:locale");
  const first: Locale = navigator.languages.find((tag) => /^(en|zh)\b/.test(tag))?.startsWith("zh")
    ? "zh_CN"
    : "en";
  const locale = createStore<Locale>(kept === "en" || kept === "zh_CN" ? kept : first);
  const keptTheme = storage.read("junto:theme");
  const theme = createStore<Theme>(keptTheme === "light" || keptTheme === "dark" ? keptTheme : "auto");
  const notifies = createStore(storage.read("junto:notifies") === true);
  /** What was chosen last. */
  let wanted = locale.get();
  const show = (): void => {
    document.documentElement.lang = locale.get() === "en" ? "en" : "zh-CN";
    document.documentElement.dataset["theme"] = theme.get();
  };
  show();
  return {
    locale,
    theme,
    notifies,
    setNotifies(next) {
      storage.write("junto:notifies", next ? true : undefined);
      notifies.set(next);
    },
    async setLocale(next) {
      wanted = next;
      await loadWords(next);
      if (wanted !== next) return;
      storage.write("junto:locale", next);
      locale.set(next);
      show();
    },
    setTheme(next) {
      storage.write("junto:theme", next === "auto" ? undefined : next);
      theme.set(next);
      show();
    },
  };
}
