// What the documents list is all that there is: error codes, settings, close codes, claims.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CloseCode } from "graphql-ws";
import { decodeJwt, decodeProtectedHeader } from "jose";
import { describe, expect, it } from "vitest";
import { openSigningKeys } from "../../gateway/src/access/signing-keys.ts";
import { createSubgraphTokens } from "../../gateway/src/access/subgraph-token.ts";
import { personViewer } from "../../gateway/src/access/viewer.ts";
import { readConfig } from "../../gateway/src/config/index.ts";
import { SIGN_IN_KEYS } from "../../gateway/src/config/sign-in.ts";
import { TRANSPORT_KEYS } from "../../gateway/src/config/transport.ts";
import { CATALOGUE } from "../../gateway/src/errors/index.ts";
import { readBatch } from "../../gateway/src/events/cloudevents.ts";
import { DEFAULTS } from "../../gateway/src/fetch/http.ts";
import { blocksOf, codesIn, ROOT, tableOf } from "./markdown.ts";

const ERRORS = "docs/reference/errors.md";
const CLIENTS = "docs/guides/clients.md";
const INTEGRATORS = "docs/guides/integrators.md";
const TOKEN = "docs/reference/subgraph-token.md";
const OPERATORS = "docs/guides/operators.md";

describe("error codes", () => {
  it("are those of the catalogue, with its words", () => {
    const listed = tableOf(ERRORS, "code").filter((row) => row["status"] !== undefined);
    const rows = listed.map((row) => [
      codesIn(row["code"]!)[0],
      { status: Number(row["status"]), meaning: row["meaning"], remedy: row["what to do"] },
    ]);
    expect(Object.fromEntries(rows)).toEqual(CATALOGUE);
  });

  it("of user errors are those that the gateway gives", () => {
    const source = sources("gateway/src");
    const kinds = /type UserErrorCode =([^;]+);/.exec(source)?.[1] ?? "";
    const given = [
      ...matches(source, /\brefused?\(\s*(?:\[[^\]]*\]|"[^"]*"|\w+),\s*"([A-Z_]+)"/g),
      ...matches(source, /\breason: "([A-Z_]+)"/g),
      ...matches(kinds, /"([A-Z_]+)"/g),
      ...matches(/\[("[^\]]+)\]\.includes\(error\.code\)/.exec(source)?.[1] ?? "", /"([A-Z_]+)"/g),
    ];
    const listed = tableOf(ERRORS, "code").filter((row) => row["status"] === undefined);
    expect(listed.flatMap((row) => codesIn(row["code"]!)).toSorted()).toEqual([...new Set(given)].toSorted());
  });
});

describe("settings", () => {
  const tables = tableOf(OPERATORS, "variable");
  const listed = tables.map((row) => codesIn(row["variable"]!)[0]!);
  const defaults = tables.flatMap((row): [string, string][] =>
    codesIn(row["default"]!).map((value) => [codesIn(row["variable"]!)[0]!, value]),
  );
  const asked = new Set<string>();
  readConfig(new Proxy({}, { get: (_, name) => void asked.add(String(name)) }), "/");
  const ofTheCommandLine = matches(
    sources("cli/src", "subgraphs", "embedded/src"),
    /(?:env\[|variable: )"([A-Z_]+)"/g,
  );

  it("are all listed, and no others", () => {
    const patterns = listed.filter((name) => name.includes("<"));
    expect(patterns).toEqual([
      "JUNTO_SUBGRAPH_<NAME>_URL",
      "JUNTO_ISSUER_<ORGANIZATION>",
      "JUNTO_SECRET_<NAME>",
      "JUNTO_LIMIT_<NAME>",
    ]);
    expect(listed.filter((name) => !patterns.includes(name)).toSorted()).toEqual(
      [...new Set([...asked, ...ofTheCommandLine])].toSorted(),
    );
  });

  it("can carry the name of a subgraph or an organization, as is said", () => {
    const env = {
      JUNTO_SUBGRAPH_SPARE_PARTS_URL: "http://a.example/",
      JUNTO_ISSUER_MALL: "https://b.example",
    };
    const { subgraphUrls, issuers } = readConfig(env, "/");
    expect([...subgraphUrls.keys(), ...issuers.keys()]).toEqual(["spare-parts", "mall"]);
  });

  it.each(defaults.filter(([name]) => asked.has(name)))("%s is %s when it is not set", (name, value) => {
    expect(readConfig({ [name]: value }, "/")).toEqual(readConfig({}, "/"));
  });
});

it("what can be said of an organization's sign-in is all listed, and nothing else", () => {
  const listed = tableOf(OPERATORS, "of the sign-in").map((row) => codesIn(row["of the sign-in"]!)[0]!);
  expect(listed).toEqual(SIGN_IN_KEYS);
});

describe("settings of a subgraph", () => {
  const rows = tableOf(OPERATORS, "setting").map(
    (row) => [codesIn(row["setting"]!)[0]!, row["default"]!] as const,
  );

  it("are all listed, and no others", () => {
    expect(rows.map(([name]) => name).toSorted()).toEqual([...TRANSPORT_KEYS].toSorted());
  });

  it("are what they are when they are not set", () => {
    const listed = rows.flatMap(([name, value]) =>
      codesIn(value).map((code) => [name, JSON.parse(code) as unknown]),
    );
    expect(Object.fromEntries(listed)).toEqual(DEFAULTS);
  });
});

it("close codes are those that the gateway closes sockets with", () => {
  const source = sources("gateway/src/ws");
  const named = matches(source, /\bCloseCode\.(\w+)/g).map(
    (name) => CloseCode[name as keyof typeof CloseCode],
  );
  const plain = matches(source, /(?:\bclose\(|^const [A-Z_]+ = )(\d{4})\b/gm).map(Number);
  const listed = tableOf(CLIENTS, "code").map((row) => Number(row["code"]));
  expect(listed).toEqual([...new Set([...plain, ...named])].toSorted((a, b) => a - b));
});

describe("the contract of a subgraph", () => {
  it("lists the claims of a token", async () => {
    const folder = mkdtempSync(join(tmpdir(), "junto-docs-token-"));
    try {
      const keys = await openSigningKeys({ file: join(folder, "key.json") });
      keys.close();
      const tokens = createSubgraphTokens({ issuer: "https://gateway.example", keys });
      const person = {
        id: "mall:lin",
        organization: "mall",
        name: "Lin",
        roles: [],
        scopes: [],
        expiresAt: 0,
      };
      const place = {
        id: "g",
        role: "manager",
        subjects: [{ type: "Counter", id: "017" }],
        granted: new Set<string>(),
      };
      const viewer = personViewer(person, place);
      const held = { policies: [], scopes: [] };
      const token = await tokens.token({ subgraph: "deliveries", operation: "{ a }", viewer, held });
      const claims = tableOf(TOKEN, "claim").flatMap((row) => codesIn(row["claim"]!));
      expect(claims.toSorted()).toEqual(Object.keys(decodeJwt(token)).toSorted());
      const header = tableOf(TOKEN, "header").flatMap((row) => codesIn(row["header"]!));
      expect(header.toSorted()).toEqual(Object.keys(decodeProtectedHeader(token)).toSorted());
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("shows a change that the gateway takes", () => {
    const shown = blocksOf(INTEGRATORS).find(({ introduction }) => introduction.startsWith("`change.json`"));
    const [change] = readBatch(Buffer.from(shown!.text), "/subgraphs/deliveries");
    expect(change).toMatchObject({ entity: "Delivery", kind: "CREATED", key: { id: "D1003" } });
  });
});

/** All source files of folders in one, without tests and what is not source. */
function sources(...folders: readonly string[]): string {
  return folders
    .flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
        .filter((file) => /^(?!.*(node_modules|dist|testing)\/).*(?<!\.test|\.fixture)\.ts$/.test(file))
        .map((file) => readFileSync(join(ROOT, folder, file), "utf8")),
    )
    .join("\n");
}

function matches(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, found]) => found!);
}
