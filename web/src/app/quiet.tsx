// Whether this device notifies, and in which hours the person wants quiet on all of them.
import { Dialog } from "@base-ui/react/dialog";
import { use, useId, useState, type FormEvent, type ReactNode } from "react";
import type { QuietHours } from "../junto/index.ts";
import { useWatched, useWorkspace } from "../state/hooks.ts";
import { useWords, type Words } from "../words/words.ts";
import { SettingsContext } from "./settings-context.ts";

type Day = QuietHours["days"][number];
const DAYS: readonly Day[] = ["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"];

export function Quiet({ onClose }: { readonly onClose: () => void }): ReactNode {
  const say = useWords();
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="sheet-backdrop" />
        <Dialog.Popup className="dialog">
          <Dialog.Title className="sheet-title">{say("quiet.title")}</Dialog.Title>
          <Notifies />
          <Hours onClose={onClose} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** The browser is asked when the person turns it on, and never before. */
function Notifies(): ReactNode {
  const say = useWords();
  const settings = use(SettingsContext)!;
  const notifies = useWatched(settings.notifies);
  const isKnown = "Notification" in globalThis;
  const [permission, setPermission] = useState(isKnown ? Notification.permission : "denied");
  const isOn = notifies && permission === "granted";
  async function turn(on: boolean): Promise<void> {
    settings.setNotifies(on);
    if (on) setPermission(await Notification.requestPermission());
  }
  return (
    <>
      <label className="field-toggle">
        <input
          type="checkbox"
          checked={isOn}
          disabled={!isKnown}
          onChange={({ target }) => void turn(target.checked)}
        />
        {say("quiet.notify")}
      </label>
      {permission === "denied" && (
        <p className="quiet" role="status">
          {say(isKnown ? "quiet.blocked" : "quiet.unknown")}
        </p>
      )}
    </>
  );
}

function Hours({ onClose }: { readonly onClose: () => void }): ReactNode {
  const say = useWords();
  const { preferences } = useWorkspace();
  const { quietHours } = useWatched(preferences.view);
  const [isOn, setOn] = useState(quietHours != null);
  const [hours, setHours] = useState<QuietHours>(quietHours ?? nights());
  const [why, setWhy] = useState<string | null>(null);
  const set = (part: Partial<QuietHours>): void => setHours({ ...hours, ...part });
  async function save(event: FormEvent): Promise<void> {
    event.preventDefault();
    const refused = await preferences.setQuietHours(isOn ? hours : null);
    setWhy(refused);
    if (refused === null) onClose();
  }
  return (
    <form className="dialog-form" onSubmit={(event) => void save(event)}>
      <div>
        <h3>{say("quiet.hours")}</h3>
        <p className="quiet">{say("quiet.hoursHint")}</p>
      </div>
      <label className="field-toggle">
        <input type="checkbox" checked={isOn} onChange={({ target }) => setOn(target.checked)} />
        {say("quiet.on")}
      </label>
      {isOn && (
        <>
          <div className="quiet-times">
            <Time label={say("quiet.from")} value={hours.from} onChange={(from) => set({ from })} />
            <Time label={say("quiet.to")} value={hours.to} onChange={(to) => set({ to })} />
          </div>
          <fieldset className="field quiet-days">
            <legend>{say("quiet.days")}</legend>
            {DAYS.map((day) => (
              <label key={day} className="quiet-day">
                <input
                  type="checkbox"
                  checked={hours.days.includes(day)}
                  onChange={({ target }) =>
                    set({
                      days: DAYS.filter((each) =>
                        each === day ? target.checked : hours.days.includes(each),
                      ),
                    })
                  }
                />
                {dayName(day, say)}
              </label>
            ))}
          </fieldset>
          <p className="quiet">{say("quiet.zone", { zone: hours.timeZone })}</p>
        </>
      )}
      {why !== null && (
        <p className="bad" role="alert">
          {why}
        </p>
      )}
      <div className="dialog-buttons">
        <Dialog.Close className="button">{say("app.cancel")}</Dialog.Close>
        <button type="submit" className="button button-first" disabled={isOn && hours.days.length === 0}>
          {say("quiet.save")}
        </button>
      </div>
    </form>
  );
}

function Time({
  label,
  value,
  onChange,
}: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}): ReactNode {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input id={id} type="time" required value={value} onChange={({ target }) => onChange(target.value)} />
    </div>
  );
}

function nights(): QuietHours {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  return { from: "22:00", to: "07:00", days: DAYS, timeZone };
}

/** The 23rd of November 2026 is a Monday. */
function dayName(day: Day, { tag }: Words): string {
  const date = new Date(Date.UTC(2026, 10, 23 + DAYS.indexOf(day)));
  return new Intl.DateTimeFormat(tag, { weekday: "short", timeZone: "UTC" }).format(date);
}
