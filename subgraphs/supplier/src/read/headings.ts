// Finds the row of headings in a sheet, by what people call the columns and in whatever order they stand.
import { filled, type Cell, type Sheet } from "./sheet.ts";
import { sizeOf, textOf } from "./values.ts";

/** Where the columns of a table are. */
export interface Headings {
  /** The row that the headings stand in; the data begins below it. */
  readonly row: number;
  readonly style: number;
  readonly leadDays?: number;
  readonly warehouse?: number;
  readonly layout: WideLayout | LongLayout;
}

/** A row for a style, a column for each size. */
export interface WideLayout {
  readonly kind: "wide";
  readonly sizes: readonly { readonly size: string; readonly column: number }[];
}

/** A row for a style in one size. */
export interface LongLayout {
  readonly kind: "long";
  readonly size: number;
  readonly pairs: number;
}

type Column = "style" | "size" | "pairs" | "leadDays" | "warehouse";

const NAMES: Readonly<Record<Column, readonly string[]>> = {
  style: [
    "货号",
    "款号",
    "款式编号",
    "款式",
    "商品货号",
    "商品编号",
    "style",
    "styleno",
    "stylenumber",
    "articleno",
  ],
  size: ["尺码", "码数", "码", "尺寸", "size"],
  pairs: [
    "现货数量",
    "现货",
    "现货数",
    "库存",
    "库存数",
    "库存数量",
    "数量",
    "在库",
    "onhand",
    "qty",
    "quantity",
  ],
  leadDays: ["交期", "交货期", "交货天数", "交期天数", "货期", "到货天数", "leaddays", "leadtime"],
  warehouse: ["仓库", "仓", "仓位", "库位", "warehouse"],
};
const COLUMN_BY_NAME: ReadonlyMap<string, Column> = new Map(
  (Object.keys(NAMES) as Column[]).flatMap((column) => NAMES[column].map((name) => [name, column] as const)),
);
const TOTALS: ReadonlySet<string> = new Set([
  "合计",
  "总计",
  "小计",
  "共计",
  "总数",
  "total",
  "totals",
  "subtotal",
]);

/** Titles and remarks above the headings take no more rows than this. */
const SEARCHED_ROWS = 40;

/** The headings of a sheet; undefined for a sheet that is not a table of stock. */
export function findHeadings(sheet: Sheet): Headings | undefined {
  for (let row = 0; row < Math.min(sheet.rows, SEARCHED_ROWS); row++) {
    const headings = headingsIn(sheet, row);
    if (!headings) continue;
    // "尺码" may stand, merged, above the sizes themselves.
    const below = headings.layout.kind === "long" ? headingsIn(sheet, row + 1) : undefined;
    return below?.layout.kind === "wide" ? below : headings;
  }
  return undefined;
}

/** Is this the word for a sum, such as `合 计：`? */
export function isTotals(cell: Cell): boolean {
  return TOTALS.has(nameIn(cell).replace(/:$/, ""));
}

/** Is this the heading of the column of style numbers? Tables are printed with their headings on every page. */
export function isStyleHeading(cell: Cell): boolean {
  return COLUMN_BY_NAME.get(nameIn(cell)) === "style";
}

function headingsIn(sheet: Sheet, row: number): Headings | undefined {
  const columns = new Map<Column, number>();
  const sizes = new Map<string, number>();
  for (let column = 0; column < sheet.columns; column++) {
    const cell = filled(sheet, row, column);
    const name = COLUMN_BY_NAME.get(nameIn(cell));
    const size = sizeOf(cell);
    if (name && !columns.has(name)) columns.set(name, column);
    else if (size && !sizes.has(size)) sizes.set(size, column);
  }
  const style = columns.get("style");
  const layout = layoutOf(columns, sizes);
  if (style === undefined || !layout) return undefined;
  const leadDays = columns.get("leadDays");
  const warehouse = columns.get("warehouse");
  return {
    row,
    style,
    ...(leadDays !== undefined && { leadDays }),
    ...(warehouse !== undefined && { warehouse }),
    layout,
  };
}

function layoutOf(
  columns: ReadonlyMap<Column, number>,
  sizes: ReadonlyMap<string, number>,
): WideLayout | LongLayout | undefined {
  if (sizes.size > 0) return { kind: "wide", sizes: [...sizes].map(([size, column]) => ({ size, column })) };
  const [size, pairs] = [columns.get("size"), columns.get("pairs")];
  return size === undefined || pairs === undefined ? undefined : { kind: "long", size, pairs };
}

/** The name in a heading: without blanks, and without a unit in brackets such as `交期(天)`. */
function nameIn(cell: Cell): string {
  return textOf(cell)
    .toLowerCase()
    .replace(/[ _.]/g, "")
    .replace(/[([【].*$/, "");
}
