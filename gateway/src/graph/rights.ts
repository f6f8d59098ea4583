// Whether what an owner asks of those who want to see a field is still what it was.
import { isInterfaceType, isObjectType } from "graphql";
import type { Graph } from "./graph.ts";

/** Each field of `before` has the requirement in `next` that it had, and each policy is held by the same. */
export function asksTheSame(before: Graph, next: Graph): boolean {
  const policiesStay = [...before.agreement.policies].every(
    ([name, facts]) => JSON.stringify(facts) === JSON.stringify(next.agreement.policies.get(name)),
  );
  return policiesStay && fieldsOf(before).every((field) => asked(before, field) === asked(next, field));
}

type Field = readonly [type: string, field: string];

function fieldsOf({ agreement: { supergraph } }: Graph): Field[] {
  return Object.values(supergraph.schema.getTypeMap()).flatMap((type) =>
    (isObjectType(type) || isInterfaceType(type)) && !type.name.startsWith("__")
      ? Object.keys(type.getFields()).map((field): Field => [type.name, field])
      : [],
  );
}

function asked({ agreement, requirements }: Graph, [type, field]: Field): string {
  if (!agreement.supergraph.fields.of(type, field)) return "none";
  const requirement = requirements.of(type, field);
  return JSON.stringify(requirement?.clauses ?? []);
}
