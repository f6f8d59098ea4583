// The web client's files over a real socket: how long they may be kept, what a page may do, and what is not there.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import fastify, { type FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addClient } from "./client.ts";

const PAGE = `<!doctype html><title>Junto</title>${"<p>".repeat(500)}`;
const SECRET = "what only the machine may read";

let dir: string;
let app: FastifyInstance;
let port: number;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "junto-client-"));
  const dist = join(dir, "dist");
  mkdirSync(join(dist, "assets"), { recursive: true });
  writeFileSync(join(dir, "secret.json"), SECRET);
  writeFileSync(join(dist, "index.html"), PAGE);
  writeFileSync(join(dist, ".sources"), SECRET);
  writeFileSync(join(dist, "assets/main-abc.js"), "export {};".repeat(500));
  writeFileSync(join(dist, "assets/main-abc.js.map"), SECRET);
  symlinkSync(join(dir, "secret.json"), join(dist, "linked.json"));
  app = fastify();
  addClient(app, {
    dir: dist,
    organizations: () => [{ id: "mall", name: { en: "Mall" }, issuer: "https://id.mall.example/realm" }],
    imageOrigins: ["https://pictures.example"],
  });
  await app.listen({ host: "127.0.0.1", port: 0 });
  ({ port } = app.server.address() as AddressInfo);
});
afterAll(async () => {
  await app.close();
  rmSync(dir, { recursive: true });
});

interface Got {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

/** As it is written: `fetch` would put the address in order first. */
function get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Got> {
  return new Promise((resolve, reject) => {
    request({ host: "127.0.0.1", port, path, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () =>
        resolve({
          status: response.statusCode!,
          headers: response.headers as Got["headers"],
          body: Buffer.concat(chunks),
        }),
      );
    })
      .on("error", reject)
      .end();
  });
}

describe("the page", () => {
  it("is at the root, and is asked for again each time", async () => {
    const { status, headers, body } = await get("/");
    expect(status).toBe(200);
    expect(body.toString()).toBe(PAGE);
    expect(headers).toMatchObject({
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-cache",
    });
    const again = await get("/", { "if-none-match": headers["etag"]! });
    expect(again.status).toBe(304);
    expect(again.body).toHaveLength(0);
  });

  it("may run its own files only, and talk with gateway and sign-ins only", async () => {
    const policy = (await get("/")).headers["content-security-policy"]!;
    const directives = new Map(policy.split("; ").map((each) => each.split(/ (.*)/s) as [string, string]));
    expect(directives.get("default-src")).toBe("'none'");
    expect(directives.get("script-src")).toBe("'self'");
    expect(directives.get("style-src")).toBe("'self'");
    expect(directives.get("img-src")).toBe("'self' https://pictures.example");
    expect(directives.get("connect-src")).toBe("'self' https://id.mall.example");
    expect(directives.get("frame-ancestors")).toBe("'none'");
    expect(directives.get("base-uri")).toBe("'none'");
    expect(policy).not.toContain("unsafe");
  });
});

describe("a file", () => {
  it("whose name changes with its content is kept for ever", async () => {
    const { headers } = await get("/assets/main-abc.js");
    expect(headers).toMatchObject({
      "cache-control": "public, max-age=31536000, immutable",
      "content-type": "text/javascript; charset=utf-8",
      "x-content-type-options": "nosniff",
    });
  });

  it.each([
    ["br", "gzip, deflate, br", brotliDecompressSync],
    ["gzip", "gzip;q=1.0, br;q=0", gunzipSync],
  ] as const)("is sent as %s to who accepts %s", async (encoding, accepted, decode) => {
    const { headers, body } = await get("/assets/main-abc.js", { "accept-encoding": accepted });
    expect(headers["content-encoding"]).toBe(encoding);
    expect(headers["vary"]).toContain("Accept-Encoding");
    expect(decode(body).toString()).toBe("export {};".repeat(500));
  });
});

describe("path traversal: there is nothing at", () => {
  it.each([
    "/../secret.json",
    "/assets/../../secret.json",
    "/assets/..%2f..%2fsecret.json",
    "/assets/%2e%2e/%2e%2e/secret.json",
    "/..%5csecret.json",
    "//secret.json",
    "/secret.json%00.js",
    "/linked.json",
    "/.sources",
    "/assets/main-abc.js.map",
    "/index.html",
    "/assets/",
    "/%E0%A4%A",
  ])("%s", async (path) => {
    const { status, body } = await get(path);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(body.toString()).not.toContain(SECRET);
  });
});

it("what the client has to know is told without a sign-in, and is no more than that", async () => {
  expect(JSON.parse((await get("/client.json")).body.toString())).toEqual({
    clientId: "junto-web",
    organizations: [{ id: "mall", name: { en: "Mall" }, issuer: "https://id.mall.example/realm" }],
    imageOrigins: ["https://pictures.example"],
  });
});

it("a folder without a client is said at the start", () => {
  expect(() =>
    addClient(fastify(), { dir: join(dir, "nothing"), organizations: () => [], imageOrigins: [] }),
  ).toThrow(/no web client in .*JUNTO_WEB_DIR/);
});
