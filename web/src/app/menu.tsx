// Language, appearance, the keyboard's list, and the way out.
import { Dialog } from "@base-ui/react/dialog";
import { Menu } from "@base-ui/react/menu";
import { lazy, Suspense, use, useEffect, useState, type ReactNode } from "react";
import type { Locale } from "../junto/index.ts";
import { isTyping } from "../chat/keyboard.ts";
import { useWatched } from "../state/hooks.ts";
import { useWords, type Word } from "../words/words.ts";
import { SettingsContext } from "./settings-context.ts";
import type { Theme } from "./settings.ts";

const Quiet = lazy(() => import("./quiet.tsx").then(({ Quiet: View }) => ({ default: View })));

const LANGUAGES: readonly (readonly [Locale, string])[] = [
  ["zh_CN", "中文"],
  ["en", "English"],
];
const THEMES: readonly Theme[] = ["auto", "light", "dark"];

export function SettingsMenu({
  onSwitch,
  onSignOut,
}: {
  /** Opens the switcher. */
  readonly onSwitch?: () => void;
  readonly onSignOut?: () => void;
}): ReactNode {
  const say = useWords();
  const settings = use(SettingsContext)!;
  const locale = useWatched(settings.locale);
  const theme = useWatched(settings.theme);
  /** It was chosen, and could not be loaded. */
  const [missing, setMissing] = useState<Locale | null>(null);
  const [showsKeys, setShowsKeys] = useState(false);
  const [showsQuiet, setShowsQuiet] = useState(false);
  useEffect(() => {
    const onKey = ({ key, target }: KeyboardEvent): void => {
      if (key === "?" && !isTyping(target)) setShowsKeys(true);
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
  return (
    <>
      <Menu.Root>
        <Menu.Trigger className="icon-button" aria-label={say("menu.open")}>
          <svg className="icon-dots" viewBox="0 0 24 24" aria-hidden="true">
            <path d="M5 12h.01M12 12h.01M19 12h.01" />
          </svg>
        </Menu.Trigger>
        <Menu.Portal>
          <Menu.Positioner align="end" sideOffset={6} className="menu-positioner">
            <Menu.Popup className="menu">
              <Menu.Group>
                <Menu.GroupLabel className="menu-label">{say("menu.language")}</Menu.GroupLabel>
                <Menu.RadioGroup
                  value={locale}
                  onValueChange={(value) => {
                    setMissing(null);
                    settings.setLocale(value as Locale).catch(() => setMissing(value as Locale));
                  }}
                >
                  {LANGUAGES.map(([value, title]) => (
                    <Menu.RadioItem
                      key={value}
                      value={value}
                      className="menu-item"
                      lang={value === "en" ? "en" : "zh-CN"}
                    >
                      {title}
                      {missing === value && (
                        <span className="menu-note" lang={say.tag}>
                          {say("menu.languageMissing")}
                        </span>
                      )}
                      <Menu.RadioItemIndicator className="menu-check">✓</Menu.RadioItemIndicator>
                    </Menu.RadioItem>
                  ))}
                </Menu.RadioGroup>
              </Menu.Group>
              <Menu.Group>
                <Menu.GroupLabel className="menu-label">{say("menu.theme")}</Menu.GroupLabel>
                <Menu.RadioGroup value={theme} onValueChange={(value) => settings.setTheme(value as Theme)}>
                  {THEMES.map((value) => (
                    <Menu.RadioItem key={value} value={value} className="menu-item">
                      {say(`menu.theme.${value}`)}
                      <Menu.RadioItemIndicator className="menu-check">✓</Menu.RadioItemIndicator>
                    </Menu.RadioItem>
                  ))}
                </Menu.RadioGroup>
              </Menu.Group>
              <Menu.Separator className="menu-line" />
              {onSwitch && (
                <Menu.Item className="menu-item" onClick={onSwitch}>
                  {say("switcher.title")} <kbd>{SWITCH}</kbd>
                </Menu.Item>
              )}
              <Menu.Item className="menu-item" onClick={() => setShowsKeys(true)}>
                {say("menu.keys")} <kbd>?</kbd>
              </Menu.Item>
              {onSignOut && (
                <Menu.Item className="menu-item" onClick={() => setShowsQuiet(true)}>
                  {say("menu.quiet")}
                </Menu.Item>
              )}
              {onSignOut && (
                <Menu.Item className="menu-item" onClick={onSignOut}>
                  {say("menu.signOut")}
                </Menu.Item>
              )}
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
      <Suspense>{showsQuiet && <Quiet onClose={() => setShowsQuiet(false)} />}</Suspense>
      <Keys open={showsKeys} onClose={() => setShowsKeys(false)} />
    </>
  );
}

const SWITCH = navigator.userAgent.includes("Mac") ? "⌘ K" : "Ctrl K";

const KEYS: readonly (readonly [string, Word])[] = [
  [SWITCH, "keys.switch"],
  ["j  k", "keys.next"],
  ["Enter", "keys.enter"],
  ["c", "keys.write"],
  ["n", "keys.begin"],
  ["@", "keys.mention"],
  ["r  e  Delete", "keys.message"],
  ["↑", "keys.editLast"],
  ["/", "keys.search"],
  ["e", "keys.done"],
  ["s", "keys.snooze"],
  ["Esc", "keys.escape"],
  ["?", "keys.help"],
];

function Keys({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }): ReactNode {
  const say = useWords();
  return (
    <Dialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="sheet-backdrop" />
        <Dialog.Popup className="dialog">
          <Dialog.Title className="sheet-title">{say("keys.title")}</Dialog.Title>
          <dl className="keys">
            {KEYS.map(([keys, word]) => (
              <div key={word}>
                <dt>
                  {keys.split("  ").map((key) => (
                    <kbd key={key}>{key}</kbd>
                  ))}
                </dt>
                <dd>{say(word)}</dd>
              </div>
            ))}
          </dl>
          <Dialog.Close className="button">{say("app.close")}</Dialog.Close>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
