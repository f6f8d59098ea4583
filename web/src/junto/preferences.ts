// When a person wants quiet: muted groups and quiet hours, kept by the gateway so that all devices agree.
import {
  MuteDocument,
  PreferencesDocument,
  SetQuietHoursDocument,
  UnmuteDocument,
  type PreferredFragment,
} from "../generated/graphql.ts";
import { problemOf, type Connection } from "./connection.ts";
import { createStore, type Watched } from "./store.ts";

export type PreferencesView = PreferredFragment;
export type QuietHours = NonNullable<PreferencesView["quietHours"]>;

export interface Preferences {
  readonly view: Watched<PreferencesView>;
  refresh(): Promise<void>;
  /** @param until RFC 3339; null: until the person undoes it */
  mute(group: string, until: string | null): Promise<void>;
  unmute(group: string): Promise<void>;
  /** @returns why it was not taken, or null */
  setQuietHours(hours: QuietHours | null): Promise<string | null>;
}

export function createPreferences(connection: Pick<Connection, "ask">): Preferences {
  const view = createStore<PreferencesView>({ mutes: [], quietHours: null });
  const take = (preferences: PreferencesView | null | undefined): void => {
    if (preferences) view.set(preferences);
  };
  const change = async (asking: Promise<PreferencesView | null | undefined>): Promise<void> => {
    try {
      take(await asking);
    } catch {
      // It stays as it was, and is shown so.
    }
  };
  const refresh = (): Promise<void> =>
    change(connection.ask(PreferencesDocument, {}).then(({ preferences }) => preferences));
  void refresh();
  return {
    view,
    refresh,
    mute: (group, until) =>
      change(connection.ask(MuteDocument, { group, until }).then(({ muteGroup }) => muteGroup.preferences)),
    unmute: (group) =>
      change(connection.ask(UnmuteDocument, { group }).then(({ unmuteGroup }) => unmuteGroup.preferences)),
    async setQuietHours(hours) {
      try {
        const { setQuietHours } = await connection.ask(SetQuietHoursDocument, { hours });
        take(setQuietHours.preferences);
        return setQuietHours.userErrors[0]?.message ?? null;
      } catch (error) {
        return problemOf(error).message;
      }
    },
  };
}

/** Whether nothing of the group should make a noise now. */
export function isMuted({ mutes }: PreferencesView, group: string, now: Date): boolean {
  const mute = mutes.find((each) => each.group.id === group);
  return mute !== undefined && (mute.until == null || Date.parse(mute.until) > now.getTime());
}

const DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"] as const;

/** Whether a moment lies in the quiet hours, on the clock of their time zone. */
export function isQuiet(hours: QuietHours | null | undefined, now: Date): boolean {
  if (!hours) return false;
  const { from, to, days, timeZone } = hours;
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone,
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(now);
  const part = (type: string): string => parts.find((each) => each.type === type)?.value ?? "";
  const today = DAYS.findIndex((day) => day === part("weekday").toUpperCase());
  const time = `${part("hour")}:${part("minute")}`;
  const begins = (day: number): boolean => days.includes(DAYS[(day + 7) % 7]!);
  if (from < to) return begins(today) && time >= from && time < to;
  // Over midnight, or the whole day: what began yesterday ends today.
  return (begins(today) && time >= from) || (begins(today - 1) && time < to);
}
