// What the readers of supergraph.yaml share: mappings, unknown keys, texts in two languages.
import { shown, type Problems } from "./problems.ts";

export type Tree = Readonly<Record<string, unknown>>;

export interface Texts {
  readonly en: string;
  readonly "zh-CN": string;
}

export function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The entries of a mapping of mappings; what is none is a problem. */
export function entries(value: unknown, place: string, problems: Problems): [string, Tree][] {
  if (!isTree(value)) {
    problems.push(`${place} is ${shown(value)}: give a mapping.`);
    return [];
  }
  return Object.entries(value).flatMap(([key, entry]): [string, Tree][] => {
    if (isTree(entry)) return [[key, entry]];
    problems.push(`${place}.${key} is ${shown(entry)}: give a mapping.`);
    return [];
  });
}

export function unknownKeys(tree: Tree, known: readonly string[], place: string, problems: Problems): void {
  for (const key of Object.keys(tree)) {
    if (!known.includes(key))
      problems.push(`${place} holds ${shown(key)}, which means nothing; known: ${known.join(", ")}.`);
  }
}

export function readTexts(value: unknown, place: string, problems: Problems): Texts {
  const texts = isTree(value) ? value : {};
  unknownKeys(texts, ["en", "zh-CN"], place, problems);
  for (const locale of ["en", "zh-CN"]) {
    const text = texts[locale];
    if (typeof text !== "string" || text.trim() === "")
      problems.push(`${place}.${locale} is missing: give a text.`);
  }
  return { en: String(texts["en"]), "zh-CN": String(texts["zh-CN"]) };
}
