// A card ▸ the envelope that an audience gets: joined, with what may be done with it, who answered, and a revision.
import type { GraphQLSchema } from "graphql";
import type { Withheld } from "../access/prune.ts";
import type { Viewer } from "../access/viewer.ts";
import type { Engine, Making } from "../execute/engine.ts";
import { entitiesIn } from "../execute/keys.ts";
import type { Use } from "../execute/programs.ts";
import type { Entity } from "../groups/store.ts";
import type { ProvenanceEntry } from "../groups/subgraph.ts";
import { withoutSkipped } from "../operation/conditions.ts";
import type { Operation, Operations } from "../operation/prepare.ts";
import { compileShape, type Shaper } from "../shape/shape.ts";
import type { Plan } from "../plan/plan.ts";
import { GROUPS } from "../supergraph/compose.ts";
import type { Supergraph } from "../supergraph/load.ts";
import { cardOperation } from "./app/apps.ts";
import type { Fragment } from "./app/fragment.ts";
import { fieldPaths, missingIn, namedPaths, originsOf, type Origins } from "./origins.ts";

/** What a card's entity looks like to an audience now. It is in memory for as long as a push or a request takes. */
export interface JoinedCard {
  readonly data: Readonly<Record<string, unknown>> | null;
  readonly withheld: readonly Withheld[];
  /** Paths whose owners did not answer. */
  readonly missing: readonly { readonly path: readonly string[]; readonly organization: string }[];
  readonly provenance: readonly ProvenanceEntry[];
  readonly shown: readonly Entity[];
}

export interface JoinParts {
  readonly supergraph: Supergraph;
  readonly operations: Operations;
  readonly engine: Engine;
  readonly ownerOf: (subgraph: string) => string;
}

/** Joins what a fragment asks for of an entity, for a viewer. */
export interface CardJoin {
  (
    shown: { readonly fragment: Fragment },
    entity: Entity,
    viewer: Viewer,
    /** What the owners' access logs say it was for, and what stops it. */
    making: Pick<Making, "occasion" | "signal">,
  ): Promise<JoinedCard>;
  /** What was joined so far, and for whom. */
  used(): readonly { readonly text: string; readonly uses: readonly Use[] }[];
  /** Makes beforehand what such a join would wait for. @throws JuntoError */
  prepare(text: string, use: Use): Promise<void>;
}

/** Everything about a fragment that does not depend on the entity. */
interface Compiled {
  readonly operation: Operation;
  readonly shape: Shaper;
  /** By plan: an audience has one. */
  readonly originsOf: (plan: Plan) => Origins;
}

export function createCardJoin({ supergraph, operations, engine, ownerOf }: JoinParts): CardJoin {
  const { schema, entities } = supergraph;
  const compiled = new Map<string, Compiled>();
  const compile = (text: string): Compiled => {
    const plain = operations.prepare(text);
    return {
      operation: plain,
      shape: compileShape(schema, withoutSkipped(plain, {}).definition),
      originsOf: originsByPlan(schema, plain),
    };
  };
  const compiledOf = (text: string): Compiled => {
    let type = compiled.get(text);
    if (!type) compiled.set(text, (type = compile(text)));
    return type;
  };
  const texts = new WeakMap<Fragment, string>();
  const textOf = (fragment: Fragment): string => {
    let text = texts.get(fragment);
    if (text === undefined) texts.set(fragment, (text = cardOperation({ fragment })));
    return text;
  };

  const join = async (
    { fragment }: { readonly fragment: Fragment },
    entity: Entity,
    viewer: Viewer,
    making: Pick<Making, "occasion" | "signal">,
  ): Promise<JoinedCard> => {
    const type = compiledOf(textOf(fragment));
    const variables = { type: entity.type, key: entity.key, groupId: viewer.group?.id ?? null };
    const { visible, plan, execution } = await engine.join(type.operation, variables, {
      viewer,
      keys: true,
      ...making,
    });
    const shaped = JSON.parse(type.shape(execution, [])) as {
      entity: JoinedCard["data"];
    } | null;
    const origins = type.originsOf(plan);
    const missing = missingIn(execution, origins);
    return {
      data: shaped?.entity ?? null,
      withheld: visible.withheld.map((each) => ({ ...each, path: each.path.slice(1) })),
      missing: [...missing].flatMap(([system, paths]) =>
        paths.map((path) => ({ path, organization: ownerOf(system) })),
      ),
      provenance: [...execution.answered]
        .filter(([subgraph]) => subgraph !== GROUPS)
        .map(([system, { status, asOf }]) => ({
          organization: ownerOf(system),
          system,
          status,
          asOf,
          paths: namedPaths(system, origins),
          missing: namedPaths(system, missing),
        })),
      shown: entitiesIn(execution, entities),
    };
  };
  return Object.assign(join, {
    used: () => [...compiled].map(([text, { operation }]) => ({ text, uses: engine.uses(operation) })),
    prepare: async (text: string, use: Use) =>
      engine.prepare(compiledOf(text).operation, { ...use, keys: true }),
  });
}

function originsByPlan(schema: GraphQLSchema, { definition }: Operation): Compiled["originsOf"] {
  const fields = fieldPaths(schema, definition);
  const known = new WeakMap<Plan, Origins>();
  return (plan) => {
    let origins = known.get(plan);
    if (!origins) known.set(plan, (origins = originsOf(plan, fields)));
    return origins;
  };
}

/** What a form of a group shows of its subject; null when it shows nothing. */
export async function joinForm(
  join: CardJoin,
  form: { readonly fragment?: Fragment | undefined } | undefined,
  viewer: Viewer,
): Promise<JoinedCard | null> {
  const subject = viewer.group?.subjects[0];
  if (!form?.fragment || !subject) return null;
  return join({ fragment: form.fragment }, { type: subject.type, key: { id: subject.id } }, viewer, {});
}
