// A size grid as its form gives it: products, their sizes, and what one looks at to fill them in.
import { elements, text, type Element } from "../json.ts";

export interface Grid {
  readonly id: string;
  readonly label: string;
  readonly unit: string;
  readonly unitOne: string;
  /** What is said of a number that is more than there is. */
  readonly warning: string;
  /** Titles of the figures that every cell has. */
  readonly figures: readonly string[];
  readonly products: readonly Product[];
  /** Titles of all cells, in order: the columns of a table. */
  readonly sizes: readonly string[];
}

export interface Product {
  readonly title: string;
  readonly note: string;
  readonly cells: readonly Cell[];
}

export interface Cell {
  /** That of its input. */
  readonly id: string;
  readonly size: string;
  /** What the form begins with. */
  readonly value: string;
  /** How much there is; undefined: not known. */
  readonly available: number | undefined;
  readonly figures: readonly Figure[];
}

export interface Figure {
  /** A number, or why there is none. */
  readonly text: string;
  readonly isAbsent: boolean;
}

export function readGrid(element: Element): Grid {
  const products = productsOf(element);
  const unit = text(element["unit"]);
  return {
    id: text(element["id"]),
    label: text(element["label"]),
    unit,
    unitOne: text(element["unitOne"]) || unit,
    warning: text(element["warning"]),
    figures: Array.isArray(element["figures"]) ? element["figures"].map(text) : [],
    products,
    sizes: inOrder([...new Set(products.flatMap(({ cells }) => cells.map(({ size }) => size)))]),
  };
}

/** Rows of one title and note are one product. */
function productsOf(element: Element): Product[] {
  const products = new Map<string, Product & { readonly cells: Cell[] }>();
  for (const row of elements(element["rows"])) {
    const [title, note] = [text(row["title"]), text(row["note"])];
    const key = JSON.stringify([title, note]);
    const product = products.get(key) ?? { title, note, cells: [] };
    product.cells.push(...elements(row["cells"]).flatMap(cellOf));
    products.set(key, product);
  }
  return [...products.values()];
}

function cellOf(cell: Element): Cell[] {
  const id = text(cell["id"]);
  if (id === "") return [];
  const { warnAbove } = cell;
  const figures = elements(cell["figures"]).map((figure) => ({
    text: text(figure["text"]),
    isAbsent: figure["value"] === undefined || figure["value"] === null,
  }));
  return [
    {
      id,
      size: text(cell["title"]),
      value: text(cell["value"]),
      available: typeof warnAbove === "number" ? warnAbove : undefined,
      figures,
    },
  ];
}

/** Numbers by size, words as the form has them. */
function inOrder(sizes: string[]): string[] {
  return sizes.every((size) => size.trim() !== "" && Number.isFinite(Number(size)))
    ? sizes.sort((a, b) => Number(a) - Number(b))
    : sizes;
}

/** What is not there and why, once for each reason and not in each cell: `At the supplier: no answer from …`. */
export function absencesOf({ figures, products }: Grid): string[] {
  const found = new Set<string>();
  for (const { cells } of products)
    for (const cell of cells)
      cell.figures.forEach((figure, index) => {
        if (figure.isAbsent && figure.text.length > DASH.length)
          found.add(`${figures[index] ?? ""}: ${figure.text}`);
      });
  return [...found];
}

/** What a cell shows where there is no number. */
export const DASH = "—";

export type Only = "all" | "available" | "filled";

export interface Sieve {
  readonly search: string;
  readonly only: Only;
  /** Cells that stay whatever is wanted: those with an error, and those one was just looking at. */
  readonly kept: (cell: Cell) => boolean;
  readonly isFilled: (cell: Cell) => boolean;
}

/** The products and cells that somebody wants to see. */
export function sift(products: readonly Product[], { search, only, kept, isFilled }: Sieve): Product[] {
  const words = search
    .normalize("NFKC")
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  return products.flatMap((product) => {
    const name = `${product.title} ${product.note}`.toLowerCase();
    const isMeant = words.every((word) => name.includes(word));
    const cells = product.cells.filter((cell) => {
      if (kept(cell)) return true;
      if (!isMeant) return false;
      return only === "all" || isFilled(cell) || (only === "available" && (cell.available ?? 0) > 0);
    });
    return cells.length === 0 ? [] : [{ ...product, cells }];
  });
}
