// @skip and @include, applied before anything else is done: what a request leaves out with the values of its variables
// is not looked at, planned, fetched or written. Implements the two directives of the GraphQL specification (3.13).
//
// Each choice of their variables is an operation of its own, made once, with a plan of its own. Planned with their
// conditions operations were not all planned right.
import {
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  Kind,
  visit,
  type DirectiveNode,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from "graphql";
import { LRUCache } from "lru-cache";
import type { Operation } from "./prepare.ts";
import type { Variables } from "./variables.ts";

/** Choices of one operation that are kept. */
const KEPT = 64;

interface Conditional {
  /** The variables that decide. */
  readonly names: readonly string[];
  readonly choices: LRUCache<string, Operation>;
}

const conditional = new WeakMap<Operation, Conditional | null>();

/** The operation as it is with these values: the same where it has no conditions. Its root may have nothing left. */
export function withoutSkipped(operation: Operation, variables: Variables): Operation {
  let found = conditional.get(operation);
  if (found === undefined) conditional.set(operation, (found = conditionsOf(operation.definition)));
  if (found === null) return operation;
  let bits = "";
  for (const name of found.names) bits += variables[name] === true ? "1" : "0";
  let choice = found.choices.get(bits);
  if (!choice) {
    choice = choose(operation, bits, variables);
    conditional.set(choice, null);
    found.choices.set(bits, choice);
  }
  return choice;
}

/** Of a request's variables those that decide what is skipped. */
export function deciding(operation: Operation, variables: Variables): Variables {
  const names = conditional.get(operation)?.names ?? [];
  return Object.fromEntries(names.map((name) => [name, variables[name]]));
}

function conditionsOf(definition: OperationDefinitionNode): Conditional | null {
  const names = new Set<string>();
  let any = false;
  visit(definition, {
    Directive(node) {
      if (!isCondition(node)) return;
      any = true;
      const value = node.arguments?.[0]?.value;
      if (value?.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  return any ? { names: [...names], choices: new LRUCache({ max: KEPT }) } : null;
}

function choose(operation: Operation, bits: string, variables: Variables): Operation {
  const { definition } = operation;
  return {
    ...operation,
    digest: `${operation.digest} with ${bits}`,
    definition: { ...definition, selectionSet: select(definition.selectionSet, variables) },
  };
}

function select(set: SelectionSetNode, variables: Variables): SelectionSetNode {
  return { ...set, selections: set.selections.flatMap((node) => kept(node, variables)) };
}

function kept(node: SelectionNode, variables: Variables): SelectionNode[] {
  const holds = (directive: DirectiveNode): boolean => {
    const value = directive.arguments?.[0]?.value;
    const given =
      value?.kind === Kind.VARIABLE
        ? variables[value.name.value]
        : value?.kind === Kind.BOOLEAN && value.value;
    return (given === true) === (directive.name.value === GraphQLIncludeDirective.name);
  };
  if (!(node.directives ?? []).filter(isCondition).every(holds)) return [];
  const directives = (node.directives ?? []).filter((directive) => !isCondition(directive));
  if (node.kind === Kind.FRAGMENT_SPREAD || !node.selectionSet) return [{ ...node, directives }];
  const selectionSet = select(node.selectionSet, variables);
  const isGone = node.kind === Kind.INLINE_FRAGMENT && selectionSet.selections.length === 0;
  return isGone ? [] : [{ ...node, directives, selectionSet }];
}

function isCondition({ name }: DirectiveNode): boolean {
  return name.value === GraphQLSkipDirective.name || name.value === GraphQLIncludeDirective.name;
}
