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
  const values: Record<string, string> = {};
  for (const input of inputsOf(form)) {
    const id = text(input["id"]);
    const value = draft[id] ?? initialOf(input);
    if (value !== "") values[id] = value;
  }
  return values;
}

export function initialOf(input: Element): string {
  if (input["type"] === "Input.Toggle") return text(input["value"]) || text(input["valueOff"]) || "false";
  return text(input["value"]);
}

/** Input ▸ what is wrong with it, or a message of the form's own. */
export function problemsOf(form: unknown, draft: Draft): Map<string, Word | { readonly own: string }> {
  const problems = new Map<string, Word | { readonly own: string }>();
  for (const input of inputsOf(form)) {
    const id = text(input["id"]);
    const problem = problemOf(input, draft[id] ?? initialOf(input));
    const own = text(input["errorMessage"]);
    if (problem) problems.set(id, own && problem === "input.REQUIRED" ? { own } : problem);
  }
  return problems;
}

function problemOf(input: Element, value: string): Word | null {
  if (value.trim() === "") return input["isRequired"] === true ? "input.REQUIRED" : null;
  if (input["type"] === "Input.Number") {
    // The wide digits of a Chinese keyboard are digits too.
    const number = Number(value.normalize("NFKC"));
    if (Number.isNaN(number)) return "input.NOT_A_NUMBER";
    return isWithin(number, input) ? null : "input.OUT_OF_RANGE";
  }
  const most = Number(input["maxLength"]);
  return most > 0 && value.length > most ? "input.TOO_LONG" : null;
}

function isWithin(number: number, { min, max }: Element): boolean {
  return (typeof min !== "number" || number >= min) && (typeof max !== "number" || number <= max);
}

/** Every input of a form, wherever in it. */
export function inputsOf(form: unknown): Element[] {
  if (Array.isArray(form)) return form.flatMap(inputsOf);
  if (!isElement(form)) return [];
  if (text(form["type"]).startsWith("Input.")) return typeof form["id"] === "string" ? [form] : [];
  return ["body", "items", "columns", "rows", "cells"].flatMap((name) =>
    elements(form[name]).flatMap(inputsOf),
  );
}
