// Figures side by side: bars to look at, a sentence that says the same, and a table of all of them on demand.
import { useState, type PointerEvent, type ReactNode } from "react";
import { readsOf } from "@junto/template";
import { useWords } from "../../words/words.ts";
import { balanced, isolated } from "../bidi.ts";
import { text, type Element } from "../json.ts";
import { Changing, useChanges } from "../mark.tsx";
import { ChartTitle } from "./title.tsx";
import { barsOf, highestOf, scaleOf, type Bar, type Scale } from "./scale.ts";

/** Units of the drawing: a bar with the gap behind it, and the height. What is drawn is as wide as the card. */
const STEP = 10;
const WIDTH = 7;
const HEIGHT = 100;

export function Bars({ element }: { readonly element: Element }): ReactNode {
  const say = useWords();
  const [pointed, setPointed] = useState<number | null>(null);
  const bars = barsOf(element);
  const title = text(element["title"]);
  const sentence = text(element["text"]);
  const highest = highestOf(bars);
  const most = (each: (line: string) => string): string =>
    highest ? say("chart.most", { value: each(highest.text), at: each(say.when(highest.at)) }) : "";
  const shown = pointed === null ? undefined : bars[pointed];
  return (
    <figure className="chart">
      <figcaption>
        <ChartTitle title={title} />
        <span className="chart-text">
          <Changing value={sentence} reads={readsOf(element, "text")}>
            {balanced(sentence)}
          </Changing>
        </span>
      </figcaption>
      {bars.length > 0 && (
        <>
          <p className="chart-say" aria-hidden={shown !== undefined}>
            {shown
              ? say("chart.bar", { at: isolated(say.when(shown.at)), value: isolated(shown.text) })
              : most(isolated)}
          </p>
          <svg
            className="chart-bars"
            role="img"
            aria-label={[title, sentence, most(asItIs)].filter(Boolean).join(". ")}
            viewBox={`0 0 ${bars.length * STEP} ${HEIGHT}`}
            preserveAspectRatio="none"
            onPointerMove={(event) => setPointed(barAt(event, bars.length))}
            onPointerDown={(event) => setPointed(barAt(event, bars.length))}
            onPointerLeave={(event) => event.pointerType === "mouse" && setPointed(null)}
          >
            <Plot bars={bars} pointed={pointed} />
          </svg>
          <div className="chart-axis" aria-hidden="true">
            <bdi>{balanced(say.when(bars[0]!.at))}</bdi>
            {bars.length > 1 && <bdi>{balanced(say.when(bars.at(-1)!.at))}</bdi>}
          </div>
          <BarTable title={title} bars={bars} />
        </>
      )}
    </figure>
  );
}

/** What is spoken has no direction. */
const asItIs = (line: string): string => line;

function barAt({ clientX, currentTarget }: PointerEvent<SVGSVGElement>, count: number): number {
  const { left, width } = currentTarget.getBoundingClientRect();
  return Math.min(count - 1, Math.max(0, Math.floor(((clientX - left) / width) * count)));
}

function Plot({
  bars,
  pointed,
}: {
  readonly bars: readonly Bar[];
  readonly pointed: number | null;
}): ReactNode {
  const scale = scaleOf(bars.map(({ value }) => value));
  const zero = HEIGHT * (1 - scale.zero);
  return (
    <>
      {bars.map((bar, index) => (
        <OneBar
          key={`${bar.at} ${index}`}
          bar={bar}
          index={index}
          scale={scale}
          isPointed={index === pointed}
        />
      ))}
      <line className="chart-zero" x1="0" x2={bars.length * STEP} y1={zero} y2={zero} />
    </>
  );
}

function OneBar(props: {
  readonly bar: Bar;
  readonly index: number;
  readonly scale: Scale;
  readonly isPointed: boolean;
}): ReactNode {
  const { bar, index, scale, isPointed } = props;
  const changes = useChanges(bar.text);
  const x = index * STEP + (STEP - WIDTH) / 2;
  if (bar.value === null) return <rect className="chart-gap" x={x} y="0" width={WIDTH} height={HEIGHT} />;
  const [top, bottom] = [
    Math.max(scale.at(bar.value), scale.zero),
    Math.min(scale.at(bar.value), scale.zero),
  ];
  const names = ["chart-bar", changes > 0 ? "chart-changed" : "", isPointed ? "chart-pointed" : ""];
  return (
    <rect
      key={changes}
      className={names.filter((name) => name !== "").join(" ")}
      x={x}
      y={HEIGHT * (1 - top)}
      width={WIDTH}
      height={HEIGHT * (top - bottom)}
    />
  );
}

/** The rows are there when they are wanted: hundreds of them on a screen of cards would be read by nobody. */
function BarTable({ title, bars }: { readonly title: string; readonly bars: readonly Bar[] }): ReactNode {
  const say = useWords();
  const [isOpen, setIsOpen] = useState(false);
  return (
    <details className="chart-table" onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary>
        {say("chart.table")}
        <span className="visually-hidden">: {title}</span>
      </summary>
      {isOpen && (
        <div
          className="chart-rows"
          role="region"
          aria-label={title}
          tabIndex={0} // oxlint-disable-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by keyboard
        >
          <table className="ac-table">
            <tbody>
              {bars.map((bar, index) => (
                <tr key={index}>
                  <th scope="row">
                    <bdi>{balanced(say.when(bar.at))}</bdi>
                  </th>
                  <td>
                    <bdi>{balanced(bar.text)}</bdi>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </details>
  );
}
