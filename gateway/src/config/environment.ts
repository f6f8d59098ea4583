// The gateway's settings, from the environment. Nothing else in the gateway reads it.
import { resolve } from "node:path";
import { LIMIT_NAMES, LIMITS, limitVariable, type Limits } from "./limits.ts";
import { notAnAddress, notAnIssuer, shown, throwIfAny, type Problems } from "./problems.ts";

export interface GatewayConfig {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  /** Where clients and subgraphs reach the gateway. With port 0, only known once it listens. */
  readonly publicUrl: string;
  /** `iss` of the tokens that subgraphs get; its keys are at `/.well-known/jwks.json` below the public address. */
  readonly issuerUrl: string;
  /** The folder with supergraph.yaml; absolute. */
  readonly schemaDir: string;
  /**
   * Where the graph comes from while the gateway runs. `files`: the schema folder, whenever it changes; `running`: the
   * schemas that the running subgraphs say (for development); `fixed`: the schema folder, once.
   */
  readonly graph?: "files" | "running" | "fixed";
  /** Where the gateway keeps its keys and its embedded database; absolute. */
  readonly dataDir: string;
  /** The keys that sign for subgraphs; absolute. Without it: `gateway-key.json` in `dataDir`. */
  readonly keyFile?: string;
  /** Days after which a key is followed by a new one; without it only when told. */
  readonly keyDays?: number;
  /** PostgreSQL. Without it: an embedded one in `dataDir`. */
  readonly databaseUrl?: string;
  readonly logLevel: LogLevel;
  /** Web origins, besides the gateway's own, that may call it. */
  readonly allowedOrigins: readonly string[];
  /** The web client as it was built, to be served; absolute. Without it: none. */
  readonly webDir?: string;
  /** Origins, besides the gateway's own, from which cards in the web client may show pictures. */
  readonly imageOrigins?: readonly string[];
  /** Addresses that take the place of those in supergraph.yaml, by subgraph. */
  readonly subgraphUrls: ReadonlyMap<string, string>;
  /** Issuers that take the place of those in supergraph.yaml, by organization. */
  readonly issuers: ReadonlyMap<string, string>;
  /** Without them: the defaults. */
  readonly limits?: Limits;
  /** Trusted documents: a file or a folder; absolute. `only`: nothing else is answered. */
  readonly documents?: { readonly path: string; readonly mode: "allow" | "only" };
  /** What stands for `${NAME}` in headers of supergraph.yaml, by name. */
  readonly secrets?: ReadonlyMap<string, string>;
}

const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "silent"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads and checks every setting. A variable that is empty counts as not set.
 *
 * @param cwd what relative folders are relative to
 * @throws JuntoError CONFIGURATION with every problem: variable, value and remedy
 */
export function readConfig(env: Environment, cwd: string): GatewayConfig {
  const problems: Problems = [];
  const read = reader(env, problems);

  const host = read("JUNTO_HOST", aHost) ?? "127.0.0.1";
  const port = read("JUNTO_PORT", aPort) ?? 4000;
  const publicUrl = read("JUNTO_PUBLIC_URL", anOrigin) ?? `http://${reachable(host)}:${port}`;
  const issuerUrl = read("JUNTO_ISSUER_URL", anIssuer) ?? publicUrl;
  const databaseUrl = read(
    "DATABASE_URL",
    addressOf("postgres://user:password@host:5432/database", ["postgres:", "postgresql:"]),
  );
  const keyFile = read("JUNTO_KEY_FILE", anyText);
  const keyDays = read("JUNTO_KEY_DAYS", aWholeNumber(0));
  const webDir = read("JUNTO_WEB_DIR", anyText);
  const config: GatewayConfig = {
    host,
    port,
    publicUrl,
    issuerUrl,
    schemaDir: resolve(cwd, read("JUNTO_SCHEMA_DIR", anyText) ?? "schema"),
    dataDir: resolve(cwd, read("JUNTO_DATA_DIR", anyText) ?? ".junto"),
    graph: read("JUNTO_GRAPH", aGraphSource) ?? "files",
    ...(keyFile === undefined ? {} : { keyFile: resolve(cwd, keyFile) }),
    ...(keyDays ? { keyDays } : {}),
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
    logLevel: read("JUNTO_LOG_LEVEL", aLogLevel) ?? "info",
    allowedOrigins: read("JUNTO_ALLOWED_ORIGINS", origins) ?? [],
    ...(webDir !== undefined && { webDir: resolve(cwd, webDir) }),
    imageOrigins: read("JUNTO_IMAGE_ORIGINS", origins) ?? [],
    subgraphUrls: named(env, /^JUNTO_SUBGRAPH_([A-Z0-9_]+)_URL$/, read, anAddress),
    issuers: named(env, /^JUNTO_ISSUER_(?!URL$)([A-Z0-9_]+)$/, read, anIssuer),
    secrets: secretsOf(env, read),
    limits: readLimits(read),
    ...readDocuments(read, cwd, problems),
  };
  unknownLimits(env, problems);
  throwIfAny(problems, "The environment does not configure the gateway");
  return config;
}

/** Makes a value of a text, or says what is wrong with it and what would be right. */
type Parse<T> = (text: string) => { readonly value: T } | { readonly problem: string };
type Read = <T>(variable: string, parse: Parse<T>) => T | undefined;

function reader(env: Environment, problems: Problems): Read {
  return (variable, parse) => {
    const text = env[variable]?.trim();
    if (text === undefined || text === "") return undefined;
    const result = parse(text);
    if ("value" in result) return result.value;
    problems.push(`${variable} is ${shown(text)}: it ${result.problem}.`);
    return undefined;
  };
}

/** Variables that carry a name: `JUNTO_SUBGRAPH_SPARE_PARTS_URL` is about the subgraph `spare-parts`. */
function named<T>(env: Environment, pattern: RegExp, read: Read, parse: Parse<T>): ReadonlyMap<string, T> {
  const values = new Map<string, T>();
  for (const variable of Object.keys(env).sort()) {
    const name = pattern.exec(variable)?.[1]?.toLowerCase().replaceAll("_", "-");
    const value = name === undefined ? undefined : read(variable, parse);
    if (name !== undefined && value !== undefined) values.set(name, value);
  }
  return values;
}

function readDocuments(read: Read, cwd: string, problems: Problems): Pick<GatewayConfig, "documents"> {
  const path = read("JUNTO_DOCUMENTS", anyText);
  const mode = read("JUNTO_DOCUMENTS_MODE", aMode) ?? "allow";
  if (mode === "only" && path === undefined)
    problems.push("JUNTO_DOCUMENTS_MODE is only: say in JUNTO_DOCUMENTS where the documents are.");
  return path === undefined || mode === "off" ? {} : { documents: { path: resolve(cwd, path), mode } };
}

const aMode: Parse<"off" | "allow" | "only"> = (text) =>
  text === "off" || text === "allow" || text === "only"
    ? { value: text }
    : { problem: "is not a mode; give off, allow (others are answered too) or only" };

const aGraphSource: Parse<NonNullable<GatewayConfig["graph"]>> = (text) =>
  text === "files" || text === "running" || text === "fixed"
    ? { value: text }
    : {
        problem:
          "is no source of the graph; give files (followed as they change), running (composed of the running subgraphs) or fixed",
      };

function readLimits(read: Read): Limits {
  return Object.fromEntries(
    LIMIT_NAMES.map((name) => [
      name,
      read(limitVariable(name), aWholeNumber(LIMITS[name].least)) ?? LIMITS[name].default,
    ]),
  ) as Limits;
}

/** A limit that is spelled wrong would not hold, and nobody would know. */
function unknownLimits(env: Environment, problems: Problems): void {
  const known = new Set(LIMIT_NAMES.map(limitVariable));
  for (const variable of Object.keys(env).sort())
    if (variable.startsWith("JUNTO_LIMIT_") && !known.has(variable))
      problems.push(`${variable}: there is no such limit; known: ${[...known].join(", ")}.`);
}

const MOST = 1_000_000_000;

function aWholeNumber(least: number): Parse<number> {
  return (text) => {
    const value = Number(text);
    return /^\d{1,10}$/.test(text) && value >= least && value <= MOST
      ? { value }
      : { problem: `is not a whole number from ${least} to ${MOST}` };
  };
}

/** `JUNTO_SECRET_MALL_KEY` is `${MALL_KEY}` in supergraph.yaml, which can name no other variable. */
function secretsOf(env: Environment, read: Read): ReadonlyMap<string, string> {
  const secrets = new Map<string, string>();
  for (const variable of Object.keys(env)) {
    const name = /^JUNTO_SECRET_([A-Z0-9_]+)$/.exec(variable)?.[1];
    const value = name === undefined ? undefined : read(variable, anyText);
    if (name !== undefined && value !== undefined) secrets.set(name, value);
  }
  return secrets;
}

const anyText: Parse<string> = (text) => ({ value: text });

const aHost: Parse<string> = (text) =>
  /^[A-Za-z0-9.:-]+$/.test(text)
    ? { value: text }
    : { problem: "is not a host to listen on; give a name or address such as 127.0.0.1 or 0.0.0.0" };

const aPort: Parse<number> = (text) => {
  const value = Number(text);
  return /^\d{1,5}$/.test(text) && value <= 65_535
    ? { value }
    : { problem: "is not a port; give a number from 0 (any that is free) to 65535" };
};

const aLogLevel: Parse<LogLevel> = (text) => {
  const value = LOG_LEVELS.find((level) => level === text);
  return value === undefined
    ? { problem: `is not a log level; give one of ${LOG_LEVELS.join(", ")}` }
    : { value };
};

const anAddress: Parse<string> = (text) => {
  const problem = notAnAddress(text);
  return problem === undefined ? { value: text } : { problem };
};

const anIssuer: Parse<string> = (text) => {
  const problem = notAnIssuer(text);
  return problem === undefined ? { value: text } : { problem };
};

const anOrigin: Parse<string> = (text) => {
  const problem = notAnAddress(text);
  if (problem !== undefined) return { problem };
  const { origin, pathname, search } = new URL(text);
  if (pathname !== "/" || search !== "") return { problem: `must not have a path; give ${origin}` };
  return { value: origin };
};

/** With commas between. `*` is refused: cards of a signed-in person would be open to every web page. */
const origins: Parse<readonly string[]> = (text) => {
  const values: string[] = [];
  for (const part of text.split(",").map((one) => one.trim())) {
    if (part === "") continue;
    if (part === "*") return { problem: "must name each origin; give them with commas between, not *" };
    const origin = anOrigin(part);
    if ("problem" in origin) return { problem: `holds ${shown(part)}, which ${origin.problem}` };
    values.push(origin.value);
  }
  return { value: values };
};

function addressOf(example: string, protocols: readonly string[]): Parse<string> {
  return (text) =>
    URL.canParse(text) && protocols.includes(new URL(text).protocol)
      ? { value: text }
      : { problem: `is not an address of that kind; give one such as ${example}` };
}

/** An address to call for a host to listen on. */
function reachable(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "127.0.0.1";
  return host.includes(":") ? `[${host}]` : host;
}
