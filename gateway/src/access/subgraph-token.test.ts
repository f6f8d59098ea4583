// The gateway's word to a subgraph: what it says, for how long it is used again, and for whom never.
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLocalJWKSet, decodeJwt, jwtVerify } from "jose";
import { afterAll, describe, expect, it } from "vitest";
import { openSigningKeys } from "./signing-keys.ts";
import { createSubgraphTokens } from "./subgraph-token.ts";
import { audienceViewer, personViewer, type Viewer, type ViewerGroup } from "./viewer.ts";

const dir = mkdtempSync(join(tmpdir(), "junto-token-"));
afterAll(() => rmSync(dir, { recursive: true }));

const issuer = "http://gateway.example";
const keys = await openSigningKeys({ file: join(dir, "key.json") });
keys.close();
const tokens = createSubgraphTokens({ issuer, keys });

const group: ViewerGroup = {
  id: "g1",
  role: "guide",
  subjects: [{ type: "Counter", id: "017" }],
  granted: new Set(["mall.price"]),
};
const person = (id: string) => ({
  id,
  organization: id.split(":")[0]!,
  name: "x",
  roles: [],
  scopes: ["orders:read"],
  expiresAt: 0,
});
const guo = personViewer(person("brand:guo"), group);

const ask = (viewer: Viewer, over: object = {}): Promise<string> =>
  tokens.token({ subgraph: "mall", operation: "{ a }", viewer, held: having(viewer, "mall.price"), ...over });
const having = ({ person }: Viewer, ...policies: string[]) => ({ policies, scopes: person?.scopes ?? [] });

describe("a token", () => {
  it("says for whom, in which group, under which policies, for which operation, and holds a minute", async () => {
    const { payload } = await jwtVerify(await ask(guo), createLocalJWKSet({ keys: [...keys.jwks().keys] }), {
      issuer,
      audience: "mall",
      typ: "junto-subgraph+jwt",
      algorithms: ["EdDSA"],
    });
    expect(payload).toMatchObject({
      sub: "brand:guo",
      org: "brand",
      group: "g1",
      role: "guide",
      subjects: ["Counter:017"],
      policies: ["mall.price"],
      scopes: ["orders:read"],
      op: createHash("sha256").update("{ a }").digest("base64url"),
    });
    expect(payload.exp! - payload.iat!).toBe(60);
    expect(payload.aud).toBe("mall");
  });

  it("without a group has no group and no subjects; for a push it names the audience", async () => {
    const alone = decodeJwt(await ask(personViewer(person("mall:lin"), null)));
    expect(alone).toMatchObject({ sub: "mall:lin", subjects: [] });
    expect(alone).not.toHaveProperty("group");
    const audience = audienceViewer("brand", group);
    expect(decodeJwt(await ask(audience))).toMatchObject({
      sub: `audience:${audience.audience}`,
      scopes: [],
    });
  });

  it("is used again for the same and for nothing else", async () => {
    expect(await ask(guo)).toBe(await ask(guo));
    const others = await Promise.all([
      ask(guo),
      ask(personViewer(person("brand:chen"), group)),
      ask(personViewer(person("brand:guo"), null)),
      ask(personViewer(person("brand:guo"), { ...group, id: "g2" })),
      ask(personViewer(person("brand:guo"), { ...group, role: "buyer" })),
      ask(personViewer(person("brand:guo"), { ...group, subjects: [] })),
      ask(audienceViewer("brand", group)),
      ask(personViewer({ ...person("brand:guo"), scopes: [] }, group)),
      ask(personViewer({ ...person("brand:guo"), scopes: ["orders:read", "orders:write"] }, group)),
      ask(guo, { subgraph: "brand" }),
      ask(guo, { operation: "{ b }" }),
      ask(guo, { held: having(guo) }),
      ask(guo, { held: having(guo, "mall.price,mall.sales") }),
      ask(guo, { held: having(guo, "mall.price", "mall.sales") }),
    ]);
    expect(new Set(others).size).toBe(others.length);
    const claims = others.map((token) => decodeJwt(token).jti);
    expect(new Set(claims).size).toBe(others.length);
  });
});
