import { describe, expect, it } from "vitest";
import { isMuted, isQuiet, type QuietHours } from "./preferences.ts";

const hours = (
  from: string,
  to: string,
  days: QuietHours["days"],
  timeZone = "Asia/Shanghai",
): QuietHours => ({
  from,
  to,
  days,
  timeZone,
});

describe("quiet hours", () => {
  const night = hours("22:00", "07:00", ["TUE"]);
  const day = hours("12:00", "13:30", ["TUE", "WED"]);
  const whole = hours("00:00", "00:00", ["SUN"]);
  it.each<[string, QuietHours, string, boolean]>([
    ["before they begin", night, "2026-11-24T21:59:59+08:00", false],
    ["when they begin", night, "2026-11-24T22:00:00+08:00", true],
    ["after midnight", night, "2026-11-25T06:59:00+08:00", true],
    ["when they end", night, "2026-11-25T07:00:00+08:00", false],
    ["on a night that is not theirs", night, "2026-11-25T23:00:00+08:00", false],
    ["in the morning of a day before which they did not begin", night, "2026-11-24T03:00:00+08:00", false],
    ["within a day", day, "2026-11-25T13:29:00+08:00", true],
    ["within another day", day, "2026-11-26T13:00:00+08:00", false],
    ["on the clock of their zone, not of the device", day, "2026-11-24T04:30:00Z", true],
    ["all of a day", whole, "2026-11-29T23:59:00+08:00", true],
    ["after all of a day", whole, "2026-11-30T00:00:00+08:00", false],
  ])("%s", (_when, quiet, at, expected) => {
    expect(isQuiet(quiet, new Date(at))).toBe(expected);
  });

  it("are not there unless they were set", () => {
    expect(isQuiet(null, new Date())).toBe(false);
  });
});

describe("a group is muted", () => {
  const now = new Date("2026-11-24T10:00:00Z");
  const until = (at: string | null): boolean =>
    isMuted({ mutes: [{ group: { id: "g" }, until: at }], quietHours: null }, "g", now);
  it("until its time has come, or until it is undone", () => {
    expect([until(null), until("2026-11-24T10:00:01Z"), until("2026-11-24T10:00:00Z")]).toEqual([
      true,
      true,
      false,
    ]);
    expect(isMuted({ mutes: [], quietHours: null }, "g", now)).toBe(false);
  });
});
