// A card in a terminal: a box with what it says, what may be done with it, and where it comes from; and what
// is different from the last time it was shown.
import { contentOf, drawAdaptiveCard, type Canvas, type CardContent } from "./adaptive.ts";
import { clean, cut, pad, width, wrap, type Paint } from "./text.ts";

/** A card as `watch` asks for it. */
export interface Card {
  readonly id: string;
  readonly type: string;
  readonly revision: number;
  readonly open: boolean;
  readonly to: readonly string[];
  readonly summary: string;
  readonly adaptiveCard: unknown;
  readonly actions: readonly { readonly verb: string; readonly title: string }[];
  readonly provenance: readonly Provenance[];
  readonly withheld: readonly Withheld[];
}

export interface Provenance {
  readonly organization: { readonly id: string; readonly name: string };
  readonly system: string;
  readonly status: string;
  readonly asOf: string;
}

export interface Withheld {
  readonly path: string;
  readonly organization: { readonly id: string; readonly name: string };
  readonly policy: string | null;
}

const LONGEST_CHANGE_LIST = 12;

export function drawCard(card: Card, canvas: Canvas): string[] {
  const { paint } = canvas;
  const inside = canvas.columns - 4;
  const body = drawAdaptiveCard(card.adaptiveCard, { columns: inside, paint });
  const sections = [body, drawActions(card, inside, paint), drawOrigin(card, inside, paint)].filter(
    (one) => one.length > 0,
  );
  const line = (text: string) => `${paint.dim("│")} ${pad(text, inside)} ${paint.dim("│")}`;
  const rule = paint.dim(`├${"─".repeat(inside + 2)}┤`);
  const state = card.open ? "" : ", closed";
  return [
    edge("╭", "╮", paint.bold(cut(clean(card.summary), inside - 2)), inside, paint),
    ...sections.flatMap((section, at) => [...(at === 0 ? [] : [rule]), ...section.map(line)]),
    edge(
      "╰",
      "╯",
      paint.dim(cut(`card ${clean(card.id)}, revision ${card.revision}${state}`, inside - 2)),
      inside,
      paint,
    ),
  ];
}

/** What is different, a line each; empty when it looks the same. */
export function describeChanges(before: Card, after: Card, paint: Paint): string[] {
  const changes = [
    ...changedContent(contentOf(before.adaptiveCard), contentOf(after.adaptiveCard), paint),
    ...(before.open === after.open ? [] : [after.open ? "open again" : "closed"]),
    ...came(before, after, actionNames).map((title) => `can now be done: ${title}`),
    ...came(after, before, actionNames).map((title) => `can no longer be done: ${title}`),
    ...came(before, after, withheldNames).map((text) => `no longer shared: ${text}`),
    ...came(after, before, withheldNames).map((text) => `shared now: ${text}`),
    ...statuses(before, after),
  ];
  if (changes.length <= LONGEST_CHANGE_LIST) return changes;
  return [...changes.slice(0, LONGEST_CHANGE_LIST), `… and ${changes.length - LONGEST_CHANGE_LIST} more`];
}

function drawActions(card: Card, columns: number, paint: Paint): string[] {
  return card.actions.flatMap(({ title, verb }) =>
    wrap(`▸ ${clean(title)}  (${clean(verb)})`, columns).map((line) => paint.cyan(line)),
  );
}

function drawOrigin(card: Card, columns: number, paint: Paint): string[] {
  return [
    ...card.provenance.flatMap((one) =>
      wrap(describeProvenance(one), columns).map(one.status === "OK" ? paint.dim : paint.yellow),
    ),
    ...card.withheld.flatMap((one) =>
      wrap(`not shared: ${describeWithheld(one)}`, columns).map(paint.yellow),
    ),
  ];
}

function describeProvenance({ organization, system, status, asOf }: Provenance): string {
  const from = `${clean(organization.name)} (${clean(system)})`;
  if (status === "AWAY") return `${from} did not answer`;
  return `${from}${status === "PARTIAL" ? ", not everything" : ""}, ${timeOf(asOf)}`;
}

function describeWithheld({ path, organization, policy }: Withheld): string {
  return `${clean(path)}, by ${clean(organization.name)}${policy === null ? "" : ` (${clean(policy)})`}`;
}

function changedContent(before: CardContent, after: CardContent, paint: Paint): string[] {
  const gone = without(before.texts, after.texts);
  const added = without(after.texts, before.texts);
  const changed = gone.length === added.length;
  return [
    ...(changed
      ? gone.map((text, at) => arrow(text, added[at]!, paint))
      : gone.map((text) => `- ${paint.dim(oneLine(text))}`)),
    ...(changed ? [] : added.map((text) => `+ ${paint.green(oneLine(text))}`)),
    ...[...new Set([...before.labelled.keys(), ...after.labelled.keys()])].flatMap((label) => {
      const [old, now] = [before.labelled.get(label) ?? "", after.labelled.get(label) ?? ""];
      return old === now ? [] : [`${label}: ${arrow(old, now, paint)}`];
    }),
  ];
}

function arrow(old: string, now: string, paint: Paint): string {
  if (old === "") return paint.green(oneLine(now));
  return `${paint.dim(oneLine(old))} → ${now === "" ? "nothing" : paint.green(oneLine(now))}`;
}

/** The texts of one list that are not in the other; a text that stands there twice counts twice. */
function without(texts: readonly string[], others: readonly string[]): string[] {
  const left = [...others];
  return texts.filter((text) => {
    const at = left.indexOf(text);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

const actionNames = ({ actions }: Card): string[] =>
  actions.map(({ title, verb }) => `${clean(title)} (${clean(verb)})`);
const withheldNames = ({ withheld }: Card): string[] => withheld.map(describeWithheld);

/** What a card lists that the earlier one did not. */
function came(before: Card, after: Card, list: (card: Card) => string[]): string[] {
  const known = new Set(list(before));
  return list(after).filter((text) => !known.has(text));
}

function statuses(before: Card, after: Card): string[] {
  const old = new Map(before.provenance.map((one) => [one.system, one.status]));
  return after.provenance.flatMap((one) => {
    const was = old.get(one.system);
    if (was === one.status || was === undefined) return [];
    const name = clean(one.organization.name);
    return [
      one.status === "AWAY"
        ? `${name} does not answer`
        : one.status === "OK"
          ? `${name} answers again`
          : `${name} answers in part`,
    ];
  });
}

function edge(left: string, right: string, text: string, inside: number, paint: Paint): string {
  const rest = "─".repeat(Math.max(0, inside - 1 - width(text)));
  return `${paint.dim(`${left}─`)} ${text} ${paint.dim(`${rest}${right}`)}`;
}

function oneLine(text: string): string {
  return cut(text.replaceAll("\n", " "), 60);
}

/** The local time of an RFC 3339 instant; with the day when it is not today. */
export function timeOf(instant: string, now: Date = new Date()): string {
  const date = new Date(instant);
  if (Number.isNaN(date.getTime())) return clean(instant);
  const time = date.toLocaleTimeString("en-GB");
  return date.toDateString() === now.toDateString() ? time : `${date.toLocaleDateString("en-CA")} ${time}`;
}
