import { createHmac } from "node:crypto";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { request } from "undici";
import { describe, expect, it } from "vitest";
import { afterThis, member, startShop } from "./shop.fixture.ts";
import { startTestGateway, type QueryResult, type TokenRequest } from "./testing/index.ts";

const query = "{ whoAmI }";
const wanted: TokenRequest = { ...member, subgraph: "shop", query };
/** Seconds from now on. */
const at = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds;

const unauthenticated: QueryResult = {
  status: 401,
  errors: [{ message: "A token of the gateway is needed", extensions: { code: "UNAUTHENTICATED" } }],
};

const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

describe("a token", () => {
  it("says who a request is made for", async () => {
    const { gateway, subgraph } = await startShop();
    const { data } = await gateway.query(subgraph, query, {}, { ...member, scopes: ["orders:read"] });
    expect(JSON.parse(data.whoAmI)).toEqual({
      person: "brand:guo",
      organization: "brand",
      group: "g1",
      role: "guide",
      subjects: [{ type: "Counter", id: "017" }],
      policies: member.policies,
      scopes: ["orders:read"],
      counters: ["017"],
    });
  });

  it("keeps what follows the first colon of a subject as its id", async () => {
    const { gateway, subgraph } = await startShop();
    const { data } = await gateway.query(subgraph, query, {}, { ...member, subjects: ["Counter:a:b"] });
    expect(JSON.parse(data.whoAmI).subjects).toEqual([{ type: "Counter", id: "a:b" }]);
  });

  const wrong: Record<string, () => Pick<TokenRequest, "claims" | "header">> = {
    "is for another subgraph": () => ({ claims: { aud: "mall" } }),
    "is for another subgraph too": () => ({ claims: { aud: ["shop", "mall"] } }),
    "is of another issuer": () => ({ claims: { iss: "http://127.0.0.1:1" } }),
    "has expired": () => ({ claims: { iat: at(-120), exp: at(-60) } }),
    "lives longer than a minute": () => ({ claims: { iat: at(-120), exp: at(3600) } }),
    "is of the future": () => ({ claims: { iat: at(60), exp: at(120) } }),
    "never expires": () => ({ claims: { exp: undefined } }),
    "does not say when it was made": () => ({ claims: { iat: undefined } }),
    "is for another operation": () => ({ claims: { op: "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU" } }),
    "is for no operation": () => ({ claims: { op: undefined } }),
    "names nobody": () => ({ claims: { sub: undefined } }),
    "names no organization": () => ({ claims: { org: undefined } }),
    "names an empty organization": () => ({ claims: { org: "" } }),
    "names a group that is no text": () => ({ claims: { group: 7 } }),
    "has no subjects": () => ({ claims: { subjects: undefined } }),
    "has subjects that are no texts": () => ({ claims: { subjects: [{ type: "Counter", id: "017" }] } }),
    "has a subject without a type": () => ({ claims: { subjects: ["017"] } }),
    "has a subject without an id": () => ({ claims: { subjects: ["Counter:"] } }),
    "has scopes that are no list": () => ({ claims: { scopes: "orders:read" } }),
    "has a subject and policies in one text": () => ({ claims: { policies: ["shop.counter", 7] } }),
    "has a critical header that nobody knows": () => ({ header: { crit: ["exotic"], exotic: 1 } }),
    "says where its keys are": () => ({ header: { jku: "http://127.0.0.1:1/keys", kid: "unknown" } }),
    "has a key id that is a path": () => ({ header: { kid: "../../etc/passwd" } }),
    "is too long": () => ({ claims: { padding: "x".repeat(10_000) } }),
    "has policies that are no list": () => ({ claims: { policies: "shop.counter" } }),
    "is of another kind": () => ({ header: { typ: "junto-change+jwt" } }),
    "is of no kind": () => ({ header: { typ: undefined } }),
  };
  it.each(Object.entries(wrong))("is refused when it %s", async (_, change) => {
    const { gateway, subgraph } = await startShop();
    const token = await gateway.token({ ...wanted, ...change() });
    expect(await gateway.send(subgraph, { query }, token)).toEqual(unauthenticated);
  });

  it("is accepted for a few seconds after it expired, because clocks differ", async () => {
    const { gateway, subgraph } = await startShop();
    const token = await gateway.token({ ...wanted, claims: { iat: at(-61), exp: at(-1) } });
    expect((await gateway.send(subgraph, { query }, token)).status).toBe(200);
  });

  it("is needed, and must be a bearer token", async () => {
    const { gateway, subgraph } = await startShop();
    expect(await gateway.send(subgraph, { query })).toEqual(unauthenticated);
    expect(await gateway.send(subgraph, { query }, "")).toEqual(unauthenticated);
    expect(await gateway.send(subgraph, { query }, "not.a.token")).toEqual(unauthenticated);
    expect(await gateway.send(subgraph, { query: "{ _service { sdl } }" })).toEqual(unauthenticated);
  });

  const BODY = JSON.stringify({ query });
  const doors: Record<string, { body?: string; headers?: Record<string, string> }> = {
    introspection: { body: JSON.stringify({ query: "{ __schema { types { name } } }" }) },
    "`_service`": { body: JSON.stringify({ query: "{ _service { sdl } }" }) },
    "`_entities`": { body: JSON.stringify({ query: "{ _entities(representations: []) { __typename } }" }) },
    "a batch": { body: JSON.stringify([{ query }, { query }]) },
    "no body": {},
    "a body that is no JSON": { body: "{" },
    "a body of another type": { body: BODY, headers: { "content-type": "text/plain" } },
    "a form": { body: `query=${query}`, headers: { "content-type": "application/x-www-form-urlencoded" } },
    "an empty bearer": { body: BODY, headers: { authorization: "Bearer " } },
    "another scheme": { body: BODY, headers: { authorization: "Basic c2hvcDpzaG9w" } },
  };
  it.each(Object.entries(doors))("is needed for %s", async (_, request) => {
    const { subgraph, shop } = await startShop();
    const headers = { "content-type": "application/json", ...request.headers };
    const answer = await fetch(subgraph.url, { method: "POST", ...request, headers });
    expect(answer.status).toBe(401);
    expect(await answer.json()).toEqual({ errors: unauthenticated.errors });
    expect(shop.asked).toEqual([]);
  });

  it.each(["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])(
    "opens nothing by %s, good as it may be",
    async (method) => {
      const { gateway, subgraph, shop } = await startShop();
      const authorization = `Bearer ${await gateway.token(wanted)}`;
      const url = `${subgraph.url}?query=${encodeURIComponent(query)}`;
      const { statusCode, body } = await request(url, {
        method: method as "GET",
        headers: { authorization },
      });
      expect(statusCode).toBe(404);
      expect(await body.text()).not.toContain("data");
      expect(shop.asked).toEqual([]);
    },
  );

  it("is not taken from anywhere but its header", async () => {
    const { gateway, subgraph } = await startShop();
    const token = await gateway.token(wanted);
    const send = (url: string, headers: Record<string, string>, more: object = {}) =>
      fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: JSON.stringify({ query, ...more }),
      });
    const tried = await Promise.all([
      send(`${subgraph.url}?access_token=${token}`, {}),
      send(subgraph.url, { cookie: `authorization=${token}` }),
      send(subgraph.url, { "x-authorization": `Bearer ${token}` }),
      send(subgraph.url, {}, { extensions: { authorization: `Bearer ${token}` } }),
    ]);
    expect(tried.map(({ status }) => status)).toEqual([401, 401, 401, 401]);
  });

  it("does not make a batch of its one operation", async () => {
    const { gateway, subgraph } = await startShop();
    const answer = await gateway.send(subgraph, [{ query }, { query }], await gateway.token(wanted));
    expect(answer).toMatchObject({ status: 400, errors: [{ extensions: { code: "BAD_REQUEST" } }] });
  });

  it("is refused when it is not signed at all", async () => {
    const { gateway, subgraph } = await startShop();
    const [, payload] = (await gateway.token(wanted)).split(".");
    const header = base64({ alg: "none", typ: "junto-subgraph+jwt" });
    expect(await gateway.send(subgraph, { query }, `${header}.${payload}.`)).toEqual(unauthenticated);
    expect(await gateway.send(subgraph, { query }, `${header}.${payload}.AA`)).toEqual(unauthenticated);
  });

  it("is refused when it is signed with the public key as a shared secret", async () => {
    const { gateway, subgraph } = await startShop();
    const token = await gateway.token(wanted);
    const [head, payload] = token.split(".") as [string, string];
    const { kid } = JSON.parse(Buffer.from(head, "base64url").toString());
    const jwks = (await (await fetch(`${gateway.url}/.well-known/jwks.json`)).json()) as {
      keys: { x: string }[];
    };
    const signed = `${base64({ alg: "HS256", typ: "junto-subgraph+jwt", kid })}.${payload}`;
    for (const secret of [jwks.keys[0]!.x, Buffer.from(jwks.keys[0]!.x, "base64url"), JSON.stringify(jwks)]) {
      const mac = createHmac("sha256", secret).update(signed).digest("base64url");
      expect(await gateway.send(subgraph, { query }, `${signed}.${mac}`)).toEqual(unauthenticated);
    }
  });

  it("is refused when another key signed it under the gateway's key id", async () => {
    const { gateway, subgraph } = await startShop();
    const { kid } = JSON.parse(
      Buffer.from((await gateway.token(wanted)).split(".")[0]!, "base64url").toString(),
    );
    const stranger = await startTestGateway();
    afterThis(() => stranger.close());
    const claims = { iss: gateway.url };
    expect(await gateway.send(subgraph, { query }, await stranger.token({ ...wanted, claims }))).toEqual(
      unauthenticated,
    );
    const forged = await stranger.token({ ...wanted, claims, header: { kid } });
    expect(await gateway.send(subgraph, { query }, forged)).toEqual(unauthenticated);
  });

  it("is refused when it brings its own key", async () => {
    const { gateway, subgraph } = await startShop();
    const { publicKey, privateKey } = await generateKeyPair("EdDSA", { crv: "Ed25519" });
    const [, payload] = (await gateway.token(wanted)).split(".") as [string, string];
    const token = await new SignJWT(JSON.parse(Buffer.from(payload, "base64url").toString()))
      .setProtectedHeader({ alg: "EdDSA", typ: "junto-subgraph+jwt", jwk: await exportJWK(publicKey) })
      .sign(privateKey);
    expect(await gateway.send(subgraph, { query }, token)).toEqual(unauthenticated);
  });

  it("is refused when its content was changed", async () => {
    const { gateway, subgraph } = await startShop();
    const [head, payload, signature] = (await gateway.token(wanted)).split(".") as [string, string, string];
    const claims = JSON.parse(Buffer.from(payload, "base64url").toString());
    const changed = base64({ ...claims, org: "shop" });
    expect(await gateway.send(subgraph, { query }, `${head}.${changed}.${signature}`)).toEqual(
      unauthenticated,
    );
  });

  it("is refused for another text, even one that means the same", async () => {
    const { gateway, subgraph } = await startShop();
    expect(await gateway.send(subgraph, { query: "{ whoAmI  }" }, await gateway.token(wanted))).toEqual(
      unauthenticated,
    );
  });

  it("works within a second when the gateway has a new key", async () => {
    const { gateway, subgraph } = await startShop();
    expect((await gateway.query(subgraph, query, {}, member)).status).toBe(200);
    await gateway.rotate();
    await expect
      .poll(async () => (await gateway.query(subgraph, query, {}, member)).status, {
        timeout: 5000,
        interval: 100,
      })
      .toBe(200);
  });

  it("is answered 503 while the gateway's keys cannot be had, because nothing is wrong with it", async () => {
    const { gateway, subgraph } = await startShop();
    const token = await gateway.token(wanted);
    await gateway.away();
    expect(await gateway.send(subgraph, { query }, token)).toMatchObject({
      status: 503,
      errors: [{ extensions: { code: "UNAVAILABLE" } }],
    });
    await gateway.back();
    expect((await gateway.send(subgraph, { query }, token)).status).toBe(200);
  });

  it("may carry an issuer that is not the gateway's address", async () => {
    const gateway = await startTestGateway();
    afterThis(() => gateway.close());
    const issuer = "https://gateway.example";
    const { subgraph } = await startShop({ gateway: { url: `${gateway.url}/`, issuer } });
    const token = await gateway.token({ ...wanted, claims: { iss: issuer } });
    expect((await gateway.send(subgraph, { query }, token)).status).toBe(200);
    expect(await gateway.send(subgraph, { query }, await gateway.token(wanted))).toEqual(unauthenticated);
  });

  it("and what is wrong with it is logged, without the token", async () => {
    const { gateway, subgraph, log } = await startShop();
    const token = await gateway.token({ ...wanted, claims: { aud: "mall" } });
    await gateway.send(subgraph, { query }, token);
    expect(log.text()).toContain('unexpected \\"aud\\" claim value');
    expect(log.text()).not.toContain(token.split(".")[2]);
  });
});
