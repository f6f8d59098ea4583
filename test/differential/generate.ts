// A seed ▸ a random graph: its types, and who owns what. Made so that it nearly always composes.
import {
  keyFields,
  namedType,
  type AbstractModel,
  type ArgumentModel,
  type KeyModel,
  type Model,
  type ObjectModel,
  type Selected,
  type Signature,
  newField,
  type Draft,
} from "./model.ts";
import { addComputed, addOverrides, addProvided, addStrictness } from "./features.ts";
import type { Random } from "./random.ts";

const SUBGRAPHS = ["harbor", "market", "press", "quarry", "tower"];
const ENTITIES = ["Order", "Parcel", "Person", "Place", "Product"];
const VALUES = ["Size", "Money", "Note"];
const NAMES = ["name", "title", "count", "price", "tags", "grid", "open", "level", "color", "extra", "code2"];

export function generateModel(random: Random): Model {
  const subgraphs = SUBGRAPHS.slice(0, random.pick([2, 3, 3, 4, 5]));
  const model: Draft = {
    subgraphs,
    enums: [
      {
        name: "Color",
        values: ["RED", "GREEN", "BLUE", "GOLD"],
        known: new Map(
          subgraphs.map((each) => [each, ["RED", ...random.some(["GREEN", "BLUE", "GOLD"], 0.7)]]),
        ),
      },
      { name: "Sort", values: ["UP", "DOWN"], known: new Map() },
    ],
    scalars: ["Json"],
    inputs: [
      {
        name: "Filter",
        fields: [
          { name: "text", type: "String" },
          { name: "range", type: "Range" },
          { name: "any", type: "[[Int!]]" },
          { name: "and", type: "[Filter!]" },
        ],
      },
      {
        name: "Range",
        fields: [
          { name: "from", type: "Int", initial: "1" },
          { name: "to", type: "Int!" },
          { name: "sort", type: "Sort", initial: "DOWN" },
        ],
      },
    ],
    objects: new Map(),
    abstracts: new Map(),
    signatures: new Map(),
  };
  addEntities(model, random);
  addValues(model, random);
  addAbstracts(model, random);
  for (const type of [...model.objects.values()]) addFields(model, type, random);
  addRoots(model, random);
  spread(model, random);
  addOverrides(model, random);
  addComputed(model, random);
  addProvided(model, random);
  spread(model, random);
  addStrictness(model, random);
  return model;
}

function newObject(kind: ObjectModel["kind"], name: string, subgraphs: readonly string[]): ObjectModel {
  return { kind, name, keys: new Map(), fields: [], subgraphs: new Set(subgraphs) };
}

const ID: Selected = { name: "id" };
const CODE: Selected = { name: "code" };
const REGION: Selected = { name: "region" };
const REF: Selected = { name: "ref", of: [ID, { name: "no" }] };

/** Ways in which subgraphs may know an entity. The first subgraph is the bridge between all keys. */
const KEYS: readonly ((index: number, random: Random) => readonly (readonly Selected[])[])[] = [
  () => [[ID]],
  () => [[ID]],
  (index, random) => (index === 0 ? [[ID], [CODE]] : random.pick([[[ID]], [[CODE], [ID]]])),
  (index, random) => (index === 0 ? [[ID], [CODE]] : random.pick([[[ID]], [[CODE]]])),
  () => [[ID, REGION]],
  (index, random) => (index === 0 ? [[ID], [ID, REGION]] : random.pick([[[ID]], [[ID, REGION]]])),
  () => [[REF]],
  (index, random) => (index === 0 ? [[REF], [CODE]] : random.pick([[[CODE]], [[REF]]])),
];

function addEntities(model: Draft, random: Random): void {
  const names = ENTITIES.slice(0, random.between(2, ENTITIES.length));
  const ref = newObject("value", "Ref", []);
  ref.fields.push(newField({ name: "id", type: "ID!", args: [] }, []));
  ref.fields.push(newField({ name: "no", type: "Int!", args: [] }, []));
  for (const field of ref.fields) field.safe = true;
  model.objects.set(ref.name, ref);
  for (const [index, name] of names.entries()) {
    const places = random.some(model.subgraphs, 0.6);
    const type = newObject("entity", name, places.length > 0 ? places : [random.pick(model.subgraphs)]);
    const ways = KEYS[index < 2 ? random.below(3) : random.below(KEYS.length)]!;
    [...type.subgraphs].forEach((subgraph, at) => {
      type.keys.set(
        subgraph,
        ways(at, random).map((fields): KeyModel => ({ fields, resolvable: true })),
      );
    });
    const used = new Set([...type.subgraphs].flatMap((subgraph) => [...keyFields(type, subgraph)]));
    const types: Record<string, string> = { id: "ID!", code: "String!", region: "Int!", ref: "Ref!" };
    for (const key of Object.keys(types))
      if (used.has(key)) {
        const field = newField({ name: key, type: types[key]!, args: [] }, []);
        field.safe = true;
        type.fields.push(field);
      }
    model.objects.set(name, type);
  }
}

function addValues(model: Draft, random: Random): void {
  for (const name of VALUES.slice(0, random.between(1, VALUES.length)))
    model.objects.set(name, newObject("value", name, []));
}

function addAbstracts(model: Draft, random: Random): void {
  const entities = [...model.objects.values()].filter(({ kind }) => kind === "entity");
  const everywhereById = entities.filter((type) =>
    [...type.subgraphs].every((subgraph) => keyFields(type, subgraph).has("id")),
  );
  const byIdAlone = everywhereById.filter((type) => type.fields.length === 1);
  const id: Signature = { name: "id", type: "ID!", args: [] };
  const contract = (): Signature[] =>
    random.some(["name", "count", "tags"], 0.7).map((name) => leafSignature(model, name, random));
  if (model.subgraphs.length > 2 && byIdAlone.length > 0 && random.chance(0.4)) {
    const [subgraph, objectIn] = random.chance(0.5)
      ? [model.subgraphs[0]!, model.subgraphs[1]!]
      : [model.subgraphs[2]!, model.subgraphs[0]!];
    const members = byIdAlone.slice(0, random.between(1, 2));
    for (const type of members) {
      type.subgraphs.delete(objectIn);
      type.keys.delete(objectIn);
      type.subgraphs.add(subgraph);
      type.keys.set(subgraph, [{ fields: [ID], resolvable: true }]);
    }
    const extra = random.some(["mark", "grade", "marks"], 0.7);
    model.abstracts.set("Asset", {
      kind: "interface",
      name: "Asset",
      members: members.map(({ name }) => name),
      known: new Map([[subgraph, members.map(({ name }) => name)]]),
      contract: [id, ...contract()],
      keyed: { subgraph, objectIn, extra },
    });
    for (const name of extra) {
      const signature = leafSignature(model, name, random);
      for (const type of members) type.fields.push(newField(signature, [objectIn]));
    }
  }
  const plain = everywhereById.filter(({ name }) => !special(model).has(name));
  if (plain.length > 1 && random.chance(0.8))
    addAbstract(model, "interface", "Thing", plain, [id, ...contract()]);
  const values = [...model.objects.values()].filter(({ kind, name }) => kind === "value" && name !== "Ref");
  if (values.length > 1 && random.chance(0.6))
    addAbstract(model, "interface", "Labeled", values, [leafSignature(model, "label", random)]);
  const all = [...entities.filter(({ name }) => !special(model).has(name)), ...values];
  const some = random.some(all, 0.6);
  if (some.length > 0 && random.chance(0.8)) addAbstract(model, "union", "Found", some, []);
}

function addAbstract(
  model: Draft,
  kind: AbstractModel["kind"],
  name: string,
  members: readonly ObjectModel[],
  contract: readonly Signature[],
): void {
  model.abstracts.set(name, {
    kind,
    name,
    members: members.map((type) => type.name),
    known: new Map(),
    contract,
  });
}

/** The entities of an `@interfaceObject`, which must not be known where it is one. */
function special(model: Draft): Set<string> {
  return new Set([...model.abstracts.values()].flatMap(({ keyed, members }) => (keyed ? members : [])));
}

function leafSignature(model: Draft, name: string, random: Random): Signature {
  let found = model.signatures.get(name);
  if (!found) {
    const base = random.pick([
      "Int",
      "Int",
      "String",
      "String",
      "Float",
      "Boolean",
      "ID",
      "Color",
      "Color",
      "Json",
    ]);
    const form = random.pick(["T", "T", "T", "T!", "T!", "[T]", "[T!]!", "[T!]", "[[T]]", "[[T!]!]"]);
    const type = form.replace("T", base);
    const takes = (type === "Int" || type === "String" || type === "String!") && random.chance(0.6);
    found = { name, type, args: takes ? leafArguments(random) : [] };
    model.signatures.set(name, found);
  }
  return found;
}

function leafArguments(random: Random): ArgumentModel[] {
  const all: ArgumentModel[] = [
    { name: "by", type: "Int", initial: "3" },
    { name: "by", type: "Int!" },
    { name: "unit", type: "String", initial: '"cm"' },
    { name: "unit", type: "String" },
    { name: "sort", type: "Sort", initial: "UP" },
    { name: "range", type: "Range" },
    { name: "range", type: "Range!", initial: "{ to: 5 }" },
    { name: "filter", type: "Filter" },
    { name: "filter", type: "Filter", initial: '{ text: "a", range: { to: 2 }, any: [[1], null] }' },
    { name: "any", type: "Json" },
    { name: "ids", type: "[ID!]", initial: '["a", 1]' },
  ];
  const chosen = random.some(all, 0.15);
  const list = chosen.length > 0 ? chosen : [all[0]!];
  return list.filter((each, index) => list.findIndex(({ name }) => name === each.name) === index);
}

/** A field that leads to a type. */
function refSignature(model: Draft, target: string, random: Random): Signature {
  const stem = target.toLowerCase();
  const ways: [string, string[]][] = [
    [stem, ["T", "T", "T!"]],
    [stem, ["T", "T", "T!"]],
    [`${stem}s`, ["[T]", "[T!]", "[T!]!", "[T]!"]],
    [`${stem}Grid`, ["[[T]]", "[[T!]!]!", "[[T!]]"]],
  ];
  const [name, forms] = random.pick(ways);
  let found = model.signatures.get(name);
  if (!found) {
    const type = random.pick(forms).replace("T", target);
    const first = random.pick<ArgumentModel | null>([
      null,
      null,
      { name: "first", type: "Int" },
      { name: "first", type: "Int", initial: "2" },
      { name: "first", type: "Int!" },
    ]);
    found = { name, type, args: first && type.startsWith("[") ? [first] : [] };
    model.signatures.set(name, found);
  }
  return found;
}

function addFields(model: Draft, type: ObjectModel, random: Random): void {
  if (type.name === "Ref") return;
  const add = (signature: Signature, owners: readonly string[]): void => {
    if (!type.fields.some(({ name }) => name === signature.name))
      type.fields.push(newField(signature, owners));
  };
  const places = [...type.subgraphs];
  const owners = (): string[] => {
    if (type.kind === "value") return [];
    const several = random.chance(0.2) ? random.some(places, 0.6) : [];
    return several.length > 0 ? several : [random.pick(places)];
  };
  for (const { contract, members } of model.abstracts.values())
    if (members.includes(type.name))
      for (const signature of contract) add(signature, random.chance(0.4) ? places : owners());
  const leaves = type.kind === "value" ? random.between(1, 3) : random.between(2, 5);
  for (let n = 0; n < leaves; n++) add(leafSignature(model, random.pick(NAMES), random), owners());
  const refs = type.kind === "value" ? random.between(0, 1) : random.between(1, 4);
  for (let n = 0; n < refs; n++) {
    const by = owners();
    const target = targetFor(model, type, by, random);
    if (target) add(refSignature(model, target, random), by);
  }
  if (type.kind === "entity" && random.chance(0.3)) {
    const secret = newField({ name: "secret", type: random.pick(["Int", "String!"]), args: [] }, owners());
    type.fields.push({ ...secret, inaccessible: true });
  }
}

function targetFor(
  model: Draft,
  from: ObjectModel,
  owners: readonly string[],
  random: Random,
): string | undefined {
  const values = [...model.objects.values()].filter(({ kind }) => kind === "value").map(({ name }) => name);
  const closed = special(model);
  const inValue = from.kind === "value";
  const mayLead = (name: string): boolean => {
    const keyed = model.abstracts.get(name)?.keyed;
    if (keyed) {
      const places = [keyed.subgraph, keyed.objectIn];
      return !inValue && owners.every((each) => places.includes(each));
    }
    if (closed.has(name)) return !inValue && owners.every((each) => !objectSubgraphs(model).has(each));
    // Values hold values only of later kinds, so that they end.
    if (inValue && values.includes(name)) return values.indexOf(name) > values.indexOf(from.name);
    return name !== "Ref" && !(inValue && ["Labeled", "Found"].includes(name));
  };
  const objects = [...model.objects.values()].filter(({ kind }) => kind !== "root").map(({ name }) => name);
  const all = [...objects, ...model.abstracts.keys(), ...model.abstracts.keys()].filter(mayLead);
  return all.length > 0 ? random.pick(all) : undefined;
}

function objectSubgraphs(model: Draft): Set<string> {
  return new Set([...model.abstracts.values()].flatMap(({ keyed }) => keyed?.objectIn ?? []));
}

function addRoots(model: Draft, random: Random): void {
  const query = newObject("root", "Query", model.subgraphs);
  const add = (owners: readonly string[]): void => {
    const target = targetFor(model, query, owners, random);
    if (!target) return;
    const signature = random.chance(0.1)
      ? leafSignature(model, random.pick(NAMES), random)
      : refSignature(model, target, random);
    if (!query.fields.some(({ name }) => name === signature.name))
      query.fields.push(newField(signature, owners));
  };
  for (const subgraph of model.subgraphs)
    for (let n = random.between(1, 3); n > 0; n--)
      add(random.chance(0.25) ? [...new Set([subgraph, ...random.some(model.subgraphs, 0.5)])] : [subgraph]);
  model.objects.set("Query", query);
  const mutation = newObject("root", "Mutation", model.subgraphs);
  for (let n = random.between(0, 3); n > 0; n--) {
    const owner = random.pick(model.subgraphs);
    const done = newObject("value", `Done${n}`, [owner]);
    done.fields.push(newField({ name: "seq", type: "Int!", args: [] }, []));
    const target = targetFor(model, query, [owner], random);
    if (target) done.fields.push(newField(refSignature(model, target, random), []));
    model.objects.set(done.name, done);
    const args = random.chance(0.5) ? leafArguments(random) : [];
    mutation.fields.push(
      newField({ name: `do${n}`, type: random.pick(["T", "T!"]).replace("T", done.name), args }, [owner]),
    );
  }
  if (mutation.fields.length > 0) model.objects.set("Mutation", mutation);
}

/** Lets every subgraph know what its fields lead to. */
function spread(model: Draft, random: Random): void {
  const know = (subgraph: string, name: string): void => {
    const type = model.objects.get(name);
    const abstract = model.abstracts.get(name);
    if (type && !type.subgraphs.has(subgraph)) {
      type.subgraphs.add(subgraph);
      if (type.kind === "entity") type.keys.set(subgraph, [stubKey(type, random)]);
    }
    if (!abstract || abstract.keyed || abstract.known.has(subgraph)) return;
    const others = abstract.members.slice(1).filter((member) => {
      const there = model.objects.get(member)!.subgraphs.has(subgraph);
      return random.chance(there ? 0.8 : 0.3);
    });
    abstract.known.set(subgraph, [abstract.members[0]!, ...others]);
    for (const member of abstract.known.get(subgraph)!) know(subgraph, member);
  };
  for (let before = -1, now = size(model); now !== before; now = size(model)) {
    before = now;
    for (const type of model.objects.values())
      for (const field of type.fields) {
        const own = type.kind === "value" ? [...type.subgraphs] : field.owners;
        const inKeys = [...type.subgraphs].filter((each) => keyFields(type, each).has(field.name));
        const all = [...own, ...inKeys, ...field.external, ...(field.overridden ? [field.overridden] : [])];
        for (const subgraph of all) know(subgraph, namedType(field.type));
      }
  }
}

function size({ objects, abstracts }: Draft): number {
  return (
    [...objects.values()].reduce((sum, type) => sum + type.subgraphs.size, 0) +
    [...abstracts.values()].reduce((sum, { known }) => sum + known.size, 0)
  );
}

/** A key of another subgraph; with the id where there is one, since interfaces have it. */
function stubKey(type: ObjectModel, random: Random): KeyModel {
  const keys = [...type.keys.values()].flat().filter(({ resolvable }) => resolvable);
  const withId = keys.filter(({ fields }) => fields.some(({ name }) => name === "id"));
  return { fields: random.pick(withId.length > 0 ? withId : keys).fields, resolvable: random.chance(0.5) };
}
