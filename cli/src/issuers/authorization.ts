// Signing in at the demo's issuers from a browser: the authorization code flow with PKCE, as OpenID Connect has it, so
// that a client takes the same road here as with a real one. Only that nobody is asked for a password.
// https://openid.net/specs/openid-connect-core-1_0.html#CodeFlowAuth https://www.rfc-editor.org/rfc/rfc7636
import { createHash, randomBytes } from "node:crypto";
import { isLoopback } from "./loopback.ts";
import type { IssuerOrganization, IssuerPerson } from "./organization.ts";

/** The client as it is known to every issuer of the demo. */
export const WEB_CLIENT = "junto-web";

/** A request that may be answered by sending the browser back. */
interface Authorization {
  readonly client: string;
  readonly redirect: string;
  readonly challenge: string;
  readonly state: string | undefined;
  readonly nonce: string | undefined;
  readonly scope: readonly string[];
  readonly hint: string | undefined;
}

export type Asked =
  | { readonly kind: "choose"; readonly authorization: Authorization }
  | { readonly kind: "redirect"; readonly to: string }
  | { readonly kind: "refused"; readonly reason: string };

/** Whom a token is for, and what else its request asked for. */
export interface Granted {
  readonly person: IssuerPerson;
  readonly client: string;
  readonly nonce: string | undefined;
  readonly scope: readonly string[];
}

type Form = Readonly<Record<string, string | undefined>>;

/** As RFC 6749, section 5.2, has it. */
export interface TokenError {
  readonly error: "invalid_request" | "invalid_grant" | "unsupported_grant_type";
  readonly error_description: string;
}

export interface Authorizations {
  /** What comes of the address that the browser was sent to. */
  ask(organization: IssuerOrganization, issuer: string, query: Form): Asked;
  /** Who a code or a refresh token is for; each is good once. */
  redeem(issuer: string, form: Form): Granted | TokenError;
  /** A token to get the next access token with. */
  remember(issuer: string, granted: Granted): string;
}

interface Kept<T> {
  readonly issuer: string;
  readonly until: number;
  readonly value: T;
}

const CODE_MS = 60_000;
const REFRESH_MS = 12 * 3_600_000;
/** Nobody signs in so often; what is asked and never fetched must not fill the memory. */
const MAX_KEPT = 1_000;

export function createAuthorizations(clock: () => number = Date.now): Authorizations {
  const codes = new Map<string, Kept<Granted & Pick<Authorization, "redirect" | "challenge">>>();
  const refreshes = new Map<string, Kept<Granted>>();

  function keep<T>(kept: Map<string, Kept<T>>, issuer: string, ms: number, value: T): string {
    const secret = randomBytes(32).toString("base64url");
    const oldest = kept.keys().next();
    if (kept.size >= MAX_KEPT && oldest.done !== true) kept.delete(oldest.value);
    kept.set(secret, { issuer, until: clock() + ms, value });
    return secret;
  }

  function take<T>(kept: Map<string, Kept<T>>, issuer: string, secret: string | undefined): T | undefined {
    const found = kept.get(secret ?? "");
    if (found?.issuer !== issuer) return undefined;
    kept.delete(secret!);
    return found.until > clock() ? found.value : undefined;
  }

  function redeemCode(issuer: string, form: Form): Granted | TokenError {
    const { code, redirect_uri, client_id, code_verifier = "" } = form;
    const found = take(codes, issuer, code);
    if (!found) return invalid("The code is not known, was used, or is too old.");
    if (found.redirect !== redirect_uri || found.client !== client_id)
      return invalid("The code was made for another client or address.");
    if (createHash("sha256").update(code_verifier).digest("base64url") !== found.challenge)
      return invalid("code_verifier does not belong to code_challenge.");
    const { person, client, nonce, scope } = found;
    return { person, client, nonce, scope };
  }

  return {
    ask(organization, issuer, query) {
      const authorization = readAuthorization(query);
      if ("reason" in authorization) return { kind: "refused", reason: authorization.reason };
      const problem = problemOf(query);
      if (problem !== undefined)
        return { kind: "redirect", to: backTo(authorization, issuer, { error: problem }) };
      const { redirect, challenge, client, nonce, scope, hint } = authorization;
      const person = organization.people.find(({ id }) => id === hint);
      if (!person) return { kind: "choose", authorization };
      const code = keep(codes, issuer, CODE_MS, { person, client, nonce, scope, redirect, challenge });
      return { kind: "redirect", to: backTo(authorization, issuer, { code }) };
    },
    redeem(issuer, form) {
      if (form["grant_type"] === "authorization_code") return redeemCode(issuer, form);
      if (form["grant_type"] !== "refresh_token") {
        return {
          error: "unsupported_grant_type",
          error_description: "There are authorization_code and refresh_token.",
        };
      }
      const found = take(refreshes, issuer, form["refresh_token"]);
      return found ?? invalid("The refresh token is not known, was used, or is too old.");
    },
    remember: (issuer, granted) => keep(refreshes, issuer, REFRESH_MS, { ...granted, nonce: undefined }),
  };
}

/** What must be right before a browser is sent anywhere. */
function readAuthorization(query: Form): Authorization | { readonly reason: string } {
  const { client_id: client, redirect_uri: redirect = "", state, nonce, login_hint: hint } = query;
  if (client !== WEB_CLIENT) return { reason: `client_id must be ${WEB_CLIENT}.` };
  if (!isLoopback(redirect) || redirect.includes("#"))
    return { reason: "redirect_uri must be an address of this machine." };
  if ([state, nonce, hint].some((value) => (value?.length ?? 0) > 1_000))
    return { reason: "state, nonce and login_hint have 1000 characters at most." };
  const scope = (query["scope"] ?? "").split(" ").filter((name) => name !== "");
  return { client, redirect, challenge: query["code_challenge"] ?? "", state, nonce, scope, hint };
}

function problemOf({ response_type, code_challenge_method, code_challenge = "" }: Form): string | undefined {
  if (response_type !== "code") return "unsupported_response_type";
  const isHash = code_challenge_method === "S256" && /^[\w-]{43}$/.test(code_challenge);
  return isHash ? undefined : "invalid_request";
}

function backTo(
  { redirect, state }: Authorization,
  issuer: string,
  more: Readonly<Record<string, string>>,
): string {
  const url = new URL(redirect);
  // `iss` keeps one issuer's answer from being taken for another's: RFC 9207.
  for (const [name, value] of Object.entries({ ...more, state, iss: issuer }))
    if (value !== undefined) url.searchParams.set(name, value);
  return url.href;
}

function invalid(error_description: string): TokenError {
  return { error: "invalid_grant", error_description };
}
