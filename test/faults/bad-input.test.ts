// Bad input, from clients, subgraphs and clerks: a clear error, nothing lost, nothing stopped.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startIssuers } from "@junto/cli";
import { generateKeyPair, SignJWT } from "jose";
import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { issuerOrganizations, startStory, type Story } from "../support/story.ts";

let story: Story;
beforeAll(async () => {
  story = await startStory();
});
afterAll(() => story?.close());

const post = async (
  body: string,
  headers: Record<string, string> = {},
  person: string | null = "brand:guo",
) => {
  const response = await fetch(`${story.gateway.url}/graphql`, {
    method: "POST",
    body,
    headers: {
      "content-type": "application/json",
      ...(person && { authorization: `Bearer ${await story.token(person)}` }),
      ...headers,
    },
  });
  return { status: response.status, body: (await response.json()) as any };
};

describe("a request", () => {
  it.each([
    ["that is no JSON", "{", {}, 400, /not valid JSON/],
    ["that is no object", "[]", {}, 400, /./],
    ["without a query", "{}", {}, 400, /./],
    ["of another content type", "query=x", { "content-type": "text/plain" }, 415, /./],
    ["that is too large", JSON.stringify({ query: "x".repeat(2_000_000) }), {}, 413, /larger than/],
    [
      "with variables of the wrong type",
      JSON.stringify({ query: "query ($g: ID!) { group(id: $g) { id } }", variables: { g: { a: 1 } } }),
      {},
      200,
      /Variable "\$g"/,
    ],
    [
      "that names a group it may not know",
      JSON.stringify({ query: "{ me { id } }" }),
      { "junto-group": "0" },
      404,
      /no such group/,
    ],
    [
      "with a broken token",
      JSON.stringify({ query: "{ me { id } }" }),
      { authorization: "Bearer abc" },
      401,
      /./,
    ],
    [
      "with a prototype in its variables",
      `{"query":"{ me { id } }","variables":{"__proto__":{"x":1}}}`,
      {},
      200,
      /^$/,
    ],
  ])("%s is told what is wrong with it", async (_what, body, headers, status, message) => {
    const answer = await post(body, headers as Record<string, string>);
    expect(answer.status).toBe(status);
    expect(answer.body.errors?.[0].message ?? "").toMatch(message);
    expect(JSON.stringify(answer.body)).not.toMatch(/node_modules|\.ts:\d/);
  });

  it("with an expired token, or one of an issuer that nobody trusts, is nobody's", async () => {
    const query = JSON.stringify({ query: "{ me { id } }" });
    const strangers = await startIssuers({ organizations: issuerOrganizations() });
    const response = await fetch(`${strangers.url}/mall/token`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: `{"person":"lin"}`,
    });
    const { access_token: foreign } = (await response.json()) as { access_token: string };
    await strangers.close();
    expect(await post(query, { authorization: `Bearer ${foreign}` })).toMatchObject({
      status: 401,
      body: { errors: [{ extensions: { code: "UNAUTHENTICATED" } }] },
    });
    const [header, payload, signature] = (await story.token("mall:lin")).split(".");
    const claims = JSON.parse(Buffer.from(payload!, "base64url").toString()) as object;
    const forged = [
      header,
      Buffer.from(JSON.stringify({ ...claims, sub: "zhao" })).toString("base64url"),
      signature,
    ].join(".");
    expect((await post(query, { authorization: `Bearer ${forged}` })).status).toBe(401);
  });

  it("from a browser of another site, as a simple request, is refused", async () => {
    const response = await fetch(
      `${story.gateway.url}/graphql?query=${encodeURIComponent("{ me { id } }")}`,
      {
        headers: { authorization: `Bearer ${await story.token("brand:guo")}`, "content-type": "text/plain" },
      },
    );
    expect(response.status).toBe(400);
    expect(await response.text()).toContain("graphql-require-preflight");
  });
});

describe("in a group", () => {
  const ACT = `mutation ($g: ID!, $verb: String!, $input: JSON!, $key: String!, $card: ID, $seen: Int) {
    act(groupId: $g, verb: $verb, input: $input, key: $key, cardId: $card, seen: $seen) { action { status } userErrors { field code } } }`;
  const act = async (variables: object, person = "brand:guo") =>
    (
      await story.query(person, ACT, {
        g: story.group,
        verb: "restock.submit",
        input: {},
        key: "k",
        ...variables,
      })
    ).data?.act.userErrors;

  it.each([
    ["an unknown verb", { verb: "restock.explode" }, ["verb"], "UNKNOWN_ACTION"],
    ["a verb that the role may not use", { verb: "restock.approve" }, ["verb"], "NOT_ALLOWED"],
    ["no lines", { input: {} }, ["lines"], "REQUIRED"],
    [
      "pairs that are no number",
      { input: { lines: [{ skuId: "BL2481-38", pairs: "many" }] } },
      ["lines", "0", "pairs"],
      "NOT_AN_INTEGER",
    ],
    [
      "more pairs than its form allows",
      { input: { "lines.BL2481-38.pairs": "100000" } },
      ["lines", "BL2481-38", "pairs"],
      "OUT_OF_RANGE",
    ],
    [
      "a longer note than its form allows",
      { input: { lines: [{ skuId: "BL2481-38", pairs: 1 }], note: "x".repeat(201) } },
      ["note"],
      "TOO_LONG",
    ],
    [
      "a field that is bound",
      { input: { counterId: "018", lines: [{ skuId: "BL2481-38", pairs: 1 }] } },
      ["counterId"],
      "BOUND_FIELD",
    ],
    [
      "a field that there is not",
      { input: { price: 1, lines: [{ skuId: "BL2481-38", pairs: 1 }] } },
      ["price"],
      "UNKNOWN_FIELD",
    ],
  ])("an action with %s is refused at its field", async (_what, variables, field, code) => {
    expect(await act(variables)).toContainEqual({ field, code });
  });

  it("what the owner's system refuses comes back at the field that was filled in", async () => {
    const feed = story.feed("brand:guo");
    const { data } = await story.query("brand:guo", ACT.replace("action { status }", "action { id }"), {
      g: story.group,
      verb: "restock.submit",
      key: "not-sold",
      input: { "lines.BL2481-99.pairs": "2" },
    });
    const outcome = await feed.next(
      (event) => event.action?.id === data.act.action.id && event.action.status !== "PENDING",
    );
    expect(outcome.action.status).toBe("REFUSED");
    expect(outcome.action.userErrors).toEqual([
      { field: ["lines", "BL2481-99", "skuId"], code: "SKU_NOT_SOLD" },
    ]);
    feed.close();
  });

  it.each([
    ["another's group", { group: "01a20515-55f1-7376-8237-906872095b04" }, "NOT_FOUND"],
    ["no id", { group: "'; drop table feed; --" }, "NOT_FOUND"],
    ["a cursor of the future", { after: 1_000_000 }, "BAD_USER_INPUT"],
    ["a cursor before the beginning", { after: -1 }, "BAD_USER_INPUT"],
  ])("a subscription with %s ends with the reason", async (_what, options, code) => {
    const feed = story.feed("brand:guo", options);
    expect(await feed.ended).toEqual([expect.objectContaining({ extensions: { code } })]);
  });

  it("a workbook that is half written changes nothing, and its next good state is taken", async () => {
    const feed = story.feed("mall:lin");
    await story.query("brand:guo", ACT, {
      g: story.group,
      verb: "restock.submit",
      key: "half",
      input: { lines: [{ skuId: "BL2481-38", pairs: 2 }] },
    });
    const { card } = await feed.next(
      (event) => event.card?.type === "restock.order" && event.card.data.pairs === 2,
    );
    const folder = join(story.dir, "supplier");
    await writeFile(join(folder, "库存_坏.xlsx"), Buffer.from("PK\u0003\u0004 this is only the beginning"));
    await story.clerkSaves("BL2481-38", card.data.lines[0].sku.onHand + 3);
    const { onHand } = card.data.lines[0].sku;
    const changed = await feed.next(
      (event) => event.card?.id === card.id && event.card.data.lines[0].sku.onHand === onHand + 3,
    );
    expect(changed.card.provenance).toContainEqual(
      expect.objectContaining({ system: "supplier", status: "OK", missing: [] }),
    );
    feed.close();
  });
});

describe("a change event", () => {
  const event = (over: object = {}) => ({
    specversion: "1.0",
    id: "1",
    source: "/subgraphs/mall",
    type: "dev.junto.change",
    time: "2026-11-22T00:00:00Z",
    datacontenttype: "application/json",
    data: {
      entity: "RestockOrder",
      key: { id: "R00000001" },
      kind: "CREATED",
      subjects: [{ type: "Counter", id: "017" }],
    },
    ...over,
  });
  const send = async (body: string, headers: Record<string, string>) =>
    (
      await fetch(`${story.gateway.url}/changes`, {
        method: "POST",
        body,
        headers: { "content-type": "application/cloudevents-batch+json", ...headers },
      })
    ).status;

  it("of a stranger is refused: unsigned, signed by another key, in a subgraph's name", async () => {
    const body = JSON.stringify([event()]);
    const cards = async () =>
      (
        await story.query("mall:lin", "query ($g: ID!) { group(id: $g) { cards(first: 100) { id } } }", {
          g: story.group,
        })
      ).data.group.cards.length as number;
    const before = await cards();
    expect(await send(body, {})).toBe(401);
    const { privateKey } = await generateKeyPair("EdDSA");
    const token = await new SignJWT({ body: createHash("sha256").update(body).digest("base64url") })
      .setProtectedHeader({ alg: "EdDSA", typ: "junto-change+jwt" })
      .setIssuer("mall")
      .setAudience(story.gateway.url)
      .setIssuedAt()
      .setExpirationTime("60s")
      .setJti("1")
      .sign(privateKey);
    expect(await send(body, { authorization: `Bearer ${token}` })).toBe(401);
    expect(await send("x".repeat(2_000_000), {})).toBe(413);
    expect(await cards()).toBe(before);
  });
});

it("after all that, the gateway is well", async () => {
  const health = (await (await fetch(`${story.gateway.url}/health`)).json()) as object;
  expect(health).toMatchObject({ status: "ok", ok: true });
  expect((await story.query("brand:guo", "{ me { id } }")).data).toEqual({ me: { id: "brand:guo" } });
});
