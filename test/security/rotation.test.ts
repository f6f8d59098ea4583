// Keys that change in front of running subgraphs: of a rotation nobody notices anything, and what was stolen is worth
// nothing.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { importJWK, SignJWT, type CryptoKey, type JWK } from "jose";
import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readKeyFile, rotateKeyFile } from "@junto/gateway";
import { startStory, type Story } from "../support/story.ts";

const QUERY = '{ counter(id: "017") { name } }';
let story: Story;
let file: string;
beforeAll(async () => {
  story = await startStory();
  file = join(story.dir, "gateway", "gateway-key.json");
});
afterAll(() => story?.close());

const published = async (): Promise<string[]> => {
  const { keys } = (await (await fetch(`${story.gateway.url}/.well-known/jwks.json`)).json()) as {
    keys: JWK[];
  };
  return keys.map(({ kid }) => kid!);
};
/** Each asks what nobody has asked before, so that a token is made for it. */
let asked = 0;
const ask = async (): Promise<unknown> => {
  const { data } = await story.query("mall:lin", `{ counter(id: "017") { name n${++asked}: id } }`);
  return data?.counter?.name;
};

describe("a rotation", () => {
  it("is not noticed by anyone, before it, at it and after it", async () => {
    const answers = [await ask()];
    const [old] = await published();
    const { keys } = (await rotateKeyFile(file, { lead: 6 }))!;
    await expect
      .poll(
        async () => {
          answers.push(await ask());
          return Date.now() > keys.at(-1)!.from + 500;
        },
        { interval: 100 },
      )
      .toBe(true);
    expect(new Set(answers)).toEqual(new Set(["Belle"]));
    expect(await published()).toEqual([old, keys.at(-1)!.kid]);
  });
});

describe("a key that was stolen", () => {
  it("signs nothing that a subgraph takes, as soon as it is withdrawn and the next one was seen", async () => {
    const stolen = (JSON.parse(readFileSync(file, "utf8")) as { keys: JWK[] }).keys.at(-1)!;
    const { kid } = (await readKeyFile(file)).keys.at(-1)!;
    const forge = async (): Promise<number> => {
      const now = Math.floor(Date.now() / 1000);
      const token = await new SignJWT({
        sub: "mall:lin",
        org: "mall",
        subjects: [],
        policies: ["mall.counter"],
        op: createHash("sha256").update(QUERY).digest("base64url"),
      })
        .setProtectedHeader({ alg: "EdDSA", typ: "junto-subgraph+jwt", kid })
        .setIssuer(story.gateway.url)
        .setAudience("mall")
        .setIssuedAt(now)
        .setExpirationTime(now + 60)
        .sign((await importJWK(stolen, "EdDSA")) as CryptoKey);
      const answer = await fetch(story.subgraphs.mall.url, {
        method: "POST",
        headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
        body: JSON.stringify({ query: QUERY }),
      });
      await answer.text();
      return answer.status;
    };
    expect(await forge()).toBe(200);
    await rotateKeyFile(file, { revoke: true });
    await expect.poll(published).not.toContain(kid);
    expect(await published()).toHaveLength(1);
    // The subgraph asks once a second for keys that it does not know; until then it takes nothing of the new one.
    await expect.poll(ask).toBe("Belle");
    expect(await forge()).toBe(401);
    expect(await ask()).toBe("Belle");
  });
});
