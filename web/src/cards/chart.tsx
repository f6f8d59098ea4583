// Charts of a card. What draws them is loaded when there is the first of them; until then, and without it, they are said
// in words.
import { lazy, Suspense, type ReactNode } from "react";
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
        {title !== "" && <span className="chart-title">{title}</span>}
        {sentence !== "" && <span className="chart-text">{sentence}</span>}
      </figcaption>
      <dl className="ac-facts">
        {elements(element["measures"]).map((measure, index) => (
          <div key={keyOf(measure, index)} className="ac-fact">
            <dt>{text(measure["title"])}</dt>
            <dd>{text(measure["text"])}</dd>
          </div>
        ))}
      </dl>
    </figure>
  );
}
