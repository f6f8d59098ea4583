// app.yaml: what an app consists of. Reads it into plain data and says everything that is wrong with it; what the
// names in it stand for is looked up by compile-app.ts.
import { CHANGE_KINDS, type ChangeKind } from "./app.ts";
import { NAME } from "./folder.ts";

export interface Manifest {
  readonly cards: readonly ManifestCard[];
  readonly actions: readonly ManifestAction[];
  readonly rules: readonly ManifestRule[];
}

export interface ManifestCard {
  readonly name: string;
  readonly summary: string;
  readonly due: string | undefined;
  readonly actions: readonly string[];
}

export interface ManifestAction {
  readonly name: string;
  readonly scope: "group" | "card";
  readonly when: string | undefined;
  readonly form: string | undefined;
  readonly bind: Readonly<Record<string, string>>;
  readonly lists: Readonly<Record<string, string>>;
}

export interface ManifestRule {
  readonly when: { readonly entity: string; readonly kind: ChangeKind };
  readonly card: string;
  readonly to: readonly string[];
  readonly watch: string | undefined;
  readonly each: string | undefined;
  readonly if: string | undefined;
  readonly as: string | undefined;
  readonly once: boolean;
}

/** What is wrong, and where in the file. */
export type Fault = (path: readonly (string | number)[], message: string) => void;

export function readManifest(value: unknown, name: string, fault: Fault): Manifest | undefined {
  if (!isTree(value)) {
    fault([], "app.yaml must hold name, cards, actions and rules");
    return undefined;
  }
  known(value, ["name", "cards", "actions", "rules"], [], fault);
  if (value["name"] !== name) fault(["name"], `"name" must be that of the folder: ${name}`);
  return {
    cards: entries(value, "cards", fault).map(([card, entry]) => readCard(card, entry, fault)),
    actions: entries(value, "actions", fault).map(([action, entry]) => readAction(action, entry, fault)),
    rules: readRules(value["rules"], fault),
  };
}

type TreeValue = Readonly<Record<string, unknown>>;
type Path = readonly (string | number)[];

function readCard(name: string, entry: TreeValue, fault: Fault): ManifestCard {
  const path = ["cards", name];
  known(entry, ["summary", "due", "actions"], path, fault);
  return {
    name,
    summary: text(entry, "summary", path, fault) ?? "",
    due: optional(entry, "due", path, fault),
    actions: entry["actions"] === undefined ? [] : names(entry, "actions", path, fault),
  };
}

function readAction(name: string, entry: TreeValue, fault: Fault): ManifestAction {
  const path = ["actions", name];
  known(entry, ["scope", "when", "form", "bind", "lists"], path, fault);
  const { scope } = entry;
  if (scope !== "group" && scope !== "card") fault([...path, "scope"], `"scope" must be group or card`);
  if (scope === "group" && entry["when"] !== undefined) {
    fault([...path, "when"], `only an action on a card has a "when"`);
  }
  return {
    name,
    scope: scope === "group" ? "group" : "card",
    when: optional(entry, "when", path, fault),
    form: optional(entry, "form", path, fault),
    bind: texts(entry, "bind", path, fault),
    lists: texts(entry, "lists", path, fault),
  };
}

function readRules(value: unknown, fault: Fault): ManifestRule[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) {
    fault(["rules"], "rules is a list");
    return [];
  }
  return value.flatMap((entry: unknown, index): ManifestRule[] => {
    const path = ["rules", index];
    if (isTree(entry)) return [readRule(entry, path, fault)];
    fault(path, "a rule is a mapping: { when: RestockOrder.CREATED, card: order, to: [manager] }");
    return [];
  });
}

function readRule(entry: TreeValue, path: Path, fault: Fault): ManifestRule {
  known(entry, ["when", "card", "to", "watch", "each", "if", "as", "once"], path, fault);
  const when = text(entry, "when", path, fault) ?? "";
  const [, entity = "", kind] = /^([A-Za-z]\w*)\.(\w+)$/.exec(when) ?? [];
  const isKind = CHANGE_KINDS.some((each) => each === kind);
  if (!isKind)
    fault(
      [...path, "when"],
      `"when" is an entity and what happens to it: RestockOrder.CREATED, .UPDATED, .DELETED`,
    );
  const once = entry["once"] ?? false;
  if (typeof once !== "boolean") fault([...path, "once"], `"once" is true or false`);
  const rule = {
    when: { entity, kind: isKind ? (kind as ChangeKind) : ("UPDATED" as const) },
    card: text(entry, "card", path, fault) ?? "",
    to: names(entry, "to", path, fault),
    watch: optional(entry, "watch", path, fault),
    each: optional(entry, "each", path, fault),
    if: optional(entry, "if", path, fault),
    as: optional(entry, "as", path, fault),
    once: once === true,
  };
  if ((rule.watch === undefined) !== (rule.each === undefined)) {
    fault(path, `"watch" and "each" go together: what is looked at, and the list in it`);
  }
  const looks = rule.watch !== undefined || rule.if !== undefined;
  if (looks && rule.as === undefined)
    fault(path, `"as" is missing: the role with whose rights this is looked at`);
  if (!looks && rule.as !== undefined) fault([...path, "as"], `"as" means nothing without "if" or "watch"`);
  return rule;
}

function entries(tree: TreeValue, key: string, fault: Fault): [string, TreeValue][] {
  const value = tree[key] ?? {};
  if (!isTree(value)) {
    fault([key], `${key} is a mapping`);
    return [];
  }
  return Object.entries(value).flatMap(([name, entry]): [string, TreeValue][] => {
    if (!NAME.test(name))
      fault([key, name], `"${name.slice(0, 80)}" is no name; give small letters, digits and hyphens`);
    else if (isTree(entry)) return [[name, entry]];
    else fault([key, name], `${name} is a mapping`);
    return [];
  });
}

function known(tree: TreeValue, keys: readonly string[], path: Path, fault: Fault): void {
  for (const key of Object.keys(tree)) {
    if (!keys.includes(key))
      fault([...path, key], `"${key.slice(0, 80)}" means nothing here; there are ${keys.join(", ")}`);
  }
}

function text(tree: TreeValue, key: string, path: Path, fault: Fault): string | undefined {
  const value = tree[key];
  if (typeof value === "string" && value !== "") return value;
  fault([...path, key], value === undefined ? `"${key}" is missing` : `"${key}" must be a text`);
  return undefined;
}

function optional(tree: TreeValue, key: string, path: Path, fault: Fault): string | undefined {
  return tree[key] === undefined ? undefined : text(tree, key, path, fault);
}

function names(tree: TreeValue, key: string, path: Path, fault: Fault): string[] {
  const value = tree[key];
  if (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((each): each is string => typeof each === "string" && NAME.test(each))
  ) {
    return value;
  }
  fault([...path, key], value === undefined ? `"${key}" is missing` : `"${key}" is a list of names`);
  return [];
}

function texts(tree: TreeValue, key: string, path: Path, fault: Fault): Record<string, string> {
  const value = tree[key] ?? {};
  if (isTree(value) && Object.values(value).every((each) => typeof each === "string")) {
    return value as Record<string, string>;
  }
  fault([...path, key], `"${key}" is a mapping of fields to texts`);
  return {};
}

function isTree(value: unknown): value is TreeValue {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
