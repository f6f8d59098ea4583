// Putting a card off: a few times that one often wants, or a time of one's own.
import { Dialog } from "@base-ui/react/dialog";
import { Menu } from "@base-ui/react/menu";
import { useId, useState, type FormEvent, type ReactNode } from "react";
import { useWords } from "../words/words.ts";
import { localInput, snoozeTimes } from "./times.ts";

export function Snooze({ onSnooze }: { readonly onSnooze: (until: Date) => void }): ReactNode {
  const say = useWords();
  const [chooses, setChooses] = useState(false);
  const [times, setTimes] = useState(() => snoozeTimes(new Date()));
  return (
    <>
      <Menu.Root onOpenChange={(open) => open && setTimes(snoozeTimes(new Date()))}>
        <Menu.Trigger className="button button-quiet" data-snooze>
          {say("inbox.snooze")}
        </Menu.Trigger>
        <Menu.Portal>
          <Menu.Positioner align="end" sideOffset={6} className="menu-positioner">
            <Menu.Popup className="menu">
              {times.map(({ word, at }) => (
                <Menu.Item key={word} className="menu-item" onClick={() => onSnooze(at)}>
                  {say(word)}
                  <span className="quiet">{say.time(at.toISOString())}</span>
                </Menu.Item>
              ))}
              <Menu.Separator className="menu-line" />
              <Menu.Item className="menu-item" onClick={() => setChooses(true)}>
                {say("inbox.own")}
              </Menu.Item>
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
      {chooses && <OwnTime onSnooze={onSnooze} onClose={() => setChooses(false)} />}
    </>
  );
}

function OwnTime({
  onSnooze,
  onClose,
}: {
  readonly onSnooze: (until: Date) => void;
  readonly onClose: () => void;
}): ReactNode {
  const say = useWords();
  const id = useId();
  const [now] = useState(() => localInput(new Date()));
  const [value, setValue] = useState(() => localInput(new Date(Date.now() + 3_600_000)));
  function submit(event: FormEvent): void {
    event.preventDefault();
    const until = new Date(value);
    if (!(until.getTime() > Date.now())) return;
    onClose();
    onSnooze(until);
  }
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="sheet-backdrop" />
        <Dialog.Popup className="dialog">
          <Dialog.Title className="sheet-title">{say("inbox.ownTitle")}</Dialog.Title>
          <form className="dialog-form" onSubmit={submit}>
            <div className="field">
              <label htmlFor={id}>{say("inbox.ownLabel")}</label>
              <input
                id={id}
                type="datetime-local"
                required
                min={now}
                value={value}
                onChange={({ target }) => setValue(target.value)}
              />
            </div>
            <div className="dialog-buttons">
              <Dialog.Close className="button">{say("app.cancel")}</Dialog.Close>
              <button type="submit" className="button button-first">
                {say("inbox.snooze")}
              </button>
            </div>
          </form>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
