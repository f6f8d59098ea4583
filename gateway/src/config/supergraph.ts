// Who is in the graph, from supergraph.yaml: organizations with their policies and issuer, and subgraphs.
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { parseDocument } from "yaml";
import { JuntoError } from "../errors/index.ts";
import { notAnAddress, notAnIssuer, notASocket, shown, throwIfAny, type Problems } from "./problems.ts";
import { readSignIn, SIGN_IN_KEYS, type SignIn } from "./sign-in.ts";
import { readTransport, TRANSPORT_KEYS, type Transport } from "./transport.ts";
import { entries, isTree, readTexts, unknownKeys, type Texts, type Tree } from "./yaml.ts";

export interface Supergraph {
  readonly organizations: readonly Organization[];
  readonly subgraphs: readonly SubgraphEntry[];
}

export interface Organization {
  readonly id: string;
  readonly name: Texts;
  /** `iss` of the tokens of its people. */
  readonly issuer: string;
  /** Where the issuer's keys are, if discovery is not to say so. */
  readonly jwksUri?: string;
  /** What its issuer's tokens look like, and who else signs in; as the standards have it without. */
  readonly signIn?: SignIn;
  /** By policy, for example `mall.price`. */
  readonly policies: ReadonlyMap<string, Policy>;
}

export interface Policy {
  readonly title: Texts;
  /** `people`: the organization's own people hold it anyway. `grant`: they too need a role in the group for it. */
  readonly held: "people" | "grant";
}

export interface SubgraphEntry {
  readonly name: string;
  /** What people call the system behind it; its name without one. */
  readonly title?: Texts;
  /** Who owns it. */
  readonly organization: string;
  readonly url: string;
  /** Where it answers subscriptions, over WebSocket: where it answers all else, if the file names no other place. */
  readonly subscriptions: string;
  /** Path of its schema; absolute. */
  readonly schema: string;
  /** How it is asked. */
  readonly transport: Transport;
}

/** What the environment puts in the place of the file's addresses, by subgraph and by organization. */
export interface Overrides {
  readonly subgraphUrls?: ReadonlyMap<string, string>;
  readonly issuers?: ReadonlyMap<string, string>;
  /** For `${NAME}` in headers. Without it they are left out. */
  readonly secrets?: ReadonlyMap<string, string>;
}

const ID = /^[a-z][a-z0-9-]{0,39}$/;
const POLICY = /^[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*)+$/;
/** The gateway answers this one itself. */
const RESERVED_SUBGRAPH = "groups";

/** @throws JuntoError CONFIGURATION with every problem of the file: place, value and remedy */
export function readSupergraphYaml(path: string, overrides: Overrides = {}): Supergraph {
  const tree = readTree(path);
  const problems: Problems = [];
  unknownKeys(tree, ["organizations", "subgraphs"], "the file", problems);
  const organizations = entries(tree["organizations"], "organizations", problems).map(([id, value]) =>
    readOrganization(id, value, overrides, problems),
  );
  const ids = new Set(organizations.map(({ id }) => id));
  const subgraphs = entries(tree["subgraphs"], "subgraphs", problems).map(([name, value]) =>
    readSubgraph(name, value, { folder: dirname(resolve(path)), ids, overrides, problems }),
  );
  if (organizations.length === 0 && problems.length === 0)
    problems.push("organizations: there must be one at least.");
  sharedIssuers(organizations, problems);
  unknownOverrides(overrides, ids, new Set(subgraphs.map(({ name }) => name)), problems);
  throwIfAny(problems, `${path} does not describe a supergraph`);
  return { organizations, subgraphs };
}

function readTree(path: string): Tree {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    const message = `Cannot read ${path}; it says which organizations and subgraphs there are. Is JUNTO_SCHEMA_DIR right?`;
    throw new JuntoError("CONFIGURATION", message, { cause });
  }
  const document = parseDocument(text);
  throwIfAny(
    document.errors.map((error) => error.message.split("\n")[0] ?? error.code),
    `${path} is not YAML`,
  );
  const tree: unknown = document.toJS({ maxAliasCount: 100 });
  if (isTree(tree)) return tree;
  throw new JuntoError("CONFIGURATION", `${path} must hold \`organizations\` and \`subgraphs\`.`);
}

function readOrganization(id: string, value: Tree, overrides: Overrides, problems: Problems): Organization {
  const place = `organizations.${id}`;
  checkId(id, "organizations", problems);
  if (id === "url")
    problems.push(`${place}: "url" is taken by the variable JUNTO_ISSUER_URL; choose another id.`);
  unknownKeys(value, ["name", "issuer", "jwks", "policies", ...SIGN_IN_KEYS], place, problems);
  const policies = new Map<string, Policy>();
  for (const [policy, entry] of value["policies"] === undefined
    ? []
    : entries(value["policies"], `${place}.policies`, problems)) {
    policies.set(policy, readPolicy(id, policy, entry, problems));
  }
  const issuer = overrides.issuers?.get(id) ?? value["issuer"];
  const wrong = notAnIssuer(issuer);
  if (wrong !== undefined) problems.push(`${place}.issuer is ${shown(issuer)}: it ${wrong}.`);
  // Keys named in the file belong to the issuer named in the file; what its tokens look like is true of another, too.
  const jwks = overrides.issuers?.has(id) === true ? undefined : value["jwks"];
  const wrongKeys = jwks === undefined ? undefined : notAnIssuer(jwks);
  if (wrongKeys !== undefined) problems.push(`${place}.jwks is ${shown(jwks)}: it ${wrongKeys}.`);
  const signIn = readSignIn(value, place, problems);
  return {
    id,
    name: readTexts(value["name"], `${place}.name`, problems),
    issuer: String(issuer),
    ...(typeof jwks === "string" && { jwksUri: jwks }),
    ...(Object.keys(signIn).length > 0 && { signIn }),
    policies,
  };
}

function readPolicy(organization: string, policy: string, entry: Tree, problems: Problems): Policy {
  const place = `organizations.${organization}.policies.${policy}`;
  if (!POLICY.test(policy)) {
    problems.push(
      `${place}: a policy is written in small letters with dots between, for example ${organization}.price.`,
    );
  } else if (!policy.startsWith(`${organization}.`)) {
    problems.push(`${place}: ${organization} owns only policies that begin with "${organization}.".`);
  }
  const { held, ...title } = entry;
  if (held !== undefined && held !== "grant" && held !== "people") {
    problems.push(`${place}.held is ${shown(held)}: give grant, or people, or leave it out.`);
  }
  return { title: readTexts(title, place, problems), held: held === "grant" ? "grant" : "people" };
}

function readSubgraph(
  name: string,
  value: Tree,
  context: { folder: string; ids: ReadonlySet<string>; overrides: Overrides; problems: Problems },
): SubgraphEntry {
  const { folder, ids, overrides, problems } = context;
  const place = `subgraphs.${name}`;
  checkId(name, "subgraphs", problems);
  unknownKeys(
    value,
    ["title", "organization", "url", "subscriptions", "schema", ...TRANSPORT_KEYS],
    place,
    problems,
  );
  if (name === RESERVED_SUBGRAPH)
    problems.push(`${place}: the gateway has a subgraph of that name; choose another.`);
  const { organization, schema } = value;
  if (!ids.has(String(organization))) {
    problems.push(`${place}.organization is ${shown(organization)}: give one of ${[...ids].join(", ")}.`);
  }
  const url = overrides.subgraphUrls?.get(name) ?? value["url"];
  const wrong = notAnAddress(url);
  if (wrong !== undefined) problems.push(`${place}.url is ${shown(url)}: it ${wrong}.`);
  // An address of the file that is for the address of the file.
  const socket = overrides.subgraphUrls?.has(name) === true ? undefined : value["subscriptions"];
  const wrongSocket = socket === undefined ? undefined : notASocket(socket);
  if (wrongSocket !== undefined)
    problems.push(`${place}.subscriptions is ${shown(socket)}: it ${wrongSocket}.`);
  if (typeof schema !== "string" || schema === "") {
    problems.push(`${place}.schema is ${shown(schema)}: give the path of its schema.graphql.`);
  }
  return {
    name,
    ...(value["title"] !== undefined && { title: readTexts(value["title"], `${place}.title`, problems) }),
    organization: String(organization),
    url: String(url),
    subscriptions: String(socket ?? url).replace(/^http/i, "ws"),
    schema: resolve(folder, String(schema)),
    transport: readTransport(value, {
      place,
      folder,
      problems,
      ...(overrides.secrets && { secrets: overrides.secrets }),
    }),
  };
}

function checkId(id: string, place: string, problems: Problems): void {
  if (ID.test(id)) return;
  problems.push(
    `${place}: ${shown(id)} is no id; give small letters, digits and hyphens, beginning with a letter.`,
  );
}

/** A token of one issuer must not make people of two organizations. */
function sharedIssuers(organizations: readonly Organization[], problems: Problems): void {
  const owner = new Map<string, string>();
  for (const { id, issuer } of organizations) {
    const other = owner.get(issuer);
    if (other !== undefined)
      problems.push(`organizations.${id}.issuer is that of ${other} too: each needs its own.`);
    owner.set(issuer, id);
  }
}

function unknownOverrides(
  overrides: Overrides,
  organizations: ReadonlySet<string>,
  subgraphs: ReadonlySet<string>,
  problems: Problems,
): void {
  const variable = (name: string) => name.toUpperCase().replaceAll("-", "_");
  for (const name of overrides.subgraphUrls?.keys() ?? []) {
    if (subgraphs.has(name)) continue;
    problems.push(
      `JUNTO_SUBGRAPH_${variable(name)}_URL: there is no subgraph ${name}, only ${[...subgraphs].join(", ")}.`,
    );
  }
  for (const id of overrides.issuers?.keys() ?? []) {
    if (organizations.has(id)) continue;
    problems.push(
      `JUNTO_ISSUER_${variable(id)}: there is no organization ${id}, only ${[...organizations].join(", ")}.`,
    );
  }
}
