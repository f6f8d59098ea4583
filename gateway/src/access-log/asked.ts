// What each request of a plan asks of whom: worked out once for a plan, so that a run has only to look it up.
import {
  getNamedType,
  isAbstractType,
  isObjectType,
  Kind,
  type FieldNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  type SelectionNode,
  type SelectionSetNode,
} from "graphql";
import type { Requirements } from "../access/requirements.ts";
import { JuntoError } from "../errors/index.ts";
import { KEY_PREFIX } from "../operation/reserved.ts";
import { fetchesOf, type FetchNode, type Plan } from "../plan/plan.ts";
import { readFetch } from "../plan/asks.ts";
import { GROUPS } from "../supergraph/compose.ts";
import type { Supergraph } from "../supergraph/load.ts";

export interface Asked {
  readonly owner: string;
  readonly isAction: boolean;
  /** Coordinates: `Type.field`. */
  readonly fields: readonly string[];
  /** The owner's policies that its fields have. */
  readonly policies: readonly string[];
  /** Variables that hold entities by their keys. */
  readonly keyVariables: readonly string[];
  /** Its answer names entities too. */
  readonly answersKeys: boolean;
  /** Fields at the root, by their response keys. */
  readonly roots: ReadonlyMap<string, string>;
}

export interface AskedByPlan {
  /** null: it asks the gateway's own. @throws JuntoError when it is not of the plan: then it must not be asked */
  of(subgraph: string, operation: string): Asked | null;
  readonly all: readonly Asked[];
}

export interface Facts {
  readonly supergraph: Pick<Supergraph, "schema">;
  readonly requirements: Pick<Requirements, "of">;
  readonly ownerOf: (subgraph: string) => string;
  /** The organization that owns a policy. */
  readonly policyOwner: (policy: string) => string | undefined;
}

export function readPlan(plan: Plan, facts: Facts): AskedByPlan {
  const bySubgraph = new Map<string, Map<string, Asked>>();
  const all: Asked[] = [];
  for (const node of fetchesOf(plan).flatMap((each) => (each.spare ? [each, each.spare] : [each]))) {
    if (node.subgraph === GROUPS) continue;
    const known = bySubgraph.get(node.subgraph) ?? new Map<string, Asked>();
    bySubgraph.set(node.subgraph, known);
    const asked = known.get(node.operation) ?? readNode(node, facts);
    known.set(node.operation, asked);
    all.push(asked);
  }
  return {
    of(subgraph, operation) {
      if (subgraph === GROUPS) return null;
      const asked = bySubgraph.get(subgraph)?.get(operation);
      if (!asked) throw new JuntoError("INTERNAL", "A plan asked for what the access log does not know of.");
      return asked;
    },
    all,
  };
}

function readNode(node: FetchNode, facts: Facts): Asked {
  const { supergraph, ownerOf, policyOwner } = facts;
  const owner = ownerOf(node.subgraph);
  const fields = new Map<string, ReadonlySet<string>>();
  const roots = new Map<string, string>();
  let answersKeys = false;
  const root = rootType(supergraph.schema, node);
  visitFields(node.operation, root, supergraph.schema, (type, field) => {
    const key = field.alias?.value ?? field.name.value;
    if (type !== undefined && type === root) roots.set(key, field.name.value);
    if (key.startsWith(KEY_PREFIX)) answersKeys = true;
    else if (type && !field.name.value.startsWith("_"))
      fields.set(`${type.name}.${field.name.value}`, policiesOf(type, field.name.value, facts));
  });
  const policies = new Set([...fields.values()].flatMap((each) => [...each]));
  return {
    owner,
    isAction: node.operationKind === "mutation",
    fields: [...fields.keys()],
    policies: [...policies].filter((policy) => policyOwner(policy) === owner).sort(),
    keyVariables: node.inputs.map(({ variable }) => variable),
    answersKeys,
    roots,
  };
}

/** Of an abstract type: of whatever it may stand for. */
function policiesOf(
  type: GraphQLNamedType,
  field: string,
  { supergraph: { schema }, requirements }: Facts,
): ReadonlySet<string> {
  const types = isAbstractType(type) ? [type, ...schema.getPossibleTypes(type)] : [type];
  const clauses = types.flatMap(({ name }) => requirements.of(name, field)?.clauses ?? []);
  return new Set(clauses.flatMap(({ policies }) => policies.flat()));
}

function rootType(schema: GraphQLSchema, { operationKind }: FetchNode): GraphQLNamedType | undefined {
  const type =
    operationKind === "query"
      ? schema.getQueryType()
      : operationKind === "mutation"
        ? schema.getMutationType()
        : schema.getSubscriptionType();
  return type ?? undefined;
}

/** @param visit with the type on which a field is asked; undefined where clients do not know it */
function visitFields(
  operation: string,
  root: GraphQLNamedType | undefined,
  schema: GraphQLSchema,
  visit: (type: GraphQLNamedType | undefined, field: FieldNode) => void,
): void {
  const { definitions } = readFetch(operation);
  const fragments = new Map(
    definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node]] : [])),
  );
  const visitNode = (node: SelectionNode, type: GraphQLNamedType | undefined): void => {
    if (node.kind === Kind.FIELD) {
      visit(type, node);
      if (node.selectionSet) visitSet(node.selectionSet, typeOf(type, node.name.value));
    } else if (node.kind === Kind.INLINE_FRAGMENT) {
      const name = node.typeCondition?.name.value;
      visitSet(node.selectionSet, name === undefined ? type : schema.getType(name));
    } else {
      const fragment = fragments.get(node.name.value)!;
      visitSet(fragment.selectionSet, schema.getType(fragment.typeCondition.name.value));
    }
  };
  const visitSet = ({ selections }: SelectionSetNode, type: GraphQLNamedType | undefined): void =>
    selections.forEach((node) => visitNode(node, type));
  for (const node of definitions)
    if (node.kind === Kind.OPERATION_DEFINITION) visitSet(node.selectionSet, root);
}

function typeOf(parent: GraphQLNamedType | undefined, field: string): GraphQLNamedType | undefined {
  if (!parent || !(isObjectType(parent) || "getFields" in parent)) return undefined;
  const found = parent.getFields()[field];
  return found && getNamedType(found.type);
}
