// Replay and forgery between parts: a subgraph hears the gateway only, for itself, now, and for the operation that was
// signed; the gateway hears a subgraph's changes in its own name only; an action that is sent twice runs once. And what
// actions, changes and keys carry pollutes nothing.
import { createHash, randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { calculateJwkThumbprint, generateKeyPair, importJWK, SignJWT, type CryptoKey, type JWK } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startStory, type Story } from "../support/story.ts";

let story: Story;
let gateway: Signer;
let stranger: Signer;
beforeAll(async () => {
  story = await startStory();
  const file = readFileSync(join(story.dir, "gateway", "gateway-key.json"), "utf8");
  gateway = await signerOf((JSON.parse(file) as { keys: [JWK] }).keys[0]);
  const { privateKey } = await generateKeyPair("EdDSA");
  stranger = { privateKey, kid: gateway.kid };
});
afterAll(() => story?.close());

interface Signer {
  readonly privateKey: CryptoKey;
  readonly kid: string;
}

async function signerOf({ d, kty, crv, x }: JWK): Promise<Signer> {
  const open = { kty, crv, x } as JWK;
  const privateKey = (await importJWK({ ...open, d: d! }, "EdDSA")) as CryptoKey;
  return { privateKey, kid: await calculateJwkThumbprint(open) };
}

const sha = (text: string): string => createHash("sha256").update(text).digest("base64url");
const now = (): number => Math.floor(Date.now() / 1000);

async function sign(
  by: Signer,
  claims: Record<string, unknown>,
  header: Record<string, unknown>,
): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg: "EdDSA", kid: by.kid, ...header }).sign(by.privateKey);
}

describe("a subgraph", () => {
  const QUERY = '{ counter(id: "017") { id name } }';
  const claims = (): Record<string, unknown> => ({
    iss: story.gateway.url,
    aud: "mall",
    sub: "mall:lin",
    org: "mall",
    subjects: [],
    policies: ["mall.counter"],
    op: sha(QUERY),
    iat: now(),
    exp: now() + 60,
    jti: randomUUID(),
  });
  const token = (over: Record<string, unknown> = {}, header: Record<string, unknown> = {}, by = gateway) =>
    sign(by, { ...claims(), ...over }, { typ: "junto-subgraph+jwt", ...header });
  const ask = async (
    authorization: string | null,
    query = QUERY,
    subgraph: "mall" | "brand" = "mall",
  ): Promise<{ status: number; text: string }> => {
    const response = await fetch(story.subgraphs[subgraph].url, {
      method: "POST",
      headers: { "content-type": "application/json", ...(authorization !== null && { authorization }) },
      body: JSON.stringify({ query }),
    });
    return { status: response.status, text: await response.text() };
  };

  it("answers the gateway", async () => {
    expect(await ask(`Bearer ${await token()}`)).toMatchObject({
      status: 200,
      text: expect.stringContaining("017"),
    });
  });

  const unsigned = (over: object): string =>
    [
      { alg: "none", typ: "junto-subgraph+jwt" },
      { ...claims(), ...over },
    ]
      .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
      .concat("")
      .join(".");
  const FORGED: readonly [string, () => Promise<string | null> | string | null][] = [
    ["no token", () => null],
    ["a token for another subgraph", () => token({ aud: "brand" })],
    ["a token for several subgraphs", () => token({ aud: ["mall", "brand"] })],
    ["a token for nobody", () => token({ aud: undefined })],
    ["a token that has expired", () => token({ iat: now() - 120, exp: now() - 60 })],
    ["an old token that says to hold for long", () => token({ iat: now() - 600, exp: now() + 600 })],
    ["a token of the future", () => token({ iat: now() + 600, exp: now() + 660 })],
    ["a token without an end", () => token({ exp: undefined })],
    ["a token of another issuer", () => token({ iss: "https://evil.example" })],
    ["a token that another key has signed", () => token({}, {}, stranger)],
    ["a token with a key of its own", () => token({}, { jwk: { kty: "OKP" }, kid: "another" }, stranger)],
    ["a token for another operation", () => token({ op: sha('{ counter(id: "018") { id name } }') })],
    ["a token for no operation", () => token({ op: undefined })],
    ["a token of another kind", () => token({}, { typ: "JWT" })],
    ["a token that nobody signed", () => unsigned({})],
    [
      "a token whose content was changed",
      async () => {
        const [header, , signature] = (await token()).split(".");
        const payload = Buffer.from(JSON.stringify({ ...claims(), org: "plaza" })).toString("base64url");
        return [header, payload, signature].join(".");
      },
    ],
    ["a person's own token", () => story.token("mall:lin")],
    ["a token with subjects that are none", () => token({ subjects: ["Counter"] })],
    ["a token with policies that are none", () => token({ policies: "mall.counter" })],
  ];

  it.each(FORGED)("refuses %s", async (_what, make) => {
    const forged = await make();
    const { status, text } = await ask(forged === null ? null : `Bearer ${forged}`);
    expect(status).toBe(401);
    expect(text).not.toContain("017");
    expect(text).not.toMatch(/jose|node_modules|signature|\.ts:/);
  });

  it("refuses a good token with another operation, and at another subgraph", async () => {
    const good = `Bearer ${await token()}`;
    for (const query of [
      `${QUERY} `,
      '{ counter(id: "018") { id name } }',
      `${QUERY} mutation M { approveRestock(input: { id: "R1" }) { userErrors { code } } }`,
    ])
      expect((await ask(good, query)).status).toBe(401);
    expect((await ask(good, QUERY, "brand")).status).toBe(401);
  });

  it("gives with a good token what its policies say, not what the person's organization may elsewhere", async () => {
    const { text } = await ask(`Bearer ${await token({ org: "plaza", sub: "plaza:mo", policies: [] })}`);
    expect(text).not.toContain("鞋");
    expect((JSON.parse(text) as any).data.counter).toBeNull();
  });
});

describe("a change", () => {
  let brand: Signer;
  beforeAll(async () => {
    // A stolen key: read from where the kit keeps it, with the kit's own driver.
    const Database = createRequire(new URL("../../subgraphs/kit/package.json", import.meta.url))(
      "libsql",
    ) as new (file: string, options: object) => { prepare(sql: string): { get(): unknown }; close(): void };
    const dir = join(story.dir, "state", "brand");
    const file = readdirSync(dir, { recursive: true }).find((name) => String(name).endsWith("state.db"))!;
    const state = new Database(join(dir, String(file)), { readonly: true });
    const { value } = state.prepare("select value from meta where name = 'key'").get() as { value: string };
    state.close();
    brand = await signerOf(JSON.parse(value) as JWK);
  });

  const event = (over: object = {}, data: object = {}): object => ({
    specversion: "1.0",
    id: randomUUID(),
    source: "/subgraphs/brand",
    type: "dev.junto.change",
    time: "2026-11-22T00:00:00Z",
    datacontenttype: "application/json",
    data: { entity: "Product", key: { id: "BL2481" }, kind: "UPDATED", subjects: [], ...data },
    ...over,
  });
  const send = async (
    body: string,
    { by = brand, claims = {}, header = {} }: { by?: Signer; claims?: object; header?: object } = {},
  ): Promise<{ status: number; body: any }> => {
    const base = {
      iss: "brand",
      aud: story.gateway.url,
      iat: now(),
      exp: now() + 60,
      jti: randomUUID(),
      body: sha(body),
    };
    const token = await sign(by, { ...base, ...claims }, { typ: "junto-change+jwt", ...header });
    const response = await fetch(`${story.gateway.url}/changes`, {
      method: "POST",
      body,
      headers: { "content-type": "application/cloudevents-batch+json", authorization: `Bearer ${token}` },
    });
    return { status: response.status, body: await response.json() };
  };
  const stored = async (): Promise<number> =>
    Number((await story.database.query("select count(*) as n from change")).rows[0].n);

  it("of its owner is taken, once, however often it is sent", async () => {
    const body = JSON.stringify([event()]);
    expect((await send(body)).body).toEqual({ accepted: 1, duplicates: 0 });
    expect((await send(body)).body).toEqual({ accepted: 0, duplicates: 1 });
  });

  it.each([
    ["in another's name", { claims: { iss: "mall" } }, [event({ source: "/subgraphs/mall" })], 401],
    ["in the gateway's name", { claims: { iss: "groups" } }, [event({ source: "/subgraphs/groups" })], 401],
    ["in a name that every object has", { claims: { iss: "constructor" } }, [event()], 401],
    ["in its own name, from another's address", {}, [event({ source: "/subgraphs/mall" })], 400],
    ["for another gateway", { claims: { aud: "https://other.example" } }, [event()], 401],
    ["that is old", { claims: { iat: now() - 600, exp: now() + 60 } }, [event()], 401],
    ["that is for a subgraph", { header: { typ: "junto-subgraph+jwt" } }, [event()], 401],
    ["of what it owns no part of", {}, [event({}, { entity: "Counter", key: { id: "017" } })], 403],
    ["of the gateway's own", {}, [event({}, { entity: "Card", key: { id: "x" } })], 403],
    ["of a type that every object has", {}, [event({}, { entity: "constructor", key: { id: "x" } })], 400],
    ["with a good one before it", {}, [event(), event({}, { entity: "Counter", key: { id: "017" } })], 403],
    ["with a key of another form", {}, [event({}, { key: { id: "x", other: "y" } })], 400],
    ["with a key that holds data", {}, [event({}, { key: { id: { secret: 1 } } })], 400],
    ["with data", {}, [event({}, { name: "canary" })], 400],
  ])("%s is not taken", async (_what, as, events, status) => {
    const before = await stored();
    expect((await send(JSON.stringify(events), as)).status).toBe(status);
    expect(await stored()).toBe(before);
  });

  it("with another body than was signed is not taken", async () => {
    const before = await stored();
    const body = JSON.stringify([event()]);
    expect((await send(body, { claims: { body: sha(`${body} `) } })).status).toBe(401);
    expect((await send(body, { claims: { body: "" } })).status).toBe(401);
    expect(await stored()).toBe(before);
  });

  it.each([
    '[{"__proto__":{"specversion":"1.0"}}]',
    JSON.stringify([event()]).replace('"id":"BL2481"', '"__proto__":{"id":"BL2481"}'),
    JSON.stringify([event()]).replace('"entity":', '"__proto__":{"polluted":1},"entity":'),
    JSON.stringify([event()]).replace(
      '"subjects":[]',
      '"subjects":[{"__proto__":{"type":"Counter","id":"017"}}]',
    ),
    `[${"[".repeat(100_000)}${"]".repeat(100_000)}]`,
    "[null]",
  ])("with a prototype or nonsense in it is not taken, and pollutes nothing", async (body) => {
    expect((await send(body)).status).toBe(400);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe("an action", () => {
  const ACT = `mutation ($g: ID!, $key: String!, $input: JSON!) { act(groupId: $g, verb: "restock.submit", key: $key, input: $input) { action { id status } userErrors { field code } } }`;
  const act = async (key: string, input: unknown): Promise<any> =>
    (await story.query("brand:guo", ACT, { g: story.group, key, input })).data?.act;
  const orders = async (): Promise<number> =>
    Number((await story.erp.query('select count(*) as n from "T_RPL_H"')).rows[0].n);

  it("that is sent twenty times at once, and again later, runs once", async () => {
    const before = await orders();
    const feed = story.feed("brand:guo");
    const input = { lines: [{ skuId: "BL2481-38", pairs: 5 }] };
    const taken = await Promise.all(Array.from({ length: 20 }, () => act("twenty times", input)));
    const ids = new Set(taken.map(({ action }) => action.id));
    expect(ids.size).toBe(1);
    const [id] = ids;
    await feed.next((event) => event.action?.id === id && event.action.status === "DONE");
    expect((await act("twenty times", { lines: [{ skuId: "BL2481-38", pairs: 900 }] })).action).toEqual({
      id,
      status: "DONE",
    });
    // What is taken after it has come through: whatever else the twenty had done would have been done by then.
    await act("after", input).then(({ action }) =>
      feed.next((event) => event.action?.id === action.id && event.action.status === "DONE"),
    );
    expect(await orders()).toBe(before + 2);
    feed.close();
  });

  it.each([
    ["a prototype", '{"__proto__":{"lines":[{"skuId":"BL2481-38","pairs":1}]}}'],
    ["a path to a prototype", '{"lines.__proto__.polluted":"1","lines.0.skuId":"BL2481-38"}'],
    ["a path through a constructor", '{"constructor.prototype.polluted":"1"}'],
    ["a row that is a prototype", '{"__proto__.0.polluted":"1"}'],
    ["a row with a prototype", '{"lines":[{"__proto__":{"skuId":"BL2481-38"},"pairs":1}]}'],
    ["nesting without end", `{"lines":${"[".repeat(20_000)}${"]".repeat(20_000)}}`],
    [
      "a hundred thousand fields",
      JSON.stringify(Object.fromEntries(Array.from({ length: 100_000 }, (_, n) => [`f${n}`, 1]))),
    ],
  ])("with %s in its input is refused, and pollutes nothing", async (_what, input) => {
    const before = await orders();
    const response = await fetch(`${story.gateway.url}/graphql`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        authorization: `Bearer ${await story.token("brand:guo")}`,
      },
      body: `{"query":${JSON.stringify(ACT)},"variables":{"g":"${story.group}","key":"${randomUUID()}","input":${input}}}`,
    });
    const answer = (await response.json()) as any;
    expect(answer.data?.act.action ?? null).toBeNull();
    const said = answer.data ? answer.data.act.userErrors[0].code : answer.errors[0].extensions.code;
    expect(said).toMatch(/^(BAD_USER_INPUT|UNKNOWN_FIELD|TOO_DEEP|TOO_LARGE)$/);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(await orders()).toBe(before);
  });
});

describe("the key of an entity", () => {
  it.each([
    ["a prototype", '{"__proto__":{"id":"017"}}'],
    ["a constructor beside it", '{"id":"017","constructor":{"prototype":{"polluted":1}}}'],
    ["an object", '{"id":{"toString":"017"}}'],
    ["a list", '{"id":["017"]}'],
    ["a list as the key", '["017"]'],
    ["nothing", "null"],
    ["a text", '"017"'],
    ["a text with quotes", '{"id":"017\\" } ... on Counter { name"}'],
    ["a text with a NUL", '{"id":"017\\u0000"}'],
    ["a long text", JSON.stringify({ id: "0".repeat(200_000) })],
    ["nesting without end", `{"id":${"[".repeat(20_000)}${"]".repeat(20_000)}}`],
  ])("that is %s is of no entity, and pollutes nothing", async (_what, key) => {
    const query = `query ($k: JSON!, $g: ID!) { entity(type: "Counter", key: $k, groupId: $g) { ... on Counter { name } } }`;
    const response = await fetch(`${story.gateway.url}/graphql`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        authorization: `Bearer ${await story.token("brand:guo")}`,
      },
      body: `{"query":${JSON.stringify(query)},"variables":{"g":"${story.group}","k":${key}}}`,
    });
    const answer = (await response.json()) as any;
    expect(answer.data?.entity?.name ?? null).toBeNull();
    expect(JSON.stringify(answer)).not.toMatch(/INTERNAL|node_modules/);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it.each(["__proto__", "constructor", "Query", "Card", "Money", "CardEntity", "FeedEvent", "String", ""])(
    "of the type %s is of no entity",
    async (type) => {
      const { data } = await story.query(
        "brand:guo",
        'query ($t: String!, $g: ID!) { entity(type: $t, key: { id: "017" }, groupId: $g) { __typename } }',
        { t: type, g: story.group },
      );
      expect(data).toEqual({ entity: null });
    },
  );
});

it("after all that, the gateway is well, and shows of its keys the open half", async () => {
  const jwks = (await (await fetch(`${story.gateway.url}/.well-known/jwks.json`)).json()) as {
    keys: object[];
  };
  expect(jwks.keys.flatMap((key) => Object.keys(key)).sort()).toEqual([
    "alg",
    "crv",
    "kid",
    "kty",
    "use",
    "x",
  ]);
  expect((await story.query("brand:guo", "{ me { id } }")).data).toEqual({ me: { id: "brand:guo" } });
});
