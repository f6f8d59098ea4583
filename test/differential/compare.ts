// When two answers are the same.
//
// Data: equal to the byte, the order of keys included. Errors: their paths, with the one freedom that the
// specification gives (6.4.4, "Handling execution errors"): of several errors that null the same place by way of
// non-null types, one has to be reported, and any may. So:
//
//  1. every place that is null because of an error for the oracle has an error of the engine at or below it,
//     and no other null has;
//  2. every error of the engine is one that would have happened had none been cut short: it is among those that
//     come up when the same operation is run over the same schema without non-null types, or lies where a null
//     comes up there; or it lies in what such an error has nulled: a subgraph that nulls an object takes with it
//     what it said beside, and nobody can know that this was there;
//  3. no two errors have the same path.
import type { ExecutionResult } from "graphql";
import type { Answer } from "./graph.ts";

type Path = readonly (string | number)[];

/** What is wrong with the engine's answer, or null. `everyError` runs the operation without non-null types. */
export async function difference(
  operation: string,
  expected: ExecutionResult,
  answer: Answer,
  everyError: () => Promise<ExecutionResult>,
): Promise<string | null> {
  if (!("data" in answer)) return `The engine refuses: ${answer.errors?.[0]?.message}`;
  if (JSON.stringify(expected.data ?? null) !== JSON.stringify(answer.data)) return "The data differ.";
  const wanted = pathsOf(expected.errors ?? []);
  const nulls = nullsOf(answer.data);
  const got = pathsOf(answer.errors ?? []);
  const seen = new Set(got);
  if (seen.size < got.length) return `Two errors have the same path: ${got.join(" ")}`;
  if (wanted.length === seen.size && wanted.every((path) => seen.has(path))) return null;
  for (const place of nulls) {
    const should = wanted.some((path) => isAt(path, place));
    if (should !== got.some((path) => isAt(path, place)))
      return `${should ? "No error says" : "An error says"} why ${place} is null.`;
  }
  const all = await everyError();
  const possible = new Set([...pathsOf(all.errors ?? []), ...nullsOf(all.data)]);
  const explained = nulls.filter((place) => got.some((path) => possible.has(path) && isAt(path, place)));
  const stray = got.find((path) => !explained.some((place) => isAt(path, place)));
  return stray === undefined ? null : `There is an error at ${stray}, where nothing fails.`;
}

function pathsOf(errors: readonly { readonly path?: Path | undefined }[]): string[] {
  return errors.map(({ path }) => pathText(path ?? []));
}

function pathText(path: Path): string {
  return `/${path.join("/")}`;
}

function isAt(path: string, place: string): boolean {
  return place === "/" || path === place || path.startsWith(`${place}/`);
}

function nullsOf(value: unknown, path: Path = []): string[] {
  if (value === null || value === undefined) return [pathText(path)];
  if (Array.isArray(value)) return value.flatMap((item, index) => nullsOf(item, [...path, index]));
  if (typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, inner]) => nullsOf(inner, [...path, key]));
}
