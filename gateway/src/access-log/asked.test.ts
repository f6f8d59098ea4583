// What a plan asks is known before it runs, of every request that it may make.
import { buildSchema } from "graphql";
import { expect, it } from "vitest";
import type { FetchNode } from "../plan/plan.ts";
import { readPlan } from "./asked.ts";

const schema = buildSchema(`type Query { shoe: Shoe } type Shoe { id: ID! price: Int size: Int }`);
const CLAUSE = {
  owners: ["maker"],
  scopes: [],
  policies: [["maker.open", "shop.open"]],
  outsiders: "granted" as const,
};
const facts = {
  supergraph: { schema },
  requirements: { of: () => ({ index: 0, clauses: [CLAUSE] }) },
  ownerOf: () => "maker",
  policyOwner: (policy: string) => policy.split(".")[0],
};
const fetch = (operation: string): FetchNode => ({
  kind: "Fetch",
  subgraph: "shoes",
  operationKind: "query",
  operation,
  variables: [],
  inputs: [],
  outputRewrites: [],
});
const entities = (fields: string): string =>
  `query($r:[_Any!]!){_entities(representations:$r){...on Shoe{${fields}}}}`;

it("also of those that it makes only when something is missing", () => {
  const node = { ...fetch(entities("price size")), spare: fetch(entities("size")) };
  const plan = readPlan({ subscription: null, node }, facts);
  expect(plan.of("shoes", entities("price size"))).toMatchObject({
    owner: "maker",
    fields: ["Shoe.price", "Shoe.size"],
    policies: ["maker.open"],
  });
  expect(plan.of("shoes", entities("size"))!.fields).toEqual(["Shoe.size"]);
});

it("and what is not of the plan is not asked", () => {
  const plan = readPlan({ subscription: null, node: fetch("{shoe{size}}") }, facts);
  expect(plan.of("groups", "{anything}")).toBeNull();
  expect(() => plan.of("shoes", "{shoe{price}}")).toThrow("does not know of");
});
