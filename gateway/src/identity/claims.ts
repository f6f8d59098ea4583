// What a token's claims say of who asks, by the names that the organization's issuer has for them. A token that is a
// client's makes a service that the organization lists, or nobody: never a person.
import type { JWTPayload } from "jose";
import { SUBJECT, type ClaimPath, type ServiceMark, type SignIn } from "../config/index.ts";
import type { Person, TrustedOrganization } from "./person.ts";

/** Why the claims make nobody. */
export class ClaimsError extends Error {
  override readonly name: string = "ClaimsError";
}

/** RFC 6749, section 3.3. */
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]{1,200}$/;
/** In characters. */
const LONGEST_NAME = 100;
const MOST_ROLES = 100;
/** How many values of a claim are looked at for roles that a table names: who is in very many groups of a directory. */
const MOST_VALUES = 2_000;

/** Where issuers say which client a token was given to. */
const CLIENT: readonly string[] = ["client_id", "azp", "cid", "appid"];
/** By what known issuers mark the tokens of clients themselves. */
const SERVICE_MARKS: readonly ServiceMark[] = [
  { claim: ["gty"], has: ["client-credentials"] },
  { claim: ["idtyp"], has: ["app"] },
];

export function personOf(
  payload: JWTPayload,
  organization: string,
  signIn: SignIn,
  expiresAt: number,
): Person {
  const said = { organization, scopes: Object.freeze(scopesOf(payload, signIn)), expiresAt };
  const client = clientOf(payload, signIn);
  if (client !== null) return Object.freeze({ ...serviceOf(client, organization, signIn), ...said });
  const subject = textAt(payload, subjectPath(signIn));
  if (subject === undefined || !SUBJECT.test(subject))
    throw new ClaimsError("The token's subject is not acceptable.");
  const name = printable(textAt(payload, signIn.claims?.name ?? ["name"]) ?? "");
  return Object.freeze({
    id: `${organization}:${subject}`,
    name: name === "" ? subject : name,
    roles: Object.freeze(rolesOf(payload, signIn)),
    ...said,
  });
}

/** A person's id has no second colon. */
function serviceId(organization: string, client: string): string {
  return `${organization}:service:${client}`;
}

type Service = Omit<Person, "scopes" | "expiresAt">;

/** Those that an organization lists. */
export function servicesOf({
  id: organization,
  signIn,
}: Pick<TrustedOrganization, "id" | "signIn">): Service[] {
  return [...(signIn?.services ?? [])].map(([client, { name, roles }]) => ({
    id: serviceId(organization, client),
    organization,
    name,
    roles,
    service: true,
  }));
}

export function isServiceId(id: string): boolean {
  return /^[^:]+:service:/.test(id);
}

function serviceOf(client: string, organization: string, signIn: SignIn): Service {
  const id = serviceId(organization, client);
  const listed = servicesOf({ id: organization, signIn }).find((service) => service.id === id);
  if (listed) return listed;
  throw new ClaimsError("The token is of a client that its organization does not list.");
}

/**
 * The client whose own token this is; null: it is a person's. A person's token names a client, too, and a person may
 * have chosen their name: neither makes a service. Where in doubt it is nobody's.
 */
function clientOf(payload: JWTPayload, signIn: SignIn): string | null {
  const { claims, services, serviceTokens = [] } = signIn;
  const paths = claims?.client ? [claims.client] : CLIENT.map((name) => [name]);
  const named = new Set(paths.map((path) => textAt(payload, path)).filter((each) => each !== undefined));
  const [client] = named;
  if ([...SERVICE_MARKS, ...serviceTokens].some((mark) => isMarked(payload, mark))) {
    if (client !== undefined && named.size === 1) return client;
    throw new ClaimsError("The token is a client's, and does not say of which one.");
  }
  const sub = textAt(payload, ["sub"]);
  const itself = [...named].find((each) => sub === each || sub === `${each}@clients`);
  // RFC 9068, section 2.2: without a person the subject is the client. Who says how clients are told means that.
  if (itself !== undefined && serviceTokens.length === 0) return itself;
  const subject = textAt(payload, subjectPath(signIn));
  if (itself !== undefined || [sub, subject].some((each) => each !== undefined && services?.has(each)))
    throw new ClaimsError("The token is of a client, and not marked as one.");
  return null;
}

function subjectPath({ claims }: SignIn): ClaimPath {
  return claims?.subject ?? ["sub"];
}

function isMarked(payload: JWTPayload, { claim, has }: ServiceMark): boolean {
  const value = valueAt(payload, claim);
  const isThere = value !== undefined && value !== null && value !== false;
  if (typeof has === "boolean") return isThere === has;
  return has.some((each) => value === each || textsOf(value).includes(each));
}

function rolesOf(payload: JWTPayload, { claims, roles }: SignIn): string[] {
  const values = textsOf(valueAt(payload, claims?.roles ?? ["roles"]));
  if (roles === undefined) return values.slice(0, MOST_ROLES);
  const held = new Set(values.slice(0, MOST_VALUES));
  return [...roles].flatMap(([role, givenBy]) => (givenBy.some((each) => held.has(each)) ? [role] : []));
}

/** `scope` of RFC 9068, or `scp`, as some issuers call it. */
function scopesOf(payload: JWTPayload, { claims }: SignIn): string[] {
  const said = claims?.scopes ? valueAt(payload, claims.scopes) : (payload["scope"] ?? payload["scp"]);
  const scopes = textsOf(said).flatMap((each) => each.split(" "));
  return [...new Set(scopes.filter((each) => SCOPE.test(each)))].slice(0, MOST_ROLES);
}

/** A list, or one text with spaces between. */
function textsOf(value: unknown): string[] {
  const list: unknown[] = typeof value === "string" ? value.split(" ") : Array.isArray(value) ? value : [];
  return list.filter((each): each is string => typeof each === "string" && each !== "");
}

function textAt(payload: JWTPayload, path: ClaimPath): string | undefined {
  const value = valueAt(payload, path);
  return typeof value === "string" ? value : undefined;
}

function valueAt(payload: JWTPayload, path: ClaimPath): unknown {
  let value: unknown = payload;
  for (const name of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}

/** A name as it can stand in a line: no control or direction characters, not endless. */
function printable(name: string): string {
  const plain = name.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "").trim();
  return Array.from(plain).slice(0, LONGEST_NAME).join("");
}
