// Issuers for the demo: one server, a path an organization, that signs its people in with one click. For
// this machine only: whoever reaches it can be anyone.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import {
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  importJWK,
  SignJWT,
  type CryptoKey,
  type JWK,
  type JWTPayload,
} from "jose";
import { createAuthorizations, WEB_CLIENT, type Authorizations, type Granted } from "./authorization.ts";
import { isLoopback } from "./loopback.ts";
import type { IssuerOrganization, IssuerPerson } from "./organization.ts";
import { choosePage, PAGE_POLICY } from "./page.ts";

export interface IssuersOptions {
  /** 0 or absent: any that is free. */
  readonly port?: number;
  /** Where the keys are kept, so that tokens stay good over a restart. Absent: new keys at every start. */
  readonly stateDir?: string;
  readonly organizations: readonly IssuerOrganization[];
  /** How long a token holds, in seconds; default 3600. */
  readonly ttl?: number;
}

export interface Issuers {
  readonly url: string;
  close(): Promise<void>;
}

interface Issuer {
  readonly issuer: string;
  readonly organization: IssuerOrganization;
  readonly privateKey: CryptoKey;
  readonly publicJwk: JWK;
}

const AUDIENCE = "junto";

/**
 * Starts the issuers. Each organization gets, below `/<id>`: discovery, its key set, `GET people`, the authorization
 * code flow for browsers (`GET authorize`, `POST token` with a form), and for programs
 * `POST token {"person": "lin"}`, or `{"client": "rms-sync"}`, which answers with
 * `{ access_token, token_type, expires_in }`.
 */
export async function startIssuers(options: IssuersOptions): Promise<Issuers> {
  const keys = await Promise.all(options.organizations.map(({ id }) => keyOf(id, options.stateDir)));
  const issuers = new Map<string, Issuer>();
  const app = fastify({ bodyLimit: 4_096, forceCloseConnections: true });
  onThisMachineOnly(app);
  app.addContentTypeParser(
    "application/x-www-form-urlencoded",
    { parseAs: "string" },
    (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(String(body)))),
  );
  app.get("/", () =>
    [...issuers.values()].map(({ organization, issuer }) => ({ id: organization.id, issuer })),
  );
  routes(app, issuers, { ttl: options.ttl ?? 3_600, authorizations: createAuthorizations() });
  const url = await app.listen({ host: "127.0.0.1", port: options.port ?? 0 });
  options.organizations.forEach((organization, at) => {
    issuers.set(organization.id, { issuer: `${url}/${organization.id}`, organization, ...keys[at]! });
  });
  return { url, close: () => app.close() };
}

type Named = { Params: { organization: string } };
type Fields = Readonly<Record<string, string | undefined>>;

interface Giving {
  /** How long a token holds, in seconds. */
  readonly ttl: number;
  readonly authorizations: Authorizations;
}

function routes(app: FastifyInstance, issuers: ReadonlyMap<string, Issuer>, giving: Giving): void {
  const found = (request: FastifyRequest<Named>, reply: FastifyReply): Issuer | undefined => {
    const issuer = issuers.get(request.params.organization);
    if (issuer === undefined)
      refuse(reply, `There is no such organization; there are: ${[...issuers.keys()].join(", ")}.`);
    return issuer;
  };

  app.get<Named>("/:organization/.well-known/openid-configuration", (request, reply) => {
    const issuer = found(request, reply)?.issuer;
    return issuer === undefined ? reply : discovery(issuer);
  });
  app.get<Named>("/:organization/jwks", (request, reply) => {
    const issuer = found(request, reply);
    return issuer === undefined ? reply : { keys: [issuer.publicJwk] };
  });
  app.get<Named>("/:organization/people", (request, reply) => {
    const issuer = found(request, reply);
    return issuer === undefined ? reply : issuer.organization.people;
  });
  app.get<Named & { Querystring: Fields }>("/:organization/authorize", (request, reply) => {
    const issuer = found(request, reply);
    return issuer === undefined ? reply : authorize(issuer, request, reply, giving.authorizations);
  });
  app.post<Named & { Body: Fields | null }>("/:organization/token", async (request, reply) => {
    const issuer = found(request, reply);
    if (issuer === undefined) return reply;
    void reply.header("cache-control", "no-store");
    const body = request.body ?? {};
    return body["grant_type"] === undefined
      ? tokenFor(issuer, body, reply, giving.ttl)
      : redeem(issuer, body, reply, giving);
  });
}

function discovery(issuer: string): Readonly<Record<string, unknown>> {
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/jwks`,
    response_types_supported: ["code"],
    grant_types_supported: ["authorization_code", "refresh_token"],
    code_challenge_methods_supported: ["S256"],
    token_endpoint_auth_methods_supported: ["none"],
    authorization_response_iss_parameter_supported: true,
    subject_types_supported: ["public"],
    scopes_supported: ["openid"],
    id_token_signing_alg_values_supported: ["EdDSA"],
    // Of the demo alone: whom one may be here, for a client that shows them.
    junto_demo_people: `${issuer}/people`,
  };
}

function authorize(
  { issuer, organization }: Issuer,
  request: FastifyRequest<{ Querystring: Fields }>,
  reply: FastifyReply,
  authorizations: Authorizations,
): FastifyReply {
  const asked = authorizations.ask(organization, issuer, request.query);
  void reply.headers({
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "content-security-policy": PAGE_POLICY,
    "x-content-type-options": "nosniff",
  });
  if (asked.kind === "redirect") return reply.redirect(asked.to, 303);
  if (asked.kind === "refused") return reply.code(400).type("text/plain; charset=utf-8").send(asked.reason);
  const search = request.url.slice(request.url.indexOf("?"));
  return reply.type("text/html; charset=utf-8").send(choosePage(organization, search));
}

async function redeem(
  issuer: Issuer,
  form: Fields,
  reply: FastifyReply,
  { ttl, authorizations }: Giving,
): Promise<unknown> {
  const granted = authorizations.redeem(issuer.issuer, form);
  if ("error" in granted) return reply.code(400).send(granted);
  return {
    access_token: await sign(issuer, accessClaims(issuer, granted.person), {
      type: "at+jwt",
      audience: AUDIENCE,
      ttl,
    }),
    token_type: "Bearer",
    expires_in: ttl,
    refresh_token: authorizations.remember(issuer.issuer, granted),
    ...(granted.scope.includes("openid") && { id_token: await signIdToken(issuer, granted, ttl) }),
  };
}

async function tokenFor(
  issuer: Issuer,
  { person: named, client }: Fields,
  reply: FastifyReply,
  ttl: number,
): Promise<unknown> {
  const { id, people, clients = [] } = issuer.organization;
  const answer = async (claims: JWTPayload) => ({
    access_token: await sign(issuer, claims, { type: "at+jwt", audience: AUDIENCE, ttl }),
    token_type: "Bearer",
    expires_in: ttl,
  });
  const system = clients.find((one) => one === client);
  if (system !== undefined) return answer({ sub: system, client_id: system });
  const person = people.find((one) => one.id === named || one.id === `${id}:${String(named)}`);
  if (person === undefined) {
    return refuse(reply, `${id} has no such person; there are: ${people.map((one) => one.id).join(", ")}.`);
  }
  return answer(accessClaims(issuer, person));
}

function accessClaims({ organization }: Issuer, { id, name, roles }: IssuerPerson): JWTPayload {
  return { sub: id.slice(organization.id.length + 1), name, roles: [...roles] };
}

/** Says to the client who signed in; the gateway takes access tokens only. */
function signIdToken(issuer: Issuer, { person, nonce }: Granted, ttl: number): Promise<string> {
  const { sub, name } = accessClaims(issuer, person);
  const claims = { sub, name, ...(nonce !== undefined && { nonce }) } as JWTPayload;
  return sign(issuer, claims, { type: "JWT", audience: WEB_CLIENT, ttl });
}

interface Signing {
  readonly type: "at+jwt" | "JWT";
  readonly audience: string;
  readonly ttl: number;
}

function sign(
  { issuer, privateKey, publicJwk }: Issuer,
  claims: JWTPayload,
  { type, audience, ttl }: Signing,
): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT(claims)
    .setProtectedHeader({ alg: "EdDSA", typ: type, kid: publicJwk.kid! })
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt(now)
    .setExpirationTime(now + ttl)
    .sign(privateKey);
}

/** Made at the first start, then the same. */
async function keyOf(
  organization: string,
  stateDir: string | undefined,
): Promise<Pick<Issuer, "privateKey" | "publicJwk">> {
  const path = stateDir === undefined ? undefined : join(stateDir, `${organization}.jwk.json`);
  const jwk = readKey(path) ?? (await makeKey(path));
  const { d: _, ...publicPart } = jwk;
  const privateKey = (await importJWK(jwk, "EdDSA")) as CryptoKey;
  const kid = await calculateJwkThumbprint(publicPart);
  return { privateKey, publicJwk: { ...publicPart, kid, alg: "EdDSA", use: "sig" } };
}

function readKey(path: string | undefined): JWK | undefined {
  if (path === undefined) return undefined;
  try {
    return JSON.parse(readFileSync(path, "utf8")) as JWK;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new Error(`Cannot read the issuer's key ${path}. Remove it to get a new one.`, { cause: error });
  }
}

async function makeKey(path: string | undefined): Promise<JWK> {
  const { privateKey } = await generateKeyPair("EdDSA", { crv: "Ed25519", extractable: true });
  const jwk = await exportJWK(privateKey);
  if (path !== undefined) {
    mkdirSync(join(path, ".."), { recursive: true, mode: 0o700 });
    writeFileSync(`${path}.new`, JSON.stringify(jwk), { mode: 0o600 });
    renameSync(`${path}.new`, path);
  }
  return jwk;
}

/**
 * The server listens on the loopback address; this keeps web pages of other sites away from it too: those
 * that rebind their name to this machine (Host), and those that call it from a browser (Origin).
 */
function onThisMachineOnly(app: FastifyInstance): void {
  app.addHook("onRequest", async (request, reply) => {
    const { origin, host } = request.headers;
    if (!isLoopback(`http://${host ?? ""}`) || (origin !== undefined && !isLoopback(origin))) {
      return reply.code(403).send({ error: "access_denied", error_description: "Only for this machine." });
    }
    if (origin === undefined) return;
    void reply.headers({ "access-control-allow-origin": origin, vary: "Origin" });
    if (request.method === "OPTIONS") {
      void reply.headers({
        "access-control-allow-headers": "content-type",
        "access-control-allow-methods": "GET, POST",
      });
      return reply.code(204).send();
    }
  });
}

/** As RFC 6749, section 5.2, has it. */
function refuse(reply: FastifyReply, description: string): FastifyReply {
  return reply.code(404).send({ error: "invalid_request", error_description: description });
}
