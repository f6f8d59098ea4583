// What the tokens of an organization's issuer look like, from its entry in supergraph.yaml: audience, algorithms, which
// claim says what, and the services that sign in beside its people. What is not set is as the standards have it.
import { shown, type Problems } from "./problems.ts";
import { entries, isTree, unknownKeys, type Tree } from "./yaml.ts";

export interface SignIn {
  /** What `aud` holds, where it is not `junto`. */
  readonly audience?: string;
  /** Some of `ALGORITHMS`; all without it. */
  readonly algorithms?: readonly Algorithm[];
  /** `optional`: the issuer leaves `typ` out of its tokens' headers. */
  readonly typ?: "optional";
  readonly claims?: ClaimPaths;
  /** Role in the organization ▸ values of the claim that give it. Without it the claim's values are the roles. */
  readonly roles?: ReadonlyMap<string, readonly string[]>;
  /** By the id of the client that signs in. */
  readonly services?: ReadonlyMap<string, ServiceEntry>;
  /** By what a token is a client's and not a person's: one is enough. */
  readonly serviceTokens?: readonly ServiceMark[];
}

/** Names from the claims down: `realm_access`, `roles`. */
export type ClaimPath = readonly string[];
export type ClaimPaths = Partial<Readonly<Record<(typeof CLAIMS)[number], ClaimPath>>>;

/** A system of the organization that signs in as itself. */
export interface ServiceEntry {
  readonly name: string;
  /** In the organization, and no others. */
  readonly roles: readonly string[];
}

export interface ServiceMark {
  readonly claim: ClaimPath;
  /** One of these values; or that it is there at all, or is not. */
  readonly has: readonly string[] | boolean;
}

/** Asymmetric only: a public key can never be the secret of a forged token. */
export const ALGORITHMS = ["EdDSA", "ES256", "RS256"] as const;
export type Algorithm = (typeof ALGORITHMS)[number];

/** What someone can be in their own organization. */
const ORGANIZATION_ROLES: readonly string[] = ["admin"];

export const SIGN_IN_KEYS: readonly string[] = [
  "audience",
  "algorithms",
  "typ",
  "claims",
  "roles",
  "services",
  "serviceTokens",
];

const CLAIMS = ["subject", "name", "roles", "scopes", "client"] as const;
/** Of a subject and of a client: no colon, nothing that a topic or a path could take for its own. */
export const SUBJECT: RegExp = /^[A-Za-z0-9][A-Za-z0-9._@|+-]{0,127}$/;
/** In a text with dots between. Other names stand in a list. */
const PLAIN_NAME = /^[\w$-]{1,100}$/;

export function readSignIn(value: Tree, place: string, problems: Problems): SignIn {
  const read = <T>(key: string, parse: (value: unknown, place: string, problems: Problems) => T) =>
    value[key] === undefined ? undefined : parse(value[key], `${place}.${key}`, problems);
  const found = {
    audience: read("audience", readText),
    algorithms: read("algorithms", readAlgorithms),
    typ: read("typ", readTyp),
    claims: read("claims", readClaims),
    roles: read("roles", readRoles),
    services: read("services", readServices),
    serviceTokens: read("serviceTokens", readServiceTokens),
  };
  return Object.fromEntries(Object.entries(found).filter(([, setting]) => setting !== undefined));
}

function readText(value: unknown, place: string, problems: Problems): string {
  if (!isText(value)) problems.push(`${place} is ${shown(value)}: give a text.`);
  return String(value);
}

function readTyp(value: unknown, place: string, problems: Problems): "optional" {
  if (value !== "optional") problems.push(`${place} is ${shown(value)}: give optional, or leave it out.`);
  return "optional";
}

function readAlgorithms(value: unknown, place: string, problems: Problems): readonly Algorithm[] {
  const list = readList(value, place, problems);
  for (const each of list)
    if (!(ALGORITHMS as readonly string[]).includes(each))
      problems.push(`${place} holds ${shown(each)}: allowed are ${ALGORITHMS.join(", ")}.`);
  return list as readonly Algorithm[];
}

function readClaims(value: unknown, place: string, problems: Problems): ClaimPaths {
  if (!isTree(value)) {
    problems.push(`${place} is ${shown(value)}: give a mapping.`);
    return {};
  }
  unknownKeys(value, CLAIMS, place, problems);
  return Object.fromEntries(
    CLAIMS.filter((name) => value[name] !== undefined).map((name) => [
      name,
      readPath(value[name], `${place}.${name}`, problems),
    ]),
  );
}

/** `realm_access.roles`; or a list of names, where one has dots or slashes: `["https://junto.example/roles"]`. */
function readPath(value: unknown, place: string, problems: Problems): ClaimPath {
  if (Array.isArray(value)) {
    if (value.length > 0 && value.every(isText)) return value;
    problems.push(`${place} is ${shown(value)}: a list holds the names of claims, one at least.`);
    return [];
  }
  const path = typeof value === "string" ? value.split(".") : [];
  if (path.length === 0 || !path.every((name) => PLAIN_NAME.test(name)))
    problems.push(
      `${place} is ${shown(value)}: give names of claims with dots between, as in realm_access.roles. A name that itself has dots or slashes stands in a list: ["https://junto.example/roles"].`,
    );
  return path;
}

function readRoles(
  value: unknown,
  place: string,
  problems: Problems,
): ReadonlyMap<string, readonly string[]> {
  if (!isTree(value)) {
    problems.push(`${place} is ${shown(value)}: give a mapping, as in { admin: [rms-admins] }.`);
    return new Map();
  }
  return new Map(
    Object.entries(value).map(([role, values]) => {
      knownRole(role, place, problems);
      return [role, readList(values, `${place}.${role}`, problems)];
    }),
  );
}

function readServices(value: unknown, place: string, problems: Problems): ReadonlyMap<string, ServiceEntry> {
  return new Map(
    entries(value, place, problems).map(([id, entry]) => {
      const at = `${place}.${id}`;
      if (!SUBJECT.test(id))
        problems.push(
          `${at}: the id of a client has letters, digits and ._@|+- and begins with one of the first.`,
        );
      unknownKeys(entry, ["name", "roles"], at, problems);
      const roles = entry["roles"] === undefined ? [] : readList(entry["roles"], `${at}.roles`, problems, 0);
      for (const role of roles) knownRole(role, `${at}.roles`, problems);
      return [id, { name: readText(entry["name"], `${at}.name`, problems), roles }];
    }),
  );
}

/** `{ idtyp: app }`, `{ client_id: true }`, `{ scp: false }`; each a claim of the token itself. */
function readServiceTokens(value: unknown, place: string, problems: Problems): readonly ServiceMark[] {
  if (!isTree(value) || Object.keys(value).length === 0) {
    problems.push(
      `${place} is ${shown(value)}: give claims of a client's token, each with a value or true (it has it) or false (it lacks it).`,
    );
    return [];
  }
  return Object.entries(value).map(([name, has]) => {
    if (typeof has === "boolean") return { claim: [name], has };
    return { claim: [name], has: isText(has) ? [has] : readList(has, `${place}.${name}`, problems) };
  });
}

function readList(value: unknown, place: string, problems: Problems, least = 1): readonly string[] {
  if (Array.isArray(value) && value.length >= least && value.every(isText)) return value;
  problems.push(`${place} is ${shown(value)}: give a list of texts.`);
  return [];
}

function knownRole(role: string, place: string, problems: Problems): void {
  if (!ORGANIZATION_ROLES.includes(role))
    problems.push(
      `${place}: ${shown(role)} is no role in an organization; there is ${ORGANIZATION_ROLES.join(", ")}.`,
    );
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value.trim() !== "" && value.length <= 200;
}
