// The executable schema: the integrator's resolvers, each guarded by policy, deadline and scope.
import { buildSubgraphSchema } from "@apollo/subgraph";
import {
  defaultFieldResolver,
  getNullableType,
  isObjectType,
  parse,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLSchema,
} from "graphql";
import type { Authorization } from "./authorize.ts";
import { checkDefinition } from "./definition.ts";
import { isPromise, type Deadline } from "./deadline.ts";
import { readDirectives, type Notes } from "./directives.ts";
import { keyOf, resolveReference, type Loads } from "./entities.ts";
import { createRowFilter } from "./filter.ts";
import { enforce, enforceRequirement, requirementOf } from "./policy.ts";
import type { Asked, Context, SubgraphOptions } from "./types.ts";

/** What the guards need of a request, beside what resolvers get. */
export interface RequestContext extends Context<unknown> {
  readonly deadline: Deadline;
  readonly forgetAll: () => void;
  readonly isInScope: Loads["isInScope"];
  /** Where the owner has a last word of its own. */
  readonly authorization?: Authorization;
  /** Of an event: it is about nothing that exists for this request. */
  unsent: boolean;
}

export interface ExecutableSchema {
  readonly schema: GraphQLSchema;
  readonly notes: Notes;
}

type Options = Pick<
  SubgraphOptions<any>,
  "organization" | "typeDefs" | "resolvers" | "entities" | "authorize"
>;
type ResolverMap = NonNullable<
  Extract<Parameters<typeof buildSubgraphSchema>[0], { resolvers?: unknown }>["resolvers"]
>;
type FieldResolver = GraphQLFieldResolver<unknown, RequestContext>;

/** Throws when schema, resolvers and entities do not go together. */
export function buildSchema(options: Options): ExecutableSchema {
  const document = parse(options.typeDefs);
  const notes = readDirectives(document);
  const schema = buildSubgraphSchema({ typeDefs: document, resolvers: options.resolvers as ResolverMap });
  checkDefinition(schema, notes, options);

  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith("__") || type.name === "_Service") continue;
    for (const field of Object.values(type.getFields())) {
      const path = `${type.name}.${field.name}`;
      if (path === "Query._service") continue;
      if (path === "Query._entities") assignResolver(field, entities(options, notes));
      else if (type.name === "Subscription") guardSubscription(schema, type, field, notes, options);
      else guard(schema, type, field, notes, options);
    }
  }
  return { schema, notes };
}

function guard(
  schema: GraphQLSchema,
  type: GraphQLObjectType,
  field: GraphQLField<unknown, unknown>,
  notes: Notes,
  options: Options,
): void {
  const requirement = requirementOf(type, field, notes);
  const filter = createRowFilter(schema, field.type, notes, options);
  const written = field.resolve as FieldResolver | undefined;
  // Most fields are properties of a row that was guarded already.
  if (!requirement && !filter && !written) return;
  const resolve = type.name === "Mutation" ? forgetting(written) : (written ?? defaultFieldResolver);

  const guarded: FieldResolver = (parent, args, context, info) => {
    if (requirement) enforceRequirement(requirement, context.viewer, options.organization);
    const run = (): unknown => context.deadline.race(() => resolve(parent, args, context, info));
    const allowed =
      written && context.authorization?.field(askedOf(type, field, parent, args, options.entities));
    const value = allowed ? allowed.then(run) : run();
    if (!filter) return value;
    return isPromise(value)
      ? value.then((found) => filter(found, context, info))
      : filter(value, context, info);
  };
  assignResolver(field, guarded);
}

// Who may subscribe is asked at the beginning. An event about rows that are out of scope is none.
function guardSubscription(
  schema: GraphQLSchema,
  type: GraphQLObjectType,
  field: GraphQLField<unknown, unknown>,
  notes: Notes,
  options: Options,
): void {
  const requirement = requirementOf(type, field, notes);
  const filter = createRowFilter(schema, getNullableType(field.type), notes, options);
  const begin = field.subscribe as FieldResolver;
  const resolve = (field.resolve as FieldResolver | undefined) ?? defaultFieldResolver;
  const subscribe: FieldResolver = async (parent, args, context, info) => {
    if (requirement) enforceRequirement(requirement, context.viewer, options.organization);
    await context.authorization?.field(askedOf(type, field, parent, args, options.entities));
    const events = await context.deadline.race(() => begin(parent, args, context, info));
    if (typeof (events as Partial<AsyncIterable<unknown>> | null)?.[Symbol.asyncIterator] === "function")
      return events;
    throw new TypeError(`Subscription.${field.name}: subscribe gave no AsyncIterable`);
  };
  const resolveEvent: FieldResolver = async (event, args, context, info) => {
    const value = await context.deadline.race(() => resolve(event, args, context, info));
    const kept = filter ? await filter(value, context, info) : value;
    const emptied = Array.isArray(kept) && kept.length === 0 && (value as readonly unknown[]).length > 0;
    context.unsent = kept === null || kept === undefined || emptied;
    return kept;
  };
  field.subscribe = subscribe as GraphQLFieldResolver<unknown, unknown>;
  assignResolver(field, resolveEvent);
}

const ROOTS = { Query: "query", Mutation: "mutation", Subscription: "subscription" } as const;

function askedOf(
  { name: type }: GraphQLObjectType,
  { name: field }: GraphQLField<unknown, unknown>,
  parent: unknown,
  args: Readonly<Record<string, unknown>>,
  definitions: Options["entities"],
): Exclude<Asked, { kind: "entity" }> {
  if (Object.hasOwn(ROOTS, type)) return { kind: ROOTS[type as keyof typeof ROOTS], field, args };
  const key = keyOf(definitions, type, parent);
  return { kind: "field", type, field, args, ...(key !== undefined && { key }) };
}

// What is behind the payload is loaded as it is after the mutation.
function forgetting(written: FieldResolver = defaultFieldResolver): FieldResolver {
  return async (parent, args, context, info) => {
    try {
      return await written(parent, args, context, info);
    } finally {
      context.forgetAll();
    }
  };
}

function assignResolver(field: GraphQLField<unknown, unknown>, resolve: FieldResolver): void {
  field.resolve = resolve as GraphQLFieldResolver<unknown, unknown>;
}

function entities({ entities: definitions, organization }: Options, notes: Notes): FieldResolver {
  return (_parent, args: { representations: readonly { __typename?: string }[] }, context) =>
    args.representations.map(async (reference) => {
      enforce(notes.get(String(reference.__typename))?.asks, context.viewer, organization);
      return resolveReference(reference, definitions, notes, context);
    });
}
