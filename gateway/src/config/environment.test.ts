// What the environment may say, and how it is told when it says something else.
import { describe, expect, it } from "vitest";
import { JuntoError } from "../errors/index.ts";
import { DEFAULT_LIMITS, readConfig } from "./index.ts";

describe("an empty environment", () => {
  it("runs a gateway on this machine, with an embedded database", () => {
    expect(readConfig({}, "/srv/junto")).toEqual({
      host: "127.0.0.1",
      port: 4000,
      publicUrl: "http://127.0.0.1:4000",
      issuerUrl: "http://127.0.0.1:4000",
      schemaDir: "/srv/junto/schema",
      dataDir: "/srv/junto/.junto",
      graph: "files",
      logLevel: "info",
      allowedOrigins: [],
      imageOrigins: [],
      subgraphUrls: new Map(),
      secrets: new Map(),
      issuers: new Map(),
      limits: DEFAULT_LIMITS,
    });
  });

  it("is the same as one with empty variables", () => {
    expect(readConfig({ JUNTO_PORT: "", DATABASE_URL: " ", JUNTO_SUBGRAPH_MALL_URL: "" }, "/")).toEqual(
      readConfig({}, "/"),
    );
  });
});

describe("a full environment", () => {
  it("is read whole", () => {
    const env = {
      JUNTO_HOST: "0.0.0.0",
      JUNTO_PORT: "8080",
      JUNTO_PUBLIC_URL: "https://junto.example/",
      JUNTO_ISSUER_URL: "https://tokens.junto.example",
      JUNTO_SCHEMA_DIR: "../schema",
      JUNTO_DATA_DIR: "/var/lib/junto",
      DATABASE_URL: "postgres://junto:secret@db/junto",
      JUNTO_LOG_LEVEL: "warn",
      JUNTO_LIMIT_PLANS_AT_ONCE: "2",
      JUNTO_LIMIT_PERSISTED: "0",
      JUNTO_DOCUMENTS: "documents.json",
      JUNTO_DOCUMENTS_MODE: "only",
      JUNTO_ALLOWED_ORIGINS: "https://a.example, https://b.example:8443/",
      JUNTO_WEB_DIR: "web/dist",
      JUNTO_IMAGE_ORIGINS: "https://pictures.example",
      JUNTO_SUBGRAPH_SPARE_PARTS_URL: "http://parts:4001/graphql",
      JUNTO_ISSUER_MALL: "https://login.mall.example/realm",
      JUNTO_SECRET_MALL_KEY: "k",
      JUNTO_GRAPH: "running",
    };
    expect(readConfig(env, "/srv/junto")).toEqual({
      host: "0.0.0.0",
      port: 8080,
      publicUrl: "https://junto.example",
      issuerUrl: "https://tokens.junto.example",
      schemaDir: "/srv/schema",
      dataDir: "/var/lib/junto",
      graph: "running",
      databaseUrl: "postgres://junto:secret@db/junto",
      logLevel: "warn",
      allowedOrigins: ["https://a.example", "https://b.example:8443"],
      webDir: "/srv/junto/web/dist",
      imageOrigins: ["https://pictures.example"],
      secrets: new Map([["MALL_KEY", "k"]]),
      subgraphUrls: new Map([["spare-parts", "http://parts:4001/graphql"]]),
      issuers: new Map([["mall", "https://login.mall.example/realm"]]),
      limits: { ...DEFAULT_LIMITS, plansAtOnce: 2, persisted: 0 },
      documents: { path: "/srv/junto/documents.json", mode: "only" },
    });
  });

  it.each([
    ["0.0.0.0", "http://127.0.0.1:4000"],
    ["::", "http://127.0.0.1:4000"],
    ["::1", "http://[::1]:4000"],
    ["10.0.0.7", "http://10.0.0.7:4000"],
  ])("that listens on %s is reached at %s", (host, url) => {
    expect(readConfig({ JUNTO_HOST: host }, "/").publicUrl).toBe(url);
  });
});

describe("a wrong value", () => {
  it.each<[string, string, string]>([
    ["JUNTO_GRAPH", "cloud", "is no source of the graph"],
    ["JUNTO_PORT", "http", "from 0 (any that is free) to 65535"],
    ["JUNTO_PORT", "70000", "not a port"],
    ["JUNTO_PORT", "-1", "not a port"],
    ["JUNTO_PORT", "4e3", "not a port"],
    ["JUNTO_HOST", "http://localhost", "not a host"],
    ["JUNTO_PUBLIC_URL", "junto.example", "is not an address"],
    ["JUNTO_PUBLIC_URL", "https://junto.example/app", "give https://junto.example"],
    ["JUNTO_PUBLIC_URL", "ftp://junto.example", "http:// or https://"],
    ["JUNTO_LOG_LEVEL", "loud", "trace, debug, info, warn, error, silent"],
    ["JUNTO_ALLOWED_ORIGINS", "https://a.example, *", "must name each origin"],
    ["JUNTO_ALLOWED_ORIGINS", "https://a.example, b", '"b"'],
    ["DATABASE_URL", "mysql://db/junto", "postgres://"],
    ["JUNTO_SUBGRAPH_MALL_URL", "mall", "is not an address"],
    ["JUNTO_SUBGRAPH_MALL_URL", "http://user:pw@mall/graphql", "user name or password"],
    ...["0", "-1", "1.5", "1e3", "0x10", "many", "Infinity", "1000000001"].map(
      (value): [string, string, string] => [
        "JUNTO_LIMIT_COST",
        value,
        "not a whole number from 1 to 1000000000",
      ],
    ),
    ["JUNTO_DOCUMENTS_MODE", "all", "off, allow"],
    ["JUNTO_ISSUER_MALL", "http://login.mall.example", "https://"],
    ["JUNTO_ISSUER_MALL", "https://login.mall.example/?realm=1", "? part"],
  ])("of %s (%s) is told with the variable and the remedy", (variable, value, remedy) => {
    const error = failure(() => readConfig({ [variable]: value }, "/"));
    expect(error.code).toBe("CONFIGURATION");
    expect(error.message).toContain(`${variable} is "`);
    expect(error.message).toContain(remedy);
  });

  it("of trusted documents is told when there are none", () => {
    const { message } = failure(() => readConfig({ JUNTO_DOCUMENTS_MODE: "only" }, "/"));
    expect(message).toContain("say in JUNTO_DOCUMENTS where the documents are");
    expect(readConfig({ JUNTO_DOCUMENTS: "a", JUNTO_DOCUMENTS_MODE: "off" }, "/")).toEqual(
      readConfig({}, "/"),
    );
  });

  it("of a limit that there is not is told", () => {
    const { message } = failure(() => readConfig({ JUNTO_LIMIT_DEPHT: "5" }, "/"));
    expect(message).toContain("JUNTO_LIMIT_DEPHT: there is no such limit; known: JUNTO_LIMIT_CHARACTERS, ");
  });

  it("is told together with all the others", () => {
    const env = { JUNTO_PORT: "x", JUNTO_LOG_LEVEL: "x", JUNTO_ISSUER_MALL: "x" };
    expect(failure(() => readConfig(env, "/")).details["problems"]).toHaveLength(3);
  });

  it("keeps its password to itself", () => {
    const message = failure(() =>
      readConfig({ DATABASE_URL: "mysql://junto:hunter2@db/junto" }, "/"),
    ).message;
    expect(message).toContain("mysql://junto:…@db");
    expect(message).not.toContain("hunter2");
  });
});

function failure(run: () => unknown): JuntoError {
  try {
    run();
  } catch (error) {
    if (error instanceof JuntoError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}
