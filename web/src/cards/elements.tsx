// Adaptive Cards 1.5, drawn by React: the expanded JSON in, elements out. The same element of the next state is the same
// element on the screen, so a change of data changes texts, and an input keeps focus and what is in it.
// https://adaptivecards.io/explorer
import { httpsAddress, readsOf } from "@junto/template";
import { createContext, memo, use, type ReactNode } from "react";
import { balanced } from "./bidi.ts";
import { elements, fixedWidth, isElement, keyOf, oneOf, pixels, text, type Element } from "./json.ts";
import { ActionButton } from "./acting.tsx";
import { CHARTS } from "./chart.tsx";
import { Guard } from "./guard.tsx";
import { INPUTS } from "./inputs.tsx";
import { Changing } from "./mark.tsx";
import { Markdown } from "./markdown.tsx";
import { Picture } from "./picture.tsx";

/** What the elements of one card share. */
export interface Surface {
  /** Ids that were shown or hidden by a click ▸ whether they are visible. */
  readonly visible: ReadonlyMap<string, boolean>;
  setVisible(changes: ReadonlyMap<string, boolean | "toggle">): void;
}

export const SurfaceContext: React.Context<Surface> = createContext<Surface>({
  visible: new Map(),
  setVisible: () => undefined,
});

/** Deeper than any card for people, and than templates may be. */
const MAX_DEPTH = 40;

const DepthContext = createContext(0);

export function Body({ items }: { readonly items: unknown }): ReactNode {
  return elements(items).map((element, index) => (
    <Block key={keyOf(element, index)} element={element} isFirst={index === 0} />
  ));
}

interface BlockProps {
  readonly element: Element;
  readonly isFirst: boolean;
}

/** Drawn again when the element is another one, not whenever the card is. */
const Block: (props: BlockProps) => ReactNode = memo(function Block({ element, isFirst }: BlockProps) {
  const { visible } = use(SurfaceContext);
  const depth = use(DepthContext);
  const id = text(element["id"]);
  const isVisible = visible.get(id) ?? element["isVisible"] !== false;
  if (!isVisible || depth > MAX_DEPTH) return null;
  const Kind = ELEMENTS[text(element["type"])];
  if (!Kind) {
    const { fallback } = element;
    return isElement(fallback) ? (
      <DepthContext value={depth + 1}>
        <Block element={fallback} isFirst={isFirst} />
      </DepthContext>
    ) : null;
  }
  const spacing = isFirst ? "none" : oneOf(element["spacing"], "default", ...SPACINGS);
  const separator = element["separator"] === true && !isFirst;
  return (
    <DepthContext value={depth + 1}>
      <div className={`ac-block ac-space-${spacing}${separator ? " ac-separator" : ""}`}>
        <Guard of={element}>
          <Kind element={element} />
        </Guard>
      </div>
    </DepthContext>
  );
});

const SPACINGS = ["none", "small", "medium", "large", "extraLarge", "padding"] as const;

function textClass(element: Element): string {
  return [
    "ac-text",
    `ac-size-${oneOf(element["size"], "default", "small", "medium", "large", "extraLarge")}`,
    `ac-weight-${oneOf(element["weight"], "default", "lighter", "bolder")}`,
    `ac-color-${oneOf(element["color"], "default", "dark", "light", "accent", "good", "warning", "attention")}`,
    `ac-align-${oneOf(element["horizontalAlignment"], "left", "center", "right")}`,
    element["isSubtle"] === true ? "ac-subtle" : "",
    element["wrap"] === true ? "" : "ac-nowrap",
    oneOf(element["fontType"], "default", "monospace") === "monospace" ? "ac-mono" : "",
  ]
    .filter((name) => name !== "")
    .join(" ");
}

function TextBlock({ element }: { readonly element: Element }): ReactNode {
  const source = text(element["text"]);
  const content = (
    <Changing value={source} reads={readsOf(element, "text")}>
      <Markdown source={source} />
    </Changing>
  );
  const isHeading = oneOf(element["style"], "default", "heading", "columnHeader") === "heading";
  return isHeading ? (
    <h2 className={textClass(element)}>{content}</h2>
  ) : (
    <div className={textClass(element)}>{content}</div>
  );
}

function RichTextBlock({ element }: { readonly element: Element }): ReactNode {
  const { inlines } = element;
  const runs = (Array.isArray(inlines) ? inlines : []).map((run: unknown, index) => {
    if (typeof run === "string")
      return (
        <Changing key={index} value={run}>
          {balanced(run)}
        </Changing>
      );
    if (!isElement(run)) return null;
    const marks = ["italic", "strikethrough", "underline", "highlight"].filter((name) => run[name] === true);
    const content = text(run["text"]);
    return (
      <span
        key={index}
        className={[textClass({ ...run, wrap: true }), ...marks.map((name) => `ac-${name}`)].join(" ")}
      >
        <Selectable action={run["selectAction"]}>
          <Changing value={content} reads={readsOf(run, "text")}>
            {balanced(content)}
          </Changing>
        </Selectable>
      </span>
    );
  });
  return (
    <p className={`ac-rich ac-align-${oneOf(element["horizontalAlignment"], "left", "center", "right")}`}>
      {runs}
    </p>
  );
}

function FactSet({ element }: { readonly element: Element }): ReactNode {
  return (
    <dl className="ac-facts">
      {elements(element["facts"]).map((fact, index) => {
        const value = text(fact["value"]);
        return (
          <div key={keyOf(fact, index)} className="ac-fact">
            <dt>
              <bdi>
                <Markdown source={text(fact["title"])} />
              </bdi>
            </dt>
            <dd>
              <Changing value={value} reads={readsOf(fact, "value")}>
                <Markdown source={value} />
              </Changing>
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

function boxClass(element: Element): string {
  return [
    `ac-style-${oneOf(element["style"], "default", "emphasis", "good", "attention", "warning", "accent")}`,
    `ac-valign-${oneOf(element["verticalContentAlignment"], "top", "center", "bottom")}`,
  ].join(" ");
}

function Container({ element }: { readonly element: Element }): ReactNode {
  return (
    <Selectable action={element["selectAction"]}>
      <div className={`ac-box ${boxClass(element)}`} style={{ minHeight: pixels(element["minHeight"]) }}>
        <Body items={element["items"]} />
      </div>
    </Selectable>
  );
}

function ColumnSet({ element }: { readonly element: Element }): ReactNode {
  return (
    <Selectable action={element["selectAction"]}>
      <div className={`ac-columns ${boxClass(element)}`}>
        {elements(element["columns"]).map((column, index) => (
          <Column key={keyOf(column, index)} element={column} />
        ))}
      </div>
    </Selectable>
  );
}

function Column({ element }: { readonly element: Element }): ReactNode {
  const { visible } = use(SurfaceContext);
  if (!(visible.get(text(element["id"])) ?? element["isVisible"] !== false)) return null;
  const { width } = element;
  const fixed = fixedWidth(width);
  const weight = Number(width);
  const grow = fixed !== undefined || width === "auto" ? 0 : weight > 0 ? Math.min(weight, 100) : 1;
  const style = {
    flex: `${grow} ${grow === 0 ? 0 : 1} ${fixed ?? (grow === 0 ? "auto" : "0")}`,
    minHeight: pixels(element["minHeight"]),
  };
  return (
    <div className={`ac-column ${boxClass(element)}`} style={style}>
      <Selectable action={element["selectAction"]}>
        <Body items={element["items"]} />
      </Selectable>
    </div>
  );
}

function Table({ element }: { readonly element: Element }): ReactNode {
  const rows = elements(element["rows"]);
  const columns = elements(element["columns"]);
  const total = columns.reduce((sum, column) => sum + (Number(column["width"]) || 1), 0);
  const hasHead = element["firstRowAsHeader"] !== false;
  const isLined = element["showGridLines"] !== false;
  return (
    <div className="ac-scroll">
      <table className={isLined ? "ac-table ac-lined" : "ac-table"}>
        <colgroup>
          {columns.map((column, index) => (
            <col
              key={index}
              style={{
                width: fixedWidth(column["width"]) ?? `${((Number(column["width"]) || 1) / total) * 100}%`,
              }}
            />
          ))}
        </colgroup>
        {hasHead && rows[0] && (
          <thead>
            <Row element={rows[0]} isHead />
          </thead>
        )}
        <tbody>
          {rows.slice(hasHead ? 1 : 0).map((row, index) => (
            <Row key={keyOf(row, index)} element={row} isHead={false} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ element, isHead }: { readonly element: Element; readonly isHead: boolean }): ReactNode {
  return (
    <tr className={boxClass(element)}>
      {elements(element["cells"]).map((cell, index) => {
        const content = <Body items={cell["items"]} />;
        const key = keyOf(cell, index);
        return isHead ? (
          <th key={key} scope="col" className={boxClass(cell)}>
            {content}
          </th>
        ) : (
          <td key={key} className={boxClass(cell)}>
            {content}
          </td>
        );
      })}
    </tr>
  );
}

function Image({ element }: { readonly element: Element }): ReactNode {
  return (
    <Selectable action={element["selectAction"]}>
      <Picture element={element} />
    </Selectable>
  );
}

function ImageSet({ element }: { readonly element: Element }): ReactNode {
  return (
    <div className="ac-images">
      {elements(element["images"]).map((image, index) => (
        <Image key={keyOf(image, index)} element={{ size: element["imageSize"], ...image }} />
      ))}
    </div>
  );
}

export function ActionSet({ element }: { readonly element: Element }): ReactNode {
  return (
    <div
      className={`ac-actions ac-align-${oneOf(element["horizontalAlignment"], "left", "center", "right")}`}
    >
      {elements(element["actions"]).map((action, index) => (
        <CardAction key={keyOf(action, index)} action={action} className="button" />
      ))}
    </div>
  );
}

/** What can be clicked: it leads somewhere, shows something, or is done with the card. */
function CardAction({
  action,
  className,
  children,
}: {
  readonly action: Element;
  readonly className: string;
  readonly children?: ReactNode;
}): ReactNode {
  const { setVisible } = use(SurfaceContext);
  const title = text(action["title"]);
  const isEnabled = action["isEnabled"] !== false;
  if (action["type"] === "Action.OpenUrl") {
    const href = httpsAddress(action["url"]);
    if (href === null || !isEnabled) return children ?? <bdi>{balanced(title)}</bdi>;
    return (
      <a
        className={className}
        href={href}
        target="_blank"
        rel="noopener noreferrer"
        title={text(action["tooltip"]) || undefined}
      >
        {children ?? <bdi>{balanced(title)}</bdi>} <span className="ac-host">{new URL(href).host}</span>
      </a>
    );
  }
  if (action["type"] === "Action.Execute" && children === undefined)
    return <ActionButton verb={text(action["verb"])} />;
  if (action["type"] !== "Action.ToggleVisibility") return children ?? null;
  return (
    <button
      type="button"
      className={className}
      disabled={!isEnabled}
      onClick={() => setVisible(targetsOf(action))}
    >
      {children ?? <bdi>{balanced(title)}</bdi>}
    </button>
  );
}

function targetsOf(action: Element): Map<string, boolean | "toggle"> {
  const targets = Array.isArray(action["targetElements"]) ? (action["targetElements"] as unknown[]) : [];
  return new Map(
    targets.flatMap((target): [string, boolean | "toggle"][] => {
      if (typeof target === "string") return [[target, "toggle"]];
      if (!isElement(target) || typeof target["elementId"] !== "string") return [];
      const { isVisible } = target;
      return [[target["elementId"], typeof isVisible === "boolean" ? isVisible : "toggle"]];
    }),
  );
}

function Selectable({
  action,
  children,
}: {
  readonly action: unknown;
  readonly children: ReactNode;
}): ReactNode {
  if (!isElement(action)) return children;
  return (
    <CardAction action={action} className="ac-select">
      {children}
    </CardAction>
  );
}

const ELEMENTS: Readonly<Record<string, (props: { readonly element: Element }) => ReactNode>> = Object.assign(
  Object.create(null) as Record<string, never>,
  { TextBlock, RichTextBlock, FactSet, Container, ColumnSet, Table, Image, ImageSet, ActionSet },
  INPUTS,
  CHARTS,
);
