// What a subgraph is asked for it resolves: itself, or as provided at that path.
import { parse } from "graphql";
import { describe, expect, it } from "vitest";
import { compose } from "../supergraph/compose.ts";
import { readOwnership } from "./ownership.ts";
import type { FetchNode, Plan } from "./plan.ts";
import { isResolvable, onlyResolvable } from "./resolvable.ts";

const FEDERATION = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key", "@external", "@provides", "@shareable"])\n`;
const { sdl } = compose(
  [
    {
      name: "near",
      url: "http://near.example",
      sdl: `${FEDERATION}
        type Query { pick: Media @provides(fields: "... on Song { title by { nick } }")  any: Media  song: Song  film: Film @provides(fields: "title") }
        interface Media { id: ID! }
        type Song implements Media @key(fields: "id") { id: ID!  title: String @external  by: User @external }
        type Film implements Media @key(fields: "id") { id: ID!  title: String @external }
        type User @key(fields: "id") { id: ID!  nick: String @external }`,
    },
    {
      name: "far",
      url: "http://far.example",
      sdl: `${FEDERATION}
        type Song @key(fields: "id") { id: ID!  title: String @shareable  by: User @shareable }
        type Film @key(fields: "id") { id: ID!  title: String @shareable }
        type User @key(fields: "id") { id: ID!  nick: String @shareable }`,
    },
  ],
  `${FEDERATION} scalar JSON type Query { here: String } type Card @key(fields: "id") { id: ID! } directive @group on ARGUMENT_DEFINITION`,
);
const ownership = readOwnership(parse(sdl));

function asking(subgraph: string, operation: string): Plan {
  const node: FetchNode = {
    kind: "Fetch",
    subgraph,
    operationKind: "query",
    operation,
    variables: [],
    inputs: [],
    outputRewrites: [],
  };
  return { subscription: null, node };
}

describe("a fetch is resolvable", () => {
  it.each([
    [
      "what the subgraph resolves",
      "far",
      "query($r:[_Any!]!){_entities(representations:$r){...on Song{title}}}",
    ],
    ["what is provided at its path", "near", "{pick{__typename ...on Song{title}}}"],
    ["what is provided deeper", "near", "{pick{...on Song{by{nick}}}}"],
    ["what is provided, in a fragment", "near", "{pick{...a}} fragment a on Song {x:title by{id}}"],
  ])("if it asks for %s", (_what, subgraph, operation) => {
    expect(isResolvable(asking(subgraph, operation), ownership)).toBe(true);
  });

  it.each([
    ["what is provided for another type", "{pick{...on Song{title} ...on Film{title}}}"],
    ["what is provided at another path", "{any{...on Song{title}}}"],
    ["what is external at the root's own object", "{song{title}}"],
    ["what is provided deeper at another path only", "{song{by{nick}}}"],
    ["what is external of an entity", "query($r:[_Any!]!){_entities(representations:$r){...on User{nick}}}"],
  ])("but not if it asks for %s", (_what, operation) => {
    expect(isResolvable(asking("near", operation), ownership)).toBe(false);
  });
});

describe("a planner that asks for what is not resolvable", () => {
  const wrong = asking("near", "{any{...on Song{title}}}");
  const right = asking("near", "{any{id}}");

  it("plans again without @provides", async () => {
    const seen: boolean[] = [];
    const planner = onlyResolvable(sdl, (text) => ({
      plan() {
        seen.push(text.includes('provides: "'));
        return Promise.resolve(text.includes('provides: "') ? wrong : right);
      },
    }));
    expect(await planner.plan("{ any { id } }", AbortSignal.timeout(1000))).toBe(right);
    expect(seen).toEqual([true, false]);
  });

  it("fails when that is wrong too", async () => {
    const planner = onlyResolvable(sdl, () => ({ plan: () => Promise.resolve(wrong) }));
    await expect(planner.plan("{ any { id } }", AbortSignal.timeout(1000))).rejects.toMatchObject({
      code: "PLAN_FAILED",
    });
  });
});
