// What a field asks of who wants to see it: tables of requirements against viewers. ADR 7.
import { describe, expect, it } from "vitest";
import type { FieldFacts, Policies, Supergraph } from "../supergraph/load.ts";
import { createRequirements, type PolicyFacts } from "./requirements.ts";
import { personViewer, type Viewer } from "./viewer.ts";

const POLICIES = new Map<string, PolicyFacts>([
  ["mall.price", { organization: "mall", held: "people" }],
  ["mall.sales", { organization: "mall", held: "people" }],
  ["mall.approve", { organization: "mall", held: "grant" }],
  ["brand.catalog", { organization: "brand", held: "people" }],
  ["brand.place", { organization: "brand", held: "grant" }],
]);

function requirements(fields: Record<string, Partial<FieldFacts>>) {
  const supergraph = {
    field: (type: string, field: string) => {
      const facts = fields[`${type}.${field}`];
      return facts && { subgraphs: ["mall"], policies: [], guarded: true, ...facts };
    },
  } as Pick<Supergraph, "field"> as Supergraph;
  return createRequirements({
    supergraph,
    policies: POLICIES,
    ownerOf: (subgraph) => subgraph.replace(/-\d$/, ""),
  });
}

function viewer(organization: string, granted?: readonly string[]): Viewer {
  const group = granted && { id: "g", role: "guide", subjects: [], granted: new Set(granted) };
  const person = { id: `${organization}:x`, organization, name: "x", roles: [], scopes: [], expiresAt: 0 };
  return personViewer(person, group ?? null);
}

const MALL = viewer("mall");
const BRAND = viewer("brand");
const PLAZA = viewer("plaza");
const as = (organization: string, ...granted: string[]): Viewer => viewer(organization, granted);

/** Who resolves the field, its policies, and for each viewer whether they see it. */
const TABLE: readonly [what: string, subgraphs: string[], policies: Policies, seen: [Viewer, boolean][]][] = [
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
      [as("brand", "brand.place"), true],
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
    });
    const helps = (field: string, who: Viewer): string | null => all.wouldOpen(all.of("T", field)!, who);
    expect(helps("both", BRAND)).toBe("mall.price");
    expect(helps("both", as("brand", "mall.price"))).toBe("mall.sales");
    expect(helps("closed", BRAND)).toBeNull();
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
    expect(all.policiesHeld(owner, who)).toEqual(policies);
  });
});
