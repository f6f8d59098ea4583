// One of the clerk's workbooks, with what years of use leave behind: merged cells, stray rows, numbers as text.
import * as XLSX from "@e965/xlsx";
import { STORY_PRODUCT, TODAY, type SeedProduct, type SeedStock } from "@junto/seed";

export interface StockLine {
  readonly product: SeedProduct;
  readonly stock: SeedStock;
}

/** The bytes of a workbook. `index` varies its habits: how the columns stand and what they are called. */
export function workbookOf(options: {
  readonly title: string;
  readonly lines: readonly StockLine[];
  readonly index: number;
}): Uint8Array {
  const book = XLSX.utils.book_new();
  XLSX.utils.book_append_sheet(book, stockSheet(options), "库存");
  XLSX.utils.book_append_sheet(book, notesSheet(), "说明");
  return XLSX.write(book, { type: "buffer", bookType: "xlsx", compression: true }) as Buffer;
}

/** Computes the sums of a sheet anew, as a spreadsheet program does: text is not counted. */
export function recalculate(sheet: XLSX.WorkSheet): void {
  const formulas = Object.values(sheet).filter((cell: Partial<XLSX.CellObject>) => cell?.f !== undefined);
  // Twice: the sums at the foot add up those at the end of each row.
  for (const cell of [...formulas, ...formulas] as XLSX.CellObject[]) {
    const range = /^SUM\(([A-Z]+\d+:[A-Z]+\d+)\)$/.exec(cell.f!)?.[1];
    if (range) Object.assign(cell, { t: "n", v: sumOf(sheet, XLSX.utils.decode_range(range)) });
  }
}

function sumOf(sheet: XLSX.WorkSheet, { s: start, e: end }: XLSX.Range): number {
  let sum = 0;
  for (let r = start.r; r <= end.r; r++) {
    for (let c = start.c; c <= end.c; c++) {
      const value = (sheet[XLSX.utils.encode_cell({ r, c })] as XLSX.CellObject | undefined)?.v;
      if (typeof value === "number") sum += value;
    }
  }
  return sum;
}

interface Habits {
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** "尺码" stands above the sizes, and the other headings are merged over both rows. */
  readonly tall: boolean;
}

const HABITS: readonly Habits[] = [
  { before: ["货号", "品牌", "品名", "仓库"], after: ["合计", "交期(天)", "备注"], tall: false },
  { before: ["品牌", "品名", "款号", "交期", "仓库"], after: ["小计", "备注"], tall: true },
];

interface Draft {
  readonly sheet: XLSX.WorkSheet;
  readonly merges: XLSX.Range[];
  readonly habits: Habits;
  readonly headings: readonly string[];
  readonly sizes: readonly string[];
  put(row: number, column: number, value: string | number | { readonly sum: string }): void;
}

function stockSheet({ title, lines, index }: Parameters<typeof workbookOf>[0]): XLSX.WorkSheet {
  const draft = newDraft(lines, HABITS[index % HABITS.length]!);
  const last = draft.headings.length - 1;
  for (const [row, text] of [`港湾供应 ${title}`, `制表：王强　　单位：双　　${TODAY}`].entries()) {
    draft.put(row, 0, text);
    merge(draft, row, 0, row, last);
  }
  const first = putHeadings(draft, 3);
  const next = putLines(draft, first, lines);
  putTotals(draft, first, next);
  draft.put(next + 2, 0, "注：断码款请先电话确认。");
  recalculate(draft.sheet);
  draft.sheet["!ref"] = XLSX.utils.encode_range({ s: { r: 0, c: 0 }, e: { r: next + 2, c: last } });
  draft.sheet["!merges"] = draft.merges;
  draft.sheet["!cols"] = draft.headings.map((heading) => ({ wch: heading === "品名" ? 24 : 9 }));
  return draft.sheet;
}

function newDraft(lines: readonly StockLine[], habits: Habits): Draft {
  const sizes = [...new Set(lines.flatMap(({ product }) => product.sizes))].sort();
  const sheet: XLSX.WorkSheet = {};
  return {
    sheet,
    merges: [],
    habits,
    sizes,
    headings: [...habits.before, ...sizes, ...habits.after],
    put(row, column, value) {
      const cell =
        typeof value === "object"
          ? { t: "n", f: value.sum }
          : { t: typeof value === "number" ? "n" : "s", v: value };
      sheet[at(row, column)] = cell;
    },
  };
}

/** Returns the first row below the headings. */
function putHeadings(draft: Draft, row: number): number {
  const { habits, headings, sizes } = draft;
  const isSize = (column: number): boolean =>
    column >= habits.before.length && column < habits.before.length + sizes.length;
  if (!habits.tall) {
    // In these workbooks sizes are numbers, in the others they are text.
    for (const [column, heading] of headings.entries())
      draft.put(row, column, isSize(column) ? Number(heading) : heading);
    return row + 1;
  }
  for (const [column, heading] of headings.entries()) {
    draft.put(isSize(column) ? row + 1 : row, column, isSize(column) ? `${heading}码` : heading);
    if (!isSize(column)) merge(draft, row, column, row + 1, column);
  }
  draft.put(row, habits.before.length, "尺码");
  merge(draft, row, habits.before.length, row, habits.before.length + sizes.length - 1);
  return row + 2;
}

/** Returns the row of the totals. A brand's name is merged over its styles, and below it stands an empty row. */
function putLines(draft: Draft, first: number, lines: readonly StockLine[]): number {
  let row = first;
  let top = first;
  for (const [index, line] of lines.entries()) {
    const { brand, brandCode } = line.product;
    if (lines[index - 1]?.product.brandCode !== brandCode) {
      if (index > 0) row++;
      top = row;
      draft.put(row, column(draft, "品牌"), brand);
    }
    row = putLine(draft, row, line, index);
    if (lines[index + 1]?.product.brandCode !== brandCode)
      merge(draft, top, column(draft, "品牌"), row - 1, column(draft, "品牌"));
  }
  return row;
}

/** Every ninth style lies in two warehouses: its number, name and lead days are merged over two rows. */
function putLine(draft: Draft, row: number, { product, stock }: StockLine, index: number): number {
  const plain = product.id === STORY_PRODUCT;
  const warehouses = !plain && index % 9 === 4 ? ["主仓", "二仓"] : ["主仓"];
  const style = column(draft, "货号", "款号");
  draft.put(row, style, !plain && index % 10 === 3 ? `${product.id}  ` : product.id);
  draft.put(row, column(draft, "品名"), product.nameZh);
  draft.put(
    row,
    column(draft, "交期(天)", "交期"),
    !plain && index % 6 === 1 ? `${stock.leadDays}天` : stock.leadDays,
  );
  for (const [offset, warehouse] of warehouses.entries()) {
    draft.put(row + offset, column(draft, "仓库"), warehouse);
    for (const { size, onHand } of stock.sizes) {
      const part =
        warehouses.length === 1 ? onHand : offset === 0 ? Math.ceil(onHand / 2) : Math.floor(onHand / 2);
      const typed = plain ? part : asTyped(part, index + Number(size));
      draft.put(row + offset, draft.headings.indexOf(size), typed);
    }
    putRowTotal(draft, row + offset);
  }
  const last = row + warehouses.length - 1;
  const merged = [style, column(draft, "品名"), column(draft, "交期(天)", "交期")];
  if (last > row) for (const each of merged) merge(draft, row, each, last, each);
  if (index % 8 === 5) draft.put(row, column(draft, "备注"), "可调货 ");
  return last + 1;
}

/** Now and then a figure was typed as text, in full-width digits, with its unit, or in words. */
function asTyped(pairs: number, chance: number): string | number {
  if (pairs === 0) return chance % 2 === 0 ? "断码" : 0;
  if (chance % 17 === 0) return `${pairs}双`;
  if (chance % 13 === 0)
    return String(pairs).replace(/\d/g, (digit) => String.fromCodePoint(digit.charCodeAt(0) + 0xfee0));
  return chance % 11 === 0 ? `${pairs} ` : pairs;
}

function putRowTotal(draft: Draft, row: number): void {
  const from = draft.habits.before.length;
  draft.put(row, column(draft, "合计", "小计"), { sum: sum(row, from, row, from + draft.sizes.length - 1) });
}

function putTotals(draft: Draft, first: number, row: number): void {
  const from = draft.habits.before.length;
  draft.put(row, 0, "合 计");
  for (let each = from; each <= from + draft.sizes.length; each++) {
    draft.put(row, each, { sum: sum(first, each, row - 1, each) });
  }
}

function notesSheet(): XLSX.WorkSheet {
  return XLSX.utils.aoa_to_sheet([
    ["使用说明"],
    ["1. 每天下班前更新库存，直接改数字即可。"],
    ["2. 货号请勿重复。"],
    ["3. 合计自动计算，不用填。"],
    [null, "35-40", "女码"],
  ]);
}

function column({ headings }: Draft, ...names: readonly string[]): number {
  return headings.findIndex((heading) => names.includes(heading));
}

function merge({ merges }: Draft, top: number, left: number, bottom: number, right: number): void {
  if (top !== bottom || left !== right) merges.push({ s: { r: top, c: left }, e: { r: bottom, c: right } });
}

function at(r: number, c: number): string {
  return XLSX.utils.encode_cell({ r, c });
}

function sum(top: number, left: number, bottom: number, right: number): string {
  return `SUM(${at(top, left)}:${at(bottom, right)})`;
}
