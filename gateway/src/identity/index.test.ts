// Identity against real issuers over HTTP: who is recognized, what is refused, and what happens when keys
// rotate or an issuer is away.
import { UnsecuredJWT, type JWK } from "jose";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { SignIn } from "../config/index.ts";
import { JuntoError } from "../errors/index.ts";
import { createIdentity, type Identity } from "./index.ts";
import {
  bearer,
  claims,
  encode,
  hmacWithPublicKey,
  NOW,
  SECONDS,
  startIssuer,
  stranger,
  swapPayload,
  twoIssuers,
  type TestIssuer,
} from "./issuer.fixture.ts";

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
    const nameless = await mall.sign({ name: { first: "Lin" }, roles: { admin: true } });
    expect(await identity.identify(`Bearer ${nameless}`)).toMatchObject({ name: "lin", roles: [] });
  });

  it.each([
    [
      "a text with spaces",
      { scope: "orders:read  orders:write orders:read" },
      ["orders:read", "orders:write"],
    ],
    ["a list", { scp: ["orders:read", 7, "", "a b", "c\nd", 'e"f'] }, ["orders:read", "a", "b"]],
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
    "a kid that is a path": async () => bearer(await mall.sign({}, { kid: "../../../../dev/null" })),
    "a kid that is a query": async () => bearer(await mall.sign({}, { kid: "x' OR '1'='1" })),
    "a kid named __proto__": async () => bearer(await mall.sign({}, { kid: "__proto__" })),
    "a key from elsewhere (jku, x5u)": async () =>
      bearer(
        await (
          await stranger(mall)
        ).sign({}, { jku: `${brand.issuer}/keys`, x5u: `${brand.issuer}/keys`, kid: brand.kid() }),
      ),
    "the key of another organization": async () =>
      bearer(await brand.sign({ iss: mall.issuer }, { kid: mall.kid() })),
    "two issuers, of which the last is another's": async () => bearer(await twoIssuers(brand, mall)),
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

  it("does not make anyone ask where a token says that keys are", async () => {
    const asked = brand.keysServed;
    const header = { jku: `${brand.issuer}/keys`, x5u: `${brand.issuer}/keys` };
    expect(await identity.identify(bearer(await mall.sign({}, header)))).toMatchObject({ id: "mall:lin" });
    expect(brand.keysServed).toBe(asked);
  });

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

describe("an organization", () => {
  const saying = (signIn: SignIn): Identity => {
    identity.trust([
      { id: "mall", issuer: mall.issuer, signIn },
      { id: "brand", issuer: brand.issuer },
    ]);
    return identity;
  };
  const services: SignIn["services"] = new Map([["rms-sync", { name: "RMS", roles: ["admin"] }]]);
  const ofClient = () => mall.sign({ sub: "rms-sync", client_id: "rms-sync" });

  it("may have an audience of its own, and then no other, for its own tokens only", async () => {
    saying({ audience: "api://mall" });
    const token = await mall.sign({ aud: "api://mall" });
    expect((await identity.identify(bearer(token)))?.id).toBe("mall:lin");
    await expect(identity.identify(bearer(await mall.sign({})))).rejects.toThrow("not meant for");
    const foreign = await brand.sign({ aud: "api://mall" });
    await expect(identity.identify(bearer(foreign))).rejects.toThrow("not meant for");
  });

  it("may allow fewer algorithms", async () => {
    saying({ algorithms: ["ES256"] });
    await expect(identity.identify(bearer(await mall.sign({})))).rejects.toThrow("not valid here");
    expect((await identity.identify(bearer(await brand.sign({}))))?.id).toBe("brand:lin");
    await mall.rotate("ES256");
    now += 30_000;
    expect((await identity.identify(bearer(await mall.sign({}))))?.id).toBe("mall:lin");
  });

  it("may leave the type out of its tokens, and is not taken for another kind then", async () => {
    saying({ typ: "optional" });
    expect((await identity.identify(bearer(await mall.sign({}, { typ: undefined }))))?.id).toBe("mall:lin");
    await expect(
      identity.identify(bearer(await mall.sign({}, { typ: "junto-subgraph+jwt" }))),
    ).rejects.toThrow("of a kind");
    await expect(identity.identify(bearer(await brand.sign({}, { typ: undefined })))).rejects.toThrow(
      "of a kind",
    );
  });

  it("that changes what it says of its tokens changes who they are, from then on", async () => {
    const token = bearer(await mall.sign({ roles: ["rms-admins"] }));
    expect(await identity.identify(token)).toMatchObject({ roles: ["rms-admins"] });
    const served = mall.keysServed;
    saying({ roles: new Map([["admin", ["rms-admins"]]]) });
    expect(await identity.identify(token)).toMatchObject({ roles: ["admin"] });
    expect(mall.keysServed).toBe(served);
  });

  it("lists services, which are known until it does not list them so any more", async () => {
    await expect(identity.identify(bearer(await ofClient()))).rejects.toThrow("does not list");
    const token = bearer(await ofClient());
    const service = (await saying({ services }).identify(token))!;
    expect(service).toMatchObject({ id: "mall:service:rms-sync", service: true, roles: ["admin"] });
    const lin = (await identity.identify(bearer(await mall.sign({}))))!;
    expect([service, lin].map(identity.knows)).toEqual([true, true]);

    saying({ services: new Map([["rms-sync", { name: "RMS", roles: [] }]]) });
    expect([service, lin].map(identity.knows)).toEqual([false, true]);
    expect(await identity.identify(token)).toMatchObject({ roles: [] });
    saying({});
    await expect(identity.identify(token)).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
    identity.trust([{ id: "brand", issuer: brand.issuer }]);
    expect([service, lin].map(identity.knows)).toEqual([false, false]);
  });

  it("lists services that sign in with its own issuer's tokens only", async () => {
    saying({ services });
    const foreign = await brand.sign({ sub: "rms-sync", client_id: "rms-sync" });
    await expect(identity.identify(bearer(foreign))).rejects.toThrow("does not list");
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

  it.each<[string, (jwk: JWK) => unknown[]]>([
    ["with its secret", (jwk) => [{ ...jwk, d: "AAAA" }]],
    ["that is symmetric", (jwk) => [{ kty: "oct", k: "AAAA", kid: jwk.kid, alg: "HS256" }]],
    ["that two names of one id fit", (jwk) => [jwk, jwk]],
    ["for encryption", (jwk) => [{ ...jwk, use: "enc" }]],
    ["that is none", () => [null, 7, "key", []]],
  ])("do not verify with one %s", async (_, published) => {
    mall.published = published;
    await expect(identity.identify(bearer(await mall.sign({})))).rejects.toMatchObject({
      code: "UNAUTHENTICATED",
    });
  });

  it("that are fit to be used are, beside others that are not", async () => {
    mall.published = (jwk) => [{ kty: "oct", k: "AAAA", kid: jwk.kid }, jwk, { ...jwk, d: "A" }, null];
    expect((await identity.identify(bearer(await mall.sign({}))))?.id).toBe("mall:lin");
  });

  it("are not waited for when the issuer did not answer the last time", async () => {
    await identity.identify(bearer(await mall.sign({})));
    mall.answer = "away";
    now += 11 * 60_000;
    expect((await identity.identify(bearer(await mall.sign({ sub: "a" }))))?.id).toBe("mall:a");
    mall.answer = "silent";
    now += 2_000;
    expect((await identity.identify(bearer(await mall.sign({ sub: "b" }))))?.id).toBe("mall:b");
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
