// What federation adds between subgraphs: fields computed from others', given by others, moved, or of other strictness.
import {
  keyFields,
  namedType,
  type FieldModel,
  type ObjectModel,
  type Selected,
  newField,
  type Draft,
} from "./model.ts";
import type { Random } from "./random.ts";

/** `@override`: a field that another subgraph still declares. */
export function addOverrides(model: Draft, random: Random): void {
  for (const type of entities(model))
    for (const field of type.fields) {
      if (field.owners.length !== 1 || field.inaccessible || !random.chance(0.08)) continue;
      if (!type.subgraphs.has(field.owners[0]!)) continue;
      const others = resolving(type).filter((each) => each !== field.owners[0]);
      const leads = model.objects.get(namedType(field.type)) ?? model.abstracts.get(namedType(field.type));
      if (others.length > 0 && !leads) field.overridden = random.pick(others);
    }
}

/** `@requires`: fields that are computed from fields of other subgraphs, which may be computed themselves. */
export function addComputed(model: Draft, random: Random): void {
  for (const type of entities(model)) {
    const places = resolving(type);
    if (places.length < 2 || !random.chance(0.75)) continue;
    for (let n = random.between(1, 3); n > 0; n--) {
      const subgraph = random.pick(places);
      const candidates = type.fields.filter((field) => isGivable(model, type, field, subgraph));
      const chosen = random.some(candidates, 0.5);
      const requires = chosen.map((field) => select(model, field, random));
      if (requires.length === 0) continue;
      for (const field of chosen) field.external.add(subgraph);
      const args = random.chance(0.3) ? [{ name: "by", type: "Int", initial: "3" }] : [];
      const signature = { name: `sum${n}`, type: random.pick(["String", "String", "String!"]), args };
      type.fields.push({ ...newField(signature, [subgraph]), requires });
    }
  }
}

/** `@provides`: what a subgraph can say of an entity that it leads to, though others own it. */
export function addProvided(model: Draft, random: Random): void {
  for (const type of model.objects.values()) {
    if (type.kind === "value") continue;
    for (const field of type.fields) {
      const target = model.objects.get(namedType(field.type));
      const [owner] = field.owners;
      if (field.owners.length !== 1 || target?.kind !== "entity" || !owner || !random.chance(0.3)) continue;
      const chosen = random.some(
        target.fields.filter(
          (each) => isGivable(model, target, each, owner) && !each.requires && each.args.length === 0,
        ),
        0.4,
      );
      if (chosen.length === 0) continue;
      const provided = chosen.map((each) => ({ ...select(model, each, random), args: {} }));
      field.provides.set(owner, provided);
      for (const each of chosen) {
        each.external.add(owner);
        each.given = true;
      }
    }
  }
}

/** Shared fields that some declare non-null and others do not. */
export function addStrictness(model: Draft, random: Random): void {
  for (const type of entities(model))
    for (const field of type.fields)
      if (field.owners.length > 1 && !field.type.endsWith("!") && !isContract(model, type, field))
        for (const owner of random.some(field.owners.slice(1), 0.4)) field.strict.add(owner);
}

function isContract(model: Draft, type: ObjectModel, field: FieldModel): boolean {
  return [...model.abstracts.values()].some(
    ({ members, contract }) =>
      members.includes(type.name) && contract.some(({ name }) => name === field.name),
  );
}

function entities(model: Draft): ObjectModel[] {
  return [...model.objects.values()].filter(({ kind }) => kind === "entity");
}

function resolving(type: ObjectModel): string[] {
  return [...type.keys]
    .filter(([, keys]) => keys.some((key) => key.resolvable))
    .map(([subgraph]) => subgraph);
}

/** Whether a subgraph that does not own a field may be given its value, or give it. */
function isGivable(model: Draft, type: ObjectModel, field: FieldModel, subgraph: string): boolean {
  if (field.owners.length === 0 || field.owners.includes(subgraph) || field.overridden) return false;
  if (keyFields(type, subgraph).has(field.name) || !type.subgraphs.has(field.owners[0]!)) return false;
  if (field.args.some(({ type: of }) => !["Int", "Int!", "String"].includes(of))) return false;
  const leads = namedType(field.type);
  if (model.abstracts.has(leads)) return false;
  const target = model.objects.get(leads);
  return !target || (target.kind === "value" && leaves(model, target).length > 0);
}

function leaves(model: Draft, type: ObjectModel): FieldModel[] {
  return type.fields.filter(({ type: of, args }) => {
    const name = namedType(of);
    return !model.objects.has(name) && !model.abstracts.has(name) && args.length === 0;
  });
}

function select(model: Draft, field: FieldModel, random: Random): Selected {
  field.safe = true;
  const args: Record<string, number | string> = {};
  for (const { name, type, initial } of field.args)
    if (type.endsWith("!") || (initial === undefined && random.chance(0.5)))
      args[name] = type.startsWith("Int") ? random.below(3) : random.pick(["m", "ft"]);
  const target = model.objects.get(namedType(field.type));
  if (!target) return { name: field.name, args };
  const all = leaves(model, target);
  const some = random.some(all, 0.5);
  const chosen = some.length > 0 ? some : [all[0]!];
  for (const each of chosen) each.safe = true;
  return { name: field.name, args, of: chosen.map(({ name }) => ({ name })) };
}

/** Whether a subgraph's value of this field can be null. */
export function isNullable(field: FieldModel): boolean {
  return field.strict.size === 0 && !field.type.endsWith("!");
}
