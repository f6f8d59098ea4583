// Secrets and data left behind, in error messages: what a client reads is of the catalogue. Words of a subgraph, of a
// library or of a stack are not in it.
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { CATALOGUE } from "../../gateway/src/errors/index.ts";
import type { TestGraph } from "../support/graph.ts";
import { DOORS, startDoors, type Doors } from "./doors.ts";
import { EVERYTHING, GUEST, startShop } from "./shop.ts";

let graph: TestGraph;
let doors: Doors;
/** What looking for a place in the group "broken" throws. */
let broken: () => unknown;
beforeAll(async () => {
  graph = await startShop({
    everything: EVERYTHING,
    get broken(): never {
      throw broken();
    },
  });
  doors = await startDoors(graph, {
    identity: {
      async identify(authorization) {
        if (authorization === "Bearer broken") throw new TypeError("canary: /srv/keys is not readable");
        const id = authorization?.replace("Bearer ", "") ?? "";
        return {
          id,
          organization: id.split(":")[0]!,
          name: id,
          roles: [],
          scopes: [],
          expiresAt: Date.now() + 3_600_000,
        };
      },
    },
  });
});
afterAll(async () => {
  await doors.close();
  await graph.close();
});
afterEach(() => {
  for (const subgraph of Object.values(graph.subgraphs)) subgraph.says = null;
});

const MEANINGS: readonly string[] = Object.values(CATALOGUE).map(({ meaning }) => meaning);
/** A file, a line of a stack, a connection string, a class of an error. */
const INNARDS = /canary|node_modules|\bat .+:\d+|\.[cm]?[jt]s\b|postgres:|Error:|undefined/;

describe.each(DOORS)("%s", (over) => {
  it.each([
    ["an error's words", { errors: [{ message: "canary: select * from T_PRC_SHLF" }] }],
    [
      "its stack",
      {
        errors: [
          { message: "x", extensions: { stacktrace: ["canary at /srv/x.js:1"], exception: "canary" } },
        ],
      },
    ],
    ["a code of its own", { errors: [{ message: "x", extensions: { code: "CANARY" } }] }],
    [
      "a reason of its own",
      {
        errors: [
          { message: "x", extensions: { code: "BAD_USER_INPUT", reason: "canary", field: ["canary"] } },
        ],
      },
    ],
    ["data instead of an error", { errors: [{ message: "x", canary: "canary" }], canary: "canary" }],
    ["an answer that is no JSON", "<h1>canary</h1>"],
    ["an answer that is no GraphQL", { canary: "canary" }],
  ])("of a subgraph's error nothing is shown: %s", async (_what, says) => {
    graph.subgraphs.shop!.says = typeof says === "string" ? says : JSON.stringify(says);
    const { data, errors } = await doors[over]({ query: "{ order { id } }", as: GUEST, group: "everything" });
    expect(data).toEqual({ order: null });
    expect(errors!.length).toBeGreaterThan(0);
    for (const { message, extensions } of errors!) {
      expect(MEANINGS).toContain(message);
      expect(extensions).toMatchObject({ subgraph: "shop", organization: "shop" });
    }
    expect(JSON.stringify(errors)).not.toMatch(INNARDS);
  });

  it.each([
    ["an error of the program", () => new TypeError("canary is not a function")],
    [
      "an error with more in it",
      () => Object.assign(new Error("canary"), { extensions: { canary: 1 }, details: { canary: 1 } }),
    ],
    ["what is no error", () => "canary"],
  ])("%s in the gateway is INTERNAL, and no more is said", async (_what, make) => {
    broken = make;
    const answer = await doors[over]({ query: "{ own }", as: "shop:ann", group: "broken" });
    expect(answer.errors).toEqual([
      { message: CATALOGUE.INTERNAL.meaning, extensions: { code: "INTERNAL" } },
    ]);
  });

  it("a schema's inaccessible part is not hinted at", async () => {
    const query = "{ order { hiddenNot hiddenNote } }";
    const { errors } = await doors[over]({ query, as: GUEST, group: "everything" });
    expect(errors).toHaveLength(2);
    expect(JSON.stringify(errors)).not.toMatch(/Did you mean "hiddenNote"|inaccessible/);
  });
});

describe("at other addresses", () => {
  it.each([
    ["an address that is none", "/%2e%2e%2fetc%2fpasswd", 404],
    ["an address with a script", "/<script>alert(1)</script>", 404],
    ["a method that is none", "/graphql", 405],
  ])("%s", async (_what, path, status) => {
    const response = await fetch(doors.url + path, { method: path === "/graphql" ? "DELETE" : "GET" });
    expect(response.status).toBe(status);
    expect(response.headers.get("content-type")).toMatch(/^application\/json/);
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    expect(await response.text()).not.toMatch(INNARDS);
  });

  it("a token that cannot be looked at", async () => {
    const answer = await doors.post('{"query":"{ own }"}', { authorization: "Bearer broken" });
    expect(answer).toEqual({
      status: 500,
      errors: [{ message: CATALOGUE.INTERNAL.meaning, extensions: { code: "INTERNAL" } }],
    });
    const client = await doors.socket();
    client.send({ type: "connection_init", payload: { authorization: "Bearer broken" } });
    expect(await client.closed).toBe(4403);
  });
});
