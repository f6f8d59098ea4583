// For tests: the groups subgraph over a store, asked as one of the people of the demo or as an audience.
import { readFileSync } from "node:fs";
import { execute, parse, validate, type ExecutionResult, type GraphQLSchema } from "graphql";
import type { ActInput, ActResult, CardEnvelope, GroupsContext, GroupsViewer, Scenario } from "./context.ts";
import type { CardRow, Groups } from "./store.ts";
import { groupsSchema, type OwnEvent } from "./subgraph.ts";

interface Asking {
  /** A person's id, or the viewer of a push. */
  readonly as: string | GroupsViewer;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly event?: OwnEvent;
}

export interface Harness {
  readonly schema: GraphQLSchema;
  /** What `act` was asked for. */
  readonly acted: ActInput[];
  /** Cards that were opened. */
  readonly opened: CardRow[];
  /** Who said that they are writing, or are not. */
  readonly typing: { readonly groupId: string; readonly person: string; readonly typing: boolean }[];
  /** When a card is due. */
  due: (card: CardRow) => Date | null;
  /** Verbs that cards offer. */
  offered: readonly string[];
  /** What it says to the next actions. */
  answer: (input: ActInput) => Promise<ActResult>;
  scenarios: ReadonlyMap<string, Scenario>;
  ask(operation: string, asking: Asking): Promise<ExecutionResult>;
}

const ADMINS = new Set(["mall:lin", "brand:chen", "supplier:wang", "plaza:mo"]);

/** What the lead of the graph appends to the schema. */
const ENTITIES = `
  union CardEntity = RestockOrder | Line
  type RestockOrder @key(fields: "id", resolvable: false) { id: ID! }
  type Line @key(fields: "order size", resolvable: false) { order: ID! size: ID! }
  type Unrelated @key(fields: "id", resolvable: false) { id: ID! }
  extend type Query { entity(type: String!, key: JSON!, groupId: ID @group): CardEntity }
  extend type Card { entity: CardEntity }
`;

const text = (en: string) => ({ en, "zh-CN": `${en} (zh)` });
const asked = (policy: string, role: string) => ({
  policy,
  organization: policy.split(".")[0]!,
  role,
  reason: text(`So that a ${role} knows.`),
});

export const SCENARIO: Scenario = {
  name: "counter",
  title: text("Counter"),
  subject: "Counter",
  timeZone: "Asia/Shanghai",
  roles: [
    { name: "manager", organization: "mall", title: text("Manager"), creates: true },
    { name: "guide", organization: "brand", title: text("Guide"), creates: false },
    { name: "buyer", organization: "brand", title: text("Buyer"), creates: false },
    { name: "supplier", title: text("Supplier"), creates: false },
  ],
  asked: [
    asked("mall.price", "buyer"),
    asked("mall.sales", "guide"),
    asked("brand.orders", "manager"),
    asked("supplier.stock", "buyer"),
  ],
};

export function createHarness(groups: Groups): Harness {
  const typeDefs = readFileSync(new URL("../../../schema/groups.graphql", import.meta.url), "utf8");
  const opened: CardRow[] = [];
  const acted: ActInput[] = [];
  const typing: Harness["typing"] = [];
  const harness: Harness = {
    schema: groupsSchema(typeDefs + ENTITIES),
    acted,
    opened,
    typing,
    due: () => null,
    offered: ["restock.approve"],
    answer: async () => ({ action: null, card: null, userErrors: [] }),
    scenarios: new Map([[SCENARIO.name, SCENARIO]]),
    async ask(operation, { as, variables = {}, event }) {
      const contextValue: GroupsContext = {
        groups,
        accessLog: { lines: async () => [], head: async () => null },
        viewer: typeof as === "string" ? viewerOf(as) : as,
        organizations: ORGANIZATIONS,
        scenarios: harness.scenarios,
        openCard: async (card) => {
          opened.push(card);
          return envelopeOf(card, harness);
        },
        openCards: async (cards) => {
          opened.push(...cards);
          return cards.map((card) => envelopeOf(card, harness));
        },
        groupActions: async (groupId, locale) => [
          { verb: "restock.submit", title: `${groupId} in ${locale}`, form: null },
        ],
        closedActions: async (_groupId, locale) => [
          { verb: "restock.open", title: `open in ${locale}`, organization: "mall", policy: "mall.sales" },
        ],
        actionTitle: (verb, locale) => (verb === "restock.approve" ? `approve in ${locale}` : undefined),
        setTyping: (groupId, person, isTyping) => void typing.push({ groupId, person, typing: isTyping }),
        explain: async () => ({ visible: true, role: null, needs: [] }),
        act: (input) => {
          acted.push(input);
          return harness.answer(input);
        },
      };
      const document = parse(operation);
      const errors = validate(harness.schema, document);
      if (errors.length > 0) return { errors };
      return execute({
        schema: harness.schema,
        document,
        contextValue,
        variableValues: variables,
        rootValue: event,
      });
    },
  };
  return harness;
}

const titled = (...policies: readonly string[]) =>
  new Map(policies.map((policy) => [policy, { title: text(`Title of ${policy}`) }]));

const ORGANIZATIONS: GroupsContext["organizations"] = new Map([
  [
    "mall",
    {
      name: { en: "Riverside", "zh-CN": "江畔百货" },
      policies: titled("mall.price", "mall.sales"),
      systems: new Map([["mall", { en: "Retail ERP", "zh-CN": "零售 ERP" }]]),
    },
  ],
  ["brand", { name: { en: "Aurora" }, policies: titled("brand.orders"), systems: new Map() }],
  ["supplier", { name: { en: "Harbour" }, policies: titled("supplier.stock"), systems: new Map() }],
  ["plaza", { name: { en: "Plaza" }, policies: titled("plaza.price"), systems: new Map() }],
]);

function viewerOf(person: string): GroupsViewer {
  return {
    organization: person.split(":")[0]!,
    person,
    groupId: null,
    role: null,
    organizationRoles: ADMINS.has(person) ? ["admin"] : [],
  };
}

function envelopeOf(card: CardRow, { due, offered }: Pick<Harness, "due" | "offered">): CardEnvelope {
  return {
    revision: 7,
    templateRef: "restock.order@abc",
    template: (locale) => ({ template: locale }),
    data: { order: card.entity.key },
    summary: (locale) => `summary in ${locale}`,
    due: due(card),
    actions: (locale) =>
      offered.map((verb) => ({ verb, title: `approve in ${locale}`, form: () => ({ body: [] }) })),
    closedActions: (locale) => [
      { verb: "restock.place", title: `place in ${locale}`, organization: "brand", policy: null },
    ],
    provenance: [
      {
        organization: "mall",
        system: "mall",
        status: "PARTIAL",
        asOf: new Date("2026-11-22T10:00:00Z"),
        paths: ["order"],
        missing: ["order.note"],
      },
    ],
    withheld: [{ path: "product.price", organization: "mall", policy: "mall.price" }],
    adaptiveCard: (locale) => ({ type: "AdaptiveCard", lang: locale }),
  };
}
