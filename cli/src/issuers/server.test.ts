// The demo's issuers: what a verifier and a browser find there.
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRemoteJWKSet, jwtVerify } from "jose";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { peopleOf } from "../demo/people.ts";
import { startIssuers, type Issuers } from "./server.ts";

const organizations = ["mall", "brand"].map((id) => ({ id, people: peopleOf(id) }));

let stateDir: string;
let issuers: Issuers;
beforeEach(async () => {
  stateDir = mkdtempSync(join(tmpdir(), "junto-issuers-"));
  issuers = await startIssuers({ organizations, stateDir });
});
afterEach(async () => {
  await issuers.close();
  rmSync(stateDir, { recursive: true });
});

describe("a token of an issuer", () => {
  it("is found good by what discovery says, and names person, organization's roles and audience", async () => {
    const { access_token, token_type, expires_in } = await signIn("mall", "lin");
    const { payload, protectedHeader } = await verify("mall", access_token);
    expect({ token_type, expires_in }).toEqual({ token_type: "Bearer", expires_in: 3600 });
    expect(payload).toMatchObject({
      iss: `${issuers.url}/mall`,
      sub: "lin",
      name: "林静",
      roles: ["admin"],
      aud: "junto",
    });
    expect(payload.exp! - payload.iat!).toBe(3600);
    expect(protectedHeader).toMatchObject({ alg: "EdDSA", typ: "at+jwt" });
  });

  it("is not one of another organization", async () => {
    const { access_token } = await signIn("mall", "lin");
    await expect(verify("brand", access_token)).rejects.toThrow("no applicable key found");
  });

  it("stays good over a restart", async () => {
    const { access_token } = await signIn("mall", "mall:lin");
    const { port } = new URL(issuers.url);
    await issuers.close();
    issuers = await startIssuers({ organizations, stateDir, port: Number(port) });
    expect((await verify("mall", access_token)).payload.sub).toBe("lin");
  });

  it("holds as long as it was told to", async () => {
    await issuers.close();
    issuers = await startIssuers({ organizations, stateDir, ttl: 2 });
    expect((await signIn("mall", "zhao")).expires_in).toBe(2);
  });

  it("is signed by a key that only the owner can read", () => {
    expect(readdirSync(stateDir).sort()).toEqual(["brand.jwk.json", "mall.jwk.json"]);
    expect(statSync(join(stateDir, "mall.jwk.json")).mode & 0o777).toBe(0o600);
  });
});

describe("an issuer", () => {
  it("publishes no private key", async () => {
    const { keys } = (await get("/mall/jwks")) as { keys: object[] };
    expect(keys).toHaveLength(1);
    expect(Object.keys(keys[0]!).sort()).toEqual(["alg", "crv", "kid", "kty", "use", "x"]);
  });

  it("tells who its people are", async () => {
    expect(await get("/brand/people")).toMatchObject([
      { id: "brand:guo", name: "郭敏" },
      { id: "brand:hu", name: "胡月" },
      { id: "brand:chen" },
    ]);
  });

  it.each([
    ["a person of another organization", "/mall/token", { person: "guo" }, "there are: mall:lin, mall:zhao"],
    [
      "a person of another organization, whole",
      "/mall/token",
      { person: "brand:guo" },
      "there are: mall:lin",
    ],
    ["nobody", "/mall/token", {}, "no such person"],
    ["an organization that does not exist", "/moll/token", { person: "lin" }, "there are: mall, brand"],
  ])("says who there is when asked for %s", async (_, path, body, message) => {
    const response = await post(path, body);
    expect(response.status).toBe(404);
    expect(JSON.stringify(await response.json())).toContain(message);
  });

  it("lets a web page of this machine in", async () => {
    const response = await post("/mall/token", { person: "lin" }, { origin: "http://localhost:5173" });
    expect(response.headers.get("access-control-allow-origin")).toBe("http://localhost:5173");
    const preflight = await fetch(`${issuers.url}/mall/token`, {
      method: "OPTIONS",
      headers: { origin: "http://127.0.0.1:4000" },
    });
    expect(preflight.status).toBe(204);
  });

  it.each(["https://evil.example", "null", "http://127.0.0.1.evil.example"])(
    "keeps a web page of %s out",
    async (origin) => {
      expect((await post("/mall/token", { person: "lin" }, { origin })).status).toBe(403);
    },
  );

  it("keeps a name out that was rebound to this machine", async () => {
    const { port } = new URL(issuers.url);
    const status = await new Promise((resolve, reject) => {
      httpRequest({ port, host: "127.0.0.1", path: "/mall/people", headers: { host: "evil.example" } })
        .on("response", (response) => resolve(response.resume().statusCode))
        .on("error", reject)
        .end();
    });
    expect(status).toBe(403);
  });
});

async function signIn(
  organization: string,
  person: string,
): Promise<{ access_token: string; token_type: string; expires_in: number }> {
  return (await post(`/${organization}/token`, { person })).json() as never;
}

async function verify(organization: string, token: string): ReturnType<typeof jwtVerify> {
  const document = (await get(`/${organization}/.well-known/openid-configuration`)) as {
    issuer: string;
    jwks_uri: string;
  };
  const keys = createRemoteJWKSet(new URL(document.jwks_uri));
  return jwtVerify(token, keys, { issuer: document.issuer, audience: "junto", typ: "at+jwt" });
}

async function get(path: string): Promise<unknown> {
  return (await fetch(`${issuers.url}${path}`)).json();
}

function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${issuers.url}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
}
