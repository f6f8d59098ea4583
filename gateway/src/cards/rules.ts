// Rules: when something changes, post a card to those whom it concerns.
import type { Viewer } from "../access/viewer.ts";
import type { Change } from "../events/log.ts";
import type { Entity, GroupRow, Groups } from "../groups/store.ts";
import type { Log } from "../observe/index.ts";
import type { App, Rule } from "./app/apps.ts";
import { isDecidable, ruleHolds } from "./app/rule.ts";
import type { CardJoin } from "./join.ts";
import { createLooks, type Look, type LooksParts } from "./looks.ts";
import { createWatch, nameOf } from "./watch.ts";

type Store = Pick<
  Groups,
  | "group"
  | "groupsAbout"
  | "groupsByScenario"
  | "watchers"
  | "setWatch"
  | "postCard"
  | "closeCard"
  | "openCardAbout"
>;

export interface RulesParts {
  readonly apps: readonly App[];
  /** The apps that a group of this scenario uses. */
  readonly appsOf: (scenario: string) => readonly App[];
  readonly scenarios: readonly string[];
  readonly groups: Store;
  readonly join: CardJoin;
  /** The people of a group in a role, as an audience; null when there are none. */
  readonly audienceIn: (group: string, role: string) => Promise<Viewer | null>;
  /** Entity type ▸ the fields of its key. */
  readonly entities: ReadonlyMap<string, readonly string[]>;
  readonly log: Log;
}

export interface Rules {
  /** Does what the rules say for these changes. A rule that cannot look now looks at the next change. */
  apply(changes: readonly Change[]): Promise<void>;
  /** Finds anew which entities the rules of a group watch. */
  watch(group: string): Promise<void>;
  /** The same for every group. */
  watchAll(): Promise<void>;
}

export function createRules(parts: RulesParts): Rules {
  const { groups, appsOf, audienceIn, join } = parts;
  const rules = parts.apps.flatMap((app) => app.rules);
  const subjects = new Set(rules.flatMap((rule) => rule.watch?.fragment.on ?? []));
  const watched = createWatch(parts);
  const uses = usesIn(appsOf);
  const looksFor = createLooks({ rules, groups, uses });

  async function apply(changes: readonly Change[]): Promise<void> {
    // What belongs to a subject may be other entities now.
    for (const { entity, key } of changes.filter((change) => subjects.has(change.entity))) {
      const [id] = Object.values(key);
      for (const group of await groups.groupsAbout({ type: entity, id: String(id) })) await watch(group.id);
    }
    for (const look of await looksFor(changes)) await lookAt(look);
  }

  async function lookAt({ rule, group, entities }: Look): Promise<void> {
    if (!rule.condition) {
      for (const entity of entities.values()) await settle(groups, rule, group, entity, true);
      return;
    }
    const viewer = await viewerOf(rule, group);
    if (!viewer) return;
    const itemOf = rule.watch && (await watched.look(rule, group, viewer));
    for (const entity of entities.values()) {
      const seen = itemOf
        ? itemOf(entity)
        : (await join(rule.card, entity, viewer, { occasion: { card: { id: null, type: rule.card.id } } }))
            .data;
      // While somebody who would have to say so does not answer, nothing is decided.
      if (seen && (ruleHolds(rule, seen) || isDecidable(rule.condition, seen)))
        await settle(groups, rule, group, entity, ruleHolds(rule, seen));
    }
  }

  async function viewerOf(rule: Rule, group: GroupRow): Promise<Viewer | null> {
    const role = rule.as ?? rule.to[0];
    return role === undefined ? null : audienceIn(group.id, role);
  }

  async function watch(id: string): Promise<void> {
    const group = await groups.group(id);
    if (!group || group.closed) return;
    for (const rule of rules.filter((each) => each.watch && uses(group, each))) {
      try {
        const viewer = await viewerOf(rule, group);
        if (viewer) await watched.look(rule, group, viewer);
      } catch (error) {
        parts.log.warn(
          { err: error, group: id, rule: nameOf(rule) },
          "what a rule watches could not be found now",
        );
      }
    }
  }

  async function watchAll(): Promise<void> {
    for (const scenario of parts.scenarios)
      for (const group of await groups.groupsByScenario(scenario)) await watch(group.id);
  }

  return { apply, watch, watchAll };
}

/** Whether a group uses the app that a rule is of. */
function usesIn(appsOf: RulesParts["appsOf"]): LooksParts["uses"] {
  return ({ scenario }, { app }) => appsOf(scenario).some(({ name }) => name === app);
}

/** Posts the card when the condition holds, and closes it when it does not hold any more. */
async function settle(
  groups: Store,
  { card, to }: Rule,
  group: GroupRow,
  entity: Entity,
  holds: boolean,
): Promise<void> {
  if (holds) {
    await groups.postCard({ groupId: group.id, type: card.id, entity, to });
    return;
  }
  const open = await groups.openCardAbout(group.id, card.id, entity);
  if (open) await groups.closeCard(open.id);
}
