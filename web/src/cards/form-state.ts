// What a form holds while somebody fills it in, and what is wrong with it before it is sent.
import { createContext } from "react";
import type { Draft } from "../junto/index.ts";
import type { Word } from "../words/words.ts";
import { elements, isElement, text, type Element } from "./json.ts";

export interface FormState {
  readonly values: Draft;
  /** Input ▸ what is wrong with it. */
  readonly errors: ReadonlyMap<string, string>;
  set(id: string, value: string): void;
}

export const FormContext: React.Context<FormState | null> = createContext<FormState | null>(null);

/** What a form sends: its inputs by id. What nobody has touched is as the form has it. */
export function valuesOf(form: unknown, draft: Draft): Record<string, string> {
  const values = inputsOf(form).map((input) => [text(input["id"]), valueOf(input, draft)] as const);
  return Object.fromEntries(values.filter(([, value]) => value.trim() !== ""));
}

/** What is in an input now. */
export function valueOf(input: Element, draft: Draft | undefined): string {
  return typedIn(text(input["id"]), draft) ?? initialOf(input);
}

/** What somebody typed; undefined: nothing. An id may be made of data, and be a name that every object has. */
export function typedIn(id: string, draft: Draft | undefined): string | undefined {
  return draft && Object.hasOwn(draft, id) ? draft[id] : undefined;
}

function initialOf(input: Element): string {
  if (input["type"] === "Input.Toggle") return text(input["value"]) || text(input["valueOff"]) || "false";
  return text(input["value"]);
}

/** Input ▸ what is wrong with it, or a message of the form's own. */
export function problemsOf(form: unknown, draft: Draft): Map<string, Word | { readonly own: string }> {
  const problems = new Map<string, Word | { readonly own: string }>();
  for (const input of inputsOf(form)) {
    note(input, problemOf(input, valueOf(input, draft)));
  }
  for (const grid of gridsOf(form)) {
    if (grid["isRequired"] === true && filledIn(grid, draft).length === 0) note(grid, "input.REQUIRED");
  }
  return problems;

  function note(input: Element, problem: Word | null): void {
    const own = text(input["errorMessage"]);
    if (problem) problems.set(text(input["id"]), own && problem === "input.REQUIRED" ? { own } : problem);
  }
}

function problemOf(input: Element, value: string): Word | null {
  if (value.trim() === "") return input["isRequired"] === true ? "input.REQUIRED" : null;
  if (input["type"] === "Input.Number") {
    const number = numberOf(value);
    if (number === null) return "input.NOT_A_NUMBER";
    if (input["isWhole"] === true && !Number.isInteger(number)) return "input.NOT_AN_INTEGER";
    return isWithin(number, input) ? null : "input.OUT_OF_RANGE";
  }
  if (isClock(input)) return isWithinClock(value, input) ? null : "input.OUT_OF_RANGE";
  const most = Number(input["maxLength"]);
  return most > 0 && value.length > most ? "input.TOO_LONG" : null;
}

/** The number that somebody typed, also with the wide digits of a Chinese keyboard; null when it is none. */
export function numberOf(value: string): number | null {
  const digits = value.normalize("NFKC").trim();
  return /^[-+]?\d{1,20}(\.\d{1,20})?$/.test(digits) ? Number(digits) : null;
}

function isWithin(number: number, { min, max }: Element): boolean {
  return (typeof min !== "number" || number >= min) && (typeof max !== "number" || number <= max);
}

/** A day or a time of day: a browser gives both so that they are in order as texts, but for years of five digits. */
export function isClock({ type }: Element): boolean {
  return type === "Input.Date" || type === "Input.Time";
}

function isWithinClock(value: string, { min, max }: Element): boolean {
  const [least, most] = [text(min) || value, text(max) || value];
  return !isBefore(value, least) && !isBefore(most, value);
}

function isBefore(one: string, other: string): boolean {
  return one.length === other.length ? one < other : one.length < other.length;
}

/** Every input of a form, wherever in it; of a size grid its cells. */
export function inputsOf(form: unknown): Element[] {
  return anyInputsOf(form).flatMap((input) => (isGrid(input) ? cellsOf(input) : [input]));
}

export function gridsOf(form: unknown): Element[] {
  return anyInputsOf(form).filter(isGrid);
}

/** Deeper ones are not drawn either. */
const MAX_DEPTH = 80;

function anyInputsOf(form: unknown, depth = 0): Element[] {
  if (!isElement(form) || depth > MAX_DEPTH) return [];
  if (text(form["type"]).startsWith("Input.")) return typeof form["id"] === "string" ? [form] : [];
  return ["body", "items", "columns", "rows", "cells"].flatMap((name) =>
    elements(form[name]).flatMap((element) => anyInputsOf(element, depth + 1)),
  );
}

function isGrid({ type }: Element): boolean {
  return type === "Input.SizeGrid";
}

/** Each cell is an input for a whole number. */
function cellsOf({ rows, min, max }: Element): Element[] {
  return elements(rows)
    .flatMap((row) => elements(row["cells"]))
    .filter(({ id }) => typeof id === "string")
    .map(({ id, value }) => ({ type: "Input.Number", id, value, min, max, isWhole: true }));
}

/** How many cells of a size grid are filled in, and what they come to. */
export function totalOf(grid: Element, draft: Draft): { readonly sizes: number; readonly total: number } {
  const numbers = filledIn(grid, draft)
    .map(numberOf)
    .filter((number) => number !== null);
  return { sizes: numbers.length, total: numbers.reduce((sum, number) => sum + number, 0) };
}

function filledIn(grid: Element, draft: Draft): string[] {
  return cellsOf(grid)
    .map((cell) => valueOf(cell, draft))
    .filter((value) => value.trim() !== "");
}
