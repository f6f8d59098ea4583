// The gateway's keys as a subgraph has them: fetched once, again for a new one, held while the gateway is away.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, type CryptoKey, type JWK } from "jose";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createGatewayKeys, KeysUnavailable } from "./gateway-keys.ts";

const MINUTE = 60_000;

let server: Server;
let url: string;
let now: number;
/** What is answered; a number: that status. */
let answer: unknown;
let asked: number;
beforeEach(async () => {
  now = 1_000_000;
  asked = 0;
  server = createServer((_, response) => {
    asked += 1;
    const status = typeof answer === "number" ? answer : 200;
    response.writeHead(status, { "content-type": "application/json", location: `${url}elsewhere` });
    response.end(typeof answer === "string" ? answer : JSON.stringify(answer));
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

async function key(kid: string, more: object = {}): Promise<JWK> {
  const { publicKey } = await generateKeyPair("EdDSA", { crv: "Ed25519" });
  return { ...(await exportJWK(publicKey)), kid, alg: "EdDSA", use: "sig", ...more };
}

function open(): (kid: string) => Promise<CryptoKey> {
  const find = createGatewayKeys(url, () => now);
  return async (kid) => (await find({ alg: "EdDSA", kid }, { payload: "", signature: "" })) as CryptoKey;
}

describe("the gateway's keys", () => {
  it("are fetched once, however many ask", async () => {
    answer = { keys: [await key("a")] };
    const find = open();
    await Promise.all(["a", "a", "a"].map(find));
    expect(asked).toBe(1);
  });

  it("are fetched again for one that nobody knows, once a second", async () => {
    answer = { keys: [await key("a")] };
    const find = open();
    await find("a");
    answer = { keys: [await key("a"), await key("b")] };
    await expect(find("b")).rejects.toThrow(/no applicable key/);
    now += 1000;
    await find("b");
    for (const kid of ["x", "y", "../z"]) await expect(find(kid)).rejects.toThrow(/no applicable key/);
    expect(asked).toBe(2);
  });

  it("that were withdrawn are gone after ten minutes, or as soon as a new one is seen", async () => {
    answer = { keys: [await key("a")] };
    const [one, other] = [open(), open()];
    await Promise.all([one("a"), other("a")]);
    answer = { keys: [await key("b")] };
    now += 2000;
    await one("b");
    await expect(one("a")).rejects.toThrow(/no applicable key/);
    await other("a");
    now += 10 * MINUTE;
    await expect(other("a")).rejects.toThrow(/no applicable key/);
  });

  it("hold for an hour while the gateway is away, and no longer", async () => {
    answer = { keys: [await key("a")] };
    const find = open();
    await find("a");
    answer = 503;
    now += 59 * MINUTE;
    await find("a");
    await find("a");
    expect(asked).toBe(2);
    await expect(find("b")).rejects.toThrow(KeysUnavailable);
    now += MINUTE;
    await expect(find("a")).rejects.toThrow(KeysUnavailable);
    answer = { keys: [await key("a")] };
    now += 1000;
    await find("a");
  });

  it.each([
    ["another status", 500],
    ["a redirect", 302],
    ["no JSON", "<html>"],
    ["no list", { keys: {} }],
    ["a long text", "x".repeat(300_000)],
  ])("are not to be had from %s, which is nobody's fault who asks", async (_, said) => {
    answer = said;
    await expect(open()("a")).rejects.toThrow(KeysUnavailable);
  });

  it("are none that are secret, symmetric or of another kind", async () => {
    answer = {
      keys: [
        await key("a", { d: "AAAA" }),
        { kty: "oct", kid: "a", k: "AAAA" },
        { kty: "RSA", kid: "a" },
        null,
      ],
    };
    await expect(open()("a")).rejects.toThrow(/no applicable key/);
  });
});
