// A system of the mall that signs in as itself: it reads what is the mall's, is in a group when it is added there, and
// passes for nobody else.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SCHEMA_DIR, startStory, type Story } from "../support/story.ts";

const SERVICE = "mall:service:rms-sync";
const SAY = `mutation ($group: ID!, $text: String!, $key: String!) {
  postMessage(groupId: $group, text: $text, key: $key) { message { actor { id name service } } userErrors { code } } }`;
const ADD = `mutation ($group: ID!, $person: ID!, $role: String!) {
  addMember(groupId: $group, personId: $person, role: $role) { userErrors { code } } }`;

const folder = mkdtempSync(join(tmpdir(), "junto-services-"));
let story: Story;
beforeAll(async () => {
  cpSync(SCHEMA_DIR, join(folder, "schema"), { recursive: true });
  cpSync(join(SCHEMA_DIR, "../subgraphs"), join(folder, "subgraphs"), {
    recursive: true,
    filter: (path) => !path.includes("node_modules") && !path.includes("/dist"),
  });
  list("{ rms-sync: { name: RMS } }");
  story = await startStory({ config: { schemaDir: join(folder, "schema") } });
});
afterAll(async () => {
  await story?.close();
  rmSync(folder, { recursive: true });
});

/** The mall's services. */
function list(services: string): void {
  const yaml = readFileSync(join(SCHEMA_DIR, "supergraph.yaml"), "utf8");
  const listed = yaml.replace("  mall:\n", `  mall:\n    services: ${services}\n`);
  writeFileSync(join(folder, "schema", "supergraph.yaml"), listed);
}

describe("a service", () => {
  it("is said to be one, with the name that its organization gives it", async () => {
    const { data } = await story.query(SERVICE, "{ me { id name service organization { id } } }");
    expect(data.me).toEqual({ id: SERVICE, name: "RMS", service: true, organization: { id: "mall" } });
    const lin = await story.query("mall:lin", "{ me { service } }");
    expect(lin.data.me).toEqual({ service: false });
  });

  it("reads what is its own organization's, and of no other (I2)", async () => {
    const { data, errors } = await story.query(
      SERVICE,
      `{ counter(id: "017") { name } product(id: "BL2481") { name } }`,
    );
    expect(data).toEqual({ counter: { name: "Belle" }, product: null });
    expect(errors).toEqual([expect.objectContaining({ path: ["product"] })]);
  });

  it("is in no group until a person of its organization adds it, and then is a member like any other", async () => {
    const asked = { group: story.group, text: "The night's figures are in.", key: "1" };
    expect((await story.query(SERVICE, "{ groups { id } }")).data.groups).toEqual([]);
    const outside = await story.query(SERVICE, SAY, asked);
    expect(outside.data.postMessage.userErrors).toEqual([{ code: "NOT_FOUND" }]);

    const added = { group: story.group, person: SERVICE, role: "manager" };
    const byOthers = await story.query("brand:chen", ADD, added);
    expect(byOthers.data.addMember.userErrors).toEqual([{ code: "NOT_OWN_ORGANIZATION" }]);
    const byOwn = await story.query("mall:lin", ADD, added);
    expect(byOwn.data.addMember.userErrors).toEqual([]);

    const inside = await story.query(SERVICE, SAY, asked);
    expect(inside.data.postMessage).toEqual({
      message: { actor: { id: SERVICE, name: "RMS", service: true } },
      userErrors: [],
    });
  });

  it("administers nothing that its organization does not let it, whatever its token says", async () => {
    const { data } = await story.query(
      SERVICE,
      `mutation { createGroup(input: { scenario: "counter", name: "x", subjectId: "003", key: "x" }) { userErrors { code } } }`,
    );
    expect(data.createGroup.userErrors).toEqual([{ code: "FORBIDDEN" }]);
  });

  it("that is not listed is nobody", async () => {
    const { errors } = await story.query("mall:service:unlisted", "{ me { id } }");
    expect(errors).toEqual([
      expect.objectContaining({ extensions: expect.objectContaining({ code: "UNAUTHENTICATED" }) }),
    ]);
  });

  it("that is listed no more is out, its open feeds too", async () => {
    const feed = story.feed(SERVICE);
    await feed.next((event) => event.seq !== undefined);
    list("{ another: { name: Another } }");
    expect(await feed.ended).toMatchObject({ code: 4403 });
    const { errors } = await story.query(SERVICE, "{ me { id } }");
    expect(errors?.[0].extensions.code).toBe("UNAUTHENTICATED");
  });
});
