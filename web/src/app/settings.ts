// Language and appearance: as the device has them, until the person chooses otherwise.
import { browserStorage, createStore, type Locale, type Watched } from "../junto/index.ts";

export type Theme = "auto" | "light" | "dark";

export interface Settings {
  readonly locale: Watched<Locale>;
  readonly theme: Watched<Theme>;
  setLocale(locale: Locale): void;
  setTheme(theme: Theme): void;
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
  const show = (): void => {
    document.documentElement.lang = locale.get() === "en" ? "en" : "zh-CN";
    document.documentElement.dataset["theme"] = theme.get();
  };
  show();
  return {
    locale,
    theme,
    setLocale(next) {
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
