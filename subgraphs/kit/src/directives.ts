// What the owner wrote into the schema: @policy, @requiresScopes, @authenticated, @scope, @key, @external, by whatever
// name the schema imports them.
import {
  Kind,
  valueFromASTUntyped,
  type ConstDirectiveNode,
  type DocumentNode,
  type EnumTypeDefinitionNode,
  type EnumTypeExtensionNode,
  type FieldDefinitionNode,
  type InterfaceTypeDefinitionNode,
  type InterfaceTypeExtensionNode,
  type ObjectTypeDefinitionNode,
  type ObjectTypeExtensionNode,
  type ScalarTypeDefinitionNode,
  type ScalarTypeExtensionNode,
} from "graphql";

/** What one `@policy` or `@requiresScopes` names: one of these lists must be held in full. */
export type Alternatives = readonly (readonly string[])[];

/** What is asked at one place; all of it must hold. */
export interface Asks {
  readonly policies: Alternatives[];
  readonly scopes: Alternatives[];
  /** It is for anyone who is signed in: the owner has spoken, and asks no more. */
  authenticated: boolean;
}

export interface Scope {
  readonly subject: string;
  /** Property of the row: the subject's id, or the key of the first row of `via`. */
  readonly by: string;
  /** Rows over which the subject is found, one after the other: a property of each leads on, the last one's to it. */
  readonly via: readonly { readonly type: string; readonly by: string }[];
}

/** The directives of one type, over its definition and all its extensions. */
export interface TypeNotes {
  readonly asks: Asks;
  /** Fields of the `@key`s that can be resolved here. */
  readonly keys: string[];
  readonly fields: Map<string, { readonly asks: Asks; external: boolean }>;
  scope?: Scope;
}

/** Notes by type name. */
export type Notes = ReadonlyMap<string, TypeNotes>;

type TypeNode =
  | ScalarTypeDefinitionNode
  | ScalarTypeExtensionNode
  | EnumTypeDefinitionNode
  | EnumTypeExtensionNode
  | ObjectTypeDefinitionNode
  | ObjectTypeExtensionNode
  | InterfaceTypeDefinitionNode
  | InterfaceTypeExtensionNode;

/** Throws when a directive is not what it should be: an owner's word that is misread is worse than no start. */
export function readDirectives(document: DocumentNode): Notes {
  const names = localNames(document);
  const notes = new Map<string, TypeNotes>();
  for (const definition of document.definitions) {
    if (!isTypeNode(definition)) continue;
    const name = definition.name.value;
    const note = notes.get(name) ?? { asks: nothing(), keys: [], fields: new Map() };
    notes.set(name, note);
    readType(definition, note, names);
    if ("fields" in definition) for (const field of definition.fields ?? []) readField(field, note, names);
  }
  return notes;
}

function nothing(): Asks {
  return { policies: [], scopes: [], authenticated: false };
}

function add(asks: Asks, { policies, scopes, authenticated }: Meaning): void {
  if (policies) asks.policies.push(policies);
  if (scopes) asks.scopes.push(scopes);
  if (authenticated) asks.authenticated = true;
}

function readType(type: TypeNode, note: TypeNotes, names: LocalNames): void {
  for (const directive of type.directives ?? []) {
    const meaning = readDirective(directive, names, type.name.value);
    const { keys, scope } = meaning;
    add(note.asks, meaning);
    if (keys) note.keys.push(keys);
    if (scope) {
      if (note.scope) throw new TypeError(`Type ${type.name.value} has more than one @scope`);
      note.scope = scope;
    }
  }
}

function readField(field: FieldDefinitionNode, note: TypeNotes, names: LocalNames): void {
  const entry = note.fields.get(field.name.value) ?? { asks: nothing(), external: false };
  note.fields.set(field.name.value, entry);
  for (const directive of field.directives ?? []) {
    const meaning = readDirective(directive, names, field.name.value);
    add(entry.asks, meaning);
    if (meaning.external) entry.external = true;
  }
}

interface Meaning {
  readonly policies?: Alternatives;
  readonly scopes?: Alternatives;
  readonly authenticated?: boolean;
  readonly keys?: string;
  readonly scope?: Scope;
  readonly external?: boolean;
}

function readDirective(directive: ConstDirectiveNode, names: LocalNames, place: string): Meaning {
  const meaning = names.get(directive.name.value);
  if (!meaning) return {};
  const values = Object.fromEntries(
    (directive.arguments ?? []).map(({ name, value }) => [name.value, valueFromASTUntyped(value)]),
  );
  switch (meaning) {
    case "policy":
      return { policies: alternatives("policy", values.policies, place) };
    case "requiresScopes":
      return { scopes: alternatives("requiresScopes", values.scopes, place) };
    case "authenticated":
      return { authenticated: true };
    case "scope":
      if (typeof values.subject !== "string" || typeof values.by !== "string") {
        throw new TypeError(`@scope of ${place} needs subject and by`);
      }
      return { scope: { subject: values.subject, ...pathOf(values.by, place) } };
    case "key":
      return values.resolvable === false ? {} : { keys: String(values.fields).trim() };
    case "external":
      return { external: true };
  }
}

/** `orderId:Order.counterId`: the row's `orderId` is the key of an Order, whose `counterId` it is. */
function pathOf(path: string, place: string): Pick<Scope, "by" | "via"> {
  const [by = "", ...steps] = path.split(":");
  const via = steps.map((step) => {
    const [, type, property] = /^(\w+)\.(\w+)$/.exec(step) ?? [];
    return { type: type ?? "", by: property ?? "" };
  });
  if (by === "" || via.some(({ type }) => type === ""))
    throw new TypeError(
      `@scope of ${place}: "${path}" is no property of a row, nor a way like "orderId:Order.counterId"`,
    );
  return { by, via };
}

// GraphQL takes a single value for a list of one.
function alternatives(directive: Known, value: unknown, place: string): Alternatives {
  const outer = Array.isArray(value) ? value : [value];
  const lists = outer.map((inner: unknown) => (Array.isArray(inner) ? inner : [inner]));
  if (lists.length === 0 || lists.flat().some((name) => typeof name !== "string" || name === "")) {
    throw new TypeError(`@${directive} of ${place} names nothing that one can have`);
  }
  return lists as string[][];
}

type Known = "policy" | "requiresScopes" | "authenticated" | "scope" | "key" | "external";
type LocalNames = ReadonlyMap<string, Known>;

const specifications: readonly { readonly url: RegExp; readonly space: string; readonly names: Known[] }[] = [
  {
    url: /^https:\/\/specs\.apollo\.dev\/federation\//,
    space: "federation",
    names: ["policy", "requiresScopes", "authenticated", "key", "external"],
  },
  { url: /^https:\/\/junto\.dev\/spec\//, space: "junto", names: ["scope"] },
];

// A directive may be imported under another name, or be written with its namespace: it means the same.
function localNames(document: DocumentNode): LocalNames {
  const names = new Map<string, Known>();
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.SCHEMA_EXTENSION && definition.kind !== Kind.SCHEMA_DEFINITION) continue;
    for (const directive of definition.directives ?? []) addImports(directive, names);
  }
  return names;
}

function addImports(directive: ConstDirectiveNode, names: Map<string, Known>): void {
  const link = Object.fromEntries(
    (directive.arguments ?? []).map(({ name, value }) => [name.value, valueFromASTUntyped(value)]),
  );
  const specification = specifications.find(({ url }) => typeof link.url === "string" && url.test(link.url));
  if (!specification) return;
  const space = typeof link.as === "string" ? link.as : specification.space;
  for (const name of specification.names) names.set(`${space}__${name}`, name);
  for (const item of Array.isArray(link.import) ? (link.import as unknown[]) : []) {
    const { name, as = name } = (typeof item === "string" ? { name: item } : item) as {
      name: string;
      as?: string;
    };
    const known = specification.names.find((each) => `@${each}` === name);
    if (known) names.set(as.replace(/^@/, ""), known);
  }
}

function isTypeNode(node: { readonly kind: Kind }): node is TypeNode {
  return (
    node.kind === Kind.SCALAR_TYPE_DEFINITION ||
    node.kind === Kind.SCALAR_TYPE_EXTENSION ||
    node.kind === Kind.ENUM_TYPE_DEFINITION ||
    node.kind === Kind.ENUM_TYPE_EXTENSION ||
    node.kind === Kind.OBJECT_TYPE_DEFINITION ||
    node.kind === Kind.OBJECT_TYPE_EXTENSION ||
    node.kind === Kind.INTERFACE_TYPE_DEFINITION ||
    node.kind === Kind.INTERFACE_TYPE_EXTENSION
  );
}
