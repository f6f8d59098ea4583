// supergraph.yaml: the one of this repository, and what is said of a wrong one.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { JuntoError } from "../errors/index.ts";
import { readSupergraphYaml } from "./index.ts";

const REPOSITORY = fileURLToPath(new URL("../../../schema/supergraph.yaml", import.meta.url));

const GOOD = `
organizations:
  mall:
    name: { en: Mall, zh-CN: 商场 }
    issuer: https://login.mall.example
    policies:
      mall.price: { en: Prices, zh-CN: 价格 }
      mall.restock.submit: { en: Ask, zh-CN: 提交, held: grant }
  plaza:
    name: { en: Plaza, zh-CN: 广场 }
    issuer: https://login.plaza.example
    jwks: https://keys.plaza.example/all
subgraphs:
  mall: { organization: mall, url: http://127.0.0.1:4001/graphql, schema: mall.graphql }
`;

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "junto-config-"))));
afterEach(() => rmSync(folder, { recursive: true }));

describe("supergraph.yaml", () => {
  it("of this repository is good, and every subgraph belongs to an organization", () => {
    const { organizations, subgraphs } = readSupergraphYaml(REPOSITORY);
    const ids = organizations.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(["mall", "brand", "supplier"]));
    expect(subgraphs.map(({ name }) => name)).toEqual(["mall", "brand", "supplier"]);
    for (const { organization } of subgraphs) expect(ids).toContain(organization);
  });

  it("gives organizations, policies and absolute paths", () => {
    expect(read(GOOD)).toEqual({
      organizations: [
        {
          id: "mall",
          name: { en: "Mall", "zh-CN": "商场" },
          issuer: "https://login.mall.example",
          policies: new Map([
            ["mall.price", { title: { en: "Prices", "zh-CN": "价格" }, held: "people" }],
            ["mall.restock.submit", { title: { en: "Ask", "zh-CN": "提交" }, held: "grant" }],
          ]),
        },
        {
          id: "plaza",
          name: { en: "Plaza", "zh-CN": "广场" },
          issuer: "https://login.plaza.example",
          jwksUri: "https://keys.plaza.example/all",
          policies: new Map(),
        },
      ],
      subgraphs: [
        {
          name: "mall",
          organization: "mall",
          url: "http://127.0.0.1:4001/graphql",
          subscriptions: "ws://127.0.0.1:4001/graphql",
          schema: join(folder, "mall.graphql"),
          transport: {},
        },
      ],
    });
  });

  it("says what people call the system behind a subgraph, in both languages or not at all", () => {
    const title = { en: "Retail ERP", "zh-CN": "零售 ERP" };
    const { subgraphs } = read(withSettings("title: { en: Retail ERP, zh-CN: 零售 ERP }"));
    expect(subgraphs[0]?.title).toEqual(title);
    expect(read(GOOD).subgraphs[0]).not.toHaveProperty("title");
    expect(() => read(withSettings("title: { en: Retail ERP }"))).toThrow(
      /subgraphs\.mall\.title\.zh-CN is missing/,
    );
    expect(() => read(withSettings("title: Retail ERP"))).toThrow(/subgraphs\.mall\.title\.en is missing/);
  });

  it("says how a subgraph is asked, with secrets from the environment", () => {
    writeFileSync(join(folder, "ca.pem"), "-----BEGIN CERTIFICATE-----\n");
    const { subgraphs } = read(
      withSettings(`deadline: 2000, connections: 8, maxResponse: 65536, retries: 0, http2: false, ca: ca.pem,
        headers: { X-Key: "key \${MALL_KEY}", x-of: junto }, forward: [X-Trace, accept-language, x-trace]`),
      { secrets: new Map([["MALL_KEY", "canary"]]) },
    );
    expect(subgraphs[0]?.transport).toEqual({
      deadline: 2000,
      connections: 8,
      maxResponse: 65_536,
      retries: 0,
      http2: false,
      ca: "-----BEGIN CERTIFICATE-----\n",
      headers: { "x-key": "key canary", "x-of": "junto" },
      forward: ["accept-language", "x-trace"],
    });
  });

  it("needs no secrets where nobody is asked, as when it is composed", () => {
    const { subgraphs } = read(withSettings('headers: { x-key: "${MALL_KEY}" }'));
    expect(subgraphs[0]?.transport).toEqual({});
  });

  it("takes addresses from the environment, and then not the keys of the issuer that it replaced", () => {
    const { organizations, subgraphs } = read(GOOD, {
      subgraphUrls: new Map([["mall", "http://mall:80/graphql"]]),
      issuers: new Map([["plaza", "http://127.0.0.1:9/plaza"]]),
    });
    expect(subgraphs[0]?.url).toBe("http://mall:80/graphql");
    expect(organizations[1]?.issuer).toBe("http://127.0.0.1:9/plaza");
    expect(organizations[1]).not.toHaveProperty("jwksUri");
  });
});

describe("the sign-in of an organization", () => {
  const withSignIn = (text: string): string =>
    GOOD.replace("issuer: https://login.mall.example", `issuer: https://login.mall.example\n    ${text}`);

  it("says what its issuer's tokens look like", () => {
    const text = `audience: api://junto
    algorithms: [ES256, RS256]
    typ: optional
    claims: { subject: oid, roles: realm_access.roles, name: ["https://junto.example/name"], scopes: scp, client: azp }
    roles: { admin: [rms-admins, Floor Managers] }
    services: { rms-sync: { name: RMS, roles: [admin] }, reader@mall: { name: Reader } }
    serviceTokens: { idtyp: app, client_id: true, scp: false, kind: [machine, robot] }`;
    const expected = {
      audience: "api://junto",
      algorithms: ["ES256", "RS256"],
      typ: "optional",
      claims: {
        subject: ["oid"],
        roles: ["realm_access", "roles"],
        name: ["https://junto.example/name"],
        scopes: ["scp"],
        client: ["azp"],
      },
      roles: new Map([["admin", ["rms-admins", "Floor Managers"]]]),
      services: new Map([
        ["rms-sync", { name: "RMS", roles: ["admin"] }],
        ["reader@mall", { name: "Reader", roles: [] }],
      ]),
      serviceTokens: [
        { claim: ["idtyp"], has: ["app"] },
        { claim: ["client_id"], has: true },
        { claim: ["scp"], has: false },
        { claim: ["kind"], has: ["machine", "robot"] },
      ],
    };
    expect(read(withSignIn(text)).organizations[0]?.signIn).toEqual(expected);
    const issuers = new Map([["mall", "http://127.0.0.1:9/mall"]]);
    expect(read(withSignIn(text), { issuers }).organizations[0]?.signIn).toEqual(expected);
  });

  it.each([
    ["audience: 7", "organizations.mall.audience"],
    ["algorithms: ES256", "organizations.mall.algorithms"],
    ["algorithms: []", "organizations.mall.algorithms"],
    ["algorithms: [HS256]", '"HS256": allowed are EdDSA, ES256, RS256'],
    ["algorithms: [none]", '"none": allowed are'],
    ["typ: any", "organizations.mall.typ"],
    ["claims: roles", "organizations.mall.claims"],
    ["claims: { role: roles }", '"role", which means nothing; known: subject, name'],
    ["claims: { roles: https://junto.example/roles }", 'organizations.mall.claims.roles is "https'],
    ["claims: { roles: realm..roles }", "with dots between"],
    ["claims: { roles: [] }", "one at least"],
    ["claims: { roles: [[a]] }", "names of claims"],
    ["claims: { roles: 7 }", "with dots between"],
    ["roles: [admin]", "organizations.mall.roles"],
    ["roles: { admin: rms-admins }", "organizations.mall.roles.admin"],
    ["roles: { amdin: [rms-admins] }", '"amdin" is no role in an organization; there is admin'],
    ["services: [rms]", "organizations.mall.services"],
    ["services: { rms: RMS }", "organizations.mall.services.rms"],
    ["services: { rms: {} }", "organizations.mall.services.rms.name"],
    ["services: { rms: { name: RMS, roles: [owner] } }", "organizations.mall.services.rms.roles"],
    ["services: { rms: { name: RMS, role: [admin] } }", '"role", which means nothing'],
    ['services: { "mall:rms": { name: RMS } }', "the id of a client"],
    ["serviceTokens: app", "organizations.mall.serviceTokens"],
    ["serviceTokens: {}", "organizations.mall.serviceTokens"],
    ["serviceTokens: { idtyp: 7 }", "organizations.mall.serviceTokens.idtyp"],
  ])("is told where it is wrong (%s)", (text, remedy) => {
    expect(() => read(withSignIn(text))).toThrow(remedy);
  });
});

describe("the address of a subgraph's subscriptions", () => {
  const named = GOOD.replace("/graphql,", "/graphql, subscriptions: wss://live.mall.example/ws,");

  it("is the one that the file names", () => {
    expect(read(named).subgraphs[0]?.subscriptions).toBe("wss://live.mall.example/ws");
  });

  it("goes with an address that the environment gives, as encrypted as that is", () => {
    const url = "https://mall.example/graphql";
    expect(read(named, { subgraphUrls: new Map([["mall", url]]) }).subgraphs[0]?.subscriptions).toBe(
      "wss://mall.example/graphql",
    );
  });
});

describe("a mistake in supergraph.yaml", () => {
  it.each([
    ["policies of another organization", "mall.price:", "brand.price:", 'begin with "mall."'],
    ["a policy without a dot", "mall.price:", "price:", "with dots between"],
    ["a policy held by nobody known", "held: grant", "held: everyone", "give grant, or people"],
    ["a text that is missing", "en: Prices, ", "", "mall.price.en is missing"],
    ["a language that is not known", "en: Prices,", "en: Prices, fr: Prix,", '"fr", which means nothing'],
    [
      "a key that is not known",
      "issuer: https://login.mall",
      "isuer: https://login.mall",
      '"isuer", which means nothing',
    ],
    [
      "an issuer that could be changed on the way",
      "https://login.mall",
      "http://login.mall",
      "https:// unless",
    ],
    ["an issuer of two organizations", "login.plaza", "login.mall", "that of mall too"],
    [
      "an organization that does not exist",
      "organization: mall",
      "organization: moll",
      "give one of mall, plaza",
    ],
    ["an address that is none", "http://127.0.0.1:4001/graphql", "mall:4001", "must begin with http://"],
    [
      "a place of subscriptions that is none",
      "/graphql,",
      "/graphql, subscriptions: http://mall,",
      "must begin with ws://",
    ],
    ["an id that is none", "plaza:\n", "Plaza Süd:\n", "small letters, digits and hyphens"],
    ["an id that climbs", "plaza:\n", "__proto__:\n", "small letters, digits and hyphens"],
    ["a subgraph named as the gateway's own", "  mall: { org", "  groups: { org", "choose another"],
    ["a schema that is missing", ", schema: mall.graphql", "", "path of its schema.graphql"],
    ["a subgraph that is no mapping", /mall: \{ organization.*/, "mall: here", "give a mapping"],
  ])("(%s) is told with its place and remedy", (_, good, bad, remedy) => {
    const text = GOOD.replace(good, bad);
    expect(text).not.toBe(GOOD);
    expect(() => read(text)).toThrow(remedy);
  });

  it("is told together with all the others", () => {
    const text = GOOD.replace("held: grant", "held: x")
      .replace("https://login.mall", "x")
      .replace("schema:", "sch:");
    expect(failure(() => read(text)).details["problems"]).toHaveLength(4);
  });

  it.each([
    ["JUNTO_SUBGRAPH_MALLL_URL", { subgraphUrls: new Map([["malll", "http://a/"]]) }],
    ["JUNTO_ISSUER_BRAND", { issuers: new Map([["brand", "https://a/"]]) }],
  ])("is found where it meets the environment (%s)", (variable, overrides) => {
    expect(() => read(GOOD, overrides)).toThrow(variable);
  });

  it.each([
    ["nothing", "", /must hold/],
    ["a list", "- mall", /must hold/],
    ["broken YAML", "organizations: {", /is not YAML/],
    ["a key twice", "a: 1\na: 2", /is not YAML/],
    ["no organizations", "organizations: {}\nsubgraphs: {}", /one at least/],
  ])("can be the whole file (%s)", (_, text, message) => {
    expect(failure(() => read(text)).code).toBe("CONFIGURATION");
    expect(() => read(text)).toThrow(message);
  });

  it("can be that it is not there", () => {
    expect(() => readSupergraphYaml(join(folder, "nowhere.yaml"))).toThrow(/Is JUNTO_SCHEMA_DIR right\?/);
  });
});

describe("a mistake in how a subgraph is asked", () => {
  it.each([
    ["deadline: 5s", 'subgraphs.mall.deadline is "5s": give milliseconds'],
    ["deadline: 0", "from 50 to"],
    ["connections: 1.5", "a whole number"],
    ["maxResponse: -1", "give bytes"],
    ["retries: 100", "from 0 to 5"],
    ["http2: maybe", "give true or false"],
    ["ca: nowhere.pem", 'subgraphs.mall.ca is "nowhere.pem": give the path'],
    ["ca: [1]", "give the path"],
    ["headers: [x]", "give a mapping"],
    ["headers: { x-number: 1 }", "give a text"],
    ['headers: { "x y": z }', "is no name of a header"],
    ['headers: { x-key: "a\\r\\nb" }', "ASCII on one line"],
    ['headers: { x-key: "${NOT_SET}" }', "set JUNTO_SECRET_NOT_SET"],
    ['headers: { x-key: "${SPLIT}" }', "ASCII on one line"],
    ["headers: { Authorization: x }", "the gateway says itself who asks"],
    ["headers: { idempotency-key: x }", "is never sent so"],
    ["forward: accept-language", "give a list"],
    ["forward: [1]", "give names"],
    ["forward: [cookie]", "is never sent so"],
    ["forward: [AUTHORIZATION]", "is never sent so"],
    ["forward: [Host]", "is never sent so"],
    ["forward: [Connection]", "is never sent so"],
    ["forward: [transfer-encoding]", "is never sent so"],
    ['forward: [""]', "is no name of a header"],
    ["forward: [x-a], headers: { X-A: b }", "leave it out of one"],
  ])("(%s) is told with its place and remedy", (settings, remedy) => {
    const secrets = new Map([["SPLIT", "canary\r\nx: y"]]);
    const error = failure(() => read(withSettings(settings), { secrets }));
    expect(error.message).toContain(remedy);
    expect(error.message).not.toContain("canary");
    expect(error.details["problems"]).toHaveLength(1);
  });
});

function withSettings(settings: string): string {
  return GOOD.replace("schema: mall.graphql", () => `schema: mall.graphql, ${settings}`);
}

function read(text: string, overrides = {}): ReturnType<typeof readSupergraphYaml> {
  const path = join(folder, "supergraph.yaml");
  writeFileSync(path, text);
  return readSupergraphYaml(path, overrides);
}

function failure(run: () => unknown): JuntoError {
  try {
    run();
  } catch (error) {
    if (error instanceof JuntoError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}
