// What is different in a card that changed, in words, for who does not see it being marked.
import { elements, isElement, keyOf, plain, text, type Element } from "./json.ts";

/**
 * `At the supplier: 6 → 30`; at most a few.
 *
 * @param when how a day of a chart is called
 * @param absences texts that say why there is no value: what was there before is not told again then
 */
export function changesBetween(
  before: unknown,
  after: unknown,
  absences: ReadonlySet<string>,
  when: (at: string) => string,
): string[] {
  const old = new Map(saidIn(before).map(({ place, value }) => [place, value]));
  return saidIn(after)
    .filter(({ place, value }) => old.has(place) && old.get(place) !== value)
    .slice(0, MOST)
    .map(({ place, title, value }) => {
      const from = absences.has(value) ? "" : `${plain(old.get(place)!)} → `;
      return `${title(when)}${from}${plain(value)}`;
    });
}

const MOST = 4;

interface Said {
  readonly place: string;
  readonly title: (when: (at: string) => string) => string;
  readonly value: string;
}

/** Every text of a card, with the place where it stands. */
function saidIn(node: unknown, place = ""): Said[] {
  if (Array.isArray(node))
    return node.flatMap((item: unknown, index) =>
      isElement(item) ? saidIn(item, `${place}/${keyOf(item, index)}`) : [],
    );
  if (!isElement(node)) return [];
  if (node["type"] === "TextBlock") return [{ place, title: () => "", value: text(node["text"]) }];
  if (node["type"] === "Chart.Bars") return barsIn(place, node);
  if (node["type"] === "Chart.Bullet")
    return elements(node["measures"]).map(({ title, text: value }) => factAt(place, { title, value }));
  if (node["type"] === "FactSet") return elements(node["facts"]).map((fact) => factAt(place, fact));
  return ["body", "items", "columns", "rows", "cells", "inlines"].flatMap((name) =>
    saidIn(node[name], `${place}/${name}`),
  );
}

function factAt(place: string, fact: Element): Said {
  const title = text(fact["title"]);
  return { place: `${place}/${title}`, title: () => `${plain(title)}: `, value: text(fact["value"]) };
}

/** The sentence, and each bar by where it stands: a day that was not there before has not changed. */
function barsIn(place: string, chart: Element): Said[] {
  const title = text(chart["title"]);
  const bars = elements(chart["bars"]).map((bar) => {
    const at = text(bar["at"]);
    return {
      place: `${place}/${title}/${at}`,
      title: (when: (at: string) => string) => `${title}, ${when(at)}: `,
      value: text(bar["text"]),
    };
  });
  return [{ place: `${place}/${title}`, title: () => `${title}: `, value: text(chart["text"]) }, ...bars];
}
