// The planner in a process of its own: what it dies of is refused, and the rest goes on.
import { describe, expect, it } from "vitest";
import { compose } from "../supergraph/compose.ts";
import { createHivePlanner } from "./hive.ts";
import { printPlan } from "./print.ts";

const FEDERATION = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@requires", "@external"])\n`;
const SCHEMAS = {
  shop: `type Query { found: Person other: Int } type Person @key(fields: "id") { id: ID! }
    interface Thing { id: ID! } type Parcel implements Thing @key(fields: "id") { id: ID! size: Int }
    type Order implements Thing @key(fields: "id") @key(fields: "no") { id: ID! no: ID! code: Int @external sum: String @requires(fields: "code") }`,
  codes: `type Order @key(fields: "id") { id: ID! code: Int }`,
  people: `type Person @key(fields: "id") { id: ID! thing: Thing }
    interface Thing { id: ID! } type Order implements Thing @key(fields: "id") { id: ID! }`,
};
const { sdl } = compose(
  Object.entries(SCHEMAS).map(([name, text]) => ({
    name,
    url: `http://${name}.example`,
    sdl: FEDERATION + text,
  })),
  `${FEDERATION} scalar JSON type Query { me: String } type Card @key(fields: "id") { id: ID! }
   directive @group on ARGUMENT_DEFINITION`,
);
/** A plain operation over a plain graph, of which the planner dies. */
const DEADLY = "{ found { thing { ... on Order { sum } } } }";
const planner = createHivePlanner(sdl);
const plan = async (operation: string): Promise<string> =>
  printPlan(await planner.plan(operation, AbortSignal.timeout(20_000)));

describe("an operation that the planner dies of", () => {
  it("is refused, and the next is planned", async () => {
    await expect(plan(DEADLY)).rejects.toMatchObject({ code: "PLAN_FAILED" });
    expect(await plan("{ other }")).toBe("Fetch shop: {other}");
  });

  it("takes none of those with it that are planned at the same time", async () => {
    const names = Array.from({ length: 20 }, (_, index) => `a${index}`);
    const deadly = DEADLY.replace("found", "x: found");
    const [died, ...others] = await Promise.allSettled([
      plan(deadly),
      ...names.map((name) => plan(`{ ${name}: other }`)),
    ]);
    expect(died).toMatchObject({ status: "rejected", reason: { code: "PLAN_FAILED" } });
    expect(others).toEqual(
      names.map((name) => ({ status: "fulfilled", value: `Fetch shop: {${name}: other}` })),
    );
  });
});
