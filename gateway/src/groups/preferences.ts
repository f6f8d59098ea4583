// When a person wants quiet: groups that they muted, and hours of the day. It is kept here so that all their devices
// agree on it.
import { isId } from "./ids.ts";
import { isText } from "./people.ts";
import type { Database } from "../database/database.ts";
import type { MuteRow, QuietHoursRow } from "./rows.ts";

export interface Preferences {
  /** Groups that are muted now and of which they are members. */
  mutes(personId: string): Promise<readonly MuteRow[]>;
  /** @param until null: until the person undoes it */
  muteGroup(personId: string, groupId: string, until: Date | null): Promise<void>;
  unmuteGroup(personId: string, groupId: string): Promise<void>;
  quietHours(personId: string): Promise<QuietHoursRow | null>;
  /** @param hours null: none */
  setQuietHours(personId: string, hours: QuietHoursRow | null): Promise<void>;
}

export function createPreferences(database: Database): Preferences {
  return {
    async mutes(personId) {
      if (!isText(personId)) return [];
      return database.query<MuteRow>(
        `select mute.grp as "groupId", mute.until from mute
           join member on member.grp = mute.grp and member.person = mute.person
         where mute.person = $1 and (mute.until is null or mute.until > clock_timestamp()) order by mute.grp`,
        [personId],
      );
    },

    async muteGroup(personId, groupId, until) {
      if (!isId(groupId)) return;
      await database.query(
        `insert into mute (person, grp, until) select $1, id, $3 from grp where id = $2
         on conflict (person, grp) do update set until = excluded.until`,
        [personId, groupId, until],
      );
    },

    async unmuteGroup(personId, groupId) {
      if (!isId(groupId)) return;
      await database.query("delete from mute where person = $1 and grp = $2", [personId, groupId]);
    },

    async quietHours(personId) {
      if (!isText(personId)) return null;
      const [row] = await database.query<QuietHoursRow>(
        `select begins as "from", ends as "to", days, time_zone as "timeZone" from quiet_hours where person = $1`,
        [personId],
      );
      return row ?? null;
    },

    async setQuietHours(personId, hours) {
      if (hours === null) {
        await database.query("delete from quiet_hours where person = $1", [personId]);
        return;
      }
      const { from, to, days, timeZone } = hours;
      await database.query(
        `insert into quiet_hours (person, begins, ends, days, time_zone) values ($1, $2, $3, $4, $5)
         on conflict (person) do update
           set begins = excluded.begins, ends = excluded.ends, days = excluded.days, time_zone = excluded.time_zone`,
        [personId, from, to, days, timeZone],
      );
    },
  };
}
