// Rules of HTTP not applied on WebSockets (CVE-2026-30241, CVE-2026-35523, CVE-2026-35526): every rule is a row of one
// table, and every row is asked at each door. What is said is one code, whichever door it is; where a socket says it by
// its close code, that is read as docs/guides/clients.md says.
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DEFAULT_LIMITS, type LimitName, type Limits } from "../../gateway/src/config/index.ts";
import { createIdentity, type Identity } from "../../gateway/src/identity/index.ts";
import type { TestGraph } from "../support/graph.ts";
import { startIssuer, type TestIssuer } from "../support/issuer.ts";
import { DOORS, startDoors, type Asking, type DoorName, type DoorOptions, type Doors } from "./doors.ts";
import { EVERYTHING, GUEST, startShop, type Grants } from "./shop.ts";

const without = (...names: string[]): string[] => EVERYTHING.filter((name) => !names.includes(name));
const GRANTS = { everything: EVERYTHING, some: ["shop.orders"], nothing: [] };

/** What is asked of one gateway, after whatever must have happened there before. */
type Ask = Asking | ((at: Here) => Asking | Promise<Asking>);

interface Here {
  readonly door: DoorName;
  readonly doors: Doors;
  readonly grants: Grants;
  /** Asks at this door, and must be answered without an error. */
  answered(asking: Asking): Promise<void>;
}

type Row = readonly [what: string, ask: Ask, code: string];
const ANSWERED = "answered";

async function codeOf(doors: Doors, door: DoorName, asking: Asking): Promise<string> {
  const { errors } = await doors[door](asking);
  return (errors?.[0].extensions.code as string | undefined) ?? ANSWERED;
}

/** Gateways as rows need them. Each row is at one of them, at every door. */
interface Setting {
  readonly operations?: Parameters<typeof startShop>[1];
  readonly doors?: () => DoorOptions;
}

function runAt({ operations, doors: options = () => ({}) }: Setting, rows: readonly Row[]): void {
  let graph: TestGraph;
  let doors: Doors;
  const grants: Grants = { ...GRANTS };
  beforeAll(async () => {
    graph = await startShop(grants, operations);
    doors = await startDoors(graph, options());
  });
  afterAll(async () => {
    await doors.close();
    await graph.close();
  });
  const cases = rows.flatMap(([what, ask, code]) => DOORS.map((door) => [what, door, code, ask] as const));
  it.each(cases)("%s, %s: %s", async (_what, door, code, ask) => {
    const answered = async (asking: Asking): Promise<void> =>
      expect(await codeOf(doors, door, asking)).toBe(ANSWERED);
    const asking = typeof ask === "function" ? await ask({ door, doors, grants, answered }) : ask;
    expect(await codeOf(doors, door, asking)).toBe(code);
  });
}

const OWN = { query: "{ own }" };
const as = (group: string, query: string, more: Asking = {}): Asking => ({
  query,
  group,
  as: GUEST,
  ...more,
});

describe("a token", () => {
  let shop: TestIssuer;
  let guest: TestIssuer;
  let gone: TestIssuer;
  let identity: Identity;
  beforeAll(async () => {
    [shop, guest, gone] = await Promise.all([startIssuer(), startIssuer(), startIssuer()]);
    identity = createIdentity({
      organizations: [
        { id: "shop", issuer: shop.issuer },
        { id: "guest", issuer: guest.issuer },
        { id: "gone", issuer: gone.issuer },
      ],
      audience: "junto",
    });
    await gone.close();
  });
  afterAll(async () => {
    await identity.close();
    await Promise.all([shop.close(), guest.close()]);
  });

  const now = (): number => Math.floor(Date.now() / 1000);
  const part = (content: object): string => Buffer.from(JSON.stringify(content)).toString("base64url");
  const claims = (): object => ({
    iss: shop.issuer,
    aud: "junto",
    sub: "ann",
    iat: now(),
    exp: now() + 3_600,
  });
  const token =
    (make: () => string | Promise<string>): Ask =>
    async () => ({ ...OWN, as: await make() });
  const REFUSED = "UNAUTHENTICATED";

  runAt({ doors: () => ({ identity: { identify: (header) => identity.identify(header) } }) }, [
    ["that is good", token(() => shop.sign()), ANSWERED],
    ["of another organization", token(() => guest.sign()), "NOT_SHARED"],
    ["that is missing", { ...OWN, as: null }, REFUSED],
    ["that is empty", { ...OWN, as: "" }, REFUSED],
    ["that is none", { ...OWN, as: "shop:ann" }, REFUSED],
    ["that has expired", token(() => shop.sign({ iat: now() - 7_200, exp: now() - 3_600 })), REFUSED],
    ["that never expires", token(() => shop.sign({ exp: undefined })), REFUSED],
    ["that holds for years", token(() => shop.sign({ exp: now() + 100_000_000 })), REFUSED],
    ["of the future", token(() => shop.sign({ nbf: now() + 3_600 })), REFUSED],
    ["of an issuer that nobody trusts", token(() => shop.sign({ iss: "https://evil.example" })), REFUSED],
    ["with the issuer of another organization", token(() => guest.sign({ iss: shop.issuer })), REFUSED],
    ["for another audience", token(() => shop.sign({ aud: "payroll" })), REFUSED],
    ["for no audience", token(() => shop.sign({ aud: undefined })), REFUSED],
    ["for nobody", token(() => shop.sign({ sub: undefined })), REFUSED],
    ["for somebody of another organization", token(() => shop.sign({ sub: "guest:eve" })), REFUSED],
    ["with a key that is not known", token(() => shop.sign({}, { kid: "2" })), REFUSED],
    ["that nobody signed", token(() => `${part({ alg: "none", typ: "JWT" })}.${part(claims())}.`), REFUSED],
    [
      "that says that nobody need sign it",
      token(async () => `${part({ alg: "none" })}.${part(claims())}.${(await shop.sign()).split(".")[2]}`),
      REFUSED,
    ],
    [
      "whose content was changed",
      token(async () => {
        const [header, , signature] = (await shop.sign()).split(".");
        return [header, part({ ...claims(), sub: "bob" }), signature].join(".");
      }),
      REFUSED,
    ],
    ["of a sign-in that does not answer", token(() => shop.sign({ iss: gone.issuer })), "UNAVAILABLE"],
  ]);
});

describe("of what is shared", () => {
  const NOTE = "{ order { note } }";
  runAt({}, [
    ["what is granted", as("everything", NOTE), ANSWERED],
    ["what is not", as("some", NOTE), "NOT_SHARED"],
    ["what has no policy", as("everything", "{ own }"), "NOT_SHARED"],
    ["anything outside a group", { query: "{ order { id } }", as: GUEST }, "NOT_SHARED"],
    ["anything in a group of which they are no member", as("none", "{ order { id } }"), "NOT_FOUND"],
    ["the schema in such a group", as("none", "{ __typename }"), "NOT_FOUND"],
    ["a write that is granted", as("everything", 'mutation { write(text: "x") { text } }'), ANSWERED],
    ["a write that is not", as("some", 'mutation { write(text: "x") { text } }'), "FORBIDDEN"],
    [
      "the same, of a member who was removed",
      async ({ door, grants, answered }) => {
        const asking = as(`left ${door}`, "{ order { id } }");
        grants[`left ${door}`] = EVERYTHING;
        await answered(asking);
        delete grants[`left ${door}`];
        return asking;
      },
      "NOT_FOUND",
    ],
    [
      "the same, after the grant was withdrawn",
      async ({ door, grants, answered }) => {
        const asking = as(`withdrawn ${door}`, NOTE);
        grants[`withdrawn ${door}`] = EVERYTHING;
        await answered(asking);
        grants[`withdrawn ${door}`] = without("shop.secret");
        return asking;
      },
      "NOT_SHARED",
    ],
    [
      "the same, asked by a member of another organization",
      async ({ answered }) => {
        await answered({ query: "{ own order { note } }" });
        return { query: "{ own order { note } }", as: GUEST };
      },
      "NOT_SHARED",
    ],
  ]);
});

describe("an operation", () => {
  runAt({}, [
    ["that is nothing", { query: "" }, "BAD_REQUEST"],
    ["that is no GraphQL", { query: "{ own" }, "BAD_REQUEST"],
    ["to what is not there", { query: "{ nope }" }, "BAD_REQUEST"],
    ["that is not named", { query: "query A { own } query B { own }" }, "BAD_REQUEST"],
    ["that is not the one named", { query: "query A { own }", operationName: "B" }, "BAD_REQUEST"],
    ["without a variable", { query: "query ($n: Int!) { echo(number: $n) }" }, "BAD_USER_INPUT"],
    [
      "with a variable of another type",
      { query: "query ($n: Int) { echo(number: $n) }", variables: { n: "1" } },
      "BAD_USER_INPUT",
    ],
    ["with variables that are none", { ...OWN, variables: [1] }, "BAD_REQUEST"],
    ["with a name that is no text", { ...OWN, operationName: 1 as never }, "BAD_REQUEST"],
    ["of several that comes in an object", { raw: { "0": OWN } }, "BAD_REQUEST"],
  ]);
});

describe("a name of an operation", () => {
  const named = (text: string, more: Asking = {}): Asking => ({
    ...more,
    extensions: {
      persistedQuery: { version: 1, sha256Hash: createHash("sha256").update(text).digest("hex") },
    },
  });
  const own = (door: DoorName): string => `{ ${door}: own }`;
  const sent = async ({ door, answered }: Here): Promise<void> =>
    answered(named(own(door), { query: own(door) }));

  describe("that clients give", () => {
    runAt({}, [
      ["not known yet", named("{ unknown: own }"), "PERSISTED_QUERY_NOT_FOUND"],
      ["sent before", async (at) => (await sent(at), named(own(at.door), { as: "shop:bob" })), ANSWERED],
      [
        "sent before by another organization",
        async (at) => (await sent(at), named(own(at.door), { as: GUEST })),
        "PERSISTED_QUERY_NOT_FOUND",
      ],
      ["of another text", named("{ own }", { query: "{ other: own }" }), "BAD_REQUEST"],
      ["of another version", { ...OWN, extensions: { persistedQuery: { version: 2 } } }, "BAD_REQUEST"],
      ["that is an id of nothing", { documentId: "nothing" }, "NOT_FOUND"],
    ]);
  });

  describe("that the operator gives, where there are no others", () => {
    const listed = "query Listed { own }";
    const write = "mutation Write { open { text } }";
    const byId = new Map([
      ["listed", listed],
      ["write", write],
    ]);
    const trusted = { mode: "only", byId, texts: new Set(byId.values()) } as const;
    runAt({ operations: { trusted } }, [
      ["an id of the list", { documentId: "listed" }, ANSWERED],
      ["a text of the list", { query: listed }, ANSWERED],
      ["a mutation of the list", { documentId: "write" }, ANSWERED],
      ["another text", OWN, "NOT_TRUSTED"],
      ["nearly a text of the list", { query: `${listed} ` }, "NOT_TRUSTED"],
      ["the schema", { query: "{ __typename }" }, "NOT_TRUSTED"],
      ["another id", { documentId: "__proto__" }, "NOT_TRUSTED"],
      ["an id with another text", { documentId: "listed", query: "{ __typename }" }, "BAD_REQUEST"],
      ["a hash of another text", named("{ own }", OWN), "NOT_TRUSTED"],
      ["nothing", { query: "" }, "NOT_TRUSTED"],
    ]);
  });
});

interface Over {
  readonly most: Partial<Limits>;
  readonly ask: Asking;
  /** Without it, TOO_LARGE. */
  readonly code?: string;
}

/** Of each limit how a request goes one over it; or where it is held, when one door alone has it, or time is in it. */
const LIMITS: Readonly<Record<LimitName, Over | string>> = {
  characters: { most: { characters: 20 }, ask: { query: `{ own } #${"x".repeat(13)}` } },
  tokens: { most: { tokens: 4 }, ask: { query: "{ own a: own }" } },
  fragments: {
    most: { fragments: 1 },
    ask: { query: "{ ...A ...B } fragment A on Query { own } fragment B on Query { own }" },
  },
  fields: { most: { fields: 2 }, ask: { query: "{ order { id size } }" } },
  rootFields: { most: { rootFields: 1 }, ask: { query: "{ own __typename }" } },
  aliases: { most: { aliases: 1 }, ask: { query: "{ order { a: id b: id } }" } },
  directives: { most: { directives: 0 }, ask: { query: "{ own @include(if: true) }" } },
  depth: { most: { depth: 2 }, ask: { query: "{ order { product { id } } }" } },
  nesting: { most: { nesting: 2 }, ask: { query: "{ ... { ... { own } } }" } },
  pairs: { most: { pairs: 1 }, ask: { query: "{ own own own }" } },
  cost: { most: { cost: 1 }, ask: { query: "{ orders(first: 2) { id } }" } },
  listSize: { most: { cost: 5, listSize: 6 }, ask: { query: "{ orders { id } }" } },
  values: { most: { values: 2 }, ask: { ...OWN, variables: { any: [1, 2] } } },
  valueDepth: { most: { valueDepth: 1 }, ask: { ...OWN, variables: { any: [[1]] } } },
  persisted: {
    most: { persisted: 0 },
    ask: { extensions: { persistedQuery: { version: 1, sha256Hash: "0".repeat(64) } } },
    code: "PERSISTED_QUERY_NOT_SUPPORTED",
  },
  planTime: "test/security/blow-up.test.ts",
  plansAtOnce: "gateway/src/plan/plans.test.ts",
  plansWaiting: "gateway/src/plan/plans.test.ts",
  bodySize: { most: { bodySize: 200, messageSize: 200 }, ask: { query: `{ own } #${"x".repeat(200)}` } },
  messageSize: { most: { bodySize: 200, messageSize: 200 }, ask: { query: `{ own } #${"x".repeat(200)}` } },
  headerSize: "test/security/body-encoding.test.ts",
  batch: { most: { batch: 1 }, ask: { raw: [OWN, OWN] }, code: "BAD_REQUEST" },
  arrivalTime: "test/security/body-encoding.test.ts",
  messagesPerSecond: "gateway/src/ws/server.test.ts",
  operationsPerSocket: "test/security/limits.test.ts",
  socketsPerPerson: "test/http/events.test.ts",
  subscriptionsPerPerson: "test/http/events.test.ts",
  waitingSize: "test/http/events.test.ts",
  initTime: "gateway/src/ws/server.test.ts",
  pingTime: "test/http/events.test.ts",
  closingTime: "test/http/events.test.ts",
};

const isHere = (entry: [string, Over | string]): entry is [string, Over] => typeof entry[1] !== "string";

describe.each(Object.entries(LIMITS).filter(isHere))(
  "the limit %s",
  (_name, { most, ask, code = "TOO_LARGE" }) => {
    const limits = { ...DEFAULT_LIMITS, ...most };
    runAt({ operations: { limits }, doors: () => ({ limits }) }, [["goes for all", ask, code]]);
  },
);

it.each(Object.entries(LIMITS).filter((entry): entry is [string, string] => !isHere(entry)))(
  "the limit %s is held in %s",
  (name, file) => {
    expect(existsSync(file) && readFileSync(file, "utf8").includes(name)).toBe(true);
  },
);

describe("what changes nothing", () => {
  let graph: TestGraph;
  let doors: Doors;
  beforeAll(async () => {
    graph = await startShop({ ...GRANTS });
    doors = await startDoors(graph);
  });
  afterAll(async () => {
    await doors.close();
    await graph.close();
  });

  it.each([
    ["application/json", OWN.query, ANSWERED],
    ["text/event-stream", OWN.query, ANSWERED],
    ["application/json", "mutation { open { text } }", "METHOD_NOT_ALLOWED"],
    ["text/event-stream", "mutation { open { text } }", "METHOD_NOT_ALLOWED"],
  ])("is all that a GET can ask, for %s: %s", async (accept, query, code) => {
    const search = `?${new URLSearchParams({ query }).toString()}`;
    const stream = await doors.events(undefined, { accept }, search);
    const { errors } = (
      accept === "application/json" ? JSON.parse(await stream.text()) : (await stream.next()).data
    ) as { errors?: { extensions: { code: string } }[] };
    expect(errors?.[0]!.extensions.code ?? ANSWERED).toBe(code);
  });

  it("is not what a response over HTTP is for: subscriptions have doors of their own", async () => {
    const { errors } = await doors.overHttp({ query: "subscription { own }" });
    expect(errors![0].extensions.code).toBe("BAD_REQUEST");
  });
});
