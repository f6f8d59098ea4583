// Elements that Adaptive Cards do not have. Each needs a `fallback` of standard ones in the template, which is what
// everybody gets who does not say that they know the extension.
import { BLOCK, define, INPUT, type ElementDefinition } from "./definition.ts";

export interface Extension {
  /** An input may only stand in a form. */
  readonly isInput: boolean;
  readonly definition: ElementDefinition;
  /** What stands in it, by name: `part:<name>` in its properties. */
  readonly parts: Readonly<Record<string, ElementDefinition>>;
}

/**
 * A number for each size of several products. Columns are the cells' titles. `figures` are what one looks at to fill
 * it in, such as the stock: titles on the grid, and on each cell a value with the words for it, which say why when
 * there is none. A cell's number above its `warnAbove` is marked with the `warning`; it can be sent all the same.
 * `unit` is what is counted ("pairs"), `unitOne` one of it. The grid's `id` is the list that the cells are rows of.
 */
const SIZE_GRID: Extension = {
  isInput: true,
  definition: define(
    `${INPUT} min max`,
    {
      label: "plain",
      errorMessage: "plain",
      unit: "plain",
      unitOne: "plain",
      warning: "plain",
      figures: "texts",
      rows: "list:part:sizeGridRow",
    },
    ["id", "label", "rows"],
  ),
  parts: {
    sizeGridRow: define("", { title: "plain", note: "plain", cells: "list:part:sizeGridCell" }, [
      "title",
      "cells",
    ]),
    sizeGridCell: define("id value warnAbove", { title: "plain", figures: "list:part:sizeGridFigure" }, [
      "id",
      "title",
    ]),
    sizeGridFigure: define("value", { text: "plain" }, ["text"]),
  },
};

/**
 * Figures side by side, for example of each day. `text` says in a sentence what there is to see, or why there is nothing.
 * A bar's `at` is a day or a word, its `text` the value in words, with which it is read out and told.
 */
const BARS: Extension = {
  isInput: false,
  definition: define(BLOCK, { title: "plain", text: "plain", bars: "list:part:bar" }, ["title", "bars"]),
  parts: { bar: define("at value", { text: "plain" }, ["at"]) },
};

/**
 * A figure against others that it is measured by: the first is a bar, those that follow are marks on its scale. Each
 * says in words what it is; one without a `value` says why there is none.
 */
const BULLET: Extension = {
  isInput: false,
  definition: define(BLOCK, { title: "plain", measures: "list:part:measure" }, ["measures"]),
  parts: { measure: define("value color", { title: "plain", text: "plain" }, ["title", "text"]) },
};

export const EXTENSIONS: ReadonlyMap<string, Extension> = new Map([
  ["Input.SizeGrid", SIZE_GRID],
  ["Chart.Bars", BARS],
  ["Chart.Bullet", BULLET],
]);

/** The parts whose `id` is that of an input of their own. */
export const INPUT_PARTS: ReadonlySet<string> = new Set(["part:sizeGridCell"]);
