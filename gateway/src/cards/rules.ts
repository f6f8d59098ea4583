// Rules: when something changes, post a card to those whom it concerns.
import type { Viewer } from "../access/viewer.ts";
import type { Change } from "../events/log.ts";
import type { Entity, GroupRow, Groups } from "../groups/store.ts";
import type { Log } from "../observe/index.ts";
import type { App, Rule } from "./app/apps.ts";
import type { CardJoin } from "./join.ts";
import { isDecidable, ruleHolds, watchedIn } from "./app/rule.ts";

export interface RulesParts {
  readonly apps: readonly App[];
  /** The apps that a group of this scenario uses. */
  readonly appsOf: (scenario: string) => readonly App[];
  readonly scenarios: readonly string[];
  readonly groups: Pick<
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

/** A rule in a group, and the changed entities that made it look. */
interface Look {
  readonly rule: Rule;
  readonly group: GroupRow;
  readonly entities: Map<string, Entity>;
}

export function createRules(parts: RulesParts): Rules {
  const { groups } = parts;
  const rules = parts.apps.flatMap((app) => app.rules);
  const subjects = new Set(rules.flatMap(({ watch }) => watch?.fragment.on ?? []));

  async function apply(changes: readonly Change[]): Promise<void> {
    const looks = new Map<string, Look>();
    for (const change of changes) {
      const entity = { type: change.entity, key: change.key };
      for (const rule of rules) {
        if (rule.when.entity !== change.entity || rule.when.kind !== change.kind) continue;
        for (const group of await groupsFor(rule, change)) {
          const id = `${group.id} ${nameOf(rule)}`;
          const look = looks.get(id) ?? { rule, group, entities: new Map<string, Entity>() };
          look.entities.set(JSON.stringify(entity), entity);
          looks.set(id, look);
        }
      }
    }
    for (const change of changes) if (subjects.has(change.entity)) await subjectChanged(change);
    for (const { rule, group, entities } of looks.values()) {
      if (rule.watch) await lookAtWatched(rule, group, [...entities.values()]);
      else for (const entity of entities.values()) await lookAt(rule, group, entity);
    }
  }

  /** What belongs to a subject may be other entities now. */
  async function subjectChanged({ entity, key }: Change): Promise<void> {
    const [id] = Object.values(key);
    for (const group of await groups.groupsAbout({ type: entity, id: String(id) })) await watch(group.id);
  }

  /** A change names its subjects, or the rule watches the entity: in either way it finds its groups. */
  async function groupsFor(rule: Rule, change: Change): Promise<readonly GroupRow[]> {
    const found = rule.watch
      ? await Promise.all(
          (await groups.watchers(change.entity, change.key))
            .filter((watcher) => watcher.rule === nameOf(rule))
            .map(({ groupId }) => groups.group(groupId)),
        )
      : (await Promise.all(change.subjects.map((subject) => groups.groupsAbout(subject)))).flat();
    return found.filter((group): group is GroupRow => group !== null && uses(group, rule));
  }

  function uses(group: GroupRow, rule: Rule): boolean {
    return parts.appsOf(group.scenario).some(({ name }) => name === rule.app);
  }

  async function lookAt(rule: Rule, group: GroupRow, entity: Entity): Promise<void> {
    if (rule.condition) {
      const viewer = await viewerOf(rule, group);
      const joined = viewer && (await parts.join(rule.card, entity, viewer));
      return settle(rule, group, entity, joined?.data ?? null);
    }
    await post(rule, group, entity);
  }

  async function lookAtWatched(rule: Rule, group: GroupRow, entities: readonly Entity[]): Promise<void> {
    const items = await watched(rule, group);
    for (const entity of entities) {
      const item = items.get(keyText(rule, entity.key));
      await settle(rule, group, entity, item ?? null);
    }
  }

  /**
   * Posts the card when the condition holds, and closes it when it does not hold any more. While somebody who would
   * have to say so does not answer, the card stays as it is.
   */
  async function settle(rule: Rule, group: GroupRow, entity: Entity, seen: unknown): Promise<void> {
    if (seen === null) return;
    if (ruleHolds(rule, seen)) return post(rule, group, entity);
    if (!isDecidable(rule, seen)) return;
    const open = await groups.openCardAbout(group.id, rule.card.id, entity);
    if (open) await groups.closeCard(open.id);
  }

  async function post({ card, to }: Rule, group: GroupRow, entity: Entity): Promise<void> {
    await groups.postCard({ groupId: group.id, type: card.id, entity, to });
  }

  /** The items that a rule watches in a group, by key, as the rule's role sees them. What they are is noted. */
  async function watched(
    rule: Rule,
    group: GroupRow,
  ): Promise<ReadonlyMap<string, Readonly<Record<string, unknown>>>> {
    const viewer = await viewerOf(rule, group);
    if (!viewer || !rule.watch) return new Map();
    const subject = { type: group.subject.type, key: { id: group.subject.id } };
    const joined = await parts.join(rule.watch, subject, viewer);
    if (!joined.data) return new Map(); // whoever owns the subject does not answer: what is watched stays as it was
    const keyFields = parts.entities.get(rule.when.entity) ?? ["id"];
    const items = new Map<string, Readonly<Record<string, unknown>>>();
    const keys: Record<string, string>[] = [];
    for (const item of watchedIn(rule, joined.data)) {
      const key = Object.fromEntries(keyFields.map((field) => [field, String(item[field])]));
      items.set(keyText(rule, key), item);
      keys.push(key);
    }
    await groups.setWatch(
      group.id,
      nameOf(rule),
      keys.map((key) => ({ type: rule.when.entity, key })),
    );
    return items;
  }

  function keyText({ when }: Rule, key: Readonly<Record<string, unknown>>): string {
    return JSON.stringify((parts.entities.get(when.entity) ?? ["id"]).map((field) => String(key[field])));
  }

  async function viewerOf(rule: Rule, group: GroupRow): Promise<Viewer | null> {
    const role = rule.as ?? rule.to[0];
    return role === undefined ? null : parts.audienceIn(group.id, role);
  }

  async function watch(id: string): Promise<void> {
    const group = await groups.group(id);
    if (!group || group.closed) return;
    for (const rule of rules) {
      if (!rule.watch || !uses(group, rule)) continue;
      await watched(rule, group).catch((error: unknown) =>
        parts.log.warn(
          { err: error, group: id, rule: nameOf(rule) },
          "what a rule watches could not be found now",
        ),
      );
    }
  }

  return {
    apply,
    watch,
    async watchAll() {
      for (const scenario of parts.scenarios)
        for (const group of await groups.groupsByScenario(scenario)) await watch(group.id);
    },
  };
}

function nameOf({ app, when, card }: Rule): string {
  return `${app}/${when.entity}.${when.kind}/${card.name}`;
}
