// A plan as text, for people: tests, logs at debug level, and `junto` commands that explain.
import type { EntityInput, KeySelection, PathStep, Plan, PlanNode } from "./plan.ts";

export function printPlan(plan: Plan): string {
  const lines: string[] = [];
  if (plan.subscription) lines.push(...node(plan.subscription, "", "Subscribe"));
  lines.push(...(plan.node ? node(plan.node, "") : plan.subscription ? [] : ["Nothing"]));
  return lines.join("\n");
}

function node(each: PlanNode, indent: string, label = "Fetch"): string[] {
  switch (each.kind) {
    case "Fetch":
      return [
        `${indent}${label} ${each.subgraph}: ${each.operation}`,
        ...each.inputs.map((input) => `${indent}  ${input.alias} of ${entities(input)}`),
        ...(each.spare ? node(each.spare, `${indent}  `, "Else") : []),
      ];
    default:
      return [`${indent}${each.kind}`, ...each.nodes.flatMap((inner) => node(inner, `${indent}  `))];
  }
}

function entities(input: EntityInput): string {
  return `${input.paths.map(path).join(" and ")} by ${input.requires.map(key).join(" ")}`;
}

function path(steps: readonly PathStep[]): string {
  return steps
    .map((step) => (step === "@" ? "@" : "field" in step ? step.field : `[${step.types.join("|")}]`))
    .join(".");
}

function key(selection: KeySelection): string {
  const inner = selection.selections ? ` { ${selection.selections.map(key).join(" ")} }` : "";
  return selection.kind === "type" ? `${selection.type}${inner}` : `${selection.name}${inner}`;
}
