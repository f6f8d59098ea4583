// A figure against those that it is measured by: a bar, marks on its scale, and each of them in words below.
import { readsOf } from "@junto/template";
import type { ReactNode } from "react";
import { balanced } from "../bidi.ts";
import { elements, keyOf, oneOf, text, type Element } from "../json.ts";
import { Changing } from "../mark.tsx";
import { numberOf, scaleOf } from "./scale.ts";
import { ChartTitle } from "./title.tsx";

/** Marks of more kinds nobody could tell apart. */
const MOST_MEASURES = 4;

export function Bullet({ element }: { readonly element: Element }): ReactNode {
  const measures = elements(element["measures"])
    .slice(0, MOST_MEASURES)
    .map((measure) => ({ element: measure, value: numberOf(measure["value"]) }));
  const title = text(element["title"]);
  const isDrawn = measures.some(({ value }) => value !== null && value !== 0);
  return (
    <figure className="chart">
      {title !== "" && (
        <figcaption>
          <ChartTitle title={title} />
        </figcaption>
      )}
      {isDrawn && <Line measures={measures} />}
      <dl className="ac-facts chart-legend">
        {measures.map(({ element: measure, value }, index) => (
          <div key={keyOf(measure, index)} className="ac-fact">
            <dt>
              {isDrawn && value !== null && <Key measure={measure} index={index} />}
              <bdi>{balanced(text(measure["title"]))}</bdi>
            </dt>
            <dd>
              <Changing value={text(measure["text"])} reads={readsOf(measure, "text")}>
                {balanced(text(measure["text"]))}
              </Changing>
            </dd>
          </div>
        ))}
      </dl>
    </figure>
  );
}

interface Measure {
  readonly element: Element;
  readonly value: number | null;
}

/** What it shows stands in words below: to who hears the card it says nothing more. */
function Line({ measures }: { readonly measures: readonly Measure[] }): ReactNode {
  const scale = scaleOf(measures.map(({ value }) => value));
  const percent = (part: number): string => `${(part * 100).toFixed(2)}%`;
  return (
    <svg className="chart-bullet" aria-hidden="true">
      <rect className="chart-track" width="100%" y="25%" height="50%" />
      {measures.map(({ element, value }, index) => {
        if (value === null) return null;
        const at = scale.at(value);
        if (index > 0)
          return (
            <line
              key={index}
              className={`chart-mark chart-mark-${index}`}
              x1={percent(inside(at))}
              x2={percent(inside(at))}
              y1="0"
              y2="100%"
            />
          );
        const [from, to] = [Math.min(at, scale.zero), Math.max(at, scale.zero)];
        return (
          <rect
            key={index}
            className={`chart-measure chart-${colorOf(element)}`}
            x={percent(from)}
            width={percent(to - from)}
            y="25%"
            height="50%"
          />
        );
      })}
    </svg>
  );
}

/** A mark at the very edge is as thick as any other. */
function inside(at: number): number {
  return Math.min(0.995, Math.max(0.005, at));
}

function Key({ measure, index }: { readonly measure: Element; readonly index: number }): ReactNode {
  return (
    <svg className="chart-key" aria-hidden="true">
      {index === 0 ? (
        <rect className={`chart-measure chart-${colorOf(measure)}`} width="100%" y="25%" height="50%" />
      ) : (
        <line className={`chart-mark chart-mark-${index}`} x1="50%" x2="50%" y1="0" y2="100%" />
      )}
    </svg>
  );
}

function colorOf(measure: Element): string {
  return oneOf(measure["color"], "accent", "good", "warning", "attention");
}
