// Where the people of an organization sign in, as far as a gateway sees it: keys at an address, and tokens of all kinds.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, SignJWT } from "jose";

export interface TestIssuer {
  readonly issuer: string;
  /** A token as a gateway takes it, but for these claims; undefined takes one away. */
  sign(
    claims?: Readonly<Record<string, unknown>>,
    header?: Readonly<Record<string, unknown>>,
  ): Promise<string>;
  close(): Promise<void>;
}

export async function startIssuer(): Promise<TestIssuer> {
  const { privateKey, publicKey } = await generateKeyPair("EdDSA", { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid: "1", alg: "EdDSA", use: "sig" };
  const server = createServer((request, response) => {
    const body = request.url!.startsWith("/.well-known/")
      ? { issuer, jwks_uri: `${issuer}/jwks` }
      : { keys: [jwk] };
    response.setHeader("content-type", "application/json").end(JSON.stringify(body));
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    issuer,
    sign(claims = {}, header = {}) {
      const now = Math.floor(Date.now() / 1000);
      const all = { iss: issuer, aud: "junto", sub: "ann", iat: now, exp: now + 3_600, ...claims };
      return new SignJWT(all)
        .setProtectedHeader({ alg: "EdDSA", typ: "JWT", kid: "1", ...header })
        .sign(privateKey);
    },
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
