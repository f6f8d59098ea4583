// The written contract of the token to a subgraph: its example, and its checks in Node and in Python as they stand
// there, held against forged tokens and against what a real gateway sends.
import { execFile, execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { importJWK, SignJWT, type CryptoKey, type JWK } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addTill, copySchemaFolder } from "../graph/folder.ts";
import { startStory, type Story } from "../support/story.ts";
import { blocksOf } from "./markdown.ts";

const DOCUMENT = "docs/reference/subgraph-token.md";
/** Of RFC 8037, appendix A.1. */
const SECRET = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A";

interface Request {
  readonly authorization: string | null;
  readonly query: string;
}
interface Setting {
  readonly keys: readonly JWK[];
  readonly issuer: string;
  readonly audience: string;
  readonly now?: number;
}
/** The claims, or nothing when it is refused. */
type Check = (request: Request, setting: Setting) => Promise<Record<string, unknown> | null>;

const folder = mkdtempSync(join(tmpdir(), "junto-contract-"));
afterAll(() => rmSync(folder, { recursive: true }));

function shown(file: string): string {
  const block = blocksOf(DOCUMENT).find(({ introduction }) => introduction.startsWith(`\`token/${file}\``));
  return block!.text;
}

const { keys } = JSON.parse(shown("keys.json")) as { keys: [JWK] };
const { query } = JSON.parse(shown("body.json")) as { query: string };
const claims = JSON.parse(shown("claims.json")) as Record<string, unknown> & { iat: number };
const token = shown("token.jwt").trim();
const setting: Setting = {
  keys,
  issuer: "https://junto.example.org",
  audience: "deliveries",
  now: claims.iat + 10,
};

/** Why the check in Python cannot be run here, or nothing. */
const noPython = ((): string | undefined => {
  try {
    execFileSync("python3", ["-c", "import cryptography"], { stdio: "ignore" });
    return undefined;
  } catch {
    return "there is no python3 with the package cryptography here";
  }
})();

const DRIVER = `
import json, sys
from check import check
said = json.load(sys.stdin)
try:
    print(json.dumps(check(said["authorization"], said["query"], **said["setting"])))
except ValueError:
    print("null")
`;

const checks: Readonly<Record<string, Check>> = {
  async Node(request, given) {
    const { check } = (await import(join(folder, "check.mjs"))) as {
      check: (request: Request, setting: Setting) => Record<string, unknown>;
    };
    try {
      return check(request, given);
    } catch (error) {
      expect(error).toHaveProperty("message", expect.stringMatching(/^(it|its|there|a|group) /));
      return null;
    }
  },
  async Python(request, given) {
    const running = promisify(execFile)("python3", [join(folder, "driver.py")]);
    running.child.stdin!.end(JSON.stringify({ ...request, setting: given }));
    return JSON.parse((await running).stdout) as Record<string, unknown> | null;
  },
};

beforeAll(() => {
  writeFileSync(join(folder, "check.mjs"), shown("check.mjs"));
  writeFileSync(join(folder, "check.py"), shown("check.py"));
  writeFileSync(join(folder, "driver.py"), DRIVER);
});

async function sign(over: object = {}, header: object = {}, secret = SECRET): Promise<string> {
  const key = (await importJWK({ ...keys[0], d: secret }, "EdDSA")) as CryptoKey;
  const own = { alg: "EdDSA", typ: "junto-subgraph+jwt", kid: keys[0].kid!, ...header };
  return new SignJWT({ ...claims, ...over }).setProtectedHeader(own).sign(key, { crit: { exotic: true } });
}

describe("the example", () => {
  it("is what its key signs", async () => {
    expect(await sign()).toBe(token);
  });

  it("has the digest of its operation, byte for byte", () => {
    expect(claims["op"]).toBe(createHash("sha256").update(Buffer.from(query, "utf8")).digest("base64url"));
    expect(Buffer.from("送货").length).toBe(6);
  });
});

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
const WRONG: Readonly<Record<string, () => Promise<Partial<Request>> | Partial<Request>>> = {
  "no token": () => ({ authorization: null }),
  "an empty bearer": () => ({ authorization: "Bearer " }),
  "another scheme": () => ({ authorization: `Basic ${token}` }),
  "a line more": () => ({ authorization: `Bearer ${token}\n` }),
  "another text": () => ({ query: `${query} ` }),
  "no signature": () => ({ authorization: `Bearer ${token.slice(0, token.lastIndexOf(".") + 1)}` }),
  "a changed payload": () => {
    const [head, , signature] = token.split(".");
    return { authorization: `Bearer ${head}.${part({ ...claims, org: "supplier" })}.${signature}` };
  },
  "alg none": () => ({
    authorization: `Bearer ${part({ alg: "none", typ: "junto-subgraph+jwt" })}.${part(claims)}.AAAA`,
  }),
  "a token that is too long": async () => bearer(await sign({ padding: "x".repeat(10_000) })),
  "another kind": async () => bearer(await sign({}, { typ: "junto-change+jwt" })),
  "a critical header": async () => bearer(await sign({}, { crit: ["exotic"], exotic: 1 })),
  "another key id": async () => bearer(await sign({}, { kid: "unknown" })),
  "no key id": async () => bearer(await sign({}, { kid: undefined })),
  "another issuer": async () => bearer(await sign({ iss: "https://junto.example.org/" })),
  "another subgraph": async () => bearer(await sign({ aud: "mall" })),
  "several subgraphs": async () => bearer(await sign({ aud: ["deliveries", "mall"] })),
  "an end that has passed": async () => bearer(await sign({ iat: claims.iat - 60, exp: claims.iat })),
  "a beginning to come": async () => bearer(await sign({ iat: claims.iat + 20 })),
  "a long life": async () => bearer(await sign({ iat: claims.iat - 60, exp: claims.iat + 3600 })),
  "no end": async () => bearer(await sign({ exp: undefined })),
  nobody: async () => bearer(await sign({ sub: undefined })),
  "no organization": async () => bearer(await sign({ org: "" })),
  "no operation": async () => bearer(await sign({ op: undefined })),
  "a group that is none": async () => bearer(await sign({ group: 7 })),
  "policies that are none": async () => bearer(await sign({ policies: "supplier.deliveries" })),
  "no subjects": async () => bearer(await sign({ subjects: undefined })),
  "a subject that is none": async () => bearer(await sign({ subjects: ["Counter"] })),
};
const bearer = (text: string): Partial<Request> => ({ authorization: `Bearer ${text}` });

describe.each(Object.entries(checks))("the check in %s", (language, check) => {
  const cannot = language === "Python" && noPython;

  it("takes the example, and gives what it says", async ({ skip }) => {
    if (cannot) skip(cannot);
    expect(await check({ authorization: `Bearer ${token}`, query }, setting)).toEqual(claims);
  });

  it("takes clocks that differ by some seconds", async ({ skip }) => {
    if (cannot) skip(cannot);
    for (const now of [claims.iat - 4, claims.iat + 64])
      expect(await check({ authorization: `Bearer ${token}`, query }, { ...setting, now })).toEqual(claims);
  });

  it.for(Object.entries(WRONG))("refuses %s", async ([, make], { skip }) => {
    if (cannot) skip(cannot);
    const request = { authorization: `Bearer ${token}`, query, ...(await make()) };
    expect(await check(request, setting)).toBeNull();
  });
});

describe("what a real gateway sends", () => {
  const received: Request[] = [];
  let server: Server;
  let story: Story;
  beforeAll(async () => {
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const body = JSON.parse(Buffer.concat(chunks).toString("utf8")) as { query: string };
        received.push({ authorization: request.headers.authorization ?? null, query: body.query });
        response.writeHead(200, { "content-type": "application/json" });
        response.end(JSON.stringify({ data: { scaleIsThere: true } }));
      });
    });
    await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
    story = await startStory({
      async also(_gatewayUrl, dir) {
        const schema = await copySchemaFolder(dir);
        await addTill(schema, url, 'type Query { scaleIsThere: Boolean @deprecated(reason: "称") }');
        schema.compose();
        return { config: { schemaDir: schema.schemaDir }, subgraphs: [] };
      },
    });
  });
  afterAll(async () => {
    await story?.close();
    server.closeAllConnections();
    server.close();
  });

  it.for(Object.entries(checks))(
    "is taken by the check in %s, in a group and without",
    async ([language, check], { skip }) => {
      if (language === "Python" && noPython) skip(noPython);
      received.length = 0;
      expect((await story.query("mall:lin", "{ scaleIsThere }")).data).toEqual({ scaleIsThere: true });
      expect((await story.query("mall:lin", "{ scaleIsThere }", {}, story.group)).data).toEqual({
        scaleIsThere: true,
      });
      const set = (await (await fetch(`${story.gateway.url}/.well-known/jwks.json`)).json()) as {
        keys: JWK[];
      };
      const given: Setting = { keys: set.keys, issuer: story.gateway.url, audience: "till" };
      const said = await Promise.all(received.map((request) => check(request, given)));
      expect(said).toEqual([
        expect.objectContaining({ sub: "mall:lin", org: "mall", subjects: [], scopes: [] }),
        expect.objectContaining({ group: story.group, role: "manager", subjects: ["Counter:017"] }),
      ]);
      const elsewhere = received.map((request) => check(request, { ...given, audience: "mall" }));
      expect(await Promise.all(elsewhere)).toEqual([null, null]);
    },
  );
});
