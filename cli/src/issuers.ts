// Issuers for the demo: one server, a path an organization, that signs its people in with one click. For
// this machine only: whoever reaches it can be anyone.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { isIP } from "node:net";
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

export interface IssuersOptions {
  /** 0 or absent: any that is free. */
  readonly port?: number;
  /** Where the keys are kept, so that tokens stay good over a restart. Absent: new keys at every start. */
  readonly stateDir?: string;
  readonly organizations: readonly IssuerOrganization[];
  /** How long a token holds, in seconds; default 3600. */
  readonly ttl?: number;
}

export interface IssuerOrganization {
  readonly id: string;
  readonly people: readonly IssuerPerson[];
  /** Ids of systems that sign in as themselves. */
  readonly clients?: readonly string[];
}

export interface IssuerPerson {
  /** `<organization>:<name>`. */
  readonly id: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly title?: string;
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
 * Starts the issuers. Each organization gets, below `/<id>`: discovery, its key set, `GET people`, and
 * `POST token {"person": "lin"}`, or `{"client": "rms-sync"}`, which answers with
 * `{ access_token, token_type, expires_in }`.
 */
export async function startIssuers(options: IssuersOptions): Promise<Issuers> {
  const keys = await Promise.all(options.organizations.map(({ id }) => keyOf(id, options.stateDir)));
  const issuers = new Map<string, Issuer>();
  const app = fastify({ bodyLimit: 4_096, forceCloseConnections: true });
  onThisMachineOnly(app);
  app.get("/", () =>
    [...issuers.values()].map(({ organization, issuer }) => ({ id: organization.id, issuer })),
  );
  routes(app, issuers, options.ttl ?? 3_600);
  const url = await app.listen({ host: "127.0.0.1", port: options.port ?? 0 });
  options.organizations.forEach((organization, at) => {
    issuers.set(organization.id, { issuer: `${url}/${organization.id}`, organization, ...keys[at]! });
  });
  return { url, close: () => app.close() };
}

type Named = { Params: { organization: string } };

function routes(app: FastifyInstance, issuers: ReadonlyMap<string, Issuer>, ttl: number): void {
  const found = (request: FastifyRequest<Named>, reply: FastifyReply): Issuer | undefined => {
    const issuer = issuers.get(request.params.organization);
    if (issuer === undefined)
      refuse(reply, `There is no such organization; there are: ${[...issuers.keys()].join(", ")}.`);
    return issuer;
  };

  app.get<Named>("/:organization/.well-known/openid-configuration", (request, reply) => {
    const issuer = found(request, reply)?.issuer;
    if (issuer === undefined) return reply;
    return {
      issuer,
      jwks_uri: `${issuer}/jwks`,
      token_endpoint: `${issuer}/token`,
      id_token_signing_alg_values_supported: ["EdDSA"],
    };
  });
  app.get<Named>("/:organization/jwks", (request, reply) => {
    const issuer = found(request, reply);
    return issuer === undefined ? reply : { keys: [issuer.publicJwk] };
  });
  app.get<Named>("/:organization/people", (request, reply) => {
    const issuer = found(request, reply);
    return issuer === undefined ? reply : issuer.organization.people;
  });
  app.post<Named & { Body: unknown }>("/:organization/token", async (request, reply) => {
    const issuer = found(request, reply);
    if (issuer === undefined) return reply;
    const { id, people, clients = [] } = issuer.organization;
    const { person: named, client } = (request.body ?? {}) as { person?: unknown; client?: unknown };
    void reply.header("cache-control", "no-store");
    const answer = async (claims: JWTPayload) => ({
      access_token: await sign(issuer, claims, ttl),
      token_type: "Bearer",
      expires_in: ttl,
    });
    const system = clients.find((one) => one === client);
    if (system !== undefined) return answer({ sub: system, client_id: system });
    const person = people.find((one) => one.id === named || one.id === `${id}:${String(named)}`);
    if (person === undefined) {
      return refuse(reply, `${id} has no such person; there are: ${people.map((one) => one.id).join(", ")}.`);
    }
    const { name, roles } = person;
    return answer({ sub: person.id.slice(id.length + 1), name, roles: [...roles] });
  });
}

function sign({ issuer, privateKey, publicJwk }: Issuer, claims: JWTPayload, ttl: number): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT(claims)
    .setProtectedHeader({ alg: "EdDSA", typ: "at+jwt", kid: publicJwk.kid! })
    .setIssuer(issuer)
    .setAudience(AUDIENCE)
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

function isLoopback(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const host = new URL(address).hostname;
  return host === "localhost" || host === "[::1]" || (isIP(host) === 4 && host.startsWith("127."));
}

/** As RFC 6749, section 5.2, has it. */
function refuse(reply: FastifyReply, description: string): FastifyReply {
  return reply.code(404).send({ error: "invalid_request", error_description: description });
}
