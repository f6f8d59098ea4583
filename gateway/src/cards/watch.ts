// What rules watch in groups: the entities of a subject, seen as the rule's role sees them.
import type { Viewer } from "../access/viewer.ts";
import type { Entity, GroupRow, Groups } from "../groups/store.ts";
import type { Rule } from "./app/apps.ts";
import { watchedIn } from "./app/rule.ts";
import type { CardJoin } from "./join.ts";

export interface WatchParts {
  readonly groups: Pick<Groups, "setWatch">;
  readonly join: CardJoin;
  /** Entity type ▸ the fields of its key. */
  readonly entities: ReadonlyMap<string, readonly string[]>;
}

/** What is known of a watched entity. */
export type Item = Readonly<Record<string, unknown>>;

export interface Watch {
  /** Looks at what a rule watches in a group, and notes which entities they are. */
  look(rule: Rule, group: GroupRow, viewer: Viewer): Promise<(entity: Entity) => Item | null>;
}

export function createWatch({ groups, join, entities }: WatchParts): Watch {
  const fieldsOf = ({ when }: Rule): readonly string[] => entities.get(when.entity) ?? ["id"];
  const textOf = (rule: Rule, key: Item): string =>
    JSON.stringify(fieldsOf(rule).map((field) => String(key[field])));

  return {
    async look(rule, group, viewer) {
      const subject = { type: group.subject.type, key: { id: group.subject.id } };
      const { data, provenance } = await join(rule.watch!, subject, viewer, {
        occasion: { card: { id: null, type: rule.card.id } },
      });
      const items = data ? watchedIn(rule, data) : [];
      // While somebody is silent the list may be short: what is watched stays as it was.
      if (provenance.every(({ status }) => status === "OK")) {
        const keys = items.map((item) =>
          Object.fromEntries(fieldsOf(rule).map((field) => [field, String(item[field])])),
        );
        await groups.setWatch(
          group.id,
          nameOf(rule),
          keys.map((key) => ({ type: rule.when.entity, key })),
        );
      }
      const byKey = new Map(items.map((item) => [textOf(rule, item), item]));
      return ({ key }) => byKey.get(textOf(rule, key)) ?? null;
    },
  };
}

/** By what a rule is known in the store. */
export function nameOf({ app, when, card }: Rule): string {
  return `${app}/${when.entity}.${when.kind}/${card.name}`;
}
