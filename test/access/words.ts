// A random graph of several organizations: who owns which subgraph, and what each says of who may see what.
import type { PolicyFacts } from "../../gateway/src/access/requirements.ts";
import {
  definersOf,
  fieldOf,
  namedType,
  resolversOf,
  type FieldModel,
  type Model,
  type ObjectModel,
  type Selected,
} from "../differential/model.ts";
import { subgraphSdl } from "../differential/schemas.ts";
import type { Random } from "../differential/random.ts";

/** ANDs of names, of which one must hold. */
export type Ways = readonly (readonly string[])[];

/** What one subgraph says at one place. */
export interface Word {
  readonly authenticated: boolean;
  readonly scopes: Ways;
  readonly policies: Ways;
}

export interface World {
  readonly model: Model;
  readonly organizationOf: (subgraph: string) => string;
  readonly policies: ReadonlyMap<string, PolicyFacts>;
  /** What a subgraph says of a type, or of a field as `Type.field`. */
  said(subgraph: string, place: string): Word | undefined;
}

export const ORGANIZATIONS = ["ash", "birch", "cedar"];
export const SCOPES = ["read", "write", "audit"];

/** Makes the world, and writes its words into the model. */
export function speak(model: Model, random: Random): World {
  const organizations = ORGANIZATIONS.slice(0, random.between(2, 3));
  const owners = new Map(model.subgraphs.map((subgraph) => [subgraph, random.pick(organizations)]));
  const policies = new Map<string, PolicyFacts>(
    organizations.flatMap((organization) => [
      [`${organization}.a`, { organization, held: "people" }],
      [`${organization}.b`, { organization, held: "people" }],
      [`${organization}.act`, { organization, held: "grant" }],
    ]),
  );
  const words = new Map<string, Word>();
  const say = (subgraph: string, place: string, word: Word | undefined): void => {
    if (word) words.set(`${subgraph} ${place}`, word);
  };
  const anyWord = (subgraph: string): Word => randomWord(owners.get(subgraph)!, [...policies.keys()], random);
  for (const type of model.objects.values()) {
    if (type.name === "Ref") continue; // part of keys alone
    for (const subgraph of definersOf(type))
      if (random.chance(type.kind === "entity" ? 0.2 : 0.06)) say(subgraph, type.name, anyWord(subgraph));
    for (const field of type.fields)
      for (const subgraph of resolversOf(type, field))
        if (random.chance(type.kind === "value" ? 0.12 : type.kind === "root" ? 0.8 : 0.5))
          say(subgraph, placeOf(model, subgraph, type, field), anyWord(subgraph));
  }
  for (const name of [...model.enums.map((each) => each.name), ...model.scalars])
    for (const subgraph of model.subgraphs)
      if (hasLeaf(model, subgraph, name) && random.chance(0.1)) say(subgraph, name, anyWord(subgraph));
  const world: World = {
    model,
    organizationOf: (subgraph) => owners.get(subgraph) ?? "junto",
    policies,
    said: (subgraph, place) => words.get(`${subgraph} ${place}`),
  };
  for (const type of model.objects.values())
    for (const field of type.fields)
      if (field.requires)
        for (const subgraph of field.owners) {
          const place = placeOf(model, subgraph, type, field);
          say(subgraph, place, all([world.said(subgraph, place), ...asked(world, type, field.requires)]));
        }
  write(model, words, random);
  return world;
}

/** Where a subgraph speaks of a field: at its own type, or at the interface of which it knows the type as an object. */
export function placeOf(model: Model, subgraph: string, type: ObjectModel, field: FieldModel): string {
  const as = [...model.abstracts.values()].find(
    ({ keyed, members }) => keyed?.objectIn === subgraph && members.includes(type.name),
  );
  return `${as?.name ?? type.name}.${field.name}`;
}

function hasLeaf(model: Model, subgraph: string, name: string): boolean {
  return new RegExp(`^(enum|scalar) ${name}\\b`, "m").test(subgraphSdl(model, subgraph, true));
}

function randomWord(organization: string, policies: readonly string[], random: Random): Word {
  const own = policies.filter((name) => name.startsWith(`${organization}.`));
  const kind = random.below(10);
  const ways = (names: readonly string[]): Ways =>
    Array.from({ length: random.pick([1, 1, 2]) }, () => [
      ...new Set(Array.from({ length: random.pick([1, 1, 2]) }, () => random.pick(names))),
    ]);
  return {
    authenticated: kind < 2 || kind === 9,
    scopes: kind === 2 || kind === 3 ? ways(SCOPES) : [],
    policies: kind > 2 ? ways(random.chance(0.15) ? [...policies, "nobody.x"] : own) : [],
  };
}

/** Composition wants a field to ask itself for all that is asked of what it is computed from. */
function asked(world: World, type: ObjectModel, set: readonly Selected[]): (Word | undefined)[] {
  const { model, said } = world;
  return set.flatMap(({ name, of }) => {
    const field = fieldOf(type, name);
    const leads = namedType(field.type);
    const target = model.objects.get(leads);
    return [
      ...resolversOf(type, field).map((subgraph) => said(subgraph, placeOf(model, subgraph, type, field))),
      ...model.subgraphs.map((subgraph) => said(subgraph, leads)),
      ...(of && target ? asked(world, target, of) : []),
    ];
  });
}

function all(words: readonly (Word | undefined)[]): Word | undefined {
  const there = words.filter((word) => word !== undefined);
  if (there.length === 0) return undefined;
  return {
    authenticated: there.some(({ authenticated }) => authenticated),
    scopes: every(there.map(({ scopes }) => scopes)),
    policies: every(there.map(({ policies }) => policies)),
  };
}

/** One way of each, in all combinations. */
export function every(lists: readonly Ways[]): Ways {
  let ways: Ways = [];
  for (const list of lists)
    if (list.length > 0)
      ways =
        ways.length === 0 ? list : ways.flatMap((a) => list.map((b) => [...new Set([...a, ...b])].sort()));
  return [...new Map(ways.map((way) => [way.join(" "), way])).values()];
}

/** The three directives as a graph may name them: as they are, by other names, with the specification's prefix. */
const NAMES: readonly {
  readonly imports: readonly string[];
  readonly names: readonly [string, string, string];
}[] = [
  {
    imports: ['"@authenticated"', '"@requiresScopes"', '"@policy"'],
    names: ["@authenticated", "@requiresScopes", "@policy"],
  },
  {
    imports: [
      '{ name: "@authenticated", as: "@policy" }',
      '{ name: "@requiresScopes", as: "@may" }',
      '{ name: "@policy", as: "@rule" }',
    ],
    names: ["@policy", "@may", "@rule"],
  },
  {
    imports: [],
    names: ["@federation__authenticated", "@federation__requiresScopes", "@federation__policy"],
  },
];

function write(model: Model, words: ReadonlyMap<string, Word>, random: Random): void {
  const { imports, names } = random.pick(NAMES);
  const [authenticated, requiresScopes, policy] = names;
  const text = (word: Word): string =>
    [
      word.authenticated && ` ${authenticated}`,
      word.scopes.length > 0 && ` ${requiresScopes}(scopes: ${JSON.stringify(word.scopes)})`,
      word.policies.length > 0 && ` ${policy}(policies: ${JSON.stringify(word.policies)})`,
    ]
      .filter(Boolean)
      .join("");
  model.words = { imports, at: new Map([...words].map(([place, word]) => [place, text(word)])) };
}
