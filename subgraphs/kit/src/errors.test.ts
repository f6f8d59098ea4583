import { once } from "node:events";
import { GraphQLError } from "graphql";
import { describe, expect, it } from "vitest";
import { describeError, LegacyError, RequestError } from "./errors.ts";
import { createShop, member, shopOptions, startShop, type Shop } from "./shop.fixture.ts";
import type { TestLog } from "./testing/index.ts";
import type { Context } from "./types.ts";

const query = `{ fails(how: "") whoAmI }`;
type Failure = (context: Context<Shop>) => unknown;

async function failing(failure: Failure): Promise<{ error: unknown; data: any; log: TestLog }> {
  const { gateway, subgraph, shop, log } = await startShop();
  shop.failure = failure;
  const { data, errors } = await gateway.query(subgraph, query, {}, member);
  expect(errors).toHaveLength(1);
  return { error: errors?.[0], data, log };
}

describe("an error of a resolver", () => {
  it.each(["LEGACY_AWAY", "LEGACY_TIMEOUT", "LEGACY_NONSENSE"] as const)(
    "that is %s says so",
    async (code) => {
      const cause = new Error("connect ECONNREFUSED 10.1.2.3:5432");
      const { error, data, log } = await failing(() => {
        throw new LegacyError(code, "The ERP did not answer", { cause });
      });
      expect(error).toEqual({
        message: "The ERP did not answer",
        path: ["fails"],
        locations: [{ line: 1, column: 3 }],
        extensions: { code },
      });
      expect(data.fails).toBeNull();
      expect(data.whoAmI).toEqual(expect.any(String));
      expect(log.text()).toContain("10.1.2.3");
    },
  );

  it("about the request says what is wrong, and is not logged", async () => {
    const { error, log } = await failing(() => {
      throw new RequestError("BAD_USER_INPUT", "first must be positive");
    });
    expect(error).toMatchObject({
      message: "first must be positive",
      extensions: { code: "BAD_USER_INPUT" },
    });
    expect(log.lines.filter(({ level }) => level === "error")).toEqual([]);
  });

  it.each<[string, Failure]>([
    [
      "an unknown error",
      () =>
        Promise.reject(new Error("relation SALE_2006 does not exist", { cause: new Error("secret cause") })),
    ],
    [
      "an error of GraphQL",
      () => {
        throw new GraphQLError("secret", { extensions: { code: "LEGACY_AWAY" } });
      },
    ],
    [
      "an error that looks like one of the kit",
      () => {
        throw Object.assign(new Error("secret"), { name: "LegacyError", code: "LEGACY_AWAY" });
      },
    ],
    [
      "no error at all",
      () => {
        throw "secret";
      },
    ],
    ["an error that is returned", () => new Error("secret")],
    ["a value that does not fit its type", () => "secret-figure"],
  ])("that is %s is masked", async (_, failure) => {
    const { error } = await failing(failure);
    expect(error).toEqual({
      message: "Internal error",
      path: ["fails"],
      locations: [{ line: 1, column: 3 }],
      extensions: { code: "INTERNAL" },
    });
  });

  it("that is masked is logged with its cause, its field and who asked", async () => {
    const { log } = await failing(() => {
      throw new Error("relation SALE_2006 does not exist", { cause: new Error("the cause") });
    });
    expect(log.lines).toContainEqual({
      level: "error",
      message: "a field failed",
      fields: {
        person: "brand:guo",
        group: "g1",
        path: "fails",
        err: expect.objectContaining({
          message: "relation SALE_2006 does not exist",
          cause: expect.objectContaining({ message: "the cause" }),
        }),
      },
    });
  });

  it("that quotes a value of the old system is logged without the value", async () => {
    const { log } = await failing(() => "secret-figure");
    expect(log.text()).toContain("a value does not fit its type");
    expect(log.text()).not.toContain("secret-figure");
  });

  it("that fails many fields is logged once", async () => {
    const { gateway, subgraph, shop, log } = await startShop();
    const gone = new LegacyError("LEGACY_AWAY", "The ERP is away");
    shop.failure = () => Promise.reject(gone);
    const { errors } = await gateway.query(subgraph, `{ a: fails(how: "") b: fails(how: "") }`, {}, member);
    expect(errors).toHaveLength(2);
    expect(log.lines.filter(({ message }) => message === "a field failed")).toHaveLength(1);
  });
});

it("a driver's error is logged without the properties that the driver put data into", () => {
  const error = Object.assign(new Error("duplicate key"), {
    code: "23505",
    detail: "Key (phone)=(139…) exists",
  });
  expect(describeError(error)).toMatchObject({ type: "Error", message: "duplicate key", code: "23505" });
  expect(JSON.stringify(describeError(error))).not.toContain("139");
});

describe("the deadline", () => {
  it("ends a resolver that takes too long, and leaves the other fields alone", async () => {
    const { gateway, subgraph, shop } = await startShop({ deadline: 50 });
    shop.failure = () => new Promise(() => undefined);
    const { data, errors } = await gateway.query(subgraph, query, {}, member);
    expect(data).toEqual({ fails: null, whoAmI: expect.any(String) });
    expect(errors).toMatchObject([
      {
        message: "The old system did not answer in time",
        path: ["fails"],
        extensions: { code: "LEGACY_TIMEOUT" },
      },
    ]);
  });

  it("aborts the signal that the resolver was given", async () => {
    const { gateway, subgraph, shop } = await startShop({ deadline: 50 });
    let aborted: Promise<unknown> | undefined;
    shop.failure = ({ signal }) => (aborted = once(signal, "abort"));
    await gateway.query(subgraph, query, {}, member);
    expect(await aborted).toBeDefined();
  });

  it("ends the items of a list that come too late", async () => {
    const { gateway, subgraph, shop } = await startShop({
      deadline: 50,
      resolvers: {
        ...shopOptions(createShop()).resolvers,
        Counter: { products: (_, _args, { legacy }) => [legacy.products.BL1, new Promise(() => undefined)] },
      },
    });
    expect(shop.asked).toEqual([]);
    const { data, errors } = await gateway.query(
      subgraph,
      `{ counter(id: "017") { products { id } } }`,
      {},
      member,
    );
    expect(data).toEqual({ counter: { products: null } });
    expect(errors).toMatchObject([
      { path: ["counter", "products", 1], extensions: { code: "LEGACY_TIMEOUT" } },
    ]);
  });

  it("ends a batch that takes too long, for each of its references", async () => {
    const never = { load: () => new Promise<never>(() => undefined) };
    const { gateway, subgraph } = await startShop({
      deadline: 50,
      entities: { Counter: never, Order: never, Product: never },
    });
    const r = ["BL1", "BL2"].map((id) => ({ __typename: "Product", id }));
    const references = `query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }`;
    const { data, errors } = await gateway.query(subgraph, references, { r }, member);
    expect(data._entities).toEqual([null, null]);
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(["LEGACY_TIMEOUT", "LEGACY_TIMEOUT"]);
  });

  it("asks the old system nothing more once it is over", async () => {
    const { gateway, subgraph, shop } = await startShop({ deadline: 50 });
    shop.failure = async ({ signal, load }) => {
      await once(signal, "abort");
      return load("Product", "BL1");
    };
    const { errors } = await gateway.query(subgraph, query, {}, member);
    expect(errors?.[0]?.extensions.code).toBe("LEGACY_TIMEOUT");
    expect(shop.asked).toEqual([]);
  });
});

describe("a request that is not good GraphQL", () => {
  it.each([
    ["GRAPHQL_PARSE_FAILED", "{ counter("],
    ["GRAPHQL_VALIDATION_FAILED", "{ nope }"],
    ["GRAPHQL_PARSE_FAILED", `{ ${"a: whoAmI ".repeat(10_000)} }`],
    ["BAD_USER_INPUT", "subscription { whoAmI }"],
    ["GRAPHQL_PARSE_FAILED", "{ counter ".repeat(4900) + "}".repeat(4900)],
    [
      "GRAPHQL_VALIDATION_FAILED",
      `{ counter(id: "1") ${"{ orders { counter ".repeat(1000)} { id } ${"} }".repeat(1000)} nope }`,
    ],
  ])("is answered with %s", async (code, text) => {
    const { gateway, subgraph } = await startShop();
    const { status, data, errors } = await gateway.query(subgraph, text, {}, member);
    expect(status).toBe(200);
    expect(data).toBeUndefined();
    expect(errors?.[0]?.extensions.code).toBe(code);
  });

  it("is BAD_USER_INPUT when its variables do not fit", async () => {
    const { gateway, subgraph, shop } = await startShop();
    const text = `query ($id: ID!) { counter(id: $id) { id } }`;
    const { data, errors } = await gateway.query(subgraph, text, { id: { a: 1 } }, member);
    expect(data).toBeUndefined();
    expect(errors?.[0]?.extensions.code).toBe("BAD_USER_INPUT");
    expect(shop.asked).toEqual([]);
  });

  it("is BAD_USER_INPUT when it names an operation that is not there", async () => {
    const { gateway, subgraph } = await startShop();
    const text = "query A { whoAmI } query B { whoAmI }";
    const token = await gateway.token({ ...member, subgraph: "shop", query: text });
    for (const operationName of [undefined, "C"]) {
      const { errors } = await gateway.send(subgraph, { query: text, operationName }, token);
      expect(errors?.[0]?.extensions.code).toBe("BAD_USER_INPUT");
    }
    expect(
      (await gateway.send(subgraph, { query: text, operationName: "B" }, token)).data.whoAmI,
    ).toBeDefined();
  });
});
