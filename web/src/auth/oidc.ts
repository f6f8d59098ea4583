// Signing in at one's own organization: OpenID Connect, authorization code with PKCE. The library is loaded when it is
// needed, and not with the page.
import type * as Oauth from "oauth4webapi";
import { AskError, browserStorage } from "../junto/index.ts";

/** The tokens that an issuer gave. */
export interface Session {
  readonly issuer: string;
  readonly accessToken: string;
  readonly refreshToken: string | undefined;
  /** Milliseconds since 1970; when it is not known, the gateway will say. */
  readonly expiresAt: number | undefined;
}

/** What has to be known when the browser comes back. */
interface Begun {
  readonly issuer: string;
  readonly verifier: string;
  readonly state: string;
  readonly nonce: string;
  /** The address within the client that was asked for. */
  readonly hash: string;
}

const KEY = "junto:sign-in";
const storage = browserStorage(() => sessionStorage);
const SCOPE = "openid";

/** Sends the browser to the issuer. @param person whom the issuer may sign in without asking, if it knows how */
export async function beginSignIn(issuer: string, clientId: string, person?: string): Promise<void> {
  const oauth = await import("oauth4webapi");
  const server = await discover(oauth, issuer);
  if (server.authorization_endpoint === undefined)
    throw new Error("the issuer has no authorization endpoint");
  const begun: Begun = {
    issuer,
    verifier: oauth.generateRandomCodeVerifier(),
    state: oauth.generateRandomState(),
    nonce: oauth.generateRandomNonce(),
    hash: location.hash,
  };
  storage.write(KEY, begun);
  const url = new URL(server.authorization_endpoint);
  const params = {
    response_type: "code",
    client_id: clientId,
    redirect_uri: redirectUri(),
    scope: SCOPE,
    state: begun.state,
    nonce: begun.nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(begun.verifier),
    code_challenge_method: "S256",
    ...(person !== undefined && { login_hint: person }),
  };
  for (const [name, value] of Object.entries(params)) url.searchParams.set(name, value);
  location.assign(url);
}

/** The session, when the browser has just come back from the issuer; null when it has not. */
export async function finishSignIn(clientId: string): Promise<Session | null> {
  const here = new URL(location.href);
  if (!here.searchParams.has("code") && !here.searchParams.has("error")) return null;
  const begun = storage.read(KEY) as Begun | undefined;
  storage.write(KEY, undefined);
  // The code is good once: a reload must not send it again.
  history.replaceState(null, "", `${here.pathname}${begun?.hash ?? ""}`);
  if (!begun) return null;
  const oauth = await import("oauth4webapi");
  const server = await discover(oauth, begun.issuer);
  const client = { client_id: clientId };
  const params = oauth.validateAuthResponse(server, client, here, begun.state);
  const response = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    oauth.None(),
    params,
    redirectUri(),
    begun.verifier,
    options(oauth, begun.issuer),
  );
  const result = await oauth.processAuthorizationCodeResponse(server, client, response, {
    expectedNonce: begun.nonce,
    requireIdToken: true,
  });
  return sessionOf(begun.issuer, result, undefined);
}

/** A session with new tokens; `refused`: the person has to sign in again. @throws AskError AWAY */
export async function refresh(session: Session, clientId: string): Promise<Session | "refused"> {
  try {
    const oauth = await import("oauth4webapi");
    const { issuer, refreshToken = "" } = session;
    const server = await discover(oauth, issuer);
    const client = { client_id: clientId };
    const request = oauth.refreshTokenGrantRequest;
    const response = await request(server, client, oauth.None(), refreshToken, options(oauth, issuer));
    if (response.status >= 400 && response.status < 500) return "refused";
    const result = await oauth.processRefreshTokenResponse(server, client, response);
    return sessionOf(issuer, result, refreshToken);
  } catch (cause) {
    throw new AskError("AWAY", "The sign-in cannot be reached.", { cause });
  }
}

/** People whom the demo's issuers let anybody be; of a real issuer none. */
export interface DemoPerson {
  readonly id: string;
  readonly name: string;
  readonly latin?: string;
  readonly title?: string;
  readonly member?: string | null;
}

export async function demoPeople(issuer: string): Promise<readonly DemoPerson[]> {
  const discovery = await getJson(`${issuer}/.well-known/openid-configuration`);
  const address = (discovery as { junto_demo_people?: unknown }).junto_demo_people;
  if (typeof address !== "string" || new URL(address).origin !== new URL(issuer).origin) return [];
  return (await getJson(address)) as readonly DemoPerson[];
}

async function getJson(address: string): Promise<unknown> {
  const response = await fetch(address, { signal: AbortSignal.timeout(5_000) });
  if (!response.ok) throw new Error(`${address} answered ${response.status}`);
  return response.json();
}

async function discover(oauth: typeof Oauth, issuer: string): Promise<Oauth.AuthorizationServer> {
  const url = new URL(issuer);
  const response = await oauth.discoveryRequest(url, { algorithm: "oidc", ...options(oauth, issuer) });
  return oauth.processDiscoveryResponse(url, response);
}

/** Only an issuer on this machine may be without TLS. */
function options(oauth: typeof Oauth, issuer: string): { [oauth4webapi: symbol]: boolean } {
  const { protocol, hostname } = new URL(issuer);
  const isHere = hostname === "localhost" || hostname === "[::1]" || /^127(\.\d+){3}$/.test(hostname);
  return { [oauth.allowInsecureRequests]: protocol === "http:" && isHere };
}

function redirectUri(): string {
  return `${location.origin}/`;
}

function sessionOf(
  issuer: string,
  { access_token, refresh_token, expires_in }: Oauth.TokenEndpointResponse,
  before: string | undefined,
): Session {
  return {
    issuer,
    accessToken: access_token,
    refreshToken: refresh_token ?? before,
    expiresAt: expires_in === undefined ? undefined : Date.now() + expires_in * 1_000,
  };
}
