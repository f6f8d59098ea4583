// Takes out of what a resolver returned the rows that are out of the request's scope or of a type that is not shared.
import {
  defaultTypeResolver,
  getNamedType,
  isAbstractType,
  isNonNullType,
  isObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
} from "graphql";
import { isRefusal, type Authorization } from "./authorize.ts";
import { isPromise } from "./deadline.ts";
import type { Notes } from "./directives.ts";
import { keyOf, type Loads } from "./entities.ts";
import { RequestError } from "./errors.ts";
import { asksAnything, enforce } from "./policy.ts";
import type { Context, SubgraphOptions } from "./types.ts";

type Guarded = Context<unknown> & Pick<Loads, "isInScope"> & { readonly authorization?: Authorization };
export type RowFilter = (value: unknown, context: Guarded, info: GraphQLResolveInfo) => unknown;

/** Nothing, when no row that the field can return needs a look. */
export function createRowFilter(
  schema: GraphQLSchema,
  type: GraphQLOutputType,
  notes: Notes,
  {
    organization,
    entities,
    authorize,
  }: Pick<SubgraphOptions<any>, "organization" | "entities" | "authorize">,
): RowFilter | undefined {
  const named = getNamedType(type);
  /** Entities on which the owner has a word. */
  const authorized = authorize && entities;
  const possible = isAbstractType(named)
    ? schema.getPossibleTypes(named)
    : isObjectType(named)
      ? [named]
      : [];
  const isGuarded = (name: string): boolean =>
    notes.get(name)?.scope !== undefined ||
    (authorized !== undefined && Object.hasOwn(authorized, name)) ||
    (isAbstractType(named) && asksAnything(notes.get(name)));
  if (!possible.some(({ name }) => isGuarded(name))) return undefined;

  /** Whether it exists for the request; and the owner's last word on it, which is no word where it is allowed. */
  const exists = (name: string, row: object, context: Guarded): boolean | Promise<boolean> => {
    const lastWord = (): boolean | Promise<boolean> => {
      if (!authorized || !Object.hasOwn(authorized, name)) return true;
      const key = keyOf(authorized, name, row);
      if (key === undefined) throw new Error(`A row of ${name} has no key, by which it is authorized`);
      return context.authorization?.entity(name, key)?.then(() => true) ?? true;
    };
    const kept = context.isInScope(name, row);
    return isPromise(kept) ? kept.then((isKept) => isKept && lastWord()) : kept && lastWord();
  };

  const keep = (row: object, context: Guarded, info: GraphQLResolveInfo): boolean | Promise<boolean> => {
    const decide = (name: string | undefined): boolean | Promise<boolean> => {
      if (name === undefined) throw new Error(`The type of a row of ${named.name} is unknown`);
      // Behind an interface or a union, what a type asks is known only now.
      if (isAbstractType(named)) enforce(notes.get(name)?.asks, context.viewer, organization);
      return exists(name, row, context);
    };
    if (!isAbstractType(named)) return decide(named.name);
    const runtime = (named.resolveType ?? defaultTypeResolver)(row, context, info, named);
    return isPromise(runtime) ? runtime.then(decide) : decide(runtime);
  };

  return async (value, context, info) => {
    const kept = await filterValue(value, (row) => keep(row, context, info));
    if (kept !== gone) return kept;
    if (isNonNullType(type)) throw new RequestError("FORBIDDEN", "This request is not about that row");
    return null;
  };

  async function filterValue(
    value: unknown,
    isKept: (row: object) => boolean | Promise<boolean>,
  ): Promise<unknown> {
    const found = await value;
    if (found === null || found === undefined) return found;
    if (isIterable(found)) {
      // An item that fails stays in its place as the failure that it is; one that the owner refuses is not there.
      const items = await Promise.all(
        Array.from(found, (item) =>
          filterValue(item, isKept).catch((error: unknown) => (isRefusal(error) ? gone : error)),
        ),
      );
      return items.filter((item) => item !== gone);
    }
    return found instanceof Error || (await isKept(found)) ? found : gone;
  }
}

/** In place of a row that is out of scope. */
const gone = Symbol("out of scope");

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.iterator in value;
}
