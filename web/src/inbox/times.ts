// Until when one puts things off, on the clock of the device.

export type SnoozeWord = "inbox.evening" | "inbox.tomorrow" | "inbox.monday";

/** Those that are still to come, the nearest first. On a Sunday tomorrow is next Monday: it is offered once. */
export function snoozeTimes(now: Date): readonly { readonly word: SnoozeWord; readonly at: Date }[] {
  const at = (days: number, hour: number): Date =>
    new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, hour);
  const toMonday = (8 - now.getDay()) % 7 || 7;
  const times = [
    { word: "inbox.evening", at: at(0, 18) },
    { word: "inbox.tomorrow", at: at(1, 9) },
    { word: "inbox.monday", at: at(toMonday, 9) },
  ] as const;
  return times.filter(
    ({ word, at: time }) => time.getTime() > now.getTime() && !(word === "inbox.monday" && toMonday === 1),
  );
}

/** As an input of type `datetime-local` has it. */
export function localInput(at: Date): string {
  const two = (part: number): string => String(part).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}
