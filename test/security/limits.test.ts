// Limits bypassed, parser crash (CVE-2025-32033, CVE-2026-40324): every limit holds at every door and on every way in,
// at its edge, and what is at the edge of a type is no other value.
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { DEFAULT_LIMITS } from "../../gateway/src/config/index.ts";
import { DOORS, startDoors, type Asking, type DoorName } from "./doors.ts";
import { openShop } from "./open-shop.ts";
import { EVERYTHING, GUEST, startShop } from "./shop.ts";

const { graph, doors } = await openShop({ everything: EVERYTHING });

const codeOf = async (over: DoorName, asking: Omit<Asking, "as" | "group">): Promise<string> => {
  const { errors } = await doors[over]({ as: GUEST, group: "everything", ...asking });
  return (errors?.[0].extensions.code as string | undefined) ?? "answered";
};

const aliases = (count: number): string =>
  Array.from({ length: count }, (_, n) => `a${n}: __typename`).join(" ");
/** Ten fields each. */
const orders = (count: number): string => {
  const order = `order { __typename id size product { __typename id code } lines { pairs } }`;
  return Array.from({ length: count }, (_, n) => `a${n}: ${order}`).join(" ");
};
const ELEVEN = "b: order { __typename id size product { __typename id code cost } lines { pairs } }";
const aliasesBelow = (count: number): string => `order { ${aliases(count)} }`;
/** Five for each order. */
const conditions = (count: number): string => {
  const both = "@include(if: true) @skip(if: false)";
  const order = `order ${both} { id ${both} size @include(if: true) }`;
  return Array.from({ length: count / 5 }, (_, n) => `a${n}: ${order}`).join(" ");
};
const inFragments = (levels: number): string => `${"... { ".repeat(levels)} own ${"} ".repeat(levels)}`;

describe.each(DOORS)("%s", (over) => {
  it.each([
    ["characters", `{ own } #${" ".repeat(100_000)}`, "TOO_LARGE"],
    ["characters in one name", `{ a${"x".repeat(100_000)} }`, "TOO_LARGE"],
    ["fields that are allowed", `{ ${orders(200)} }`, "answered"],
    ["one field more", `{ ${orders(199)} ${ELEVEN} }`, "TOO_LARGE"],
    [
      "one field more, in a fragment",
      `{ ...F } fragment F on Query { ${orders(199)} ${ELEVEN} }`,
      "TOO_LARGE",
    ],
    ["fields at the root that are allowed", `{ ${aliases(200)} }`, "answered"],
    ["one field more at the root", `{ ...F own } fragment F on Query { ${aliases(200)} }`, "TOO_LARGE"],
    ["aliases that are allowed", `{ ${aliasesBelow(500)} }`, "answered"],
    ["one alias more", `{ o: own ${aliasesBelow(500)} }`, "TOO_LARGE"],
    ["directives that are allowed", `{ ${conditions(500)} }`, "answered"],
    ["one directive more", `query @nope { ${conditions(500)} }`, "TOO_LARGE"],
    [
      "one directive more, on a fragment",
      `{ ...F } fragment F on Query @nope { ${conditions(500)} }`,
      "TOO_LARGE",
    ],
    ["tokens", `{ own } # \n ${"#\n".repeat(10)} ${"query Q { own } ".repeat(2_000)}`, "TOO_LARGE"],
    ["levels of fragments", `{ ${inFragments(45)} }`, "TOO_LARGE"],
    ["a directive of which there is one", "{ own @skip(if: false) @skip(if: false) }", "BAD_REQUEST"],
    ["a directive that there is not", "{ own @nope }", "BAD_REQUEST"],
    [
      "variables",
      `query (${Array.from({ length: 3_000 }, (_, n) => `$v${n}: Int`).join(" ")}) { own }`,
      "TOO_LARGE",
    ],
    ["nothing", "", "BAD_REQUEST"],
    ["a text without an operation", "fragment F on Query { own }", "BAD_REQUEST"],
    ["types instead of operations", "type Query { own: String }", "BAD_REQUEST"],
    ["a subscription where there is none", "subscription { own }", "BAD_REQUEST"],
    ["a lone surrogate", '{ echo(text: "\\ud800") }', "BAD_REQUEST"],
    ["a text with a NUL", "{ own\0 }", "BAD_REQUEST"],
  ])("%s", async (_what, query, code) => {
    expect(await codeOf(over, { query })).toMatch(new RegExp(`^(${code})$`));
  });

  it.each([
    ["the largest Int", 2_147_483_647, '"2147483647"'],
    ["the smallest Int", -2_147_483_648, '"-2147483648"'],
    ["an Int too large", 2_147_483_648, "BAD_USER_INPUT"],
    ["an Int too small", -2_147_483_649, "BAD_USER_INPUT"],
    ["a fraction", 1.5, "BAD_USER_INPUT"],
    ["a text", "1", "BAD_USER_INPUT"],
    ["a list", [1], "BAD_USER_INPUT"],
  ])("%s in a variable", async (_what, number, expected) => {
    const asking = { query: "query ($n: Int) { echo(number: $n) }", variables: { n: number } };
    const { data, errors } = await doors[over]({ ...asking, as: GUEST, group: "everything" });
    if (errors) expect(errors[0].extensions.code).toBe(expected);
    else expect(JSON.stringify(data.echo)).toBe(expected);
  });

  it.each(["2147483648", "99999999999999999999999999", "-2147483649", "1e400"])(
    "%s in the text",
    async (number) => {
      expect(await codeOf(over, { query: `{ echo(number: ${number}) }` })).toBe("BAD_REQUEST");
    },
  );

  it.each([
    ["variables that are no object", { variables: "x" }],
    ["variables in a list", { variables: [1] }],
    ["an operation that is not there", { operationName: "Nope" }],
    ["an operation name that is no text", { operationName: 1 }],
  ])("%s", async (_what, more) => {
    const asking = { query: "query Q { own }", ...more } as Asking;
    expect((await doors[over](asking)).errors?.[0].extensions.code).toBe("BAD_REQUEST");
    expect((await doors.overHttp({ query: "{ own }" })).data).toEqual({ own: "of the shop" });
  });
});

describe("values in variables", () => {
  const nested = (levels: number): unknown => JSON.parse(`${"[".repeat(levels)}1${"]".repeat(levels)}`);
  const query = "query ($any: Any) { echo(any: $any) }";
  const ask = (over: DoorName, any: unknown): Promise<string> => codeOf(over, { query, variables: { any } });

  it.each(DOORS)("are as many and as deep as is allowed: %s", async (over) => {
    expect(await ask(over, Array(9_999).fill(1))).toBe("answered");
    expect(await ask(over, Array(10_000).fill(1))).toBe("TOO_LARGE");
    expect(await ask(over, { list: Array(10_000).fill({}) })).toBe("TOO_LARGE");
    expect(await ask(over, nested(32))).toBe("answered");
    expect(await ask(over, nested(33))).toBe("TOO_LARGE");
    expect(await ask(over, nested(1_000))).toBe("TOO_LARGE");
  });

  it("are counted before anything walks them", async () => {
    const any = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
    const body = `{"query":${JSON.stringify(query)},"variables":{"any":${any}}}`;
    expect((await doors.post(body)).errors![0].extensions.code).toBe("TOO_LARGE");
    const client = await doors.signedIn();
    client.send(`{"id":"1","type":"subscribe","payload":${body}}`);
    expect((await client.next()).payload.errors[0].extensions.code).toBe("TOO_LARGE");
  });

  it.each(DOORS)("count where the operation has no such variable: %s", async (over) => {
    const variables = { nope: Array(10_001).fill(1) };
    expect(await codeOf(over, { query: "{ order { id } }", variables })).toBe("TOO_LARGE");
  });
});

describe.each(DOORS)("cost, %s", (over) => {
  it("over the operator's limit is refused before anything is planned", async () => {
    const limited = await startShop(
      { everything: EVERYTHING },
      { limits: { ...DEFAULT_LIMITS, cost: 100, listSize: 10 } },
    );
    const others = await startDoors(limited);
    try {
      const asking = { as: GUEST, group: "everything" };
      // orders: 10 of them, with 10 lines each, with a product each: 10 * (1 + 10 * 2).
      const query = "{ orders { lines { product { id } } } }";
      const { errors } = await others[over]({ ...asking, query });
      expect(errors![0]).toMatchObject({
        message: expect.stringContaining("costs 210 with these variables; at most 100") as string,
        extensions: { code: "TOO_LARGE", limit: { name: "cost", most: 100, counted: 210 } },
      });
      expect(limited.planned).toHaveLength(0);
      expect((await others[over]({ ...asking, query: "{ orders { id } }" })).errors).toBeUndefined();
    } finally {
      await others.close();
      await limited.close();
    }
  });
});

describe.each(DOORS)("names of operations, %s", (over) => {
  const named = (text: string) => ({
    extensions: {
      persistedQuery: { version: 1, sha256Hash: createHash("sha256").update(text).digest("hex") },
    },
  });
  const query = `{ own a${over}: own }`;

  it("are hashes that somebody of the same organization has sent with a text", async () => {
    const codes = async (asking: Asking): Promise<unknown> => {
      const { data, errors } = await doors[over](asking);
      return errors ? [errors[0].message, errors[0].extensions.code] : data;
    };
    const unknown = ["PersistedQueryNotFound", "PERSISTED_QUERY_NOT_FOUND"];
    expect(await codes(named(query))).toEqual(unknown);
    const answer = { own: "of the shop", [`a${over}`]: "of the shop" };
    expect(await codes({ query, ...named(query) })).toEqual(answer);
    expect(await codes({ ...named(query), as: "shop:bob" })).toEqual(answer);
    expect(await codes({ ...named(query), as: GUEST })).toEqual(unknown);
    const [, lied] = (await codes({ query: "{ own }", ...named(query) })) as string[];
    expect(lied).toBe("BAD_REQUEST");
  });

  it("are ids of the operator's list, and nothing else where it says so", async () => {
    const listed = "query Listed { own }";
    const trusted = { mode: "only", byId: new Map([["listed", listed]]), texts: new Set([listed]) } as const;
    const strict = await startShop({ everything: EVERYTHING }, { trusted });
    const guarded = await startDoors(strict);
    const ask = async (asking: Asking): Promise<unknown> => {
      const { data, errors } = await guarded[over](asking);
      return errors ? errors[0].extensions.code : data;
    };
    try {
      expect(await ask({ documentId: "listed" })).toEqual({ own: "of the shop" });
      for (const asking of [
        { query: "{ own }" },
        { query: "{ __schema { types { name } } }" },
        { query: "{ own }", ...named("{ own }") },
        named("{ own }"),
        ...["__proto__", "../listed", "LISTED", "sha256:listed2"].map((documentId) => ({ documentId })),
      ])
        expect([asking, await ask(asking)]).toEqual([asking, "NOT_TRUSTED"]);
      expect(strict.planned).toHaveLength(1);
    } finally {
      await guarded.close();
      await strict.close();
    }
  });
});

describe("other ways into HTTP", () => {
  const large = `{ ${aliases(2_001)} }`;
  const get = async (parameters: Record<string, string>): Promise<{ status: number; body: string }> => {
    const response = await fetch(`${doors.url}/graphql?${new URLSearchParams(parameters).toString()}`, {
      headers: { authorization: "Bearer shop:ann", "apollo-require-preflight": "yes" },
    });
    return { status: response.status, body: await response.text() };
  };

  it("have the same limits: GET", async () => {
    expect((await get({ query: "{ own }" })).body).toBe('{"data":{"own":"of the shop"}}');
    expect(await get({ query: `{ ${aliases(150)} }` })).toMatchObject({ status: 200 });
    expect((await get({ query: "{ order { id } }", variables: "[" })).status).toBe(400);
    expect((await get({ query: "mutation { open { text } }" })).status).toBe(405);
  });

  it("have the same limits: an operation that was stored by its hash", async () => {
    const sha256Hash = createHash("sha256").update(large).digest("hex");
    const extensions = { persistedQuery: { version: 1, sha256Hash } };
    const stored = await doors.post(JSON.stringify({ query: large, extensions }));
    expect(stored.errors![0].extensions.code).toBe("TOO_LARGE");
    const named = await doors.post(JSON.stringify({ extensions }));
    expect(named.errors![0].extensions.code).toBe("PERSISTED_QUERY_NOT_FOUND");
    const lied = await doors.post(JSON.stringify({ query: "{ own }", extensions }));
    expect([lied.data, lied.errors![0].extensions.code]).toEqual([undefined, "BAD_REQUEST"]);
  });

  it("have the same limits: several requests in one", async () => {
    const own = { query: "{ own }" };
    const batch = async (requests: unknown, more = {}): Promise<{ status: number; answers: any[] }> => {
      const { status, ...answers } = await doors.post(JSON.stringify(requests), more);
      return { status, answers: Object.values(answers) };
    };
    expect(await batch(Array(10).fill(own))).toEqual({
      status: 200,
      answers: Array(10).fill({ data: { own: "of the shop" } }),
    });
    expect((await batch(Array(11).fill(own))).status).toBe(413);
    expect((await batch([])).status).toBe(400);
    expect((await batch([own], { authorization: "Bearer x" })).status).toBe(401);
    const { answers } = await batch([{ query: large }, own, [own], { query: "mutation { nope }" }]);
    expect(answers.map(({ errors }) => errors?.[0].extensions.code ?? "answered")).toEqual([
      "TOO_LARGE",
      "answered",
      "BAD_REQUEST",
      "BAD_REQUEST",
    ]);
  });

  it.each([0, 1])("take one request at a time where %i is the limit of a batch", async (limit) => {
    const single = await startDoors(graph, { limits: { batch: limit } });
    expect((await single.post('[{"query":"{ own }"}]')).status).toBe(400);
    expect((await single.post('{"query":"{ own }"}')).status).toBe(200);
    await single.close();
  });
});

describe("a socket", () => {
  it("has as many operations open as are allowed, and lives on", async () => {
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const limited = await startDoors(graph, {
      limits: { operationsPerSocket: 5 },
      answering: {
        ...graph.answering,
        answer: (request) => gate.then(() => graph.answering.answer(request)),
      },
    });
    const client = await limited.signedIn();
    const ask = (id: string): void => client.send({ id, type: "subscribe", payload: { query: "{ own }" } });
    for (let n = 1; n <= 50; n++) ask(String(n));
    for (let n = 6; n <= 50; n++)
      expect(await client.next()).toMatchObject({
        id: String(n),
        type: "error",
        payload: [{ extensions: { code: "TOO_MANY" } }],
      });
    release();
    const ended: string[] = [];
    while (ended.length < 5) {
      const { id, type } = await client.next();
      if (type === "complete") ended.push(id as string);
    }
    expect(ended.sort()).toEqual(["1", "2", "3", "4", "5"]);
    ask("again");
    expect(await client.next()).toMatchObject({ id: "again", payload: { data: { own: "of the shop" } } });
    await limited.close();
  });
});
