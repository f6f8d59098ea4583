// What a rule finds in the data it looks at: which entities a card should be posted about.
import {
  CardTooLargeError,
  type CompiledExpression,
  type DataPath,
  evaluate,
  isTrue,
  rootScope,
  SILENT,
} from "@junto/template";
import type { Rule } from "./app.ts";

/** Whether the rule's condition holds for this entity; without one it does. */
export function ruleHolds(rule: Rule, entity: unknown): boolean {
  return rule.condition === undefined || isTrue(rule.condition, entity);
}

/** The entities in the data of the rule's watch, with what is known of each. */
export function watchedIn(rule: Rule, data: unknown): readonly Readonly<Record<string, unknown>>[] {
  const items = rule.watch && evaluate(rule.watch.each, data);
  return (Array.isArray(items) ? items : []).filter(
    (item): item is Record<string, unknown> => typeof item === "object" && item !== null,
  );
}

/**
 * Whether everything is there that the condition reads. While a system does not answer, a condition that does not hold
 * says nothing: a card should not be closed for it. Nor does one that has more to look at than any card.
 */
export function isDecidable(
  condition: CompiledExpression | undefined,
  entity: unknown,
  names: Readonly<Record<string, unknown>> = {},
): boolean {
  const misses: DataPath[] = [];
  try {
    condition?.evaluate({ ...rootScope(entity, SILENT, names), misses });
  } catch (error) {
    if (error instanceof CardTooLargeError) return false;
    throw error;
  }
  return misses.length === 0;
}
