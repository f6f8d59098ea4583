// Signing in from a browser, as any client of OpenID Connect does it; and what must not work.
import { createHash, randomBytes } from "node:crypto";
import { createRemoteJWKSet, jwtVerify } from "jose";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { peopleOf } from "../demo/people.ts";
import { createAuthorizations } from "./authorization.ts";
import { startIssuers, type Issuers } from "./server.ts";

const organizations = ["mall", "brand"].map((id) => ({ id, people: peopleOf(id) }));
const BACK = "http://127.0.0.1:4000/";

let issuers: Issuers;
beforeEach(async () => {
  issuers = await startIssuers({ organizations });
});
afterEach(() => issuers.close());

const verifier = randomBytes(32).toString("base64url");
const challenge = createHash("sha256").update(verifier).digest("base64url");

function ask(changes: Readonly<Record<string, string | undefined>> = {}, organization = "mall") {
  const params = {
    response_type: "code",
    client_id: "junto-web",
    redirect_uri: BACK,
    scope: "openid",
    state: "s1",
    nonce: "n1",
    code_challenge: challenge,
    code_challenge_method: "S256",
    login_hint: "mall:lin",
    ...changes,
  };
  const given = Object.entries(params).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const search = new URLSearchParams(given);
  return fetch(`${issuers.url}/${organization}/authorize?${search}`, { redirect: "manual" });
}

async function codeOf(answer: Response): Promise<string> {
  return new URL(answer.headers.get("location")!).searchParams.get("code")!;
}

interface Redeemed {
  readonly status: number;
  readonly access_token?: string;
  readonly id_token?: string;
  readonly refresh_token?: string;
  readonly token_type?: string;
}

async function redeem(form: Readonly<Record<string, string>>, organization = "mall"): Promise<Redeemed> {
  const body = new URLSearchParams({
    grant_type: "authorization_code",
    client_id: "junto-web",
    redirect_uri: BACK,
    code_verifier: verifier,
    ...form,
  });
  const answer = await fetch(`${issuers.url}/${organization}/token`, { method: "POST", body });
  return { status: answer.status, ...((await answer.json()) as object) };
}

describe("a browser", () => {
  it("is sent back with a code, the client's state, and who answers", async () => {
    const answer = await ask();
    expect(answer.status).toBe(303);
    const back = new URL(answer.headers.get("location")!);
    expect(back.origin).toBe("http://127.0.0.1:4000");
    expect(Object.fromEntries(back.searchParams)).toMatchObject({ state: "s1", iss: `${issuers.url}/mall` });
  });

  it("gets for the code a token of that person, and an id token for the client", async () => {
    const { access_token, id_token, token_type } = await redeem({ code: await codeOf(await ask()) });
    const keys = createRemoteJWKSet(new URL(`${issuers.url}/mall/jwks`));
    const { payload } = await jwtVerify(access_token!, keys, { audience: "junto", typ: "at+jwt" });
    expect(payload).toMatchObject({ sub: "lin", roles: ["admin"] });
    const id = await jwtVerify(id_token!, keys, { audience: "junto-web" });
    expect(id.payload).toMatchObject({ sub: "lin", nonce: "n1" });
    expect(token_type).toBe("Bearer");
  });

  it("chooses who to be on a page on which nothing runs", async () => {
    const answer = await ask({ login_hint: undefined });
    const page = await answer.text();
    expect(page).toContain("林静");
    expect(page).toContain("login_hint=mall%3Alin");
    expect(page).not.toMatch(/<script|onclick/);
    expect(answer.headers.get("content-security-policy")).toMatch(/^default-src 'none'; style-src 'sha256-/);
    const chosen = /href="\?([^"]*lin)"/.exec(page)![1]!.replaceAll("&#38;", "&");
    const back = await fetch(`${issuers.url}/mall/authorize?${chosen}`, { redirect: "manual" });
    expect(back.status).toBe(303);
  });

  it("stays signed in by a refresh token that is good once", async () => {
    const { refresh_token } = await redeem({ code: await codeOf(await ask()) });
    const again = { grant_type: "refresh_token", refresh_token: refresh_token! };
    const next = await redeem(again);
    expect(next).toMatchObject({ status: 200, token_type: "Bearer" });
    expect(await redeem(again)).toMatchObject({ status: 400, error: "invalid_grant" });
    expect(next.refresh_token).not.toBe(refresh_token);
  });
});

describe("it does not work", () => {
  it("to use a code twice", async () => {
    const code = await codeOf(await ask());
    await redeem({ code });
    expect(await redeem({ code })).toMatchObject({ status: 400, error: "invalid_grant" });
  });

  it.each([
    ["without the verifier", { code_verifier: "" }],
    ["with another verifier", { code_verifier: randomBytes(32).toString("base64url") }],
    ["for another address", { redirect_uri: "http://127.0.0.1:9999/" }],
    ["for another client", { client_id: "other" }],
  ])("to use a code %s", async (_, form) => {
    expect(await redeem({ code: await codeOf(await ask()), ...form })).toMatchObject({
      error: "invalid_grant",
    });
  });

  it("to use a code at another organization", async () => {
    expect(await redeem({ code: await codeOf(await ask()) }, "brand")).toMatchObject({
      error: "invalid_grant",
    });
  });

  it.each([
    ["to another machine", { redirect_uri: "https://evil.example/" }],
    ["to a script", { redirect_uri: "javascript:alert(1)" }],
    ["for another client", { client_id: "evil" }],
  ])("to be sent %s", async (_, changes) => {
    const answer = await ask(changes);
    expect(answer.status).toBe(400);
    expect(answer.headers.get("location")).toBeNull();
  });

  it.each([
    ["a challenge", { code_challenge: undefined }],
    ["a challenge that is a hash", { code_challenge_method: "plain" }],
  ])("to sign in without %s", async (_, changes) => {
    const back = new URL((await ask(changes)).headers.get("location")!);
    expect(back.searchParams.get("error")).toBe("invalid_request");
    expect(back.searchParams.get("code")).toBeNull();
  });

  it("to be a person of another organization", async () => {
    const answer = await ask({ login_hint: "mall:lin" }, "brand");
    expect(await answer.text()).not.toContain("林静");
  });

  it("to use what is too old, or to fill the memory", () => {
    let now = 0;
    const authorizations = createAuthorizations(() => now);
    const query = {
      response_type: "code",
      client_id: "junto-web",
      redirect_uri: BACK,
      code_challenge: challenge,
      code_challenge_method: "S256",
      login_hint: "mall:lin",
    };
    const code = () => {
      const asked = authorizations.ask(organizations[0]!, "i", query);
      return new URL(asked.kind === "redirect" ? asked.to : "").searchParams.get("code")!;
    };
    const form = {
      grant_type: "authorization_code",
      client_id: "junto-web",
      redirect_uri: BACK,
      code_verifier: verifier,
    };
    const old = code();
    now = 60_001;
    expect(authorizations.redeem("i", { ...form, code: old })).toHaveProperty("error", "invalid_grant");
    const first = code();
    for (let at = 0; at < 1_000; at++) code();
    expect(authorizations.redeem("i", { ...form, code: first })).toHaveProperty("error", "invalid_grant");
    expect(authorizations.redeem("i", { ...form, code: code() })).toHaveProperty("person.id", "mall:lin");
  });
});
