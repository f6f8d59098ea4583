// How an element of a card is defined: its properties, what stands in each, and which of them it cannot do without.

/**
 * `scalar`: a setting or a value. `markdown`, `plain`: text. `url`: an http(s) address. `link`: an https address. `texts`: a list of plain
 * texts. `list`, `one`: elements of that kind. `fallback`: an element to show instead where this one is not known, or
 * "drop".
 */
export type PropertyKind =
  | { readonly is: "scalar" | "markdown" | "plain" | "url" | "link" | "texts" }
  | { readonly is: "list" | "one" | "fallback"; readonly of: ElementKind };

/** Where an element stands decides what it may be. A `part` is known by its place, and has no type. */
export type ElementKind =
  | "card"
  | "element"
  | "action"
  | "button"
  | "column"
  | "row"
  | "cell"
  | "run"
  | "fact"
  | "choice"
  | "image"
  | "source"
  | "tableColumn"
  | "background"
  | "target"
  | `part:${string}`;

export interface ElementDefinition {
  readonly properties: ReadonlyMap<string, PropertyKind>;
  readonly required: readonly string[];
  /** What is required must not be empty either. */
  readonly filled?: boolean;
}

export type Properties = Readonly<
  Record<string, PropertyKind["is"] | `${"list" | "one" | "fallback"}:${ElementKind}`>
>;

/** What every element of a card's body can have. */
export const BLOCK = "type id isVisible separator spacing height";
export const INPUT: string = `${BLOCK} isRequired`;

/** @param scalars names of settings and values, with spaces between */
export function define(scalars: string, others: Properties, required: readonly string[]): ElementDefinition {
  const properties = new Map<string, PropertyKind>();
  if (scalars.startsWith(BLOCK)) properties.set("fallback", { is: "fallback", of: "element" });
  for (const name of scalars.split(" ")) if (name) properties.set(name, { is: "scalar" });
  for (const [name, kind] of Object.entries(others)) {
    const at = kind.indexOf(":");
    const is = (at < 0 ? kind : kind.slice(0, at)) as PropertyKind["is"];
    properties.set(name, (at < 0 ? { is } : { is, of: kind.slice(at + 1) }) as PropertyKind);
  }
  return { properties, required };
}
