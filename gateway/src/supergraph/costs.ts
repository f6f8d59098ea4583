// What the owners say that things cost: @cost and @listSize of the federation specification (v2.9), as composed.
// https://ibm.github.io/graphql-specs/cost-spec.html
import { Kind, type ConstDirectiveNode, type DocumentNode } from "graphql";
import { argumentsOf, linksOf } from "./links.ts";

export interface ListSize {
  readonly assumedSize: number | null;
  /** Arguments that say how many items are asked. */
  readonly slicingArguments: readonly string[];
  /** Fields of what the field returns that are the lists; empty: the field itself. */
  readonly sizedFields: readonly string[];
  readonly requireOneSlicingArgument: boolean;
}

export interface FieldCost {
  readonly weight: number | undefined;
  readonly listSize: ListSize | undefined;
  /** Weights of its arguments. */
  readonly arguments: ReadonlyMap<string, number>;
}

export interface Costs {
  /** Of a field of an object or interface. */
  field(type: string, field: string): FieldCost | undefined;
  inputField(type: string, field: string): number | undefined;
  /** Of an enum, object or scalar. */
  type(name: string): number | undefined;
}

export const NO_COSTS: Costs = {
  field: () => undefined,
  inputField: () => undefined,
  type: () => undefined,
};

export function readCosts(document: DocumentNode): Costs {
  const link = linksOf(document).find(({ spec }) => spec === "cost");
  if (!link) return NO_COSTS;
  const [cost, listSize] = [link.nameOf("cost"), link.nameOf("listSize")];
  const weightOf = (directives: readonly ConstDirectiveNode[] | undefined): number | undefined => {
    const weight = argumentsOf(directives, cost)[0]?.weight;
    // The specification once wrote weights as texts.
    return weight === undefined || !Number.isFinite(Number(weight)) ? undefined : Number(weight);
  };
  const types = new Map<string, number>();
  const inputFields = new Map<string, number>();
  const fields = new Map<string, FieldCost>();
  const keep = (map: Map<string, number>, key: string, weight: number | undefined): void => {
    if (weight !== undefined) map.set(key, weight);
  };
  for (const node of document.definitions) {
    if (!("name" in node) || !node.name) continue;
    const type = node.name.value;
    keep(types, type, weightOf(node.directives as readonly ConstDirectiveNode[] | undefined));
    if (node.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION)
      for (const field of node.fields ?? [])
        keep(inputFields, `${type}.${field.name.value}`, weightOf(field.directives));
    if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    for (const field of node.fields ?? []) {
      const weights = new Map<string, number>();
      for (const argument of field.arguments ?? [])
        keep(weights, argument.name.value, weightOf(argument.directives));
      fields.set(`${type}.${field.name.value}`, {
        weight: weightOf(field.directives),
        listSize: argumentsOf(field.directives, listSize).map(readListSize)[0],
        arguments: weights,
      });
    }
  }
  return {
    field: (type, field) => fields.get(`${type}.${field}`),
    inputField: (type, field) => inputFields.get(`${type}.${field}`),
    type: (name) => types.get(name),
  };
}

function readListSize(given: Readonly<Record<string, unknown>>): ListSize {
  const { assumedSize, slicingArguments, sizedFields, requireOneSlicingArgument } = given;
  const texts = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);
  return {
    assumedSize: assumedSize === undefined || assumedSize === null ? null : Math.max(0, Number(assumedSize)),
    slicingArguments: texts(slicingArguments),
    sizedFields: texts(sizedFields),
    requireOneSlicingArgument: requireOneSlicingArgument !== false,
  };
}
