// A card ▸ the envelope that an audience gets: joined, with what may be done with it, who answered, and a revision.
import { getNamedType, isCompositeType, TypeInfo, visit, visitWithTypeInfo } from "graphql";
import type { Withheld } from "../access/prune.ts";
import type { Viewer } from "../access/viewer.ts";
import type { Engine, Making, Use } from "../execute/engine.ts";
import type { Execution } from "../execute/execute.ts";
import { entitiesIn } from "../execute/keys.ts";
import type { Entity } from "../groups/store.ts";
import { withoutSkipped } from "../operation/conditions.ts";
import type { Operation, Operations } from "../operation/prepare.ts";
import { compileShape, type Shaper } from "../shape/shape.ts";
import { GROUPS } from "../supergraph/compose.ts";
import type { Supergraph } from "../supergraph/load.ts";
import { cardOperation } from "./app/apps.ts";
import type { Fragment } from "./app/fragment.ts";

/** What a card's entity looks like to an audience now. It is in memory for as long as a push or a request takes. */
export interface JoinedCard {
  readonly data: Readonly<Record<string, unknown>> | null;
  readonly withheld: readonly Withheld[];
  /** Paths whose owners did not answer. */
  readonly missing: readonly { readonly path: readonly string[]; readonly organization: string }[];
  readonly provenance: readonly Provenance[];
  readonly shown: readonly Entity[];
}

export interface Provenance {
  readonly organization: string;
  readonly system: string;
  readonly status: "OK" | "PARTIAL" | "AWAY";
  readonly asOf: Date;
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
  /** Leaves of the card, from the entity on, with the subgraphs that resolve them. */
  readonly leaves: readonly { readonly path: readonly string[]; readonly subgraphs: readonly string[] }[];
}

export function createCardJoin({ supergraph, operations, engine, ownerOf }: JoinParts): CardJoin {
  const { schema, entities } = supergraph;
  const compiled = new Map<string, Compiled>();
  const compile = (text: string): Compiled => {
    const plain = operations.prepare(text);
    return {
      operation: plain,
      shape: compileShape(schema, withoutSkipped(plain, {}).definition),
      leaves: leavesOf(plain, supergraph),
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
    const { visible, execution } = await engine.join(type.operation, variables, {
      viewer,
      keys: true,
      ...making,
    });
    const shaped = JSON.parse(type.shape(execution, [])) as {
      entity: JoinedCard["data"];
    } | null;
    const withheld = visible.withheld.map((each) => ({ ...each, path: each.path.slice(1) }));
    return {
      data: shaped?.entity ?? null,
      withheld,
      missing: missingIn(type, withheld, execution, ownerOf),
      provenance: [...execution.answered]
        .filter(([subgraph]) => subgraph !== GROUPS)
        .map(([system, { status, asOf }]) => ({ organization: ownerOf(system), system, status, asOf })),
      shown: entitiesIn(execution, entities),
    };
  };
  return Object.assign(join, {
    used: () => [...compiled].map(([text, { operation }]) => ({ text, uses: engine.uses(operation) })),
    prepare: async (text: string, use: Use) =>
      engine.prepare(compiledOf(text).operation, { ...use, keys: true }),
  });
}

/** I9: what is absent because who has it did not answer; what is withheld is said to be withheld. */
function missingIn(
  type: Compiled,
  withheld: readonly Withheld[],
  { answered, errors }: Execution,
  ownerOf: (subgraph: string) => string,
): JoinedCard["missing"] {
  if (errors.length === 0) return [];
  const isWithheld = (path: readonly string[]) =>
    withheld.some((each) => each.path.every((key, index) => key === path[index]));
  return type.leaves.flatMap(({ path, subgraphs }) => {
    const silent = subgraphs.find((name) => (answered.get(name)?.status ?? "OK") !== "OK");
    const another = subgraphs.some((name) => answered.get(name)?.status === "OK");
    return silent !== undefined && !another && !isWithheld(path)
      ? [{ path, organization: ownerOf(silent) }]
      : [];
  });
}

function leavesOf(operation: Operation, { schema, fields }: Supergraph): Compiled["leaves"] {
  const leaves: { path: string[]; subgraphs: readonly string[] }[] = [];
  const path: string[] = [];
  const owners: (readonly string[])[] = [];
  const typeInfo = new TypeInfo(schema);
  visit(
    operation.definition,
    visitWithTypeInfo(typeInfo, {
      Field: {
        enter(node) {
          path.push(node.alias?.value ?? node.name.value);
          const parent = typeInfo.getParentType()?.name ?? "";
          // A plain value, such as an amount of money, is of whoever resolves the field that holds it.
          const facts = fields.of(parent, node.name.value);
          owners.push(facts?.guarded ? facts.subgraphs : (owners.at(-1) ?? []));
          const type = typeInfo.getType();
          if (type && !isCompositeType(getNamedType(type)) && node.name.value !== "__typename")
            leaves.push({ path: path.slice(1), subgraphs: owners.at(-1)! });
        },
        leave() {
          path.pop();
          owners.pop();
        },
      },
    }),
  );
  return leaves;
}
