// A size grid: on a phone product after product with a few sizes in a row, on a desktop a table. What is filled in is
// kept cell by cell, like every input; the numbers beside it are those of this moment.
import { memo, use, useId, useMemo, useState, type KeyboardEvent, type ReactNode } from "react";
import { useMedia } from "../../state/hooks.ts";
import { useWords } from "../../words/words.ts";
import { balanced } from "../bidi.ts";
import { FormContext, numberOf, typedIn, type FormState } from "../form-state.ts";
import type { Element } from "../json.ts";
import { Changing, Marking } from "../mark.tsx";
import { neighbour, type Direction } from "./keys.ts";
import { absencesOf, DASH, readGrid, sift, type Cell, type Grid, type Only, type Product } from "./model.ts";

/** Where a table has room. */
const WIDE = "(min-width: 60rem)";
/** Fewer are seen at a glance. */
const MANY = 4;

export function SizeGrid({ element }: { readonly element: Element }): ReactNode {
  const form = use(FormContext);
  const say = useWords();
  const id = useId();
  const grid = useMemo(() => readGrid(element), [element]);
  const isWide = useMedia(WIDE);
  const [search, setSearch] = useState("");
  const [{ only, from }, choose] = useState<{ only: Only; from: ReadonlySet<string> }>({
    only: "all",
    from: NONE,
  });
  const valueOf = (cell: Cell): string => typedIn(cell.id, form?.values) ?? cell.value;
  const isFilled = (cell: Cell): boolean => valueOf(cell).trim() !== "";
  const products = sift(grid.products, {
    search,
    only,
    kept: (cell) => form?.errors.has(cell.id) === true || from.has(cell.id),
    isFilled,
  });
  const start = (next: Only): void => {
    // A cell that one empties while looking at what is filled in does not go from under one's fingers.
    const filled = grid.products.flatMap(({ cells }) => cells.filter(isFilled).map((cell) => cell.id));
    choose({ only: next, from: next === "filled" ? new Set(filled) : NONE });
  };
  const error = form?.errors.get(grid.id);
  const set = form?.set ?? ignore;
  const Layout = isWide ? Table : List;
  return (
    <fieldset
      className={error === undefined ? "grid" : "grid field-wrong"}
      data-input={grid.id}
      aria-describedby={error === undefined ? undefined : `${id}-error`}
    >
      <legend>
        <bdi>{balanced(grid.label)}</bdi>
        {element["isRequired"] === true && (
          <span className="field-required" title={say("input.required")} aria-hidden="true">
            *
          </span>
        )}
      </legend>
      {grid.products.length >= MANY && (
        <Filter grid={grid} search={search} only={only} onSearch={setSearch} onOnly={start} />
      )}
      <Legend grid={grid} />
      {error !== undefined && (
        <p className="field-error" id={`${id}-error`}>
          {error}
        </p>
      )}
      {products.length === 0 ? (
        <p className="grid-nothing" role="status">
          {say("grid.nothing")}
        </p>
      ) : (
        <Marking value>
          <Layout id={id} grid={grid} products={products} values={valueOf} errors={form?.errors} set={set} />
        </Marking>
      )}
    </fieldset>
  );
}

const NONE: ReadonlySet<string> = new Set();
const ignore = (): void => undefined;

function Filter({
  grid,
  search,
  only,
  onSearch,
  onOnly,
}: {
  readonly grid: Grid;
  readonly search: string;
  readonly only: Only;
  readonly onSearch: (search: string) => void;
  readonly onOnly: (only: Only) => void;
}): ReactNode {
  const say = useWords();
  const isKnown = grid.products.some(({ cells }) => cells.some(({ available }) => available !== undefined));
  const choices: readonly Only[] = isKnown ? ["all", "available", "filled"] : ["all", "filled"];
  return (
    <div className="grid-filter">
      <input
        type="search"
        value={search}
        placeholder={say("grid.search")}
        aria-label={say("grid.search")}
        onChange={({ target }) => onSearch(target.value)}
        onKeyDown={(event) => event.key === "Enter" && event.preventDefault()}
      />
      <div className="grid-only" role="group" aria-label={say("grid.only")}>
        {choices.map((choice) => (
          <button key={choice} type="button" aria-pressed={only === choice} onClick={() => onOnly(choice)}>
            {say(`grid.${choice}`)}
          </button>
        ))}
      </div>
    </div>
  );
}

/** What the numbers of a cell are, and why some are not there. */
function Legend({ grid }: { readonly grid: Grid }): ReactNode {
  const absences = absencesOf(grid);
  return (
    <div className="grid-legend">
      <p aria-hidden="true">
        <span className="grid-figures">
          {grid.figures.map((title) => (
            <span key={title}>
              <bdi>{balanced(title)}</bdi>
            </span>
          ))}
        </span>
      </p>
      {absences.map((absence) => (
        <p key={absence} className="absent">
          <bdi>{balanced(absence)}</bdi>
        </p>
      ))}
    </div>
  );
}

interface LayoutProps {
  readonly id: string;
  readonly grid: Grid;
  readonly products: readonly Product[];
  readonly values: (cell: Cell) => string;
  readonly errors: FormState["errors"] | undefined;
  readonly set: (cell: string, value: string) => void;
}

function List(props: LayoutProps): ReactNode {
  return props.products.map((product) => (
    <section key={`${product.title} ${product.note}`} className="grid-product">
      <h3>
        <ProductName product={product} />
      </h3>
      <div className="grid-cells">
        {product.cells.map((cell) => (
          <CellBox key={cell.id} {...cellProps(props, product, cell)} />
        ))}
      </div>
      <Remarks {...props} product={product} />
    </section>
  ));
}

function Table(props: LayoutProps): ReactNode {
  const say = useWords();
  const { grid, products } = props;
  return (
    <div className="grid-scroll">
      <table className="grid-table">
        <thead>
          <tr>
            <th scope="col">{say("grid.product")}</th>
            {grid.sizes.map((size) => (
              <th key={size} scope="col">
                <bdi>{balanced(size)}</bdi>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {products.map((product) => (
            <tr key={`${product.title} ${product.note}`}>
              <th scope="row">
                <ProductName product={product} />
                <Remarks {...props} product={product} />
              </th>
              {grid.sizes.map((size) => (
                <td key={size}>
                  {product.cells
                    .filter((cell) => cell.size === size)
                    .map((cell) => (
                      <CellBox key={cell.id} {...cellProps(props, product, cell)} />
                    ))}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ProductName({ product }: { readonly product: Product }): ReactNode {
  return (
    <>
      <span className="grid-name">
        <bdi>{balanced(product.title)}</bdi>
      </span>
      {product.note !== "" && (
        <span className="grid-note">
          <bdi>{balanced(product.note)}</bdi>
        </span>
      )}
    </>
  );
}

interface Remark {
  readonly text: string;
  readonly isError: boolean;
  readonly cells: readonly Cell[];
}

/** What is wrong with the cells of a product, and what one should know before sending: each said once. */
function remarksOf({ grid, values, errors }: LayoutProps, { cells }: Product): Remark[] {
  const remarks = new Map<string, Remark & { readonly cells: Cell[] }>();
  for (const cell of cells) {
    const error = errors?.get(cell.id);
    const words = error ?? (isOver(cell, values(cell)) ? grid.warning : "");
    const remark = remarks.get(words) ?? { text: words, isError: error !== undefined, cells: [] };
    remark.cells.push(cell);
    remarks.set(words, remark);
  }
  return [...remarks.values()].filter((remark) => remark.text !== "");
}

function Remarks(props: LayoutProps & { readonly product: Product }): ReactNode {
  return remarksOf(props, props.product).map(({ text, isError, cells }) => (
    <p key={text} id={`${props.id}-${cells[0]!.id}`} className={isError ? "field-error" : "grid-warning"}>
      <bdi>{balanced(cells.map(({ size }) => size).join(", "))}</bdi>: <bdi>{balanced(text)}</bdi>
    </p>
  ));
}

function isOver({ available }: Cell, value: string): boolean {
  const number = numberOf(value);
  return available !== undefined && number !== null && number > available;
}

interface CellProps {
  readonly cell: Cell;
  readonly product: string;
  readonly unit: string;
  readonly value: string;
  readonly state: "wrong" | "over" | "filled" | "empty";
  /** Id of what is said about it. */
  readonly remark: string | undefined;
  readonly figures: readonly string[];
  readonly set: (cell: string, value: string) => void;
}

function cellProps(props: LayoutProps, product: Product, cell: Cell): CellProps {
  const { id, grid, values, errors, set } = props;
  const value = values(cell);
  const isWrong = errors?.has(cell.id) === true;
  const state = isWrong ? "wrong" : isOver(cell, value) ? "over" : value.trim() === "" ? "empty" : "filled";
  const remark = remarksOf(props, product).find(({ cells }) => cells.includes(cell));
  return {
    cell,
    product: product.title,
    unit: grid.unit,
    value,
    state,
    remark: remark && `${id}-${remark.cells[0]!.id}`,
    figures: grid.figures,
    set,
  };
}

const CellBox = memo(function CellBox(props: CellProps): ReactNode {
  const { cell, product, unit, value, state, remark, figures, set } = props;
  const say = useWords();
  const numbers = cell.figures.map((figure, index) => `${figures[index] ?? ""} ${figure.text}`);
  return (
    <label className={`grid-cell grid-${state}`}>
      <span className="grid-size">
        <bdi>{balanced(cell.size)}</bdi>
      </span>
      <input
        name={cell.id}
        inputMode="numeric"
        autoComplete="off"
        enterKeyHint="next"
        value={value}
        aria-label={say("grid.cell", { product, size: cell.size, unit, figures: numbers.join(", ") })}
        aria-invalid={state === "wrong"}
        aria-describedby={remark}
        onKeyDown={move}
        onFocus={({ target }) => target.select()}
        onChange={({ target }) => set(cell.id, target.value)}
      />
      <span className="grid-figures" aria-hidden="true">
        {cell.figures.map((figure, index) => {
          const shown = figure.isAbsent ? DASH : figure.text;
          return (
            <span
              key={index}
              className={figure.isAbsent ? "absent" : undefined}
              title={`${figures[index] ?? ""}: ${figure.text}`}
            >
              <Changing value={shown}>{balanced(shown)}</Changing>
            </span>
          );
        })}
      </span>
    </label>
  );
});

/** Arrows lead from cell to cell, Enter goes down, as in any table of numbers; Ctrl+Enter sends. */
function move(event: KeyboardEvent<HTMLInputElement>): void {
  const from = event.currentTarget;
  if (event.nativeEvent.isComposing || event.altKey || event.shiftKey) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    return from.form?.requestSubmit();
  }
  const direction = event.key === "Enter" ? "ArrowDown" : DIRECTIONS.find((name) => name === event.key);
  if (!direction || !leaves(from, direction)) return;
  event.preventDefault();
  const inputs = [...(from.closest(".grid")?.querySelectorAll<HTMLInputElement>(".grid-cell input") ?? [])];
  const places = inputs.map((input) => {
    const { left, top, width, height } = input.getBoundingClientRect();
    return { left, top, width, height, input };
  });
  const next = neighbour(places, places[inputs.indexOf(from)]!, direction);
  next?.input.focus();
}

const DIRECTIONS: readonly Direction[] = ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"];

/** Within a number, left and right move among its digits first. */
function leaves({ selectionStart, selectionEnd, value }: HTMLInputElement, direction: Direction): boolean {
  if (direction === "ArrowUp" || direction === "ArrowDown") return true;
  const isWhole = selectionStart === 0 && selectionEnd === value.length;
  if (isWhole) return true;
  return direction === "ArrowLeft" ? selectionEnd === 0 : selectionStart === value.length;
}
