// What another tenant could try around groups, invitations and grants, at every door: to see, to share, to take, to bring
// people in, for an organization that is not theirs or in a group in which theirs is not.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FEED_DOORS, startStory, type Answer, type Story } from "../support/story.ts";

let story: Story;
/** About counter 018: the mall is in it, the brand is invited. */
let group: string;
let invitation: string;

const mutation = (call: string, payload = ""): string =>
  `mutation { it: ${call} { ${payload} userErrors { field code } } }`;
/** The payload of a mutation, with its user errors. */
const ask = async (person: string, call: string, payload = ""): Promise<any> => {
  const { data, errors } = await story.query(person, mutation(call, payload));
  return data?.it ?? { errors };
};
/** Why a mutation is refused: for the same reason at every door. */
const codes = async (person: string, call: string): Promise<string[]> => {
  const codesIn = ({ data, errors }: Answer): string[] =>
    (data?.it?.userErrors ?? errors).map((error: any) => error.code ?? error.extensions.code);
  const refused = codesIn(await story.query(person, mutation(call)));
  for (const door of FEED_DOORS)
    expect(codesIn(await story.queryOver(door, person, mutation(call))), door).toEqual(refused);
  return refused;
};
const inGroup = (field: string, args: string): string =>
  `${field}(groupId: "${group}"${args === "" ? "" : `, ${args}`})`;
const GUIDE = `members: [{ personId: "brand:guo", role: "guide" }]`;

beforeAll(async () => {
  story = await startStory();
  const made = await ask(
    "mall:lin",
    `createGroup(input: { scenario: "counter", name: "Counter 018", subjectId: "018", key: "018", accept: { grants: [{ policy: "mall.price", role: "guide" }] } })`,
    "group { id grants { policy role } asked(open: false) { policy } }",
  );
  group = made.group.id;
  expect(made.group).toMatchObject({
    grants: [{ policy: "mall.price", role: "guide" }],
    asked: [{ policy: "mall.price" }],
  });
  await ask("mall:lin", inGroup("postMessage", `text: "canary words", key: "1"`));
  const invited = await ask(
    "mall:lin",
    inGroup("inviteOrganization", `organizationId: "brand"`),
    "invitation { id }",
  );
  invitation = invited.invitation.id;
});
afterAll(() => story?.close());

describe("I2: an organization that is invited and has not accepted", () => {
  const INVITATIONS = `{ invitations { id state organization { id } invitedBy { id } group { id name closed subject { type id } scenario { name title(locale: zh_CN) } }
    roles { name title organization { id } } asked { policy role reason grant { id } } } }`;

  it("sees the outline, and what would be asked of it, and why", async () => {
    const { data } = await story.query("brand:chen", INVITATIONS);
    expect(data.invitations).toHaveLength(1);
    expect(data.invitations[0]).toMatchObject({
      id: invitation,
      state: "WAITING",
      organization: { id: "brand" },
      invitedBy: { id: "mall:lin" },
      group: {
        id: group,
        name: "Counter 018",
        subject: { type: "Counter", id: "018" },
        scenario: { name: "counter", title: "专柜" },
      },
      roles: [{ name: "guide" }, { name: "buyer" }],
    });
    const asked = data.invitations[0].asked;
    expect(asked.map(({ policy, role }: any) => `${policy} ${role}`)).toEqual([
      "brand.catalog manager",
      "brand.catalog supplier",
      "brand.price manager",
      "brand.orders manager",
      "brand.orders supplier",
      "brand.orders.place buyer",
    ]);
    for (const { reason, grant } of asked)
      expect([reason, grant]).toEqual([expect.stringMatching(/^To /), null]);
  });

  it.each([
    `{ group(id: $g) { name } }`,
    `{ group(id: $g) { feed { seq } members { person { id } } } }`,
    `{ groups { id name } }`,
    `{ _: group(id: $g) { invitations { id } asked { policy } organizations { id } } }`,
  ])("sees nothing else of it: %s", async (selection) => {
    const used = selection.includes("$g");
    const { data } = await story.query(
      "brand:chen",
      used ? `query ($g: ID!) ${selection}` : selection,
      used ? { g: group } : {},
    );
    const found =
      data.groups?.filter(({ id }: any) => id === group) ??
      Object.values(data).filter((each) => each !== null);
    expect(found).toEqual([]);
  });

  it("reads no rows of the subject, and its feed neither", async () => {
    const { errors } = await story.query("brand:chen", `{ counter(id: "018") { name } }`, {}, group);
    expect(errors![0].extensions.code).toBe("NOT_FOUND");
    const feed = story.feed("brand:chen", { group });
    expect(await feed.ended).toEqual([expect.objectContaining({ extensions: { code: "NOT_FOUND" } })]);
  });

  it.each([
    ["brand:chen", "addMember", `personId: "brand:guo", role: "guide"`],
    ["mall:lin", "addMember", `personId: "brand:guo", role: "guide"`],
    ["brand:chen", "grant", `policy: "brand.price", role: "manager"`],
    ["brand:chen", "acceptGrants", "accept: { all: true }"],
    ["brand:chen", "withdraw", `policy: "mall.price", role: "guide"`],
    ["brand:chen", "inviteOrganization", `organizationId: "plaza"`],
    ["brand:chen", "leaveGroup", ""],
    ["brand:chen", "closeGroup", ""],
  ])("has nothing done there by %s: %s", async (person, field, args) => {
    expect(await codes(person, inGroup(field, args))).toEqual([
      person === "mall:lin" ? "NOT_OWN_ORGANIZATION" : "NOT_FOUND",
    ]);
  });
});

describe("an invitation is not answered", () => {
  it.each(["brand:guo", "mall:lin", "plaza:mo", "comet:tang", "mall:zhao"])("by %s", async (person) => {
    expect(await codes(person, `acceptInvitation(id: "${invitation}", ${GUIDE})`)).toEqual(["NOT_FOUND"]);
    expect(await codes(person, `declineInvitation(id: "${invitation}")`)).toEqual(["NOT_FOUND"]);
    if (person !== "mall:lin")
      expect(await codes(person, `takeBackInvitation(id: "${invitation}")`)).toEqual(["NOT_FOUND"]);
  });

  it.each(["", "*", "__proto__", "' or true --", "\\u0000"])("by the id %j", async (id) => {
    expect(await codes("brand:chen", `acceptInvitation(id: "${id}")`)).toEqual(["NOT_FOUND"]);
  });

  it.each([
    [`members: [{ personId: "mall:lin", role: "guide" }]`, "NOT_OWN_ORGANIZATION"],
    [`members: [{ personId: "brand:guo", role: "manager" }]`, "NOT_OWN_ROLE"],
    [`members: [{ personId: "brand:guo", role: "supplier" }]`, "NOT_OWN_ROLE"],
    [`members: [{ personId: "brand:ghost", role: "guide" }]`, "NOT_FOUND"],
    [`accept: { grants: [{ policy: "mall.sales", role: "guide" }] }`, "NOT_ASKED"],
    [`accept: { grants: [{ policy: "brand.price", role: "supplier" }] }`, "NOT_ASKED"],
    [`accept: { grants: [{ policy: "constructor", role: "__proto__" }] }`, "NOT_ASKED"],
    [`accept: { all: true, until: "2001-01-01T00:00:00Z" }`, "PAST"],
    [`accept: {}`, "REQUIRED"],
  ])("with %s", async (args, code) => {
    expect(await codes("brand:chen", `acceptInvitation(id: "${invitation}", ${args})`)).toEqual([code]);
    const { data } = await story.query(
      "mall:lin",
      "query ($g: ID!) { group(id: $g) { members { role } organizations { id } } }",
      { g: group },
    );
    expect(data.group).toEqual({ members: [{ role: "manager" }], organizations: [{ id: "mall" }] });
  });
});

describe("who administers an organization sees what it shares, and nothing of others", () => {
  const GRANTS = `query ($g: ID) { grants(groupId: $g, first: 100) { grants { policy organization { id } group { name } inForce } next } invitations { id } }`;

  it.each(["brand:guo", "mall:zhao"])("%s does not administer", async (person) => {
    const { data, errors } = await story.query(person, GRANTS);
    expect(data).toEqual({ grants: null, invitations: null });
    expect(errors!.map(({ extensions }) => extensions.code)).toEqual(["FORBIDDEN", "FORBIDDEN"]);
  });

  it.each(["mall:lin", "brand:chen", "supplier:wang", "plaza:mo"])("%s does", async (person) => {
    const organization = person.split(":")[0];
    const { data } = await story.query(person, GRANTS);
    const owners = new Set(data.grants.grants.map((grant: any) => grant.organization.id));
    expect([...owners]).toEqual(organization === "plaza" ? [] : [organization]);
    const other = await story.query(person, GRANTS, { g: group });
    expect(other.data.grants.grants).toHaveLength(organization === "mall" ? 1 : 0);
    expect(data.invitations).toHaveLength(organization === "brand" ? 1 : 0);
  });
});

describe("in a group in which an organization is", () => {
  it.each([
    ["brand:chen", "grant", `policy: "mall.price", role: "buyer"`, "UNKNOWN_POLICY"],
    ["brand:chen", "grant", `policy: "brand.price\\u0000", role: "manager"`, "UNKNOWN_POLICY"],
    ["brand:chen", "grant", `policy: "__proto__", role: "manager"`, "UNKNOWN_POLICY"],
    ["brand:chen", "grant", `policy: "brand.price", role: "boss"`, "UNKNOWN_ROLE"],
    ["brand:chen", "grant", `policy: "brand.price", role: "manager", until: "2001-01-01T00:00:00Z"`, "PAST"],
    ["brand:chen", "withdraw", `policy: "mall.price", role: "guide"`, "UNKNOWN_POLICY"],
    ["brand:guo", "withdraw", `policy: "brand.price", role: "manager"`, "FORBIDDEN"],
    ["brand:guo", "acceptGrants", "accept: { all: true }", "FORBIDDEN"],
    ["brand:guo", "leaveGroup", "", "FORBIDDEN"],
    ["brand:guo", "inviteOrganization", `organizationId: "plaza"`, "FORBIDDEN"],
    ["mall:lin", "inviteOrganization", `organizationId: "brand"`, "ALREADY_IN"],
    ["mall:lin", "inviteOrganization", `organizationId: "plaza"`, "NO_ROLE"],
    ["mall:lin", "inviteOrganization", `organizationId: "constructor"`, "UNKNOWN_ORGANIZATION"],
    ["brand:chen", "addMember", `personId: "supplier:wang", role: "supplier"`, "NOT_OWN_ORGANIZATION"],
    ["brand:chen", "removeMember", `personId: "mall:lin"`, "NOT_OWN_ORGANIZATION"],
    ["plaza:mo", "grant", `policy: "mall.price", role: "buyer"`, "NOT_FOUND"],
    ["plaza:mo", "leaveGroup", "", "NOT_FOUND"],
  ])("%s does not %s(%s)", async (person, field, args, code) => {
    const call = `${field}(groupId: "${story.group}"${args === "" ? "" : `, ${args}`})`;
    const before = await story.query("mall:lin", "query ($g: ID!) { group(id: $g) { head } }", {
      g: story.group,
    });
    expect(await codes(person, call)).toEqual([code]);
    expect(
      await story.query("mall:lin", "query ($g: ID!) { group(id: $g) { head } }", { g: story.group }),
    ).toEqual(before);
  });

  it("a date that is none is refused", async () => {
    for (const until of ["tomorrow", "2026-13-01T00:00:00Z", "9e99", ""]) {
      const { errors } = await ask(
        "brand:chen",
        `grant(groupId: "${story.group}", policy: "brand.price", role: "manager", until: "${until}")`,
      );
      expect(errors[0].extensions.code).toBe("BAD_USER_INPUT");
    }
  });
});

it("who comes in sees the group, shares what they accepted until then, and takes the rest back to be asked", async () => {
  const until = "2099-01-01T00:00:00.000Z";
  const accepted = await ask(
    "brand:chen",
    `acceptInvitation(id: "${invitation}", ${GUIDE}, accept: { grants: [{ policy: "brand.price", role: "manager" }], until: "${until}" })`,
    "invitation { state answeredBy { id } asked { policy grant { until } } }",
  );
  expect(accepted.invitation).toMatchObject({ state: "ACCEPTED", answeredBy: { id: "brand:chen" } });
  const { data } = await story.query(
    "brand:guo",
    `query ($g: ID!) { group(id: $g) { organizations { id } asked(open: true) { policy role organization { id } } grants { policy until inForce }
      invitations(waiting: false) { state } feed(first: 50) { ... on OrganizationChanged { organization { id } change } ... on GrantChanged { policy until end } } } }`,
    { g: group },
  );
  expect(data.group.organizations).toEqual([{ id: "mall" }, { id: "brand" }]);
  expect(data.group.grants).toContainEqual({ policy: "brand.price", until, inForce: true });
  expect(data.group.asked).not.toContainEqual(expect.objectContaining({ policy: "brand.price" }));
  expect(data.group.asked).toContainEqual({
    policy: "brand.catalog",
    role: "manager",
    organization: { id: "brand" },
  });
  expect(data.group.invitations).toEqual([{ state: "ACCEPTED" }]);
  expect(data.group.feed).toContainEqual({ organization: { id: "brand" }, change: "JOINED" });
  expect(data.group.feed).toContainEqual({ policy: "brand.price", until, end: null });
});

describe("I2: what an administrator looks after is told, at every door, to nobody else", () => {
  const QUERIES = [
    "{ policies { name } }",
    "{ participations { participations { group { name } members { person { id } } } } }",
    "{ grants { grants { id } } }",
    "{ invitations { id } }",
    "{ people { id } }",
    `{ people(groupId: "$g") { id } }`,
  ];
  const told = async (person: string, query: string): Promise<unknown> => {
    const text = query.replace("$g", group);
    const { data, errors } = await story.query(person, text);
    for (const door of FEED_DOORS)
      expect(await story.queryOver(door, person, text), door).toMatchObject({
        data,
        ...(errors && { errors }),
      });
    const [value] = Object.values(data ?? {});
    return value ?? errors?.[0].extensions.code;
  };

  it.each(QUERIES)("who is no administrator reads why: %s", async (query) => {
    const notIn = query.includes("$g") ? "NOT_FOUND" : "FORBIDDEN";
    expect(await told("brand:guo", query)).toBe("FORBIDDEN");
    expect(await told("mall:zhao", query)).toBe(notIn);
  });

  it("an administrator of another organization reads of their own, and that is nothing", async () => {
    expect(await told("plaza:mo", QUERIES[0]!)).toEqual([]);
    expect(await told("plaza:mo", QUERIES[1]!)).toEqual({ participations: [] });
    expect(await told("plaza:mo", QUERIES[4]!)).toEqual([{ id: "plaza:mo" }]);
    expect(await told("plaza:mo", QUERIES[5]!)).toBe("NOT_FOUND");
  });

  it("an administrator who is no member sees their part of a group, and not the group", async () => {
    await ask("brand:chen", `removeMember(groupId: "${group}", personId: "brand:chen")`);
    const { data } = await story.query(
      "brand:chen",
      `query ($g: ID!) { group(id: $g) { id } participations { participations { group { id name } members { person { id } } asked { organization { id } } } } }`,
      { g: group },
    );
    expect(data.group).toBeNull();
    const part = data.participations.participations.find((each: any) => each.group.id === group);
    expect(part.members).toEqual([{ person: { id: "brand:guo" } }]);
    expect(new Set(part.asked.map(({ organization }: any) => organization.id))).toEqual(new Set(["brand"]));
  });
});
