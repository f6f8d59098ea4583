// What a field asks of who wants to see it: tables of requirements against viewers. ADR 7.
import { describe, expect, it } from "vitest";
import type { Alternatives } from "../supergraph/authorization.ts";
import { as, BRAND, having, MALL, PLAZA, requirements } from "./test-requirements.ts";
import type { Viewer } from "./viewer.ts";

/** Who resolves the field, its policies, and for each viewer whether they see it. */
const TABLE: readonly [
  what: string,
  subgraphs: string[],
  policies: Alternatives,
  seen: [Viewer, boolean][],
][] = [
  [
    "no policy",
    ["mall"],
    [],
    [
      [MALL, true],
      [BRAND, false],
      [as("brand", "mall.price"), false],
    ],
  ],
  [
    "no policy, two owners",
    ["mall", "brand"],
    [],
    [
      [MALL, true],
      [BRAND, true],
      [PLAZA, false],
    ],
  ],
  [
    "one policy",
    ["mall"],
    [["mall.price"]],
    [
      [MALL, true],
      [BRAND, false],
      [as("brand", "mall.price"), true],
      [as("brand", "mall.sales"), false],
      [as("plaza", "mall.price"), true],
    ],
  ],
  [
    "both of two",
    ["mall"],
    [["mall.price", "mall.sales"]],
    [
      [MALL, true],
      [as("brand", "mall.price"), false],
      [as("brand", "mall.sales"), false],
      [as("brand", "mall.price", "mall.sales"), true],
    ],
  ],
  [
    "one of two",
    ["mall"],
    [["mall.price"], ["mall.sales"]],
    [
      [as("brand", "mall.price"), true],
      [as("brand", "mall.sales"), true],
      [as("brand", "brand.catalog"), false],
    ],
  ],
  [
    "a policy that is only granted",
    ["mall"],
    [["mall.approve"]],
    [
      [MALL, false],
      [as("mall", "mall.approve"), true],
      [as("mall", "mall.price"), false],
      [as("brand", "mall.approve"), true],
    ],
  ],
  [
    "another's policy, on what one resolves too",
    ["brand", "mall"],
    [["brand.catalog"]],
    [
      [MALL, true],
      [BRAND, true],
      [PLAZA, false],
      [as("plaza", "brand.catalog"), true],
    ],
  ],
  [
    "both owners' policies",
    ["brand", "mall"],
    [["brand.catalog", "mall.approve"]],
    [
      [MALL, false],
      [as("mall", "mall.approve"), true],
      [BRAND, true],
      [as("plaza", "mall.approve"), false],
      [as("plaza", "mall.approve", "brand.catalog"), true],
    ],
  ],
  [
    "one's own policy, or another's: the other's does not make one's own people see it",
    ["mall"],
    [["mall.approve"], ["brand.place"]],
    [
      [MALL, false],
      [as("mall", "mall.approve"), true],
      [as("mall", "brand.place"), true],
      // Nobody can tell whose word that alternative is: it lets in nobody from elsewhere.
      [as("brand", "brand.place"), false],
      [as("brand", "mall.approve"), true],
      [BRAND, false],
    ],
  ],
  [
    "one's own and another's, or one's own alone",
    ["mall"],
    [["mall.approve", "brand.place"], ["mall.price"]],
    [
      [MALL, true],
      [as("brand", "mall.approve"), false],
      [as("brand", "mall.approve", "brand.place"), true],
    ],
  ],
  [
    "a policy that nobody owns",
    ["mall"],
    [["nope.x"]],
    [
      [MALL, false],
      [BRAND, false],
      [as("mall", "nope.x"), true],
    ],
  ],
  [
    "a policy with a name that every object has",
    ["mall"],
    [["constructor"]],
    [
      [MALL, false],
      [BRAND, false],
    ],
  ],
  ["an empty alternative", ["mall"], [[]], [[MALL, true]]],
];

describe("a field with", () => {
  it.each(TABLE)("%s", (_what, subgraphs, policies, seen) => {
    const all = requirements({ "T.f": { subgraphs, policies } });
    const requirement = all.of("T", "f")!;
    for (const [each, expected] of seen)
      expect(
        all.satisfied(requirement, each),
        `${each.organization} with ${JSON.stringify([...(each.group?.granted ?? [])])}`,
      ).toBe(expected);
  });
});

describe("a requirement", () => {
  it("is one object for equal owners and policies, and another for others", () => {
    const all = requirements({
      "A.x": { policies: [["mall.price"]] },
      "B.y": { policies: [["mall.price"]] },
      "A.z": { policies: [["mall.price"]], subgraphs: ["brand"] },
      "A.two": { subgraphs: ["mall", "mall-2"], policies: [["mall.price"]] },
      "A.list": { policies: [["mall.price", "mall.sales"]] },
      "A.either": { policies: [["mall.price"], ["mall.sales"]] },
    });
    expect(all.of("A", "x")).toBe(all.of("B", "y"));
    expect(all.of("A", "x")).toBe(all.of("A", "two")); // two subgraphs of one organization
    const distinct = new Set([
      all.of("A", "x"),
      all.of("A", "z"),
      all.of("A", "list"),
      all.of("A", "either"),
    ]);
    expect(distinct.size).toBe(4);
    expect(new Set([...distinct].map((each) => each!.index)).size).toBe(4);
  });

  it("is none for the gateway's own fields, for plain values, and for what there is not", () => {
    const all = requirements({
      "Group.name": { subgraphs: ["groups"] },
      "Money.minor": { guarded: false },
      "Group.guarded": { subgraphs: ["groups"], policies: [["mall.price"]] },
    });
    expect(all.of("Group", "name")).toBeNull();
    expect(all.of("Money", "minor")).toBeNull();
    expect(all.of("Nope", "nope")).toBeNull();
    expect(all.of("Query", "__schema")).toBeNull();
    expect(all.satisfied(all.of("Group", "guarded")!, BRAND)).toBe(false);
  });

  it("says which policy would help, by what the viewer has already", () => {
    const all = requirements({
      "T.both": { policies: [["mall.price", "mall.sales"]] },
      "T.closed": {},
      "T.scoped": { policies: [["mall.price"]], scopes: [["read"]] },
      "T.computed": { policies: [["mall.price"]], requires: [["T", "brands"]] },
      "T.brands": { subgraphs: ["brand"], policies: [["brand.place"]] },
      "T.never": { policies: [["mall.price"]], requires: [["T", "alone"]] },
      "T.alone": { subgraphs: ["brand"] },
    });
    const helps = (field: string, who: Viewer): string | null =>
      all.closedBy(all.of("T", field)!, who).policy;
    expect(helps("both", BRAND)).toBe("mall.price");
    expect(helps("both", as("brand", "mall.price"))).toBe("mall.sales");
    expect(helps("closed", BRAND)).toBeNull();
    expect(helps("scoped", BRAND)).toBeNull();
    expect(helps("computed", PLAZA)).toBe("mall.price");
    expect(helps("computed", as("plaza", "mall.price"))).toBe("brand.place");
    expect(all.closedBy(all.of("T", "computed")!, as("plaza", "mall.price")).owner).toBe("brand");
    expect(helps("never", PLAZA)).toBeNull();
  });
});

describe("what a token to an owner's subgraph says", () => {
  const all = requirements({});
  it.each([
    ["its own people, without a group", MALL, "mall", ["mall.price", "mall.sales"]],
    [
      "its own people, with what was granted",
      as("mall", "mall.approve"),
      "mall",
      ["mall.price", "mall.sales", "mall.approve"],
    ],
    ["others, without a grant", BRAND, "mall", []],
    [
      "others, of their grants only its own",
      as("brand", "mall.price", "brand.place"),
      "mall",
      ["mall.price"],
    ],
    ["an owner that there is not", as("brand", "mall.price"), "nobody", []],
  ] as [string, Viewer, string, string[]][])("of %s", (_what, who, owner, policies) => {
    expect(all.held(owner, who).policies).toEqual(policies);
  });

  it("names another owner's policy where the subgraph names it itself, and is held", () => {
    const naming = requirements({}, ["brand.place", "supplier.stock"]);
    expect(naming.held("mall", as("plaza", "brand.place")).policies).toEqual(["brand.place"]);
    expect(naming.held("mall", PLAZA).policies).toEqual([]);
  });

  it("tells the scopes of a person to no other organization than their own", () => {
    const lin = having("mall", "write", "read", "other");
    expect(all.held("mall", lin).scopes).toEqual(["write", "read", "other"]);
    expect(all.held("mall-2", lin).scopes).toEqual(["write", "read", "other"]);
    expect(all.held("brand", lin).scopes).toEqual([]);
  });
});
