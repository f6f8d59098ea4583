// Who may see what, asked plainly of what each subgraph says: ADR 7 read once more, slowly, from the words themselves and
// not from what composition makes of them.
import {
  definersOf,
  fieldOf,
  namedType,
  resolversOf,
  type FieldModel,
  type ObjectModel,
  type Selected,
} from "../differential/model.ts";
import { every, placeOf, type Ways, type Word, type World } from "./words.ts";

export interface Seer {
  readonly organization: string;
  readonly scopes: readonly string[];
  readonly granted: readonly string[];
}

/** Whether a viewer may see a field of an object type. */
export function createReference(world: World, seer: Seer): (type: string, field: string) => boolean {
  const known = new Map<string, boolean>();
  const sees = (typeName: string, name: string): boolean => {
    const key = `${typeName}.${name}`;
    let found = known.get(key);
    if (found === undefined) {
      const type = world.model.objects.get(typeName)!;
      const field = fieldOf(type, name);
      known.set(key, (found = mayRead(type, field) && seesAll(type, field.requires ?? [])));
    }
    return found;
  };

  const seesAll = (type: ObjectModel, set: readonly Selected[]): boolean =>
    set.every(({ name, of }) => {
      const target = world.model.objects.get(namedType(fieldOf(type, name).type));
      return sees(type.name, name) && (!of || !target || seesAll(target, of));
    });

  const mayRead = (type: ObjectModel, field: FieldModel): boolean => {
    const { model, organizationOf, said } = world;
    const resolvers = resolversOf(type, field);
    const owners = resolvers.map(organizationOf);
    const definers = definersOf(type);
    const ofType = definers.flatMap((each) => said(each, type.name) ?? []);
    const ofField = resolvers.flatMap((each) => said(each, placeOf(model, each, type, field)) ?? []);
    const words = [...ofType, ...ofField];
    const opened =
      ofField.some(({ authenticated }) => authenticated) ||
      (ofType.some(({ authenticated }) => authenticated) &&
        definers.map(organizationOf).every((each) => owners.includes(each)));
    const asksForIt = words.some(({ policies, scopes }) => policies.length > 0 || scopes.length > 0);
    const speaks = words.some(({ authenticated }) => authenticated);
    if (!asksForIt && !opened && (type.kind !== "value" || speaks) && !owners.includes(seer.organization))
      return false;
    if (!hasScopes(words, owners) || !hasPolicies(words, owners, !opened)) return false;
    return typesAt(field).every((name) => {
      const defining = model.subgraphs.filter((each) => said(each, name));
      const there = defining.map((each) => said(each, name)!);
      const object = model.objects.get(name);
      const defined = object ? definersOf(object).map(organizationOf) : owners;
      return hasScopes(there, owners) && hasPolicies(there, defined, false);
    });
  };

  /** The type that a field returns, and all that its arguments are made of. */
  const typesAt = (field: FieldModel): string[] => {
    const found = [namedType(field.type)];
    const look = (name: string): void => {
      if (found.includes(name)) return;
      found.push(name);
      for (const each of world.model.inputs.find((input) => input.name === name)?.fields ?? [])
        look(namedType(each.type));
    };
    for (const { type } of field.args) look(namedType(type));
    return found;
  };

  const hasScopes = (words: readonly Word[], owners: readonly string[]): boolean =>
    words.every(
      ({ scopes }) =>
        scopes.length === 0 ||
        (owners.includes(seer.organization) &&
          scopes.some((all) => all.every((scope) => seer.scopes.includes(scope)))),
    );

  const hasPolicies = (words: readonly Word[], owners: readonly string[], opens: boolean): boolean => {
    const ways: Ways = every(words.map(({ policies }) => policies));
    if (ways.length === 0) return true;
    const isOwner = owners.includes(seer.organization);
    const ownerOf = (policy: string): string => world.policies.get(policy)?.organization ?? seer.organization;
    const own = ways.map((all) => all.filter((policy) => ownerOf(policy) === seer.organization));
    if (isOwner && own.every((all) => all.length === 0)) return true;
    if (isOwner && own.some((all) => all.length > 0 && all.every(holds))) return true;
    const hasAWord = (all: readonly string[]): boolean =>
      all.some((policy) => owners.includes(world.policies.get(policy)?.organization ?? "nobody"));
    return ways.some((all) => all.every(holds) && (!opens || isOwner || hasAWord(all)));
  };

  const holds = (policy: string): boolean => {
    const facts = world.policies.get(policy);
    const isOwn = facts?.held === "people" && facts.organization === seer.organization;
    return isOwn || seer.granted.includes(policy);
  };

  return sees;
}
