// Quiet from one group: for a while, or until one undoes it.
import { Menu } from "@base-ui/react/menu";
import type { ReactNode } from "react";
import { snoozeTimes } from "../inbox/times.ts";
import { isMuted } from "../junto/index.ts";
import { useNow, useWatched, useWorkspace } from "../state/hooks.ts";
import { useWords } from "../words/words.ts";

export function Mute({ group }: { readonly group: string }): ReactNode {
  const say = useWords();
  const { preferences } = useWorkspace();
  const view = useWatched(preferences.view);
  const now = useNow();
  const muted = isMuted(view, group, now);
  const until = view.mutes.find((mute) => mute.group.id === group)?.until;
  const mute = (to: Date | null): void => void preferences.mute(group, to?.toISOString() ?? null);
  const morning = snoozeTimes(now).find(({ word }) => word === "inbox.tomorrow")!.at;
  return (
    <Menu.Root>
      <Menu.Trigger
        className="icon-button chat-mute"
        aria-label={muted ? `${say("mute.open")} · ${say("mute.muted")}` : say("mute.open")}
      >
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <path d="M6 16V11a6 6 0 0 1 12 0v5l1.5 2h-15zM10 20.5h4" />
          {muted && <path d="M4 4l16 16" />}
        </svg>
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner align="end" sideOffset={6} className="menu-positioner">
          <Menu.Popup className="menu">
            {muted ? (
              <>
                <p className="menu-note">
                  {until == null ? say("mute.muted") : say("mute.until", { when: say.time(until) })}
                </p>
                <Menu.Item className="menu-item" onClick={() => void preferences.unmute(group)}>
                  {say("mute.undo")}
                </Menu.Item>
              </>
            ) : (
              <Menu.Group>
                <Menu.GroupLabel className="menu-label">{say("mute.title")}</Menu.GroupLabel>
                <Menu.Item className="menu-item" onClick={() => mute(new Date(Date.now() + 3_600_000))}>
                  {say("mute.hour")}
                </Menu.Item>
                <Menu.Item className="menu-item" onClick={() => mute(morning)}>
                  {say("mute.morning")}
                </Menu.Item>
                <Menu.Item className="menu-item" onClick={() => mute(null)}>
                  {say("mute.always")}
                </Menu.Item>
              </Menu.Group>
            )}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
