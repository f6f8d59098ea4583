// Identity against real issuers over HTTP: who is recognized, what is refused, and what happens when keys
// rotate or an issuer is away.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import {
  exportJWK,
  exportSPKI,
  generateKeyPair,
  SignJWT,
  UnsecuredJWT,
  type CryptoKey,
  type JWK,
} from "jose";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { JuntoError } from "../errors/index.ts";
import { createIdentity, type Identity } from "./index.ts";

const NOW = Date.UTC(2026, 10, 20, 9, 0, 0);
const SECONDS = NOW / 1000;

let now: number;
let mall: TestIssuer;
let brand: TestIssuer;
let identity: Identity;

beforeEach(async () => {
  now = NOW;
  mall = await startIssuer();
  brand = await startIssuer();
  identity = createIdentity({
    organizations: [
      { id: "mall", issuer: mall.issuer },
      { id: "brand", issuer: brand.issuer },
    ],
    audience: "junto",
    clock: () => now,
  });
});

afterEach(async () => {
  await identity.close();
  await Promise.all([mall.close(), brand.close()]);
});

describe("a good token", () => {
  it("is a person of the organization whose issuer signed it", async () => {
    const token = await mall.sign({ name: "林静", roles: ["admin"] });
    expect(await identity.identify(`Bearer ${token}`)).toEqual({
      id: "mall:lin",
      organization: "mall",
      name: "林静",
      roles: ["admin"],
      scopes: [],
      expiresAt: NOW + 3_600_000,
    });
  });

  it("is nobody when there is none", async () => {
    expect(await identity.identify(undefined)).toBeNull();
  });

  it.each(["ES256", "RS256", "EdDSA"])("may be signed with %s", async (alg) => {
    await mall.rotate(alg);
    expect((await identity.identify(`bearer ${await mall.sign({})}`))?.id).toBe("mall:lin");
  });

  it("may be an RFC 9068 access token, for several audiences", async () => {
    const token = await mall.sign({ aud: ["other", "junto"] }, { typ: "application/at+JWT" });
    expect((await identity.identify(`Bearer ${token}`))?.id).toBe("mall:lin");
  });

  it("gives a name that fits in a line, or the subject, and only roles that are text", async () => {
    const named = await mall.sign({ name: "\u202eLin\n\u0007 Jing ", roles: ["admin", 7, null] });
    expect(await identity.identify(`Bearer ${named}`)).toMatchObject({ name: "Lin Jing", roles: ["admin"] });
    const nameless = await mall.sign({ name: { first: "Lin" }, roles: "admin" });
    expect(await identity.identify(`Bearer ${nameless}`)).toMatchObject({ name: "lin", roles: [] });
  });

  it.each([
    [
      "a text with spaces",
      { scope: "orders:read  orders:write orders:read" },
      ["orders:read", "orders:write"],
    ],
    ["a list", { scp: ["orders:read", 7, ""] }, ["orders:read"]],
    ["both, of which `scope` is the standard's", { scope: "a", scp: "b" }, ["a"]],
    ["nothing", {}, []],
    ["nonsense", { scope: { orders: true } }, []],
  ])("says its scopes by %s", async (_, own, scopes) => {
    expect(await identity.identify(`Bearer ${await mall.sign(own)}`)).toMatchObject({ scopes });
  });

  it("is verified once, and holds until it ends", async () => {
    const token = await mall.sign({});
    const first = await identity.identify(`Bearer ${token}`);
    await mall.close();
    expect(await identity.identify(`Bearer ${token}`)).toBe(first);
    now = NOW + 3_600_000 + 4_999;
    expect(await identity.identify(`Bearer ${token}`)).toBe(first);
    now += 1_000;
    await expect(identity.identify(`Bearer ${token}`)).rejects.toThrow(/does not answer/);
  });
});

describe("an attack", () => {
  const forgeries: Record<string, () => string | Promise<string>> = {
    "no scheme": () => mall.sign({}),
    "another scheme": async () => `Basic ${await mall.sign({})}`,
    "an empty token": () => "Bearer ",
    "two tokens": async () => `Bearer ${await mall.sign({})} ${await mall.sign({})}`,
    "a token that is no JWT": () => "Bearer a.b.c",
    "a token with a header that is no object": () => `Bearer ${encode("[]")}.${encode("{}")}.AAAA`,
    "an endless token": async () => `Bearer ${await mall.sign({ padding: "x".repeat(20_000) })}`,
    "no signature (alg none)": () => `Bearer ${new UnsecuredJWT(claims(mall)).encode()}AAAA`,
    "a changed payload": async () =>
      bearer(swapPayload(await mall.sign({}), { ...claims(mall), sub: "zhao" })),
    "the public key as an HMAC secret": async () => bearer(await hmacWithPublicKey(mall)),
    "a key of its own, by its kid": async () => bearer(await (await stranger(mall)).sign({})),
    "a key of its own, in the header": async () =>
      bearer(await (await stranger(mall)).sign({}, { jwk: mall.stranger, jku: mall.issuer, kid: "unknown" })),
    "an unknown critical header": async () => bearer(await mall.sign({}, { crit: ["exotic"], exotic: 1 })),
    "an issuer that nobody trusts": async () => bearer(await mall.sign({ iss: "https://evil.example" })),
    "the issuer of another organization": async () => bearer(await mall.sign({ iss: brand.issuer })),
    "an issuer with a slash more": async () => bearer(await mall.sign({ iss: `${mall.issuer}/` })),
    "an issuer that is a list": async () => bearer(await mall.sign({ iss: [mall.issuer] })),
    "an issuer named __proto__": async () => bearer(await mall.sign({ iss: "__proto__" })),
    "another audience": async () => bearer(await mall.sign({ aud: "payroll" })),
    "no audience": async () => bearer(await mall.sign({ aud: undefined })),
    "an audience that only begins so": async () => bearer(await mall.sign({ aud: "junto2" })),
    "a subject of another organization": async () => bearer(await mall.sign({ sub: "brand:chen" })),
    "a subject with a line break": async () => bearer(await mall.sign({ sub: "lin\nbrand" })),
    "a subject with a wildcard": async () => bearer(await mall.sign({ sub: "*" })),
    "a subject that climbs": async () => bearer(await mall.sign({ sub: "../chen" })),
    "an empty subject": async () => bearer(await mall.sign({ sub: "" })),
    "no subject": async () => bearer(await mall.sign({ sub: undefined })),
    "a subject that is a number": async () => bearer(await mall.sign({ sub: 7 })),
    "a token that expired 6 s ago": async () => bearer(await mall.sign({ exp: SECONDS - 6 })),
    "no end": async () => bearer(await mall.sign({ exp: undefined })),
    "an end that is text": async () => bearer(await mall.sign({ exp: "tomorrow" })),
    "an end in a hundred years": async () => bearer(await mall.sign({ exp: SECONDS + 3_153_600_000 })),
    "a beginning in the future": async () => bearer(await mall.sign({ nbf: SECONDS + 6 })),
    "a token for subgraphs": async () => bearer(await mall.sign({}, { typ: "junto-subgraph+jwt" })),
    "a token about a change": async () => bearer(await mall.sign({}, { typ: "junto-change+jwt" })),
    "no type": async () => bearer(await mall.sign({}, { typ: undefined })),
  };

  it.each(Object.entries(forgeries))(
    "with %s is refused, and the answer says nothing of it",
    async (_, forge) => {
      const header = await forge();
      const error = await identity.identify(header).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(JuntoError);
      expect(error).toMatchObject({ code: "UNAUTHENTICATED" });
      const told = JSON.stringify([(error as JuntoError).message, (error as JuntoError).details]);
      for (const secret of [
        ...header.split(/[ .]/).filter((part) => part.length > 8),
        "brand:chen",
        "evil",
      ]) {
        expect(told).not.toContain(secret);
      }
    },
  );

  it("leaves the next good token alone", async () => {
    await expect(identity.identify("Bearer a.b.c")).rejects.toThrow("not valid here");
    expect((await identity.identify(bearer(await mall.sign({}))))?.id).toBe("mall:lin");
  });

  it("cannot make two organizations of one issuer", () => {
    const organizations = [
      { id: "mall", issuer: mall.issuer },
      { id: "brand", issuer: mall.issuer },
    ];
    expect(() => createIdentity({ organizations, audience: "junto" })).toThrow(/name the same issuer/);
  });
});

describe("other organizations", () => {
  it("are trusted from the moment at which they are named, and who is not named any more is not", async () => {
    const [lin, guo] = [`Bearer ${await mall.sign({})}`, `Bearer ${await brand.sign({})}`] as const;
    for (const each of [lin, guo]) expect(await identity.identify(each)).not.toBeNull();
    identity.trust([{ id: "brand", issuer: brand.issuer }]);
    await expect(identity.identify(lin)).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
    const served = brand.keysServed;
    expect(await identity.identify(guo)).toMatchObject({ organization: "brand" });
    expect(brand.keysServed).toBe(served);

    identity.trust([
      { id: "mall", issuer: mall.issuer },
      { id: "brand", issuer: brand.issuer },
    ]);
    expect(await identity.identify(lin)).toMatchObject({ organization: "mall" });
  });

  it("do not take over the people of an issuer that now speaks for another", async () => {
    const token = `Bearer ${await mall.sign({})}`;
    expect(await identity.identify(token)).toMatchObject({ organization: "mall" });
    identity.trust([{ id: "plaza", issuer: mall.issuer }]);
    expect(await identity.identify(token)).toMatchObject({ organization: "plaza" });
  });
});

describe("clocks that differ by 5 s", () => {
  it("do not matter", async () => {
    const ended = await mall.sign({ exp: SECONDS - 4 });
    const early = await mall.sign({ nbf: SECONDS + 4 });
    expect((await identity.identify(bearer(ended)))?.id).toBe("mall:lin");
    expect((await identity.identify(bearer(early)))?.id).toBe("mall:lin");
  });
});

describe("the keys of an issuer", () => {
  it("are fetched once, however many ask at a time", async () => {
    const tokens = await Promise.all(["a", "b", "c", "d"].map((sub) => mall.sign({ sub })));
    await Promise.all(tokens.map((token) => identity.identify(bearer(token))));
    expect(mall.keysServed).toBe(1);
  });

  it("rotate: a token with a new key is known at once, after the cooldown", async () => {
    await identity.identify(bearer(await mall.sign({})));
    await mall.rotate("EdDSA");
    const token = bearer(await mall.sign({}));
    await expect(identity.identify(token)).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
    expect(mall.keysServed).toBe(1);
    now += 30_000;
    expect((await identity.identify(token))?.id).toBe("mall:lin");
    expect(mall.keysServed).toBe(2);
  });

  it("are not asked for again by every token with an unknown key", async () => {
    await identity.identify(bearer(await mall.sign({})));
    now += 30_000;
    for (const kid of ["x1", "x2", "x3"]) {
      await expect(identity.identify(bearer(await mall.sign({}, { kid })))).rejects.toThrow("not valid here");
    }
    expect(mall.keysServed).toBe(2);
  });

  it("that were withdrawn are gone after ten minutes", async () => {
    const withdrawn = mall.signer();
    await identity.identify(bearer(await mall.sign({})));
    await mall.rotate("EdDSA");
    now += 10 * 60_000;
    await expect(identity.identify(bearer(await withdrawn({ sub: "zhao" })))).rejects.toMatchObject({
      code: "UNAUTHENTICATED",
    });
  });

  it("hold for an hour while the issuer is away, and no longer", async () => {
    await identity.identify(bearer(await mall.sign({})));
    mall.answer = "away";
    now += 59 * 60_000;
    const exp = SECONDS + 7_200;
    expect((await identity.identify(bearer(await mall.sign({ sub: "zhao", exp }))))?.id).toBe("mall:zhao");
    now += 60_000;
    await expect(identity.identify(bearer(await mall.sign({ sub: "li", exp })))).rejects.toMatchObject({
      code: "UNAVAILABLE",
    });
  });
});

describe("an issuer that does not answer", () => {
  it("makes its people unavailable, not unauthenticated, and nobody else", async () => {
    mall.answer = "away";
    await expect(identity.identify(bearer(await mall.sign({})))).rejects.toMatchObject({
      code: "UNAVAILABLE",
      message: expect.stringContaining("organization mall"),
    });
    expect((await identity.identify(bearer(await brand.sign({ sub: "guo" }))))?.id).toBe("brand:guo");
  });

  it("is asked once a second, and is there again as soon as it answers", async () => {
    mall.answer = "away";
    for (let n = 0; n < 5; n++)
      await expect(identity.identify(bearer(await mall.sign({})))).rejects.toThrow("does not answer");
    expect(mall.refused).toBe(1);
    mall.answer = "well";
    now += 1_000;
    expect((await identity.identify(bearer(await mall.sign({}))))?.id).toBe("mall:lin");
  });

  it.each(["redirect", "nonsense", "endless", "other issuer", "other origin", "no keys"] as const)(
    "as it should (%s) is not believed",
    async (answer) => {
      mall.answer = answer;
      await expect(identity.identify(bearer(await mall.sign({})))).rejects.toMatchObject({
        code: "UNAVAILABLE",
      });
    },
  );

  it("with discovery needs none when its keys are named", async () => {
    mall.answer = "other origin";
    const organizations = [{ id: "mall", issuer: mall.issuer, jwksUri: `${mall.issuer}/keys` }];
    const named = createIdentity({ organizations, audience: "junto", clock: () => now });
    expect((await named.identify(bearer(await mall.sign({}))))?.id).toBe("mall:lin");
    await named.close();
  });
});

type Answer =
  "well" | "away" | "redirect" | "nonsense" | "endless" | "other issuer" | "other origin" | "no keys";
type Sign = (claims: Record<string, unknown>, header?: Record<string, unknown>) => Promise<string>;

interface TestIssuer {
  readonly issuer: string;
  readonly sign: Sign;
  /** Signs with the key of now, also after a rotation. */
  signer(): Sign;
  rotate(alg: string): Promise<void>;
  publicKey(): CryptoKey;
  kid(): string;
  stranger?: JWK;
  answer: Answer;
  keysServed: number;
  refused: number;
  close(): Promise<void>;
}

async function startIssuer(): Promise<TestIssuer> {
  let pair = await generateKeyPair("EdDSA");
  let alg = "EdDSA";
  let generation = 1;
  let server: Server | undefined;
  const issuer: TestIssuer = {
    issuer: "",
    sign: (own, header) => issuer.signer()(own, header),
    signer() {
      const { privateKey } = pair;
      const protectedHeader = { alg, kid: issuer.kid(), typ: "JWT" };
      return (own, header) => sign(issuer, { privateKey, protectedHeader }, own, header);
    },
    async rotate(next) {
      pair = await generateKeyPair(next);
      alg = next;
      generation += 1;
    },
    publicKey: () => pair.publicKey,
    kid: () => `key-${generation}`,
    answer: "well",
    keysServed: 0,
    refused: 0,
    async close() {
      server?.closeAllConnections();
      await new Promise((resolve) => server?.close(resolve) ?? resolve(undefined));
    },
  };
  server = createServer((request, response) => {
    void exportJWK(pair.publicKey).then((jwk) => {
      const answer = answerAs(issuer, request.url ?? "", { ...jwk, kid: issuer.kid(), alg });
      response.writeHead(answer.status, { "content-type": "application/json", ...answer.headers });
      response.end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return Object.assign(issuer, { issuer: `http://127.0.0.1:${(server.address() as AddressInfo).port}/org` });
}

function answerAs(
  issuer: TestIssuer,
  path: string,
  jwk: JWK,
): { status: number; body: string; headers?: Record<string, string> } {
  const json = (value: unknown) => ({ status: 200, body: JSON.stringify(value) });
  const document = { issuer: issuer.issuer, jwks_uri: `${issuer.issuer}/keys` };
  if (path === "/org/keys" && issuer.answer !== "no keys") {
    issuer.keysServed += 1;
    return json({ keys: [jwk] });
  }
  switch (issuer.answer) {
    case "away":
      issuer.refused += 1;
      return { status: 503, body: "" };
    case "redirect":
      return { status: 302, body: "", headers: { location: `${issuer.issuer}/keys` } };
    case "nonsense":
      return { status: 200, body: "<html>" };
    case "endless":
      return { status: 200, body: `"${"x".repeat(300 * 1024)}"` };
    case "other issuer":
      return json({ ...document, issuer: "http://127.0.0.1:1/org" });
    case "other origin":
      return json({ ...document, jwks_uri: "http://127.0.0.1:1/keys" });
    case "no keys":
      return path === "/org/keys" ? json({ hello: "there" }) : json(document);
    case "well":
      return json(document);
  }
}

function claims(issuer: TestIssuer): Record<string, unknown> {
  return { iss: issuer.issuer, sub: "lin", aud: "junto", iat: SECONDS, exp: SECONDS + 3_600 };
}

function sign(
  issuer: TestIssuer,
  key: { privateKey: CryptoKey; protectedHeader: Record<string, unknown> },
  own: Record<string, unknown>,
  header: Record<string, unknown> = {},
): Promise<string> {
  const protectedHeader = { ...key.protectedHeader, ...header } as { alg: string };
  return new SignJWT({ ...claims(issuer), ...own })
    .setProtectedHeader(protectedHeader)
    .sign(key.privateKey, { crit: { exotic: true } });
}

/** Signs as the issuer would, with the issuer's kid, but another key. */
async function stranger(issuer: TestIssuer): Promise<{ sign: Sign }> {
  const { privateKey, publicKey } = await generateKeyPair("EdDSA");
  issuer.stranger = await exportJWK(publicKey);
  const protectedHeader = { alg: "EdDSA", kid: issuer.kid(), typ: "JWT" };
  return { sign: (own, header) => sign(issuer, { privateKey, protectedHeader }, own, header) };
}

async function hmacWithPublicKey(issuer: TestIssuer): Promise<string> {
  await issuer.rotate("RS256");
  const secret = new TextEncoder().encode(await exportSPKI(issuer.publicKey()));
  return new SignJWT(claims(issuer))
    .setProtectedHeader({ alg: "HS256", typ: "JWT", kid: issuer.kid() })
    .sign(secret);
}

function swapPayload(token: string, payload: unknown): string {
  const [header, , signature] = token.split(".");
  return `${header}.${encode(JSON.stringify(payload))}.${signature}`;
}

function encode(text: string): string {
  return Buffer.from(text).toString("base64url");
}

function bearer(token: string): string {
  return `Bearer ${token}`;
}
