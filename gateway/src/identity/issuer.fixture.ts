// An organization's issuer over HTTP, for tests: signs whatever it is told to, rotates its keys, and answers wrongly.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { CompactSign, exportJWK, exportSPKI, generateKeyPair, SignJWT, type CryptoKey, type JWK } from "jose";

export const NOW: number = Date.UTC(2026, 10, 20, 9, 0, 0);
export const SECONDS: number = NOW / 1000;

type Answer =
  | "well"
  | "away"
  | "redirect"
  | "nonsense"
  | "endless"
  | "other issuer"
  | "other origin"
  | "no keys"
  | "silent";
type Sign = (claims: Record<string, unknown>, header?: Record<string, unknown>) => Promise<string>;

export interface TestIssuer {
  readonly issuer: string;
  readonly sign: Sign;
  /** Signs with the key of now, also after a rotation. */
  signer(): Sign;
  /** Signs a payload as it is written. */
  signText(payload: string): Promise<string>;
  rotate(alg: string): Promise<void>;
  publicKey(): CryptoKey;
  kid(): string;
  stranger?: JWK;
  answer: Answer;
  /** The key set, made of its key. */
  published: (jwk: JWK) => unknown[];
  keysServed: number;
  refused: number;
  close(): Promise<void>;
}

export async function startIssuer(): Promise<TestIssuer> {
  let pair = await generateKeyPair("EdDSA");
  let alg = "EdDSA";
  let generation = 1;
  let server: Server | undefined;
  const issuer: TestIssuer = {
    issuer: "",
    sign: (own, header) => issuer.signer()(own, header),
    signer() {
      const { privateKey } = pair;
      const protectedHeader = { alg, kid: issuer.kid(), typ: "JWT" };
      return (own, header) => sign(issuer, { privateKey, protectedHeader }, own, header);
    },
    signText: (payload) =>
      new CompactSign(new TextEncoder().encode(payload))
        .setProtectedHeader({ alg, kid: issuer.kid(), typ: "JWT" })
        .sign(pair.privateKey),
    async rotate(next) {
      pair = await generateKeyPair(next);
      alg = next;
      generation += 1;
    },
    publicKey: () => pair.publicKey,
    kid: () => `key-${generation}`,
    answer: "well",
    published: (jwk) => [jwk],
    keysServed: 0,
    refused: 0,
    async close() {
      server?.closeAllConnections();
      await new Promise((resolve) => server?.close(resolve) ?? resolve(undefined));
    },
  };
  server = createServer((request, response) => {
    if (issuer.answer === "silent") return;
    void exportJWK(pair.publicKey).then((jwk) => {
      const answer = answerAs(issuer, request.url ?? "", { ...jwk, kid: issuer.kid(), alg });
      response.writeHead(answer.status, { "content-type": "application/json", ...answer.headers });
      response.end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return Object.assign(issuer, { issuer: `http://127.0.0.1:${(server.address() as AddressInfo).port}/org` });
}

function answerAs(
  issuer: TestIssuer,
  path: string,
  jwk: JWK,
): { status: number; body: string; headers?: Record<string, string> } {
  const json = (value: unknown) => ({ status: 200, body: JSON.stringify(value) });
  const document = { issuer: issuer.issuer, jwks_uri: `${issuer.issuer}/keys` };
  if (path === "/org/keys" && issuer.answer !== "no keys") {
    issuer.keysServed += 1;
    return json({ keys: issuer.published(jwk) });
  }
  switch (issuer.answer) {
    case "away":
      issuer.refused += 1;
      return { status: 503, body: "" };
    case "redirect":
      return { status: 302, body: "", headers: { location: `${issuer.issuer}/keys` } };
    case "nonsense":
      return { status: 200, body: "<html>" };
    case "endless":
      return { status: 200, body: `"${"x".repeat(300 * 1024)}"` };
    case "other issuer":
      return json({ ...document, issuer: "http://127.0.0.1:1/org" });
    case "other origin":
      return json({ ...document, jwks_uri: "http://127.0.0.1:1/keys" });
    case "no keys":
      return path === "/org/keys" ? json({ hello: "there" }) : json(document);
    case "well":
    case "silent":
      return json(document);
  }
}

export function claims(issuer: TestIssuer): Record<string, unknown> {
  return { iss: issuer.issuer, sub: "lin", aud: "junto", iat: SECONDS, exp: SECONDS + 3_600 };
}

function sign(
  issuer: TestIssuer,
  key: { privateKey: CryptoKey; protectedHeader: Record<string, unknown> },
  own: Record<string, unknown>,
  header: Record<string, unknown> = {},
): Promise<string> {
  const protectedHeader = { ...key.protectedHeader, ...header } as { alg: string };
  return new SignJWT({ ...claims(issuer), ...own })
    .setProtectedHeader(protectedHeader)
    .sign(key.privateKey, { crit: { exotic: true } });
}

/** Signs as the issuer would, with the issuer's kid, but another key. */
export async function stranger(issuer: TestIssuer): Promise<{ sign: Sign }> {
  const { privateKey, publicKey } = await generateKeyPair("EdDSA");
  issuer.stranger = await exportJWK(publicKey);
  const protectedHeader = { alg: "EdDSA", kid: issuer.kid(), typ: "JWT" };
  return { sign: (own, header) => sign(issuer, { privateKey, protectedHeader }, own, header) };
}

export async function hmacWithPublicKey(issuer: TestIssuer): Promise<string> {
  await issuer.rotate("RS256");
  const secret = new TextEncoder().encode(await exportSPKI(issuer.publicKey()));
  return new SignJWT(claims(issuer))
    .setProtectedHeader({ alg: "HS256", typ: "JWT", kid: issuer.kid() })
    .sign(secret);
}

export function swapPayload(token: string, payload: unknown): string {
  const [header, , signature] = token.split(".");
  return `${header}.${encode(JSON.stringify(payload))}.${signature}`;
}

export function encode(text: string): string {
  return Buffer.from(text).toString("base64url");
}

export function bearer(token: string): string {
  return `Bearer ${token}`;
}

/** Signs a payload with `iss` twice, as no library would write it. */
export async function twoIssuers(signer: TestIssuer, claimed: TestIssuer): Promise<string> {
  const own = JSON.stringify(claims(signer)).replace("{", `{"iss":${JSON.stringify(signer.issuer)},`);
  const text = own.replace(/"iss":"[^"]*"(?!.*"iss")/, `"iss":${JSON.stringify(claimed.issuer)}`);
  return signer.signText(text);
}
