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

/** What the card says, by label, in its order: `Status` → `SUBMITTED`, `38 · On hand` → `40`. */
export function labelledValues(card: unknown): Map<string, string> {
  const values = new Map<string, string>();
  const add = (label: string, value: string) => {
    let unique = label;
    for (let n = 2; values.has(unique); n++) unique = `${label} (${n})`;
    values.set(unique, value);
  };
  for (const element of children(card, "body")) collect(element, add);
  return values;
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
  const columns = children(element, "columns").filter(isVisible);
  const space = canvas.columns - GAP.length * (columns.length - 1);
  const natural = columns.map((column) => widest(draw({ ...column, type: "Column" }, canvas)));
  const widths = share(
    space,
    natural,
    columns.map((column) => column["width"] === "auto"),
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

function collect(element: Element, add: (label: string, value: string) => void): void {
  if (!isVisible(element)) return;
  switch (element["type"]) {
    case "FactSet":
      for (const fact of children(element, "facts")) add(plain(fact["title"]), plain(fact["value"]));
      return;
    case "Table": {
      const [headings = [], ...rows] =
        element["firstRowAsHeader"] === false ? [[], ...tableRows(element)] : tableRows(element);
      for (const [name = "", ...cells] of rows) {
        cells.forEach((cell, at) => add([name, headings[at + 1] ?? ""].filter(Boolean).join(" · "), cell));
      }
      return;
    }
    case "TextBlock":
    case "RichTextBlock":
      add("", textOf(element));
      return;
    default:
      for (const child of [...children(element, "items"), ...children(element, "columns")])
        collect(child, add);
  }
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
  const { color, weight, size, isSubtle } = element;
  const colored =
    color === "Attention"
      ? paint.red
      : color === "Warning"
        ? paint.yellow
        : color === "Good"
          ? paint.green
          : same;
  const heavy = weight === "Bolder" || size === "Large" || size === "ExtraLarge" ? paint.bold : same;
  return (isSubtle === true ? paint.dim : same)(heavy(colored(line)));
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

function isInput(element: Element): boolean {
  return typeof element["type"] === "string" && element["type"].startsWith("Input.");
}
