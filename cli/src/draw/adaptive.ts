// An Adaptive Card (version 1.5, expanded) as lines of text, and as labelled values for comparing two of them.
import { clean, pad, width, wrap, type Paint } from "./text.ts";

/** An element as it comes: whatever JSON a template gave. */
type Element = Readonly<Record<string, unknown>>;

export interface Canvas {
  readonly columns: number;
  readonly paint: Paint;
}

const GAP = "  ";
/** Columns that would have to be narrower stand one below the other. */
const NARROWEST = 8;

/** The card's body as lines of at most `columns`. What is of no known kind shows its text, if it has one. */
export function drawAdaptiveCard(card: unknown, canvas: Canvas): string[] {
  return drawAll(children(card, "body"), canvas);
}

/** What a card says, so that two of them can be compared. */
export interface CardContent {
  /** Values that have a label, in their order: `Status` → `SUBMITTED`, `BL2481-38 · On hand` → `40`. */
  readonly labelled: ReadonlyMap<string, string>;
  /** The rest. */
  readonly texts: readonly string[];
}

export function contentOf(card: unknown): CardContent {
  const found: Found = { values: [], texts: [] };
  for (const element of children(card, "body")) collect(element, "", found);
  const labelled = new Map<string, string>();
  for (const { label, context, value } of found.values) {
    const unique = found.values.filter((other) => other.label === label).length === 1;
    const full = unique || context === "" ? label : `${context} · ${label}`;
    let key = full;
    for (let n = 2; labelled.has(key); n++) key = `${full} (${n})`;
    labelled.set(key, value);
  }
  return { labelled, texts: found.texts };
}

function drawAll(elements: readonly Element[], canvas: Canvas): string[] {
  return elements
    .filter(isVisible)
    .flatMap((element) => [
      ...(element["separator"] === true ? [canvas.paint.dim("─".repeat(canvas.columns))] : []),
      ...draw(element, canvas),
    ]);
}

function draw(element: Element, canvas: Canvas): string[] {
  const { columns, paint } = canvas;
  switch (element["type"]) {
    case "TextBlock":
      return wrap(plain(element["text"]), columns).map((line) => styled(line, element, paint));
    case "RichTextBlock":
      return wrap(inlines(element), columns);
    case "FactSet":
      return drawFacts(element, canvas);
    case "ColumnSet":
      return drawColumns(element, canvas);
    case "Table":
      return drawTable(element, canvas);
    case "Container":
    case "ActionSet":
    case "Column":
      return drawAll(children(element, "items"), canvas);
    case "Image":
    case "Media":
      return element["altText"] === undefined
        ? []
        : wrap(`[${plain(element["altText"])}]`, columns).map(paint.dim);
    default:
      return isInput(element) ? drawInput(element, canvas) : drawUnknown(element, canvas);
  }
}

function drawUnknown(element: Element, canvas: Canvas): string[] {
  const inside = children(element, "items");
  if (inside.length > 0) return drawAll(inside, canvas);
  return element["text"] === undefined ? [] : wrap(plain(element["text"]), canvas.columns);
}

function drawInput(element: Element, { columns, paint }: Canvas): string[] {
  const label = plain(element["label"] ?? element["placeholder"] ?? element["id"]);
  return wrap(`${label}: [${plain(element["value"])}]`, columns).map(paint.cyan);
}

function drawFacts(element: Element, { columns, paint }: Canvas): string[] {
  const facts = children(element, "facts").map(
    (fact) => [plain(fact["title"]), plain(fact["value"])] as const,
  );
  const titles = Math.min(Math.max(0, ...facts.map(([title]) => width(title))), Math.floor(columns / 2));
  return facts.flatMap(([title, value]) =>
    sideBySide([wrap(title, titles).map(paint.dim), wrap(value, columns - titles - GAP.length)], [titles, 0]),
  );
}

function drawColumns(element: Element, canvas: Canvas): string[] {
  const columns = children(element, "columns").filter((column) => isVisible(column) && !isPicture(column));
  const space = canvas.columns - GAP.length * (columns.length - 1);
  const natural = columns.map((column) => widest(draw({ ...column, type: "Column" }, canvas)));
  const widths = share(
    space,
    natural,
    columns.map(({ width: wanted }) => wanted === "auto" || /^\d+px$/.test(plain(wanted))),
  );
  if (widths.some((one, at) => one < NARROWEST && one < natural[at]!)) return drawAll(columns, canvas);
  return sideBySide(
    columns.map((column, at) => draw({ ...column, type: "Column" }, { ...canvas, columns: widths[at] ?? 0 })),
    widths,
  );
}

function drawTable(element: Element, { columns, paint }: Canvas): string[] {
  const rows = tableRows(element);
  const count = Math.max(0, ...rows.map((row) => row.length));
  const cells = rows.map((row) => Array.from({ length: count }, (_, at) => row[at] ?? ""));
  const natural = Array.from({ length: count }, (_, at) => Math.max(...cells.map((row) => width(row[at]!))));
  const widths = share(
    columns - GAP.length * (count - 1),
    natural,
    natural.map(() => true),
  );
  const heading = element["firstRowAsHeader"] !== false;
  const numbers = natural.map((_, at) =>
    cells.slice(heading ? 1 : 0).every((row) => /^[-+¥$€\d.,% ]*$/.test(row[at]!)),
  );
  return cells.flatMap((row, index) =>
    sideBySide(
      row.map((cell, at) =>
        wrap(cell, widths[at]!).map((line) => {
          const aligned = pad(line, widths[at]!, numbers[at] ? "right" : "left");
          return heading && index === 0 ? paint.dim(aligned) : aligned;
        }),
      ),
      widths,
    ),
  );
}

/** Texts of the cells, by row. */
function tableRows(element: Element): string[][] {
  return children(element, "rows").map((row) => children(row, "cells").map((cell) => textOf(cell)));
}

/**
 * Shares out columns: who is `fixed` gets what it needs, the others the rest; when it is too much for all,
 * the widest give way first.
 */
function share(space: number, natural: readonly number[], fixed: readonly boolean[]): number[] {
  const widths = [...natural];
  let over = widths.reduce((sum, one) => sum + one, 0) - space;
  for (; over > 0; over--) {
    const most = Math.max(...widths);
    if (most <= 1) break;
    widths[widths.indexOf(most)] = most - 1;
  }
  const open = widths.map((_, at) => at).filter((at) => fixed[at] !== true);
  for (let n = 0; over < 0 && open.length > 0; n++, over++) {
    const at = open[n % open.length]!;
    widths[at] = widths[at]! + 1;
  }
  return widths;
}

function sideBySide(blocks: readonly (readonly string[])[], widths: readonly number[]): string[] {
  const height = Math.max(0, ...blocks.map((block) => block.length));
  return Array.from({ length: height }, (_, line) =>
    blocks
      .map((block, at) => pad(block[line] ?? "", widths[at] ?? 0))
      .join(GAP)
      .trimEnd(),
  );
}

interface Found {
  /** `context`: what stands before it in the same container, to tell equal labels apart. */
  readonly values: { readonly label: string; readonly context: string; readonly value: string }[];
  readonly texts: string[];
}

function collect(element: Element, context: string, found: Found): void {
  if (!isVisible(element)) return;
  const add = (label: string, value: string) => found.values.push({ label, context, value });
  switch (element["type"]) {
    case "FactSet":
      for (const fact of children(element, "facts")) add(plain(fact["title"]), plain(fact["value"]));
      return;
    case "Table": {
      const rows = tableRows(element);
      const [headings = [], ...body] = element["firstRowAsHeader"] === false ? [[], ...rows] : rows;
      for (const [name = "", ...cells] of body) {
        cells.forEach((cell, at) => add([name, headings[at + 1] ?? ""].filter(Boolean).join(" · "), cell));
      }
      return;
    }
    case "TextBlock":
    case "RichTextBlock":
      found.texts.push(textOf(element));
      return;
    default: {
      const inside = [...children(element, "items"), ...children(element, "columns")];
      const own = element["type"] === "Container" ? firstTexts(element).join(", ") : "";
      for (const child of inside) collect(child, own === "" ? context : own, found);
    }
  }
}

/** What a container begins with: mostly the name of what it is about. */
function firstTexts(element: Element, most = 2): string[] {
  const texts: string[] = [];
  for (const child of [...children(element, "items"), ...children(element, "columns")].filter(isVisible)) {
    if (texts.length >= most) break;
    if (child["type"] === "TextBlock" || child["type"] === "RichTextBlock") texts.push(textOf(child));
    else texts.push(...firstTexts(child, most - texts.length));
  }
  return texts.filter((text) => text !== "");
}

function textOf(element: Element): string {
  if (element["type"] === "RichTextBlock") return inlines(element);
  if (element["text"] !== undefined) return plain(element["text"]);
  return children(element, "items").filter(isVisible).map(textOf).filter(Boolean).join(" ");
}

function inlines(element: Element): string {
  const runs: unknown[] = Array.isArray(element["inlines"]) ? element["inlines"] : [];
  return runs
    .map((run) => (typeof run === "string" ? plain(run) : isElement(run) ? plain(run["text"]) : ""))
    .join("");
}

function styled(line: string, element: Element, paint: Paint): string {
  const is = (name: string, ...values: string[]) => values.includes(plain(element[name]).toLowerCase());
  const colored = is("color", "attention")
    ? paint.red
    : is("color", "warning")
      ? paint.yellow
      : is("color", "good")
        ? paint.green
        : same;
  const heavy = is("weight", "bolder") || is("size", "large", "extralarge") ? paint.bold : same;
  return (element["isSubtle"] === true ? paint.dim : same)(heavy(colored(line)));
}

const same = (text: string) => text;

/** The text of Markdown: the little that a TextBlock may hold. */
function plain(value: unknown): string {
  if (value === undefined || value === null) return "";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return clean(text)
    .replace(/\*\*(.+?)\*\*/g, "$1")
    .replace(/(^|\W)_(.+?)_(?=\W|$)/g, "$1$2")
    .replace(/\[([^\]\n]+)\]\(([^)\s]+)\)/g, "$1 ($2)");
}

function widest(lines: readonly string[]): number {
  return Math.max(0, ...lines.map(width));
}

function children(element: unknown, name: string): Element[] {
  const list = isElement(element) ? element[name] : undefined;
  return Array.isArray(list) ? list.filter(isElement) : [];
}

function isElement(value: unknown): value is Element {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isVisible(element: Element): boolean {
  return element["isVisible"] !== false;
}

/** A column of pictures only: a terminal has no place for it beside what it shows. */
function isPicture(column: Element): boolean {
  const items = children(column, "items");
  return items.length > 0 && items.every((item) => item["type"] === "Image");
}

function isInput(element: Element): boolean {
  return typeof element["type"] === "string" && element["type"].startsWith("Input.");
}
