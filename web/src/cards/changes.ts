// What is different in a card that changed, in words, for who does not see it being marked.
import { elements, isElement, keyOf, text, type Element } from "./json.ts";

/**
 * `At the supplier: 6 → 30`; at most a few.
 *
 * @param absences texts that say why there is no value: what was there before is not told again then
 */
export function changesBetween(before: unknown, after: unknown, absences: ReadonlySet<string>): string[] {
  const old = new Map(saidIn(before).map(({ place, value }) => [place, value]));
  return saidIn(after)
    .filter(({ place, value }) => old.has(place) && old.get(place) !== value)
    .slice(0, MOST)
    .map(({ place, title, value }) => {
      const from = absences.has(value) ? "" : `${plain(old.get(place)!)} → `;
      return `${title}${from}${plain(value)}`;
    });
}

const MOST = 4;

interface Said {
  readonly place: string;
  readonly title: string;
  readonly value: string;
}

/** Every text of a card, with the place where it stands. */
function saidIn(node: unknown, place = ""): Said[] {
  if (Array.isArray(node))
    return node.flatMap((item: unknown, index) =>
      isElement(item) ? saidIn(item, `${place}/${keyOf(item, index)}`) : [],
    );
  if (!isElement(node)) return [];
  if (node["type"] === "TextBlock") return [{ place, title: "", value: text(node["text"]) }];
  if (node["type"] === "FactSet") return elements(node["facts"]).map((fact) => factAt(place, fact));
  return ["body", "items", "columns", "rows", "cells", "inlines"].flatMap((name) =>
    saidIn(node[name], `${place}/${name}`),
  );
}

function factAt(place: string, fact: Element): Said {
  const title = text(fact["title"]);
  return { place: `${place}/${title}`, title: `${plain(title)}: `, value: text(fact["value"]) };
}

/** Without the marks of Markdown. */
function plain(source: string): string {
  return source.replace(/\*\*/g, "").replace(/\\([!-/:-@[-`{-~])/g, "$1");
}
