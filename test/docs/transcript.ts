// Says whether what a program printed is what a document shows. Documents show real output, so what differs from
// run to run is recognized by its form; `…` stands for anything.

/** What is another thing each time. */
const VOLATILE: readonly (readonly [shown: RegExp, accepted: string])[] = [
  [/\d\d:\d\d:\d\d/, "\\d\\d:\\d\\d:\\d\\d"],
  [/\d{4}-\d\d-\d\dT[\d:.]+Z/, "\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z"],
  [
    /[A-Z][a-z]{2} \d{1,2}, \d{4}, \d{1,2}:\d\d [AP]M/,
    "[A-Z][a-z]{2} \\d{1,2}, \\d{4}, \\d{1,2}:\\d\\d [AP]M",
  ],
  [/\d+\.\d s\b/, "\\d+\\.\\d s"],
  [/#\d+\b/, "#\\d+"],
  // How many there are depends on the day and on how much data the demo was started with.
  [/Sold in 28 days +\d+/, "Sold in 28 days +\\d+"],
  // PostgreSQL takes any port.
  [/postgres:\/\/postgres@127\.0\.0\.1:\d+/, "postgres://postgres@127\\.0\\.0\\.1:\\d+"],
];

/** Names that are new each time, too, but then stay: a later command means the one that was seen. */
const NAMES: readonly (readonly [shown: RegExp, accepted: string])[] = [
  [/[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/, "[0-9a-f-]{36}"],
  [/R0000\d{4}/, "R0000\\d{4}"],
  [/eyJ[\w-]*…/, "eyJ[\\w-]+\\.[\\w-]+\\.[\\w-]+"],
];

const SPECIAL = new RegExp(
  [...[...VOLATILE, ...NAMES].map(([shown]) => shown.source), "…", " {2,}", "─{2,}"]
    .map((one) => `(?:${one})`)
    .join("|"),
);

/** Names as the documents have them ▸ as they are in this run. */
export type Names = Map<string, string>;

export const namesIn = (text: string, names: Names): string =>
  [...names].reduce((changed, [shown, actual]) => changed.replaceAll(shown, actual), text);

export interface Match {
  /** What comes after it. */
  readonly rest: string;
}

/**
 * Matches the beginning of `actual`, or all of it; undefined when it is something else. Names that the document
 * uses for the first time are added to `names`.
 */
export function match(
  shown: string,
  actual: string,
  names: Names,
  { whole }: { whole: boolean },
): Match | undefined {
  const found: string[] = [];
  const lines = (shown === "" ? [] : shown.split("\n")).map((line) =>
    line.trim() === "…" ? "(?:.*\\n)*?" : `${lineOf(line, names, found)} *\\n`,
  );
  const result = new RegExp(`^${lines.join("")}${whole ? "$" : ""}`).exec(actual);
  if (!result) return undefined;
  found.forEach((name, at) => names.set(name, result[at + 1]!));
  return { rest: actual.slice(result[0].length) };
}

/** The expression for one line. `found` are the names that it captures, in order. */
function lineOf(line: string, names: Names, found: string[]): string {
  let pattern = "";
  let rest = line.trimEnd();
  for (let special = SPECIAL.exec(rest); special; special = SPECIAL.exec(rest)) {
    pattern += escape(rest.slice(0, special.index)) + patternOf(special[0], names, found);
    rest = rest.slice(special.index + special[0].length);
  }
  return pattern + escape(rest);
}

function patternOf(special: string, names: Names, found: string[]): string {
  const isAll = ([shown]: readonly [RegExp, string]): boolean =>
    new RegExp(`^(?:${shown.source})$`).test(special);
  const name = NAMES.find(isAll);
  if (name) {
    const known = names.get(special);
    if (known !== undefined) return escape(known);
    const at = found.indexOf(special);
    if (at !== -1) return `\\${at + 1}`;
    found.push(special);
    return `(${name[1]})`;
  }
  if (special === "…") return ".*?";
  if (special.startsWith("─")) return "─+";
  return VOLATILE.find(isAll)?.[1] ?? " +";
}

/** JSON as one line, with nothing between its parts: how it is laid out does not matter. `…` stays what it is. */
export function compact(json: string): string {
  return json.replace(/"(?:[^"\\]|\\.)*"|\s+/g, (part) => (part.startsWith('"') ? part : ""));
}

function escape(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
