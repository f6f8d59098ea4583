// Charts of a card. What draws them is loaded when there is the first of them; until then, and without it, they are said
// in words.
import { lazy, Suspense, type ReactNode } from "react";
import { balanced } from "./bidi.ts";
import { ChartTitle } from "./chart/title.tsx";
import { elements, keyOf, text, type Element } from "./json.ts";

type Drawing = (props: { readonly element: Element }) => ReactNode;

function loaded(load: () => Promise<Drawing>): Drawing {
  const Loaded = lazy(() =>
    load()
      .catch(() => InWords)
      .then((drawing) => ({ default: drawing })),
  );
  return function Chart({ element }) {
    return (
      <Suspense fallback={<InWords element={element} />}>
        <Loaded element={element} />
      </Suspense>
    );
  };
}

export const CHARTS: Readonly<Record<string, Drawing>> = {
  "Chart.Bars": loaded(async () => (await import("./chart/bars.tsx")).Bars),
  "Chart.Bullet": loaded(async () => (await import("./chart/bullet.tsx")).Bullet),
};

/** As high as the drawing, so that nothing moves when it comes. */
function InWords({ element }: { readonly element: Element }): ReactNode {
  const hasBars = elements(element["bars"]).length > 0;
  const [title, sentence] = [text(element["title"]), text(element["text"])];
  return (
    <figure className={hasBars ? "chart chart-waits" : "chart"}>
      <figcaption>
        {title !== "" && <ChartTitle title={title} />}
        {sentence !== "" && (
          <span className="chart-text">
            <bdi>{balanced(sentence)}</bdi>
          </span>
        )}
      </figcaption>
      <dl className="ac-facts">
        {elements(element["measures"]).map((measure, index) => (
          <div key={keyOf(measure, index)} className="ac-fact">
            <dt>
              <bdi>{balanced(text(measure["title"]))}</bdi>
            </dt>
            <dd>
              <bdi>{balanced(text(measure["text"]))}</bdi>
            </dd>
          </div>
        ))}
      </dl>
    </figure>
  );
}
