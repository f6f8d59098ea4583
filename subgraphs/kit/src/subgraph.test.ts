import { request } from "undici";
import { describe, expect, it } from "vitest";
import {
  afterThis,
  member,
  owner,
  shopOptions,
  createShop,
  startShop,
  temporaryDir,
} from "./shop.fixture.ts";
import { startSubgraph } from "./subgraph.ts";
import type { QueryResult } from "./testing/index.ts";

const query = "{ whoAmI }";

describe("a subgraph", () => {
  it("answers the gateway, the schema too", async () => {
    const { gateway, subgraph } = await startShop();
    const result = await gateway.query(
      subgraph,
      `{ counter(id: "017") { id name } _service { sdl } }`,
      {},
      member,
    );
    expect(result.data.counter).toEqual({ id: "017", name: "Belle" });
    expect(result.data._service.sdl).toContain('@scope(subject: "Counter", by: "counterId")');
  });

  it("is named, and says where it is", async () => {
    const { subgraph } = await startShop();
    expect(subgraph.name).toBe("shop");
    expect(subgraph.origin).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(subgraph.url).toBe(`${subgraph.origin}/graphql`);
  });

  it("answers a request under way before it closes, and none after", async () => {
    const { gateway, subgraph, shop } = await startShop();
    let closed: Promise<void> | undefined;
    shop.failure = () => {
      closed = subgraph.close();
      return 5;
    };
    const { data } = await gateway.query(subgraph, `{ fails(how: "") }`, {}, member);
    expect(data).toEqual({ fails: 5 });
    await closed;
    await expect(gateway.query(subgraph, query, {}, member)).rejects.toThrow(
      /ECONNREFUSED|other side closed/,
    );
  });

  it("can be closed twice", async () => {
    const { subgraph } = await startShop();
    await expect(Promise.all([subgraph.close(), subgraph.close()])).resolves.toBeDefined();
  });

  it("does not start on a port that is taken, and can be started elsewhere after that", async () => {
    const first = await startShop();
    const port = Number(new URL(first.subgraph.url).port);
    const stateDir = temporaryDir();
    await expect(startShop({ port, stateDir }, first)).rejects.toThrow("EADDRINUSE");
    await startShop({ stateDir }, first);
  });
});

describe("the door", () => {
  const code = ({ status, errors }: QueryResult): unknown => [status, errors?.[0]?.extensions.code];

  it.each([
    ["no object", "[]"],
    ["a batch of operations", JSON.stringify([{ query }])],
    ["without a query", "{}"],
    ["with a query that is no text", `{"query":7}`],
    ["with variables that are a list", JSON.stringify({ query, variables: [1] })],
    ["with an operation name that is no text", JSON.stringify({ query, operationName: {} })],
    ["that is not JSON", "{"],
    ["that is empty", ""],
    ["with a prototype", `{"query":"${query}","variables":{"__proto__":{"a":1}}}`],
  ])("answers 400 to a body %s", async (_, body) => {
    const { gateway, subgraph } = await startShop();
    const token = await gateway.token({ ...member, subgraph: "shop", query });
    expect(code(await gateway.send(subgraph, body, token))).toEqual([400, "BAD_REQUEST"]);
  });

  it("takes null for variables and operation name that are not there", async () => {
    const { gateway, subgraph } = await startShop();
    const token = await gateway.token({ ...member, subgraph: "shop", query });
    const { status } = await gateway.send(subgraph, { query, variables: null, operationName: null }, token);
    expect(status).toBe(200);
  });

  it("answers 413 to a body that is too large", async () => {
    const { gateway, subgraph } = await startShop();
    const token = await gateway.token({ ...member, subgraph: "shop", query });
    const body = { query, variables: { a: "x".repeat(1_000_001) } };
    expect(code(await gateway.send(subgraph, body, token))).toEqual([413, "BAD_REQUEST"]);
  });

  it("reads no body before it has seen a token", async () => {
    const { gateway, subgraph } = await startShop();
    expect(code(await gateway.send(subgraph, "{"))).toEqual([401, "UNAUTHENTICATED"]);
  });

  it("answers 415 to anything but JSON", async () => {
    const { gateway, subgraph } = await startShop();
    const token = await gateway.token({ ...member, subgraph: "shop", query });
    const answer = await request(subgraph.url, {
      method: "POST",
      headers: { "content-type": "text/plain", authorization: `Bearer ${token}` },
      body: JSON.stringify({ query }),
    });
    await answer.body.dump();
    expect(answer.statusCode).toBe(415);
  });

  it.each([
    ["GET", "/graphql"],
    ["GET", "/"],
    ["POST", "/changes"],
    ["GET", "/.well-known/../state.db"],
    ["PUT", "/health"],
  ] as const)("knows nothing of %s %s", async (method, path) => {
    const { subgraph } = await startShop();
    const answer = await request(`${subgraph.origin}${path}`, { method });
    await answer.body.dump();
    expect(answer.statusCode).toBe(404);
  });

  it("publishes the public half of its key, the same after a restart", async () => {
    const first = await startShop();
    const read = async (origin: string): Promise<any> =>
      (await request(`${origin}/.well-known/jwks.json`)).body.json();
    const jwks = await read(first.subgraph.origin);
    expect(jwks).toEqual({
      keys: [
        {
          kty: "OKP",
          crv: "Ed25519",
          x: expect.any(String),
          kid: expect.any(String),
          alg: "EdDSA",
          use: "sig",
        },
      ],
    });
    await first.subgraph.close();
    const second = await startShop({}, first);
    expect(await read(second.subgraph.origin)).toEqual(jwks);
  });
});

describe("/health", () => {
  const health = async ({ origin }: { origin: string }): Promise<unknown> => {
    const answer = await request(`${origin}/health`);
    return [answer.statusCode, await answer.body.json()];
  };

  it("is ok when the old system is there", async () => {
    const { subgraph } = await startShop({ ping: async () => undefined });
    expect(await health(subgraph)).toEqual([200, { status: "ok", legacy: "ok", outbox: 0 }]);
  });

  it("is degraded when it is not, and says no more than that", async () => {
    const ping = (): Promise<void> => Promise.reject(new Error("connect ECONNREFUSED 10.1.2.3"));
    const { subgraph, log } = await startShop({ ping });
    expect(await health(subgraph)).toEqual([200, { status: "degraded", legacy: "away", outbox: 0 }]);
    expect(log.text()).toContain("10.1.2.3");
  });

  it("asks the old system once for all who ask at the same time", async () => {
    let pings = 0;
    const { subgraph } = await startShop({
      ping: async () => {
        pings += 1;
      },
    });
    await Promise.all(Array.from({ length: 20 }, () => health(subgraph)));
    expect(pings).toBe(1);
  });

  it("counts the changes that wait, and is degraded while nobody watches the old system", async () => {
    let fail = true;
    const { gateway, subgraph } = await startShop({
      watch: async (sink) => {
        await sink.emit([{ entity: "Order", key: { id: "R1" }, kind: "CREATED" }]);
        if (fail) throw new Error("no replication slot");
        return { close: () => Promise.resolve() };
      },
    });
    expect(await health(subgraph)).toEqual([200, { status: "degraded", legacy: "ok", outbox: 1 }]);
    fail = false;
    gateway.know(subgraph);
    await expect
      .poll(() => health(subgraph), { timeout: 5000 })
      .toEqual([200, { status: "ok", legacy: "ok", outbox: 0 }]);
  });
});

describe("a definition that cannot work", () => {
  const start = (change: Partial<ReturnType<typeof shopOptions>>): Promise<unknown> =>
    startSubgraph({
      ...shopOptions(createShop()),
      gateway: { url: "http://127.0.0.1:1" },
      stateDir: temporaryDir(),
      ...change,
    }).then((subgraph) => afterThis(() => subgraph.close()));
  const { resolvers, entities, typeDefs } = shopOptions(createShop());
  const load = async (): Promise<never[]> => [];

  it.each<[string, Partial<ReturnType<typeof shopOptions>>, string]>([
    ["a resolver of no field", { resolvers: { ...resolvers, Counter: { nope: () => 1 } } }, '"Counter.nope"'],
    ["resolvers of no type", { resolvers: { ...resolvers, Nope: {} } }, 'a type "Nope"'],
    [
      "a reference resolver",
      { resolvers: { ...resolvers, Counter: { __resolveReference: () => 1 } } },
      'write an entity "Counter"',
    ],
    [
      "no entity for a type with a key",
      { entities: { Counter: { load }, Order: { load } } },
      'type "Product" has a @key',
    ],
    [
      "an entity of no type",
      { entities: { ...entities, Nope: { load } } },
      'entity "Nope" is no object type',
    ],
    [
      "an entity by a field that is no key",
      { entities: { ...entities, Product: { key: "sku", load } } },
      'loaded by "sku"',
    ],
    ["no room in a batch", { entities: { ...entities, Product: { maxBatch: 0, load } } }, "maxBatch below 1"],
    [
      "a subscription without events",
      { typeDefs: `${typeDefs} type Subscription { tick: Int }` },
      '"Subscription.tick" has no events',
    ],
    [
      "a policy without names",
      { typeDefs: typeDefs.replace('[["shop.sell"]]', "[]") },
      "@policy of sell names nothing that one can have",
    ],
    [
      "a scope without a property",
      { typeDefs: typeDefs.replace(', by: "counterId"', "") },
      "@scope of Order needs",
    ],
    [
      "two scopes",
      { typeDefs: typeDefs.replace("@subject @scope", '@scope(subject: "Brand", by: "id") @scope') },
      "scope",
    ],
    ["a schema that is none", { typeDefs: "type Query {" }, "Syntax Error"],
  ])("is refused at start: %s", async (_, change, message) => {
    await expect(start(change)).rejects.toThrow(message);
  });
});

describe("directives under other names", () => {
  const importing = (imports: string, extra = ""): string => `
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.9"${extra}, import: [${imports}])
      @link(url: "https://junto.dev/spec/v1.0", import: [{ name: "@scope", as: "@rows" }])
    directive @rows(subject: String!, by: String!) on OBJECT
    type Query { order(id: ID!): Order }
  `;
  const ask = async (typeDefs: string): Promise<QueryResult> => {
    const rows = {
      R1: { id: "R1", counterId: "017", pairs: 1 },
      R2: { id: "R2", counterId: "018", pairs: 2 },
    };
    const { gateway, subgraph } = await startShop({
      typeDefs,
      resolvers: { Query: { order: (_, { id }: { id: keyof typeof rows }) => rows[id] } },
      entities: { Order: { load: async (ids) => ids.map((id) => rows[id as keyof typeof rows]) } },
    });
    const text = `{ a: order(id: "R1") { id pairs } b: order(id: "R2") { id } }`;
    return gateway.query(
      subgraph,
      text,
      {},
      { ...owner, group: "g1", subjects: ["Counter:017"], policies: [] },
    );
  };
  const order = (key: string, policy: string): string =>
    `type Order ${key}(fields: "id") @rows(subject: "Counter", by: "counterId") { id: ID! pairs: Int ${policy}(policies: [["p"]]) }`;

  it.each([
    ["renamed", importing(`"@key", { name: "@policy", as: "@allowed" }`) + order("@key", "@allowed")],
    ["with their namespace", importing(`"@key"`) + order("@key", "@federation__policy")],
    ["with a namespace of one's own", importing("", `, as: "f"`) + order("@f__key", "@f__policy")],
    [
      "on an extension",
      importing(`"@key", "@policy"`) +
        `${order("@key", "@policy")} extend type Order { more: Int @policy(policies: "p") }`,
    ],
  ])("mean the same: %s", async (_, typeDefs) => {
    const { data, errors } = await ask(typeDefs);
    expect(data).toEqual({ a: { id: "R1", pairs: null }, b: null });
    expect(errors).toMatchObject([{ path: ["a", "pairs"], extensions: { code: "NOT_SHARED" } }]);
  });
});
