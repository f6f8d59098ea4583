// Rules of HTTP not applied on WebSockets (CVE-2026-30241, CVE-2026-35523, CVE-2026-35526), for what people do in groups:
// everything that groups.graphql has is a row of one table, and every row is asked at each door by nobody, by a stranger, by
// who was removed, and by a member. A field that is added without a row is a failure.
import { readFileSync } from "node:fs";
import { buildASTSchema, parse } from "graphql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FEED_DOORS, SCHEMA_DIR, startStory, type Answer, type Story } from "../support/story.ts";

let story: Story;
/** What rows name: the group, and what is in it. */
const ids = { group: "", card: "", message: "", invitation: "", seen: 0 };
type Ids = typeof ids;

/** Only members know these words. */
const CANARY = "canary of the group";

/** What the answers of one operation come to: a code, or nothing that is wrong. */
const ANSWERED = "answered";

interface Row {
  /** Arguments, and what is selected. */
  readonly ask: (at: Ids) => string;
  /** What an administrator of an organization that is not in the group is told; without it NOT_FOUND. */
  readonly stranger?: string;
  /** What somebody of the mall is told who was in it, and administers nothing; without it what a stranger is told. */
  readonly removed?: string;
  /** What a member is told, who administers no organization; without it that it is answered. */
  readonly member?: string;
}

const ERRORS = "{ userErrors { code } }";
const inGroup =
  (more = "", selection = ERRORS): Row["ask"] =>
  ({ group }) =>
    `(groupId: "${group}"${more && `, ${more}`}) ${selection}`;

/** What belongs to who asks, and tells nobody of others. */
const own = (ask: string): Row => ({ ask: () => ask, stranger: ANSWERED });
/** What belongs to the organization that who asks administers. */
const administered = (ask: string): Row => ({ ...own(ask), removed: "FORBIDDEN", member: "FORBIDDEN" });

const QUERIES: Readonly<Record<string, Row>> = {
  me: own("{ id }"),
  administers: own("{ id }"),
  groups: own(
    "{ id name feed(before: 2147483647) { seq ... on MessagePosted { text } } cards { id summary } }",
  ),
  group: {
    stranger: ANSWERED, // that there is none
    ask: ({ group, card, message }) => `(id: "${group}") {
      name head seen { seq } reading { seq messages waiting }
      members { person { id } } feed(before: 2147483647) { seq ... on MessagePosted { text } }
      cards { id summary data } card(id: "${card}") { id data } message(id: "${message}") { text }
      thread(cardId: "${card}") { text } mentions { text } search(text: "canary") { message { text } }
      actions { verb } closedActions { verb } grants { policy } asked { policy } invitations { id } organizations { id }
    }`,
  },
  inbox: own("{ waiting cards { card { id data } group { id } } }"),
  preferences: own("{ mutes { group { id } } quietHours { from } }"),
  scenarios: own("{ name }"),
  grants: administered("{ grants { policy group { id } } }"),
  search: own('(text: "canary") { group { id } message { text } snippet { text } }'),
  searchCards: {
    ask: ({ group }) =>
      `(text: "canary", groups: ["${group}"]) { hits { card { id data } group { id } } left }`,
    stranger: ANSWERED, // that there is nothing
  },
  invitations: administered("{ id group { id } }"),
  participations: administered("{ participations { group { id } } }"),
  policies: administered("{ name }"),
  people: { ask: ({ group }) => `(groupId: "${group}") { id }`, member: "FORBIDDEN" },
  accessLog: {
    ask: () => '(organization: "mall") { lines { line } }',
    stranger: "FORBIDDEN",
    member: "FORBIDDEN",
  },
  explainAccess: {
    ask: ({ group }) =>
      `(field: "Product.shelfPrice", groupId: "${group}", personId: "brand:chen") { visible }`,
    removed: "FORBIDDEN",
    member: "FORBIDDEN",
  },
};

const MUTATIONS: Readonly<Record<string, Row>> = {
  createGroup: {
    ask: () => `(input: { scenario: "counter", name: "x", subjectId: "017", key: "x" }) ${ERRORS}`,
    stranger: "FORBIDDEN",
    member: "FORBIDDEN",
  },
  closeGroup: { ask: inGroup(), member: "FORBIDDEN" },
  addMember: { ask: inGroup('personId: "brand:chen", role: "buyer"'), member: "FORBIDDEN" },
  removeMember: { ask: inGroup('personId: "brand:chen"'), member: "FORBIDDEN" },
  grant: { ask: inGroup('policy: "mall.price", role: "buyer"'), member: "FORBIDDEN" },
  withdraw: { ask: inGroup('policy: "mall.price", role: "buyer"'), member: "FORBIDDEN" },
  acceptGrants: { ask: inGroup("accept: { all: true }"), member: "FORBIDDEN" },
  inviteOrganization: { ask: inGroup('organizationId: "supplier"'), member: "FORBIDDEN" },
  takeBackInvitation: { ask: ({ invitation }) => `(id: "${invitation}") ${ERRORS}`, member: "NOT_FOUND" },
  acceptInvitation: { ask: ({ invitation }) => `(id: "${invitation}") ${ERRORS}`, member: "NOT_FOUND" },
  declineInvitation: { ask: ({ invitation }) => `(id: "${invitation}") ${ERRORS}`, member: "NOT_FOUND" },
  leaveGroup: { ask: inGroup(), member: "FORBIDDEN" },
  postMessage: { ask: inGroup('text: "x", key: "x"') },
  editMessage: {
    ask: ({ group, message }) => `(groupId: "${group}", messageId: "${message}", text: "x") ${ERRORS}`,
    member: "NOT_OWN",
  },
  deleteMessage: {
    ask: ({ group, message }) => `(groupId: "${group}", messageId: "${message}") ${ERRORS}`,
    member: "NOT_OWN",
  },
  markRead: { ask: inGroup("seq: 1") },
  setTyping: { ask: inGroup() },
  act: {
    ask: ({ group, card, seen }) =>
      `(groupId: "${group}", verb: "restock.approve", input: {}, key: "x", cardId: "${card}", seen: ${seen}) ${ERRORS}`,
    member: "NOT_ALLOWED",
  },
  snoozeCard: { ask: ({ card }) => `(cardId: "${card}", until: "2100-01-01T00:00:00Z") ${ERRORS}` },
  finishCard: { ask: ({ card }) => `(cardId: "${card}") ${ERRORS}` },
  returnCard: { ask: ({ card }) => `(cardId: "${card}") ${ERRORS}` },
  muteGroup: { ask: inGroup() },
  unmuteGroup: { ask: inGroup() },
  setQuietHours: own(`(hours: null) ${ERRORS}`),
};

/** The doors of these are two, and they answer again and again. */
const SUBSCRIPTIONS: Readonly<Record<string, Row>> = {
  groupFeed: {
    ask: inGroup("", "{ seq ... on MessagePosted { text } ... on CardPosted { card { id data } } }"),
  },
  groupPresence: { ask: inGroup("", "{ here { id } seen { seq } }") },
  myGroups: own("{ all groups { id name reading { seq } } }"),
};

const ALL = { query: QUERIES, mutation: MUTATIONS, subscription: SUBSCRIPTIONS } as const;
type Kind = keyof typeof ALL;

type Door = "http" | (typeof FEED_DOORS)[number];
const doorsOf = (kind: Kind): readonly Door[] =>
  kind === "subscription" ? FEED_DOORS : ["http", ...FEED_DOORS];

const ask = (door: Door, person: string, text: string): Promise<Answer> =>
  door === "http" ? story.query(person, text) : story.queryOver(door, person, text);

function codeOf({ data, errors }: Answer): string {
  return errors?.[0]?.extensions.code ?? data?.it?.userErrors?.[0]?.code ?? ANSWERED;
}

const cases = Object.entries(ALL).flatMap(([kind, rows]) =>
  Object.entries(rows).flatMap(([field, row]) =>
    doorsOf(kind as Kind).map((door) => [field, door, kind as Kind, row] as const),
  ),
);

beforeAll(async () => {
  story = await startStory();
  const change = async (person: string, text: string): Promise<any> =>
    (await story.query(person, `mutation { it: ${text} }`)).data.it;
  ids.group = story.group;
  await change(
    "brand:guo",
    `act(groupId: "${story.group}", verb: "restock.submit", key: "k", input: { lines: [{ skuId: "BL2481-38", pairs: 12 }] }) { action { id } }`,
  );
  const feed = story.feed("mall:lin");
  const { card } = await feed.next((event) => event.card?.type === "restock.order");
  feed.close();
  Object.assign(ids, { card: card.id, seen: card.revision });
  const said = await change(
    "mall:lin",
    `postMessage(groupId: "${story.group}", text: "${CANARY}", key: "c") { message { id } }`,
  );
  ids.message = said.message.id;
  const made = await change(
    "mall:lin",
    `createGroup(input: { scenario: "counter", name: "Counter 018", subjectId: "018", key: "018" }) { group { id } }`,
  );
  const invited = await change(
    "mall:lin",
    `inviteOrganization(groupId: "${made.group.id}", organizationId: "brand") { invitation { id } }`,
  );
  ids.invitation = invited.invitation.id;
  // Was in the group, and is not any more.
  await story.query("mall:zhao", "{ me { id } }");
  await change(
    "mall:lin",
    `addMember(groupId: "${story.group}", personId: "mall:zhao", role: "manager") ${ERRORS}`,
  );
  expect(codeOf(await story.query("mall:zhao", `{ it: group(id: "${story.group}") { name } }`))).toBe(
    ANSWERED,
  );
  await change("mall:lin", `removeMember(groupId: "${story.group}", personId: "mall:zhao") ${ERRORS}`);
});
afterAll(() => story?.close());

it("every field has a row", () => {
  const sdl = readFileSync(`${SCHEMA_DIR}/groups.graphql`, "utf8").replace(/^extend schema .*$/m, "");
  const schema = buildASTSchema(parse(sdl), { assumeValidSDL: true });
  const types = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  expect(Object.values(ALL).map((rows) => Object.keys(rows).sort())).toEqual(
    types.map((type) => Object.keys(type!.getFields()).sort()),
  );
});

describe.each(cases)("%s, at the door %s,", (field, door, kind, { ask: args, ...codes }) => {
  const { stranger = "NOT_FOUND", removed = stranger, member = ANSWERED } = codes;
  const text = (): string => `${kind} { it: ${field}${args(ids)} }`;

  it.each([
    ["plaza:mo", stranger],
    ["mall:zhao", removed],
  ])("tells %s nothing of a group of others: %s", async (person, code) => {
    const answer = await ask(door, person, text());
    expect(codeOf(answer)).toBe(code);
    const told = JSON.stringify(answer.data ?? null);
    for (const secret of [CANARY, ids.card, ids.group]) expect(told).not.toContain(secret);
  });

  it(`does for a member what is theirs to do: ${member}`, async () => {
    expect(codeOf(await ask(door, "brand:guo", text()))).toBe(member);
  });
});

it.each(cases.filter(([, door, kind]) => door === doorsOf(kind)[0]))(
  "%s is not answered to nobody",
  async (field, _door, kind, { ask: args }) => {
    const { data, errors } = await story.query(null, `${kind} { it: ${field}${args(ids)} }`);
    expect([data ?? null, errors?.[0]?.extensions.code]).toEqual([null, "UNAUTHENTICATED"]);
  },
);
