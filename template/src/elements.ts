// The part of Adaptive Cards 1.5 that an app's cards may use: elements, their properties, and what stands in them.
// https://adaptivecards.io/explorer
//
// Left out on purpose: Action.Submit, `refresh` and `authentication`. What can be done with a card is declared in
// app.yaml; an Action.Execute says where on the card its button is.

import {
  BLOCK,
  define,
  INPUT,
  type ElementDefinition,
  type ElementKind,
  type Properties,
} from "./definition.ts";
import { EXTENSIONS } from "./extensions.ts";

const BACKGROUND: Properties = { backgroundImage: "one:background" };
const SELECT: Properties = { selectAction: "one:action" };
const LABELS: Properties = { label: "plain", errorMessage: "plain", placeholder: "plain" };
const ACTION: Properties = { title: "plain", tooltip: "plain", iconUrl: "url" };
const TEXT = "size weight color isSubtle fontType horizontalAlignment wrap maxLines style";
const BOX = "style verticalContentAlignment bleed minHeight rtl";

const DEFINITIONS: Readonly<Record<string, ElementDefinition>> = {
  AdaptiveCard: define(
    "type $schema version minHeight rtl lang verticalContentAlignment",
    {
      body: "list:element",
      actions: "list:button",
      fallbackText: "plain",
      speak: "plain",
      ...SELECT,
      ...BACKGROUND,
    },
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
  ActionSet: {
    ...define(`${BLOCK} horizontalAlignment`, { actions: "list:button" }, ["actions"]),
    filled: true,
  },
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
  "Input.Text": define(`${INPUT} isMultiline maxLength style`, { value: "plain", ...LABELS }, [
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
  "Action.OpenUrl": define("type id mode isEnabled", { ...ACTION, url: "link" }, ["url", "title"]),
  "Action.ToggleVisibility": define("type id mode isEnabled", { ...ACTION, targetElements: "list:target" }, [
    "targetElements",
  ]),
  "Action.Execute": define("type verb", {}, ["verb"]),
  fact: define("", { title: "markdown", value: "markdown" }, ["title", "value"]),
  choice: { ...define("", { title: "plain", value: "plain" }, ["title", "value"]), filled: true },
  source: define("mimeType", { url: "url" }, ["url"]),
  tableColumn: define("type width horizontalCellContentAlignment verticalCellContentAlignment", {}, []),
  target: define("type elementId isVisible", {}, ["elementId"]),
  background: define("fillMode horizontalAlignment verticalAlignment", { url: "url" }, ["url"]),
};

/** Types by the place where they may stand. The first of a place need not be named. */
const PLACES: Readonly<Record<Exclude<ElementKind, `part:${string}`>, readonly string[]>> = {
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
  button: ["Action.OpenUrl", "Action.ToggleVisibility", "Action.Execute"],
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
  target: ["target"],
};

const INPUTS = Object.keys(DEFINITIONS).filter((type) => type.startsWith("Input."));
const EXTENSION_TYPES = [...EXTENSIONS].filter(([, { isInput }]) => !isInput).map(([type]) => type);
const EXTENSION_INPUTS = [...EXTENSIONS].filter(([, { isInput }]) => isInput).map(([type]) => type);
const PARTS: Readonly<Record<string, ElementDefinition>> = Object.assign(
  {},
  ...[...EXTENSIONS.values()].map(({ parts }) => parts),
);
/** Elements that have no `type`, or whose `type` says nothing. */
const UNTYPED: ReadonlySet<ElementKind> = new Set([
  "fact",
  "choice",
  "source",
  "tableColumn",
  "background",
  "target",
]);

/** What may be used where: inputs in forms, extensions where they have not been replaced by a fallback. */
export interface Allowed {
  readonly inForm: boolean;
  readonly extensions: boolean;
}

/** What an element of this type is; a string says why there can be none here. */
export function elementDefinition(
  kind: ElementKind,
  type: unknown,
  { inForm, extensions }: Allowed,
): ElementDefinition | string {
  if (isPart(kind)) return PARTS[kind.slice("part:".length)]!;
  const allowed = [...PLACES[kind]];
  if (kind === "element" && extensions) allowed.push(...EXTENSION_TYPES);
  if (kind === "element" && inForm) allowed.push(...INPUTS, ...(extensions ? EXTENSION_INPUTS : []));
  if (UNTYPED.has(kind) || (kind === "column" && type === undefined)) return DEFINITIONS[allowed[0]!]!;
  if (typeof type === "string" && allowed.includes(type))
    return EXTENSIONS.get(type)?.definition ?? DEFINITIONS[type]!;
  if (typeof type !== "string") return `there must be a "type": ${allowed.join(", ")}`;
  if (EXTENSIONS.has(type) && !extensions)
    return `${type} is an extension; a fallback is of standard elements`;
  if (type.startsWith("Input.") && !inForm)
    return `${type} belongs in a form, which an action of app.yaml names`;
  if (type === "Action.Execute") return `${type} belongs in an ActionSet, or in the "actions" of the card`;
  if (type.startsWith("Action."))
    return `${type} is not for templates; app.yaml declares what can be done with a card`;
  return `"${type}" cannot stand here; there are ${allowed.join(", ")}`;
}

function isPart(kind: ElementKind): kind is `part:${string}` {
  return kind.startsWith("part:");
}
