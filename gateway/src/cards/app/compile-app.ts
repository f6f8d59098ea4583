// The files of one app ▸ the app, with everything that names another part of it, of the schema or of its messages
// looked up and checked.
import type { GraphQLSchema } from "graphql";
import {
  checkExpression,
  checkUses,
  compileMessages,
  compileText,
  ExpressionError,
  type JsonPath,
  type Locale,
  LOCALES,
  type Messages,
  type MessageUse,
  type Shape,
  STRING,
  UNKNOWN,
} from "@junto/template";
import type { ActionType, App, CardType, Rule } from "./app.ts";
import {
  compileCondition,
  conditionScope,
  readFragmentFile,
  readTemplate,
  textScope,
  type AppContext,
  type VerbPlace,
} from "./app-context.ts";
import { compileAction } from "./compile-action.ts";
import { parseTree, type Files, type Report } from "./folder.ts";
import type { Fragment } from "./fragment.ts";
import { readManifest, type Manifest, type ManifestCard, type ManifestRule } from "./manifest.ts";

export function compileApp(
  name: string,
  files: Files,
  schema: GraphQLSchema,
  report: Report,
): App | undefined {
  const fault: AppContext["fault"] = (file, line, message) =>
    report({ file: `${name}/${file}`, line }, message);
  const source = files.get("app.yaml");
  if (source === undefined) {
    report({ file: name }, "there is no app.yaml");
    return undefined;
  }
  const tree = parseTree(source, "YAML", (message, line) => fault("app.yaml", line, message));
  if (!tree) return undefined;
  const faultAt = (path: JsonPath, message: string) => fault("app.yaml", tree.line(path), message);
  const manifest = readManifest(tree.value, name, faultAt);
  if (!manifest) return undefined;
  const used = new Set(["app.yaml", ...LOCALES.map((locale) => `messages/${locale}.json`)]);
  const context: AppContext = {
    name,
    schema,
    messages: readMessages(files, fault),
    fault,
    faultAt,
    has: (file) => files.has(file),
    take(file, neededBy) {
      used.add(file);
      const text = files.get(file);
      if (text === undefined) faultAt(neededBy, `there is no ${file}`);
      return text;
    },
  };
  const app = compileParts(manifest, context);
  for (const file of files.keys()) if (!used.has(file)) fault(file, 1, "nothing in app.yaml uses this file");
  return app;
}

function compileParts(manifest: Manifest, context: AppContext): App {
  const parts = manifest.cards.map((card) => ({
    card,
    fragment: readFragmentFile(`cards/${card.name}`, ["cards", card.name], context),
  }));
  const actions = new Map<string, ActionType>();
  for (const action of manifest.actions) {
    const on = parts.filter(({ card }) => card.actions.includes(action.name)).map(({ fragment }) => fragment);
    const compiled = compileAction(action, on, context);
    if (compiled) actions.set(action.name, compiled);
  }
  const cards = new Map<string, CardType>();
  for (const { card, fragment } of parts) {
    checkActions(card, manifest, context);
    const compiled = compileCard(card, fragment, manifest, actions, context);
    if (compiled) cards.set(card.name, compiled);
  }
  const rules = manifest.rules.flatMap(
    (rule, index) => compileRule(rule, ["rules", index], manifest, cards, context) ?? [],
  );
  return { name: context.name, cards, actions, rules, messages: context.messages };
}

function checkActions({ name, actions }: ManifestCard, manifest: Manifest, { faultAt }: AppContext): void {
  actions.forEach((action, index) => {
    const problem = actionProblem(action, manifest);
    if (problem !== undefined) faultAt(["cards", name, "actions", index], problem);
  });
}

/** Why it is nothing that could be done with a card. */
function actionProblem(action: string, { actions }: Manifest): string | undefined {
  const found = actions.find(({ name }) => name === action);
  if (!found) return `there is no action ${action}`;
  return found.scope === "card" ? undefined : `${action} begins something new: it is no action on a card`;
}

function checkVerbs(
  verbs: readonly VerbPlace[],
  { name, actions }: ManifestCard,
  manifest: Manifest,
  { fault }: AppContext,
): void {
  for (const { verb, line } of verbs) {
    const problem =
      actionProblem(verb, manifest) ??
      (actions.includes(verb) ? undefined : `${verb} is none of the "actions" of ${name} in app.yaml`);
    if (problem !== undefined) fault(`cards/${name}.json`, line, problem);
  }
}

function compileCard(
  card: ManifestCard,
  fragment: Fragment | undefined,
  manifest: Manifest,
  actions: ReadonlyMap<string, ActionType>,
  context: AppContext,
): CardType | undefined {
  const { name, messages } = context;
  const path = ["cards", card.name];
  const shape = fragment?.shape ?? UNKNOWN;
  const template = readTemplate(`cards/${card.name}.json`, path, shape, context, false);
  checkVerbs(template?.verbs ?? [], card, manifest, context);
  const summary = compileSummary(card, shape, context);
  const due = card.due === undefined ? undefined : compileDue(card.due, shape, [...path, "due"], context);
  if (!fragment || !template || !summary) return undefined;
  return {
    app: name,
    name: card.name,
    id: `${name}.${card.name}`,
    on: fragment.on,
    fragment,
    template: template.template,
    summary,
    due,
    messages,
    actions: card.actions.flatMap((action) => actions.get(action) ?? []),
  };
}

function compileDue(source: string, data: Shape, path: JsonPath, context: AppContext): CardType["due"] {
  const scope = conditionScope(data, { $postedAt: STRING });
  const due = compileCondition(source, scope, path, context);
  const shape = due && checkExpression(due.tree, scope, () => undefined);
  if (shape && shape.kind !== "unknown" && !isInstant(shape))
    context.faultAt(path, `"due" must be an instant: addHours(submittedAt, 24)`);
  return due;
}

function isInstant(shape: Shape): boolean {
  return shape.kind === "leaf" && !shape.values && ["DateTime", "String"].includes(shape.type);
}

function compileSummary(
  card: ManifestCard,
  shape: Shape,
  context: AppContext,
): CardType["summary"] | undefined {
  const path = ["cards", card.name, "summary"];
  const uses: MessageUse[] = [];
  const scope = textScope(shape, uses);
  try {
    const text = compileText(card.summary);
    for (const part of text.parts) {
      if (typeof part !== "string")
        checkExpression(part.tree, scope, (message) => context.faultAt(path, message));
    }
    for (const message of checkUses(uses, context.messages)) context.faultAt(path, message);
    return text;
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    context.faultAt(path, `character ${error.at + 1}: ${error.message}`);
    return undefined;
  }
}

function compileRule(
  rule: ManifestRule,
  path: JsonPath,
  manifest: Manifest,
  cards: ReadonlyMap<string, CardType>,
  context: AppContext,
): Rule | undefined {
  const { entity, kind } = rule.when;
  const card = cards.get(rule.card);
  if (!manifest.cards.some(({ name }) => name === rule.card))
    context.faultAt([...path, "card"], `there is no card ${rule.card}`);
  if (card && card.on !== entity)
    context.faultAt([...path, "when"], `card ${rule.card} is about ${card.on}, not about ${entity}`);
  const watch = rule.watch === undefined ? undefined : compileWatch(rule, rule.watch, path, context);
  const data = rule.watch === undefined ? (card?.fragment.shape ?? UNKNOWN) : (watch?.item ?? UNKNOWN);
  const condition =
    rule.if === undefined
      ? undefined
      : compileCondition(rule.if, conditionScope(data), [...path, "if"], context);
  if (!card) return undefined;
  const { to, as, once } = rule;
  return { app: context.name, when: { entity, kind }, card, to, watch, condition, as, once };
}

function compileWatch(
  rule: ManifestRule,
  name: string,
  path: JsonPath,
  context: AppContext,
): (NonNullable<Rule["watch"]> & { readonly item: Shape }) | undefined {
  const fragment = readFragmentFile(`watch/${name}`, [...path, "watch"], context);
  if (!fragment || rule.each === undefined) return undefined;
  const place = [...path, "each"];
  const each = compileCondition(rule.each, conditionScope(fragment.shape), place, context);
  const shape = each && checkExpression(each.tree, conditionScope(fragment.shape), () => undefined);
  if (!each || !shape || shape.kind === "unknown") return undefined;
  const item = shape.kind === "list" ? shape.of : UNKNOWN;
  if (item.kind !== "object" || item.type !== rule.when.entity) {
    context.faultAt(place, `"each" must be a list of ${rule.when.entity}`);
  } else if (!item.fields.has("id")) {
    context.faultAt(
      place,
      `the fragment must ask for the id of ${item.type}: the changed one is found by it`,
    );
  }
  return { fragment, each, item };
}

function readMessages(files: Files, fault: AppContext["fault"]): Messages {
  const trees = LOCALES.map((locale) => {
    const file = `messages/${locale}.json`;
    const text = files.get(file);
    if (text === undefined) fault(file, 1, "there is no such file; an app speaks both languages");
    return [
      locale,
      text === undefined ? undefined : parseTree(text, "JSON", (message, line) => fault(file, line, message)),
    ] as const;
  });
  const values = Object.fromEntries(trees.map(([locale, tree]) => [locale, tree?.value ?? {}]));
  const lines = new Map(trees);
  return compileMessages(values as Record<Locale, unknown>, (locale, key, message) => {
    // What is missing altogether was said already.
    if (lines.get(locale))
      fault(`messages/${locale}.json`, lines.get(locale)!.line(key === undefined ? [] : [key]), message);
  });
}
