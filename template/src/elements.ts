// The part of Adaptive Cards 1.5 that an app's cards may use: elements, their properties, and what stands in them.
// https://adaptivecards.io/explorer
//
// Left out on purpose: actions that submit (an app declares its actions, see app.yaml), `refresh` and
// `authentication`.

/**
 * `scalar`: a setting or a value. `markdown`, `plain`: text. `url`: an http(s) address. `free`: not looked into.
 * `list`, `one`: elements of that kind. `fallback`: an element to show instead where this one is not known, or "drop".
 */
export type PropertyKind =
  | { readonly is: "scalar" | "markdown" | "plain" | "url" | "free" }
  | { readonly is: "list" | "one" | "fallback"; readonly of: ElementKind };

/** Where an element stands decides what it may be. */
export type ElementKind =
  | "card"
  | "element"
  | "action"
  | "column"
  | "row"
  | "cell"
  | "run"
  | "fact"
  | "choice"
  | "image"
  | "source"
  | "tableColumn"
  | "background";

export interface ElementDefinition {
  readonly properties: ReadonlyMap<string, PropertyKind>;
  readonly required: readonly string[];
}

type Properties = Readonly<
  Record<string, PropertyKind["is"] | `${"list" | "one" | "fallback"}:${ElementKind}`>
>;

const COMMON = "type id isVisible";
const BLOCK = `${COMMON} separator spacing height`;

const BACKGROUND: Properties = { backgroundImage: "one:background" };
const SELECT: Properties = { selectAction: "one:action" };
const LABELS: Properties = { label: "plain", errorMessage: "plain", placeholder: "plain" };
const INPUT = `${BLOCK} isRequired`;
const ACTION: Properties = { title: "plain", tooltip: "plain", iconUrl: "url" };
const TEXT = "size weight color isSubtle fontType horizontalAlignment wrap maxLines style";
const BOX = "style verticalContentAlignment bleed minHeight rtl";

const DEFINITIONS: Readonly<Record<string, ElementDefinition>> = {
  AdaptiveCard: define(
    "type $schema version minHeight rtl lang verticalContentAlignment",
    { body: "list:element", fallbackText: "plain", speak: "plain", ...SELECT, ...BACKGROUND },
    ["version", "body"],
  ),
  TextBlock: define(`${BLOCK} ${TEXT}`, { text: "markdown" }, ["text"]),
  RichTextBlock: define(`${BLOCK} horizontalAlignment`, { inlines: "list:run" }, ["inlines"]),
  TextRun: define(`type ${TEXT} italic strikethrough underline highlight`, { text: "plain", ...SELECT }, [
    "text",
  ]),
  Image: define(
    `${BLOCK} width size style horizontalAlignment backgroundColor`,
    { url: "url", altText: "plain", ...SELECT },
    ["url"],
  ),
  ImageSet: define(`${BLOCK} imageSize style`, { images: "list:image" }, ["images"]),
  Media: define(BLOCK, { sources: "list:source", poster: "url", altText: "plain" }, ["sources"]),
  Container: define(`${BLOCK} ${BOX}`, { items: "list:element", ...SELECT, ...BACKGROUND }, ["items"]),
  ColumnSet: define(
    `${BLOCK} style bleed minHeight horizontalAlignment`,
    { columns: "list:column", ...SELECT },
    ["columns"],
  ),
  Column: define(`${BLOCK} ${BOX} width`, { items: "list:element", ...SELECT, ...BACKGROUND }, []),
  FactSet: define(BLOCK, { facts: "list:fact" }, ["facts"]),
  ActionSet: define(`${BLOCK} horizontalAlignment`, { actions: "list:action" }, ["actions"]),
  Table: define(
    `${BLOCK} firstRowAsHeader showGridLines gridStyle horizontalCellContentAlignment verticalCellContentAlignment`,
    { columns: "list:tableColumn", rows: "list:row" },
    ["columns", "rows"],
  ),
  TableRow: define(
    `type style horizontalCellContentAlignment verticalCellContentAlignment`,
    { cells: "list:cell" },
    ["cells"],
  ),
  TableCell: define(`type ${BOX}`, { items: "list:element", ...SELECT, ...BACKGROUND }, ["items"]),
  "Input.Text": define(`${INPUT} isMultiline maxLength style regex`, { value: "plain", ...LABELS }, [
    "id",
    "label",
  ]),
  "Input.Number": define(`${INPUT} min max value`, LABELS, ["id", "label"]),
  "Input.Date": define(`${INPUT} min max value`, LABELS, ["id", "label"]),
  "Input.Time": define(`${INPUT} min max value`, LABELS, ["id", "label"]),
  "Input.Toggle": define(
    `${INPUT} valueOn valueOff wrap value`,
    { title: "markdown", label: "plain", errorMessage: "plain" },
    ["id", "title"],
  ),
  "Input.ChoiceSet": define(
    `${INPUT} isMultiSelect style wrap`,
    { value: "plain", choices: "list:choice", ...LABELS },
    ["id", "label", "choices"],
  ),
  "Action.OpenUrl": define("type id mode isEnabled", { ...ACTION, url: "url" }, ["url", "title"]),
  "Action.ToggleVisibility": define("type id mode isEnabled", { ...ACTION, targetElements: "free" }, [
    "targetElements",
  ]),
  fact: define("", { title: "markdown", value: "markdown" }, ["title", "value"]),
  choice: define("", { title: "plain", value: "plain" }, ["title", "value"]),
  source: define("mimeType", { url: "url" }, ["url"]),
  tableColumn: define("type width horizontalCellContentAlignment verticalCellContentAlignment", {}, []),
  background: define("fillMode horizontalAlignment verticalAlignment", { url: "url" }, ["url"]),
};

/** Types by the place where they may stand. The first of a place need not be named. */
const PLACES: Readonly<Record<ElementKind, readonly string[]>> = {
  card: ["AdaptiveCard"],
  element: [
    "TextBlock",
    "RichTextBlock",
    "Image",
    "ImageSet",
    "Media",
    "Container",
    "ColumnSet",
    "FactSet",
    "ActionSet",
    "Table",
  ],
  action: ["Action.OpenUrl", "Action.ToggleVisibility"],
  column: ["Column"],
  row: ["TableRow"],
  cell: ["TableCell"],
  run: ["TextRun"],
  image: ["Image"],
  fact: ["fact"],
  choice: ["choice"],
  source: ["source"],
  tableColumn: ["tableColumn"],
  background: ["background"],
};

const INPUTS = Object.keys(DEFINITIONS).filter((type) => type.startsWith("Input."));
/** Elements that have no `type`, or whose `type` says nothing. */
const UNTYPED: ReadonlySet<ElementKind> = new Set(["fact", "choice", "source", "tableColumn", "background"]);

/** What an element of this type is; a string says why there can be none here. */
export function elementDefinition(
  kind: ElementKind,
  type: unknown,
  inForm: boolean,
): ElementDefinition | string {
  const allowed = kind === "element" && inForm ? [...PLACES.element, ...INPUTS] : PLACES[kind];
  if (UNTYPED.has(kind) || (kind === "column" && type === undefined)) return DEFINITIONS[allowed[0]!]!;
  if (typeof type === "string" && allowed.includes(type)) return DEFINITIONS[type]!;
  if (typeof type !== "string") return `there must be a "type": ${allowed.join(", ")}`;
  if (type.startsWith("Input.")) return `${type} belongs in a form, which an action of app.yaml names`;
  if (type.startsWith("Action."))
    return `${type} is not for templates; app.yaml declares what can be done with a card`;
  return `"${type}" cannot stand here; there are ${allowed.join(", ")}`;
}

function define(scalars: string, others: Properties, required: readonly string[]): ElementDefinition {
  const properties = new Map<string, PropertyKind>();
  if (scalars.startsWith(BLOCK)) properties.set("fallback", { is: "fallback", of: "element" });
  for (const name of scalars.split(" ")) if (name) properties.set(name, { is: "scalar" });
  for (const [name, kind] of Object.entries(others)) {
    const [is, of] = kind.split(":") as [PropertyKind["is"], ElementKind | undefined];
    properties.set(name, of ? { is: is as "list" | "one" | "fallback", of } : { is: is as "plain" });
  }
  return { properties, required };
}
