// A model ▸ schemas as text: one for each subgraph, with the federation directives, and the one that clients see.
import {
  declaredContract,
  keyFields,
  printSelected,
  type AbstractModel,
  type FieldModel,
  type Model,
  type ObjectModel,
  type Signature,
} from "./model.ts";

const DIRECTIVES = [
  "@key",
  "@requires",
  "@external",
  "@shareable",
  "@provides",
  "@inaccessible",
  "@override",
  "@interfaceObject",
];

function link({ words }: Model): string {
  const imports = [...DIRECTIVES.map((name) => `"${name}"`), ...(words?.imports ?? [])].join(", ");
  return `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [${imports}])\n`;
}

/** What a subgraph says of who may see a type or a field of it. */
function said({ words }: Model, subgraph: string, place: string): string {
  return words?.at.get(`${subgraph} ${place}`) ?? "";
}

/** As it is composed; `plain`: without directives, as a server executes it. */
export function subgraphSdl(model: Model, subgraph: string, plain = false): string {
  const types = [...model.objects.values()].flatMap((type) => objectIn(model, type, subgraph) ?? []);
  const abstracts = [...model.abstracts.values()].flatMap(
    (abstract) => abstractIn(model, abstract, subgraph) ?? [],
  );
  const text = withLeaves(
    model,
    [...types, ...abstracts].join("\n"),
    (name) => {
      const found = model.enums.find((each) => each.name === name)!;
      return found.known.get(subgraph) ?? found.values;
    },
    (name) => said(model, subgraph, name),
  );
  return plain ? withoutDirectives(text) : link(model) + text;
}

/** What clients see of the whole graph. */
export function mergedSdl(model: Model): string {
  const types = [...model.objects.values()]
    .filter(({ fields }) => fields.length > 0)
    .map((type) => {
      const names = [...model.abstracts.values()]
        .filter((each) => each.kind === "interface" && [...each.known.values()].flat().includes(type.name))
        .map(({ name }) => name);
      const fields = type.fields.filter(({ inaccessible }) => !inaccessible).map(printField);
      return `type ${type.name}${implementing(names)} {\n${fields.join("\n")}\n}`;
    });
  const abstracts = [...model.abstracts.values()].flatMap((abstract) => {
    if (abstract.known.size === 0) return [];
    if (abstract.kind === "union")
      return `union ${abstract.name} = ${[...new Set([...abstract.known.values()].flat())].join(" | ")}`;
    return `interface ${abstract.name} {\n${mergedContract(model, abstract).map(printField).join("\n")}\n}`;
  });
  const schemas = new Map(model.subgraphs.map((each) => [each, subgraphSdl(model, each)]));
  return withLeaves(model, [...types, ...abstracts].join("\n"), (name) => {
    const { values, known } = model.enums.find((each) => each.name === name)!;
    const inUse = model.subgraphs.filter((each) => new RegExp(`\\b${name}\\b`).test(schemas.get(each)!));
    return values.filter((value) => inUse.some((each) => (known.get(each) ?? values).includes(value)));
  });
}

function mergedContract(model: Model, abstract: AbstractModel): Signature[] {
  const declared = new Set(
    [...abstract.known.keys()].flatMap((subgraph) =>
      declaredContract(model, abstract, subgraph).map(({ name }) => name),
    ),
  );
  const extra = abstract.keyed?.extra ?? [];
  const first = model.objects.get(abstract.members[0]!)!;
  return [
    ...abstract.contract.filter(({ name }) => declared.has(name)),
    ...first.fields.filter(({ name }) => extra.includes(name)),
  ];
}

function objectIn(model: Model, type: ObjectModel, subgraph: string): string | undefined {
  if (!type.subgraphs.has(subgraph)) return undefined;
  const inKeys = keyFields(type, subgraph);
  const fields = type.fields.flatMap((field) => fieldIn(model, type, field, subgraph, inKeys) ?? []);
  if (fields.length === 0) return undefined;
  const names = [...model.abstracts.values()]
    .filter((each) => each.kind === "interface" && each.known.get(subgraph)?.includes(type.name))
    .map(({ name }) => name);
  const keys = (type.keys.get(subgraph) ?? []).map(
    (key) => ` @key(fields: "${printSelected(key.fields)}"${key.resolvable ? "" : ", resolvable: false"})`,
  );
  const shareable = type.kind === "value" ? " @shareable" : "";
  const words = said(model, subgraph, type.name);
  return `type ${type.name}${implementing(names)}${keys.join("")}${shareable}${words} {\n${fields.join("\n")}\n}`;
}

function fieldIn(
  model: Model,
  type: ObjectModel,
  field: FieldModel,
  subgraph: string,
  inKeys: ReadonlySet<string>,
): string | undefined {
  const text = printField(field.strict.has(subgraph) ? { ...field, type: `${field.type}!` } : field);
  const words = said(model, subgraph, `${type.name}.${field.name}`);
  if (type.kind === "value") return text + words;
  if (field.overridden === subgraph) return text;
  if (field.owners.includes(subgraph)) {
    const provided = field.provides.get(subgraph);
    const shared = field.owners.length > 1 || field.given;
    return [
      text + words,
      shared && "@shareable",
      field.requires && `@requires(fields: ${JSON.stringify(printSelected(field.requires))})`,
      provided && `@provides(fields: ${JSON.stringify(printSelected(provided))})`,
      field.overridden && `@override(from: "${field.overridden}")`,
      field.inaccessible && "@inaccessible",
    ]
      .filter(Boolean)
      .join(" ");
  }
  if (inKeys.has(field.name)) return text + words;
  return field.external.has(subgraph) ? `${text} @external` : undefined;
}

function abstractIn(model: Model, abstract: AbstractModel, subgraph: string): string | undefined {
  const { name, keyed } = abstract;
  if (keyed?.objectIn === subgraph) {
    const extra = model.objects
      .get(abstract.members[0]!)!
      .fields.filter((field) => keyed.extra.includes(field.name));
    const words = (field: Signature): string => said(model, subgraph, `${name}.${field.name}`);
    const fields = ["  id: ID!", ...extra.map((field) => printField(field) + words(field))];
    return `type ${name} @interfaceObject @key(fields: "id") {\n${fields.join("\n")}\n}`;
  }
  const members = abstract.known.get(subgraph);
  if (!members) return undefined;
  if (abstract.kind === "union") return `union ${name} = ${members.join(" | ")}`;
  const key = keyed?.subgraph === subgraph ? ` @key(fields: "id")` : "";
  const fields = declaredContract(model, abstract, subgraph).map(printField);
  return `interface ${name}${key} {\n${fields.join("\n")}\n}`;
}

function implementing(names: readonly string[]): string {
  return names.length > 0 ? ` implements ${names.join(" & ")}` : "";
}

function printField({ name, args, type }: Signature): string {
  const given = args.map(
    (arg) => `${arg.name}: ${arg.type}${arg.initial === undefined ? "" : ` = ${arg.initial}`}`,
  );
  return `  ${name}${given.length > 0 ? `(${given.join(", ")})` : ""}: ${type}`;
}

/** Appends the definitions of the enums, scalars and inputs that a text uses. */
function withLeaves(
  model: Model,
  text: string,
  valuesOf: (name: string) => readonly string[],
  words: (name: string) => string = () => "",
): string {
  const uses = (name: string, within: string): boolean => new RegExp(`[:[ ]${name}\\b`).test(within);
  let all = text;
  for (const { name, fields } of model.inputs)
    if (uses(name, all))
      all += `\ninput ${name} {\n${fields.map((field) => printField({ ...field, args: [], type: `${field.type}${field.initial === undefined ? "" : ` = ${field.initial}`}` })).join("\n")}\n}`;
  for (const { name } of model.enums)
    if (uses(name, all)) all += `\nenum ${name}${words(name)} { ${valuesOf(name).join(" ")} }`;
  for (const name of model.scalars) if (uses(name, all)) all += `\nscalar ${name}${words(name)}`;
  return all;
}

function withoutDirectives(text: string): string {
  return text.replaceAll(/ @[a-zA-Z_]+(\((?:"(?:[^"\\]|\\.)*"|[^")])*\))?/g, "");
}
