// What the tokens of known sign-in servers make: people with the roles of their own organization, services that it
// lists, and nobody else. The claims are as those servers send them.
import type { JWTPayload } from "jose";
import { describe, expect, it } from "vitest";
import type { SignIn } from "../config/index.ts";
import { ClaimsError, personOf } from "./claims.ts";

const END = 1_800_000_000_000;
const made = (payload: JWTPayload, signIn: SignIn = {}) => personOf(payload, "mall", signIn, END);

const services: SignIn["services"] = new Map([["rms-sync", { name: "RMS", roles: ["admin"] }]]);

describe("a person's token", () => {
  const PEOPLE: readonly [string, JWTPayload, SignIn, object][] = [
    [
      "Keycloak",
      {
        sub: "f3b1c2a0-5d1e-4a53-9f0e-2f4a1c3d5e6f",
        azp: "junto-web",
        preferred_username: "lin",
        realm_access: { roles: ["rms-admins", "offline_access"] },
        scope: "openid profile orders:read",
      },
      {
        claims: {
          subject: ["preferred_username"],
          name: ["preferred_username"],
          roles: ["realm_access", "roles"],
        },
        roles: new Map([["admin", ["rms-admins"]]]),
        serviceTokens: [{ claim: ["client_id"], has: true }],
      },
      { id: "mall:lin", name: "lin", roles: ["admin"], scopes: ["openid", "profile", "orders:read"] },
    ],
    [
      "Entra ID",
      {
        sub: "AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ",
        oid: "00000000-0000-0000-66f3-3332eca7ea81",
        azp: "6e74172b-be56-4843-9ff4-e66a39bb12e3",
        name: "Lin Jing",
        groups: ["b2c3d4e5-0000-4000-8000-000000000001"],
        scp: "Groups.Use Cards.Read",
      },
      {
        claims: { subject: ["oid"], roles: ["groups"] },
        roles: new Map([["admin", ["b2c3d4e5-0000-4000-8000-000000000001"]]]),
        serviceTokens: [{ claim: ["scp"], has: false }],
      },
      {
        id: "mall:00000000-0000-0000-66f3-3332eca7ea81",
        name: "Lin Jing",
        roles: ["admin"],
        scopes: ["Groups.Use", "Cards.Read"],
      },
    ],
    [
      "Okta",
      { sub: "lin@mall.example", cid: "0oa4f5g6", uid: "00u1", scp: ["openid", "cards"], groups: "Everyone" },
      { claims: { roles: ["groups"] } },
      { id: "mall:lin@mall.example", roles: ["Everyone"], scopes: ["openid", "cards"] },
    ],
    [
      "Auth0",
      {
        sub: "auth0|507f1f77bcf86cd799439011",
        azp: "my_client_id",
        "https://junto.example/roles": ["Floor Managers", "staff"],
        "https://junto.example/name": "林静",
        scope: "openid",
      },
      {
        claims: { roles: ["https://junto.example/roles"], name: ["https://junto.example/name"] },
        roles: new Map([["admin", ["Floor Managers"]]]),
      },
      { id: "mall:auth0|507f1f77bcf86cd799439011", name: "林静", roles: ["admin"] },
    ],
  ];

  it.each(PEOPLE)("of %s", (_, payload, signIn, person) => {
    expect(made(payload, signIn)).toMatchObject({ organization: "mall", expiresAt: END, ...person });
    expect(made(payload, signIn)).not.toHaveProperty("service");
  });

  it.each<[string, unknown, string[]]>([
    ["a list", ["admin", 7, "staff"], ["admin", "staff"]],
    ["a text with spaces between", "admin staff", ["admin", "staff"]],
    ["no claim at all", undefined, []],
    ["something else", { admin: true }, []],
  ])("has the roles of %s", (_, roles, expected) => {
    expect(made({ sub: "lin", roles }).roles).toEqual(expected);
  });

  it("has, by a table, the roles that it names and none that the claim says", () => {
    const roles = new Map([["admin", ["rms-admins"]]]);
    expect(made({ sub: "lin", roles: ["admin", "rms"] }, { roles }).roles).toEqual([]);
    expect(made({ sub: "lin", roles: ["rms-admins"] }, { roles }).roles).toEqual(["admin"]);
    expect(made({ sub: "lin", roles: ["admin"] }, { roles: new Map() }).roles).toEqual([]);
  });

  it.each(["__proto__", "constructor", "toString"])("has no claim %s but its own", (name) => {
    const signIn: SignIn = { claims: { roles: [name], name: [name, "name"] } };
    expect(made({ sub: "lin" }, signIn)).toMatchObject({ name: "lin", roles: [] });
  });

  it("is of the organization whose issuer signed it, whatever its claims say", () => {
    const payload = {
      sub: "lin",
      org: "brand",
      organization: "brand",
      roles: ["brand:admin", "brand.admin"],
      id: "brand:chen",
    };
    expect(made(payload)).toMatchObject({ id: "mall:lin", organization: "mall" });
    expect(() => made({ sub: "brand:chen" })).toThrow(ClaimsError);
    expect(() => made({ sub: "service:rms-sync" }, { services })).toThrow(ClaimsError);
    expect(() => made({ sub: "x", upn: "brand:chen" }, { claims: { subject: ["upn"] } })).toThrow(
      ClaimsError,
    );
  });
});

describe("a client's own token", () => {
  const CLIENTS: readonly [string, JWTPayload, SignIn][] = [
    ["RFC 9068", { sub: "rms-sync", client_id: "rms-sync", name: "林静", roles: ["owner"] }, {}],
    ["Okta", { sub: "rms-sync", cid: "rms-sync", scp: ["cards"] }, {}],
    ["Auth0", { sub: "rms-sync@clients", azp: "rms-sync", gty: "client-credentials" }, {}],
    ["Auth0, in the form of RFC 9068", { sub: "rms-sync@clients", client_id: "rms-sync" }, {}],
    ["Entra ID with idtyp", { sub: "0f1e", oid: "0f1e", azp: "rms-sync", idtyp: "app" }, {}],
    [
      "Entra ID without it",
      { sub: "0f1e", oid: "0f1e", azp: "rms-sync", roles: ["admin"] },
      { serviceTokens: [{ claim: ["scp"], has: false }] },
    ],
    [
      "Keycloak",
      {
        sub: "f3b1c2a0",
        azp: "rms-sync",
        client_id: "rms-sync",
        preferred_username: "service-account-rms-sync",
      },
      {
        claims: { subject: ["preferred_username"] },
        serviceTokens: [{ claim: ["client_id"], has: true }],
      },
    ],
    [
      "one that names the client in a claim of its own",
      { sub: "f3b1c2a0", "https://mall.example/app": "rms-sync", kind: "machine", azp: "proxy" },
      {
        claims: { client: ["https://mall.example/app"] },
        serviceTokens: [{ claim: ["kind"], has: ["machine", "robot"] }],
      },
    ],
  ];

  it.each(CLIENTS)(
    "of %s is a service with what its organization lists, and no more",
    (_, payload, signIn) => {
      expect(made(payload, { ...signIn, services })).toMatchObject({
        id: "mall:service:rms-sync",
        name: "RMS",
        roles: ["admin"],
        service: true,
      });
    },
  );

  it.each(CLIENTS)("of %s is nobody when it is not listed", (_, payload, signIn) => {
    const others = new Map([["another", { name: "Another", roles: [] }]]);
    expect(() => made(payload, signIn)).toThrow("does not list");
    expect(() => made(payload, { ...signIn, services: others })).toThrow("does not list");
  });

  it("that does not say of which client, or of several, is nobody's", () => {
    expect(() => made({ sub: "x", idtyp: "app" }, { services })).toThrow("which one");
    const several = { sub: "x", idtyp: "app", azp: "rms-sync", client_id: "another" };
    expect(() => made(several, { services })).toThrow("which one");
  });

  it("that is not marked as its organization says clients are is nobody's, neither person nor service", () => {
    const signIn: SignIn = { services, serviceTokens: [{ claim: ["client_id"], has: true }] };
    expect(() => made({ sub: "rms-sync", azp: "rms-sync" }, signIn)).toThrow("not marked");
    expect(() => made({ sub: "rms-sync", azp: "web" }, { services })).toThrow("not marked");
  });
});

describe("a person who takes the name of a service", () => {
  it("does not become it", () => {
    const signIn: SignIn = { services, claims: { subject: ["preferred_username"] } };
    const payload = { sub: "7c1d", azp: "rms-sync", preferred_username: "rms-sync" };
    expect(() => made(payload, signIn)).toThrow(ClaimsError);
    expect(made({ ...payload, preferred_username: "lin" }, signIn)).toMatchObject({
      id: "mall:lin",
      roles: [],
    });
  });
});
