import { createHash, randomUUID } from "node:crypto";
import { createLocalJWKSet, exportJWK, generateKeyPair, SignJWT, type JWTVerifyGetKey } from "jose";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { JuntoError } from "../errors/index.ts";
import { testLog } from "../database/test-server.ts";
import { createIntake, LARGEST_BODY, type Intake } from "./intake.ts";
import type { Change } from "./log.ts";

const GATEWAY = "http://127.0.0.1:4000";
type Key = Awaited<ReturnType<typeof generateKeyPair>>["privateKey"];
const keys: Record<string, { privateKey: Key; jwks: JWTVerifyGetKey }> = {};
const owned: Record<string, Record<string, readonly string[]>> = {
  mall: { Sku: ["id"], Line: ["order", "size"] },
  brand: { PurchaseOrder: ["id"] },
};

beforeAll(async () => {
  for (const name of ["mall", "brand", "stranger"]) {
    const { privateKey, publicKey } = await generateKeyPair("EdDSA", { extractable: true });
    const jwk = { ...(await exportJWK(publicKey)), kid: name, alg: "EdDSA" };
    keys[name] = { privateKey, jwks: createLocalJWKSet({ keys: [jwk] }) };
  }
});

let taken: Change[];
let intake: Intake;
let logged: string[];

beforeEach(() => {
  taken = [];
  const { log, lines } = testLog();
  logged = lines;
  intake = createIntake({
    issuer: GATEWAY,
    log,
    keys: (subgraph) => (subgraph === "mall" || subgraph === "brand" ? keys[subgraph]!.jwks : null),
    owns: (subgraph, entity) => owned[subgraph]?.[entity] ?? null,
    changes: {
      append: async (changes) => {
        taken.push(...changes);
        return { accepted: changes.length, duplicates: 0 };
      },
    },
  });
});

const event = (overrides: object = {}, data: object = {}) => ({
  specversion: "1.0",
  id: "e1",
  source: "/subgraphs/mall",
  type: "dev.junto.change",
  time: "2026-11-22T18:00:00+08:00",
  datacontenttype: "application/json",
  data: {
    entity: "Sku",
    key: { id: "BL2481-38" },
    kind: "UPDATED",
    subjects: [{ type: "Counter", id: "017" }],
    ...data,
  },
  ...overrides,
});

interface Signing {
  readonly by?: string;
  readonly claims?: Record<string, unknown>;
  readonly header?: { alg?: string; typ?: string; kid?: string };
  readonly signed?: string;
  readonly token?: string;
  readonly contentType?: string;
  readonly age?: number;
}

/** Sends a body as a subgraph would, or nearly so. */
async function send(body: unknown, signing: Signing = {}): ReturnType<Intake> {
  const {
    by = "mall",
    claims = {},
    header = {},
    contentType = "application/cloudevents-batch+json",
    age = 0,
  } = signing;
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const now = Math.floor(Date.now() / 1_000) - age;
  const payload = {
    iss: by,
    aud: GATEWAY,
    body: createHash("sha256")
      .update(signing.signed ?? text)
      .digest("base64url"),
    iat: now,
    exp: now + 60,
    jti: randomUUID(),
    ...claims,
  };
  const token =
    signing.token ??
    (await new SignJWT(JSON.parse(JSON.stringify(payload)) as Record<string, unknown>)
      .setProtectedHeader({ alg: "EdDSA", typ: "junto-change+jwt", kid: by, ...header })
      .sign(keys[by]!.privateKey));
  return intake({
    headers: { authorization: `Bearer ${token}`, "content-type": contentType },
    body: Buffer.from(text),
  });
}

describe("changes that come in", () => {
  it("are put on the log, with what is known and nothing else", async () => {
    const created = event({ id: "e2", extension: "canary" }, { kind: "CREATED", subjects: [] });
    expect(await send([event(), created])).toEqual({ status: 202, body: { accepted: 2, duplicates: 0 } });
    expect(taken).toEqual([
      {
        source: "/subgraphs/mall",
        id: "e1",
        entity: "Sku",
        key: { id: "BL2481-38" },
        kind: "UPDATED",
        subjects: [{ type: "Counter", id: "017" }],
        time: "2026-11-22T10:00:00.000Z",
      },
      expect.objectContaining({ id: "e2", kind: "CREATED", subjects: [] }),
    ]);
    expect(JSON.stringify(taken)).not.toContain("canary");
  });

  it("may be none", async () => {
    expect(await send([])).toEqual({ status: 202, body: { accepted: 0, duplicates: 0 } });
  });

  it("may be about entities with keys of several fields, in any order", async () => {
    const line = (key: object) => event({}, { entity: "Line", key });
    expect(await send([line({ size: "38", order: "R1" })])).toMatchObject({ status: 202 });
    expect(await send([line({ order: "R1" })])).toMatchObject({ status: 400 });
    expect(await send([line({ order: "R1", size: "38", extra: "x" })])).toMatchObject({ status: 400 });
  });

  it("are read whatever parameters their content type has", async () => {
    const contentType = "application/CloudEvents-Batch+JSON; charset=utf-8";
    expect(await send([event()], { contentType })).toMatchObject({ status: 202 });
    expect(await send([event()], { contentType: "application/json" })).toMatchObject({ status: 400 });
  });
});

describe("a sender", () => {
  const forged = (claims: object, header: object = { alg: "none" }) =>
    `${Buffer.from(JSON.stringify(header)).toString("base64url")}.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.AAAA`;

  it.each<[string, Signing]>([
    ["signs with another's key", { by: "stranger", claims: { iss: "mall" } }],
    [
      "signs with another's key and says whose",
      { by: "brand", claims: { iss: "mall" }, header: { kid: "mall" } },
    ],
    ["is not in the graph", { by: "stranger" }],
    ["has a name that is none", { claims: { iss: "../mall" } }],
    ["has the name of the prototype", { claims: { iss: "__proto__" } }],
    ["signed something else", { signed: "[]" }],
    ["signed nothing", { claims: { body: undefined } }],
    ["means another gateway", { claims: { aud: "http://127.0.0.1:4001" } }],
    ["means nobody", { claims: { aud: undefined } }],
    ["is late", { age: 120 }],
    ["is late, with a token that would last", { age: 120, claims: { exp: 4_000_000_000 } }],
    ["does not say until when", { claims: { exp: undefined } }],
    ["does not say when", { claims: { iat: undefined } }],
    ["does not number its tokens", { claims: { jti: undefined } }],
    ["sends a token of another kind", { header: { typ: "junto-subgraph+jwt" } }],
    ["sends what is no token", { token: "a.b.c" }],
    ["sends nothing", { token: "" }],
    ["does not sign", { token: forged({ iss: "mall", aud: GATEWAY }) }],
  ])("that %s is refused", async (_, signing) => {
    expect(await send([event()], signing)).toEqual({
      status: 401,
      body: { error: { code: "UNAUTHENTICATED", message: expect.any(String) } },
    });
    expect(taken).toEqual([]);
  });

  it("without a header is refused", async () => {
    const body = Buffer.from("[]");
    expect(await intake({ headers: {}, body })).toMatchObject({ status: 401 });
    expect(await intake({ headers: { authorization: ["a", "b"] }, body })).toMatchObject({ status: 401 });
    expect(await intake({ headers: { authorization: "Basic bGluOng=" }, body })).toMatchObject({
      status: 401,
    });
  });

  it("cannot speak of what it does not own, and none of its batch is taken", async () => {
    expect(await send([event(), event({ id: "e2" }, { entity: "PurchaseOrder" })])).toEqual({
      status: 403,
      body: { error: { code: "FORBIDDEN", message: "mall owns no part of PurchaseOrder.", event: 1 } },
    });
    expect(taken).toEqual([]);
  });

  it("cannot speak in another's name", async () => {
    expect(await send([event()], { by: "brand" })).toEqual({
      status: 400,
      body: { error: { code: "BAD_REQUEST", message: 'source must be "/subgraphs/brand".', event: 0 } },
    });
  });

  it("is asked to send again while its keys cannot be had", async () => {
    const away: JWTVerifyGetKey = () => Promise.reject(new TypeError("fetch failed"));
    const { log } = testLog();
    intake = createIntake({
      issuer: GATEWAY,
      log,
      keys: () => away,
      owns: () => ["id"],
      changes: { append: () => Promise.reject(new Error()) },
    });
    expect(await send([event()])).toMatchObject({ status: 503 });
  });

  it("is asked to send again while the log cannot be written", async () => {
    const { log } = testLog();
    const append = () => Promise.reject(new JuntoError("UNAVAILABLE", "away"));
    intake = createIntake({
      issuer: GATEWAY,
      log,
      keys: () => keys["mall"]!.jwks,
      owns: () => ["id"],
      changes: { append },
    });
    expect(await send([event()])).toEqual({
      status: 503,
      body: { error: { code: "UNAVAILABLE", message: "Changes cannot be taken now. Send them again." } },
    });
  });
});

describe("a body", () => {
  it.each<[string, unknown, string]>([
    ["that is no JSON", "[{", "not JSON"],
    ["that is no list", event(), "must be an array"],
    ["that is null", "null", "must be an array"],
    ["with what is no event", ["x"], "The event must be an object"],
    ["of another version", [event({ specversion: "0.3" })], "specversion"],
    ["of another type", [event({ type: "other" })], "type must be"],
    ["without id", [event({ id: undefined })], "id must be a text"],
    ["with an empty id", [event({ id: "" })], "id must be a text"],
    ["with a long id", [event({ id: "x".repeat(201) })], "id must be a text"],
    ["with a line break in its id", [event({ id: "a\nb" })], "id must be a text"],
    ["without time", [event({ time: undefined })], "time must be"],
    ["with a time that is none", [event({ time: "2026-13-01T00:00:00Z" })], "time must be"],
    ["with a local time", [event({ time: "2026-11-22T10:00:00" })], "time must be"],
    ["of another content", [event({ datacontenttype: "text/xml" })], "datacontenttype"],
    ["without data", [event({ data: undefined })], "data must be an object"],
    ["with more than keys", [event({}, { priceFen: 12_900 })], "data must hold"],
    [
      "with the prototype's name in data",
      `[${JSON.stringify(event()).replace('"entity"', '"__proto__":{},"entity"')}]`,
      "data must hold",
    ],
    ["about what is no type", [event({}, { entity: "Sku!" })], "data.entity"],
    ["about constructor", [event({}, { entity: "constructor" })], "data.entity"],
    ["about __proto__", [event({}, { entity: "__proto__" })], "data.entity"],
    ["without key", [event({}, { key: undefined })], "data.key must be an object"],
    ["with a key of no fields", [event({}, { key: {} })], "data.key has no fields"],
    ["with a key that is a list", [event({}, { key: ["1"] })], "data.key must be an object"],
    ["with a number for a key", [event({}, { key: { id: 1 } })], "A field of data.key"],
    ["with an object for a key", [event({}, { key: { id: { a: "1" } } })], "A field of data.key"],
    ["with a long key", [event({}, { key: { id: "x".repeat(201) } })], "A field of data.key"],
    ["with other fields in its key", [event({}, { key: { sku: "1" } })], "must have the fields id"],
    [
      "with the prototype's name in its key",
      `[${JSON.stringify(event()).replace('{"id":"BL2481-38"}', '{"__proto__":"x"}')}]`,
      "data.key has a name",
    ],
    ["of an unknown kind", [event({}, { kind: "MOVED" })], "data.kind"],
    ["without subjects", [event({}, { subjects: undefined })], "data.subjects"],
    [
      "with too many subjects",
      [event({}, { subjects: Array.from({ length: 101 }, () => ({ type: "Counter", id: "1" })) })],
      "data.subjects",
    ],
    [
      "with a subject of another shape",
      [event({}, { subjects: [{ type: "Counter", id: "1", name: "x" }] })],
      "A subject must have",
    ],
    [
      "with a wildcard for a subject's type",
      [event({}, { subjects: [{ type: "*", id: "1" }] })],
      "A subject's type",
    ],
    [
      "with a line break in a subject",
      [event({}, { subjects: [{ type: "Counter", id: "1\n2" }] })],
      "A subject's id",
    ],
  ])("%s is refused, and says why", async (_, body, why) => {
    const answer = await send(body);
    expect(answer).toMatchObject({
      status: 400,
      body: { error: { code: "BAD_REQUEST", message: expect.stringContaining(why) } },
    });
    expect(taken).toEqual([]);
  });

  it("names the event that is wrong, and none of the batch is taken", async () => {
    const answer = await send([event(), event({ id: "e2" }), event({ id: "" })]);
    expect(answer).toMatchObject({ status: 400, body: { error: { event: 2 } } });
    expect(taken).toEqual([]);
  });

  it("that is not UTF-8 is refused", async () => {
    const text = JSON.stringify([event({ id: "é" })]);
    const latin = Buffer.from(text, "latin1");
    const token = await new SignJWT({
      body: createHash("sha256").update(latin).digest("base64url"),
      jti: "1",
    })
      .setProtectedHeader({ alg: "EdDSA", typ: "junto-change+jwt", kid: "mall" })
      .setIssuer("mall")
      .setAudience(GATEWAY)
      .setIssuedAt()
      .setExpirationTime("60s")
      .sign(keys["mall"]!.privateKey);
    const headers = {
      authorization: `Bearer ${token}`,
      "content-type": "application/cloudevents-batch+json",
    };
    expect(await intake({ headers, body: latin })).toMatchObject({ status: 400 });
  });

  it("that is too large is refused before anything is done with it", async () => {
    const answer = await intake({ headers: {}, body: new Uint8Array(LARGEST_BODY + 1) });
    expect(answer).toMatchObject({ status: 413 });
  });

  it("with too many events is refused", async () => {
    const many = Array.from({ length: 1_001 }, (_, n) => event({ id: `e${n}` }));
    expect(await send(many)).toMatchObject({ status: 413 });
    expect(await send(many.slice(1))).toMatchObject({ status: 202 });
  });

  it("changes no object of the gateway", async () => {
    await send(`[{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}]`);
    await send([event({}, { key: { constructor: "x" } })]);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
    expect(taken).toEqual([]);
  });

  it("leaves no token in the log", async () => {
    await send([event()], { signed: "other" });
    await send([event()], { age: 120 });
    expect(logged.join("")).toContain("a token that does not hold");
    expect(logged.join("")).not.toMatch(/eyJ/);
  });
});
