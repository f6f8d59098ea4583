// What names an operation: its text, an id of the operator's list, or a hash that the same organization has sent.
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSchema } from "graphql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DEFAULT_LIMITS } from "../config/index.ts";
import { JuntoError } from "../errors/index.ts";
import { createOperations, type Operations } from "./prepare.ts";
import { readTrusted, type Trusted } from "./trusted.ts";

const schema = buildSchema("type Query { a: Int b(text: String): Int }");
const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const hashed = (text: string, sha256Hash: unknown = sha256(text), version: unknown = 1) => ({
  extensions: { persistedQuery: { version, sha256Hash } },
});
const codeOf = (ask: () => unknown): string => {
  try {
    ask();
    return "found";
  } catch (error) {
    return JuntoError.from(error).code;
  }
};

describe("a persisted query", () => {
  it("is found by its hash after it was sent with its text, as clients of the protocol do", () => {
    const operations = createOperations(schema);
    const named = hashed("{ a }");
    expect(() => operations.asked(named, "mall")).toThrow(
      expect.objectContaining({ code: "PERSISTED_QUERY_NOT_FOUND", message: "PersistedQueryNotFound" }),
    );
    const sent = operations.asked({ query: "{ a }", ...named }, "mall");
    expect(operations.asked(named, "mall")).toBe(sent);
    expect(operations.asked({ query: "", ...named }, "mall")).toBe(sent);
    expect(operations.asked({ query: null, ...named }, "mall")).toBe(sent);
  });

  it("is not there for another tenant", () => {
    const operations = createOperations(schema);
    operations.asked({ query: "{ a }", ...hashed("{ a }") }, "mall");
    expect(codeOf(() => operations.asked(hashed("{ a }"), "brand"))).toBe("PERSISTED_QUERY_NOT_FOUND");
  });

  it("is pushed out by others of its own tenant, and by no one else's", () => {
    const operations = createOperations(schema, { limits: { ...DEFAULT_LIMITS, persisted: 60 } });
    const put = (query: string, tenant: string) => operations.asked({ query, ...hashed(query) }, tenant);
    put("{ a }", "mall");
    put("{ a }", "brand");
    for (let n = 0; n < 20; n++) put(`{ a${n}: a }`, "mall");
    expect(codeOf(() => operations.asked(hashed("{ a }"), "mall"))).toBe("PERSISTED_QUERY_NOT_FOUND");
    expect(codeOf(() => operations.asked(hashed("{ a19: a }"), "mall"))).toBe("found");
    expect(codeOf(() => operations.asked(hashed("{ a }"), "brand"))).toBe("found");
  });

  it("that is larger than all that is kept is answered and not kept", () => {
    const operations = createOperations(schema, { limits: { ...DEFAULT_LIMITS, persisted: 4 } });
    expect(operations.asked({ query: "{ a }", ...hashed("{ a }") }, "mall").kind).toBe("query");
    expect(codeOf(() => operations.asked(hashed("{ a }"), "mall"))).toBe("PERSISTED_QUERY_NOT_FOUND");
  });

  it("that is not valid is not kept", () => {
    const operations = createOperations(schema);
    for (const query of ["{ nope }", "{ a", "{ a(", '{ b(text: "\ud800") }', "{ b(text: 1) }"]) {
      expect(codeOf(() => operations.asked({ query, ...hashed(query) }, "mall"))).toBe("BAD_REQUEST");
      expect(codeOf(() => operations.asked(hashed(query), "mall"))).toBe("PERSISTED_QUERY_NOT_FOUND");
    }
  });

  it.each([
    ["of another text", hashed("{ b }")],
    ["in capitals", hashed("", sha256("{ a }").toUpperCase())],
    ["with a space", hashed("", `${sha256("{ a }")} `)],
    ["in base64", hashed("", createHash("sha256").update("{ a }").digest("base64"))],
    ["that is too short", hashed("", sha256("{ a }").slice(1))],
    ["that is no text", hashed("", 1)],
    ["in a list", hashed("", [sha256("{ a }")])],
    ["of a version that is not known", hashed("{ a }", undefined, 2)],
    ["of a version that is a text", hashed("{ a }", undefined, "1")],
    ["that is nothing", { extensions: { persistedQuery: {} } }],
  ])("is refused with a hash %s", (_what, named) => {
    const operations = createOperations(schema);
    expect(codeOf(() => operations.asked({ query: "{ a }", ...named }, "mall"))).toBe("BAD_REQUEST");
  });

  it.each(["__proto__", "constructor", "../../etc/passwd", "", "\0"])(
    "is not there by the hash %j",
    (hash) => {
      const operations = createOperations(schema);
      expect(codeOf(() => operations.asked(hashed("", hash), "__proto__"))).toBe("PERSISTED_QUERY_NOT_FOUND");
    },
  );

  it("is another text, letter by letter", () => {
    const operations = createOperations(schema);
    const [one, other] = ["{ a }", "{ a } "];
    operations.asked({ query: one, ...hashed(one) }, "mall");
    expect(codeOf(() => operations.asked(hashed(other), "mall"))).toBe("PERSISTED_QUERY_NOT_FOUND");
  });

  it("is not kept when none are, and the client is told to stop asking", () => {
    const operations = createOperations(schema, { limits: { ...DEFAULT_LIMITS, persisted: 0 } });
    expect(codeOf(() => operations.asked({ query: "{ a }", ...hashed("{ a }") }, "mall"))).toBe("found");
    expect(() => operations.asked(hashed("{ a }"), "mall")).toThrow(
      expect.objectContaining({
        code: "PERSISTED_QUERY_NOT_SUPPORTED",
        message: "PersistedQueryNotSupported",
      }),
    );
  });
});

describe("trusted documents", () => {
  let folder: string;
  beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), "junto-documents-"))));
  afterAll(() => rmSync(folder, { recursive: true }));

  const write = (name: string, content: unknown): string => {
    const path = join(folder, name);
    writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
    return path;
  };
  const listed = (mode: Trusted["mode"], list: unknown): Operations =>
    createOperations(schema, { trusted: readTrusted(write("list.json", list), mode) });

  const FORMS: readonly [string, unknown][] = [
    ["ids and texts", { [sha256("{ a }")]: "{ a }", two: "query Two { b } query Three { a }" }],
    [
      "ids as GraphQL over HTTP writes them",
      { [`sha256:${sha256("{ a }")}`]: "{ a }", two: "query Two { b } query Three { a }" },
    ],
    [
      "Apollo's manifest",
      {
        format: "apollo-persisted-query-manifest",
        version: 1,
        operations: [
          { id: sha256("{ a }"), name: "A", type: "query", body: "{ a }" },
          { id: "two", name: "Two", type: "query", body: "query Two { b } query Three { a }" },
        ],
      },
    ],
  ];

  it.each(FORMS)("are named by id or hash: %s", (_form, list) => {
    const operations = listed("allow", list);
    const id = sha256("{ a }");
    const operation = operations.asked({ query: "{ a }" }, "mall");
    expect(operations.asked({ documentId: id }, "mall")).toBe(operation);
    expect(operations.asked({ documentId: `sha256:${id}` }, "mall")).toBe(operation);
    expect(operations.asked(hashed("{ a }"), "brand")).toBe(operation);
    expect(operations.asked({ documentId: "two", operationName: "Three" }, "mall").name).toBe("Three");
    expect(codeOf(() => operations.asked({ documentId: "two" }, "mall"))).toBe("BAD_REQUEST");
  });

  it("leave other texts, and persisted queries, where they are allowed", () => {
    const operations = listed("allow", { one: "{ a }" });
    expect(codeOf(() => operations.asked({ query: "{ b }", ...hashed("{ b }") }, "mall"))).toBe("found");
    expect(codeOf(() => operations.asked(hashed("{ b }"), "mall"))).toBe("found");
    expect(codeOf(() => operations.asked({ query: "{ __schema { types { name } } }" }, "mall"))).toBe(
      "found",
    );
  });

  it.each([
    ["another text", { query: "{ b }" }],
    ["a listed text with a space more", { query: "{ a } " }],
    ["introspection", { query: "{ __schema { types { name } } }" }],
    ["a text with its hash", { query: "{ b }", ...hashed("{ b }") }],
    ["a hash", hashed("{ b }")],
    ["an id", { documentId: "two" }],
    ["nothing", {}],
    ["an empty text", { query: "" }],
  ])("refuse %s when there are to be no others", (_what, asked) => {
    const operations = listed("only", { one: "{ a }" });
    expect(codeOf(() => operations.asked(asked, "mall"))).toBe("NOT_TRUSTED");
    expect(codeOf(() => operations.asked({ documentId: "one" }, "mall"))).toBe("found");
    expect(codeOf(() => operations.asked({ query: "{ a }" }, "mall"))).toBe("found");
  });

  it("leave the gateway its own operations, those of cards and actions", () => {
    expect(listed("only", { one: "{ a }" }).prepare("{ b }").kind).toBe("query");
  });

  it.each(["__proto__", "constructor", "toString", "../list", "list.json", "ONE", "one ", "sha256:", ""])(
    "are not there by the id %j",
    (documentId) => {
      const operations = listed("allow", { one: "{ a }" });
      expect(codeOf(() => operations.asked({ documentId, query: "{ a }" }, "mall"))).toBe("NOT_FOUND");
    },
  );

  it("are not asked for with another text", () => {
    const operations = listed("allow", { one: "{ a }", [sha256("{ a }")]: "{ a }" });
    expect(codeOf(() => operations.asked({ documentId: "one", query: "{ b }" }, "mall"))).toBe("BAD_REQUEST");
    expect(codeOf(() => operations.asked({ query: "{ b }", ...hashed("{ a }") }, "mall"))).toBe(
      "BAD_REQUEST",
    );
  });

  it("of a folder are those of its files", () => {
    const path = join(folder, "several");
    mkdirSync(path);
    writeFileSync(join(path, "list.json"), JSON.stringify({ one: "{ a }" }));
    writeFileSync(join(path, "feed.graphql"), "query Feed { b }");
    writeFileSync(join(path, "README.md"), "no list");
    expect([...readTrusted(path, "only").byId.keys()]).toEqual(["feed", "one"]);
  });

  it.each<[string, unknown, string]>([
    ["no JSON", "{", "is not JSON"],
    ["a list", [], "must hold an object of ids and texts"],
    ["nothing", {}, "lists no document"],
    ["a text that is none", { one: 1 }, 'document "one" has no text'],
    ["an empty text", { one: " " }, 'document "one" has no text'],
    ["no id", { "": "{ a }" }, 'document "" has no id'],
    ["a hash of another text", { [sha256("{ b }")]: "{ a }" }, "is not the SHA-256 of its text"],
    ["a hash in capitals", { [sha256("{ a }").toUpperCase()]: "{ a }" }, "is not the SHA-256 of its text"],
    [
      "a manifest of another version",
      { format: "apollo-persisted-query-manifest", version: 2, operations: [] },
      "no manifest that is known",
    ],
    [
      "two texts of one id",
      {
        format: "apollo-persisted-query-manifest",
        version: 1,
        operations: [
          { id: "one", body: "{ a }" },
          { id: "one", body: "{ b }" },
        ],
      },
      'document "one" is listed twice',
    ],
    ["an operation that is not valid", { one: "{ nope }" }, 'document "one": Cannot query field "nope"'],
    ["no operation", { one: "fragment F on Query { a }" }, 'document "one"'],
    [
      "what is too large",
      { one: `{ ${"a ".repeat(3000)} }` },
      'document "one": The operation selects 3000 fields',
    ],
  ])("with %s stop the start", (_what, list, problem) => {
    expect(() => listed("only", list)).toThrow(
      expect.objectContaining({ code: "CONFIGURATION", message: expect.stringContaining(problem) as string }),
    );
  });

  it("that are not there stop the start", () => {
    expect(() => readTrusted(join(folder, "nowhere.json"), "only")).toThrow(
      expect.objectContaining({ code: "CONFIGURATION" }),
    );
  });
});
