// Changes ▸ which rules have to look, in which groups, and at what.
import type { Change } from "../events/log.ts";
import type { Entity, GroupRow, Groups } from "../groups/store.ts";
import type { Rule } from "./app/apps.ts";
import { nameOf } from "./watch.ts";

/** A rule in a group, and the changed entities that made it look. */
export interface Look {
  readonly rule: Rule;
  readonly group: GroupRow;
  readonly entities: Map<string, Entity>;
}

export interface LooksParts {
  readonly rules: readonly Rule[];
  readonly groups: Pick<Groups, "group" | "groupsAbout" | "watchers">;
  readonly uses: (group: GroupRow, rule: Rule) => boolean;
}

/** Each rule looks once in each group, however many changes made it. */
export function createLooks({
  rules,
  groups,
  uses,
}: LooksParts): (changes: readonly Change[]) => Promise<readonly Look[]> {
  return async (changes) => {
    const looks = new Map<string, Look>();
    for (const change of changes) {
      const entity = { type: change.entity, key: change.key };
      for (const rule of rules.filter(
        ({ when }) => when.entity === change.entity && when.kind === change.kind,
      )) {
        for (const group of await groupsFor(rule, change)) {
          const id = `${group.id} ${nameOf(rule)}`;
          const look = looks.get(id) ?? { rule, group, entities: new Map<string, Entity>() };
          look.entities.set(JSON.stringify(entity), entity);
          looks.set(id, look);
        }
      }
    }
    return [...looks.values()];
  };

  async function groupsFor(rule: Rule, change: Change): Promise<readonly GroupRow[]> {
    const found = rule.watch ? await groupsWatching(rule, change) : await groupsNamed(change);
    return found.filter((group) => uses(group, rule));
  }

  /** The rule watches the entity there. */
  async function groupsWatching(rule: Rule, { entity, key }: Change): Promise<readonly GroupRow[]> {
    const watchers = (await groups.watchers(entity, key)).filter((watcher) => watcher.rule === nameOf(rule));
    const found = await Promise.all(watchers.map(({ groupId }) => groups.group(groupId)));
    return found.filter((group) => group !== null);
  }

  /** The change names its subjects. */
  async function groupsNamed({ subjects }: Change): Promise<readonly GroupRow[]> {
    return (await Promise.all(subjects.map(groups.groupsAbout))).flat();
  }
}
