// Why a field is visible, or not: what is said is what happens, and it is told to nobody whom it does not concern.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startStory, type Answer, type Story } from "../support/story.ts";

let story: Story;
beforeAll(async () => {
  story = await startStory();
});
afterAll(() => story?.close());

const explain = (
  as: string,
  field: string,
  { group = story.group, person = null }: { group?: string | null; person?: string | null } = {},
): Promise<Answer> =>
  story.query(
    as,
    `query ($field: String!, $g: ID, $p: ID) {
      explainAccess(field: $field, groupId: $g, personId: $p) {
        person { id } role visible
        needs { owners { id } met because policies { policy organization { id } held grant { policy role grantedBy { id } until } } scopes }
      }
    }`,
    { field, g: group, p: person },
  );
const told = async (...asked: Parameters<typeof explain>): Promise<any> => {
  const { data, errors } = await explain(...asked);
  expect(errors).toBeUndefined();
  return data.explainAccess;
};
const code = async (...asked: Parameters<typeof explain>): Promise<unknown> =>
  (await explain(...asked)).errors?.[0].extensions.code;
const mutate = async (as: string, call: string): Promise<void> => {
  const { data } = await story.query(as, `mutation ($g: ID!) { it: ${call} { userErrors { code } } }`, {
    g: story.group,
  });
  expect(data.it.userErrors).toEqual([]);
};

describe("it says", () => {
  it("by whose grant a field is seen", async () => {
    const { needs, ...rest } = await told("brand:guo", "Product.shelfPrice");
    expect(rest).toEqual({ person: { id: "brand:guo" }, role: "guide", visible: true });
    expect(needs).toContainEqual({
      owners: [{ id: "mall" }],
      met: true,
      because: "mall.price is granted to guide in this group.",
      policies: [
        [
          {
            policy: "mall.price",
            organization: { id: "mall" },
            held: "GRANT",
            grant: { policy: "mall.price", role: "guide", grantedBy: { id: "mall:lin" }, until: null },
          },
        ],
      ],
      scopes: [],
    });
  });

  it("which grant is missing, to who lacks it and to the owner's administrator alike", async () => {
    const asked = await told("supplier:wang", "Product.shelfPrice");
    expect(asked.visible).toBe(false);
    expect(asked.needs.find(({ met }: { met: boolean }) => !met)).toMatchObject({
      because: "mall.price is not granted to supplier in this group.",
      policies: [[{ policy: "mall.price", held: null, grant: null }]],
    });
    expect(await told("mall:lin", "Product.shelfPrice", { person: "supplier:wang" })).toEqual(asked);
  });

  it("that its own people see what an organization resolves, in any group or none", async () => {
    for (const group of [story.group, null])
      expect(await told("mall:lin", "Product.shelfPrice", { group })).toMatchObject({
        visible: true,
        needs: [{ met: true, because: "mall resolves it, and this is for its own people to see." }],
      });
  });

  it("that outside a group nothing is shared", async () => {
    expect(await told("brand:guo", "Product.shelfPrice", { group: null })).toMatchObject({
      role: null,
      visible: false,
      needs: expect.arrayContaining([
        expect.objectContaining({
          met: false,
          because: "mall.price is granted to roles in groups, and this is asked in none.",
        }),
      ]),
    });
  });

  it("that whoever reaches a field of the gateway's own sees it", async () => {
    expect(await told("brand:guo", "Group.name")).toMatchObject({ visible: true, needs: [] });
  });

  it("the same as what is seen, before and after a grant is taken back", async () => {
    const seen = async (): Promise<boolean> => {
      const { data } = await story.query(
        "brand:guo",
        `query ($g: ID!) { group(id: $g) { id } product(id: "BL2481") { shelfPrice { currency } } }`,
        { g: story.group },
      );
      return data.product.shelfPrice !== null;
    };
    const both = async (): Promise<unknown> => [
      await seen(),
      (await told("brand:guo", "Product.shelfPrice")).visible,
    ];
    expect(await both()).toEqual([true, true]);
    await mutate("mall:lin", `withdraw(groupId: $g, policy: "mall.price", role: "guide")`);
    expect(await both()).toEqual([false, false]);
    await mutate("mall:lin", `grant(groupId: $g, policy: "mall.price", role: "guide")`);
    expect(await both()).toEqual([true, true]);
  });
});

describe("it does not tell", () => {
  it.each([
    [
      "a member about another, who is no administrator",
      "brand:guo",
      "Product.shelfPrice",
      "mall:lin",
      "FORBIDDEN",
    ],
    [
      "an administrator about what is not theirs",
      "supplier:wang",
      "Product.shelfPrice",
      "brand:guo",
      "FORBIDDEN",
    ],
    ["an administrator who is not in the group", "plaza:mo", "Product.shelfPrice", "brand:guo", "NOT_FOUND"],
    ["about who is in no such group", "mall:lin", "Product.shelfPrice", "plaza:mo", "NOT_FOUND"],
    ["about nobody", "mall:lin", "Product.shelfPrice", "mall:nobody", "NOT_FOUND"],
    ["who is not in the group about themselves in it", "plaza:mo", "Product.shelfPrice", null, "NOT_FOUND"],
    ["of a field that is not there", "mall:lin", "Product.nothing", null, "BAD_USER_INPUT"],
    ["of a type that is not there", "mall:lin", "__proto__.x", null, "BAD_USER_INPUT"],
    ["of what is no field", "mall:lin", "Product", null, "BAD_USER_INPUT"],
    ["of a type that stands for others", "mall:lin", "FeedEvent.seq", null, "BAD_USER_INPUT"],
  ])("%s", async (_, as, field, person, expected) => {
    expect(await code(as, field, { person })).toBe(expected);
  });

  it("an administrator about others outside of groups", async () => {
    expect(await code("mall:lin", "Product.shelfPrice", { group: null, person: "brand:guo" })).toBe(
      "BAD_USER_INPUT",
    );
  });
});
