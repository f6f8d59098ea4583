// What a field asks that says more than a policy, at which something stands that asks, or that is computed from others:
// tables of requirements against viewers. ADR 7.
import { describe, expect, it } from "vitest";
import { NOTHING_ASKED, type Asks } from "../supergraph/authorization.ts";
import type { FieldFacts } from "../supergraph/fields.ts";
import {
  ALL,
  as,
  BRAND,
  having,
  MALL,
  PLAZA,
  requirements,
  viewer,
  type Facts,
} from "./test-requirements.ts";
import type { Viewer } from "./viewer.ts";

type Row = readonly [what: string, facts: Facts, seen: [Viewer, boolean][]];

const SAYING: readonly Row[] = [
  [
    "another organization's policy on the type, and none of the owner's",
    { policies: [["brand.catalog"]] },
    [
      [MALL, true],
      [BRAND, false],
      [as("plaza", "brand.catalog"), false],
      [as("brand", "brand.catalog"), false],
    ],
  ],
  [
    "@authenticated",
    { authenticated: true },
    [
      [MALL, true],
      [BRAND, true],
      [PLAZA, true],
    ],
  ],
  [
    "@authenticated on its type, which others define too",
    { authenticated: true, authenticatedBy: ["mall", "brand"] },
    [
      [MALL, true],
      [BRAND, false],
      [as("plaza", ...ALL), false],
    ],
  ],
  [
    "@authenticated on its type, which two subgraphs of the owner define",
    { authenticated: true, authenticatedBy: ["mall", "mall-2"] },
    [[PLAZA, true]],
  ],
  [
    "@authenticated and a policy",
    { authenticated: true, policies: [["mall.price"]] },
    [
      [MALL, true],
      [BRAND, false],
      [as("brand", "mall.price"), true],
    ],
  ],
  ["@authenticated on a plain value", { authenticated: true, guarded: false }, [[PLAZA, true]]],
  [
    "scopes",
    { scopes: [["read"]] },
    [
      [MALL, false],
      [having("mall", "read"), true],
      [having("mall", "write"), false],
      [having("brand", "read"), false],
      [having("brand", "read", "write"), false],
    ],
  ],
  [
    "both of two scopes, or a third",
    { scopes: [["read", "write"], ["audit"]] },
    [
      [having("mall", "read"), false],
      [having("mall", "write", "read"), true],
      [having("mall", "audit"), true],
      [having("plaza", "audit"), false],
    ],
  ],
  [
    "scopes, resolved by two",
    { scopes: [["read"]], subgraphs: ["mall", "brand"] },
    [
      [having("brand", "read"), true],
      [BRAND, false],
      [having("plaza", "read"), false],
    ],
  ],
  [
    "scopes and a policy",
    { scopes: [["read"]], policies: [["mall.approve"]] },
    [
      [viewer("mall", [], ["read"]), false],
      [viewer("mall", ["mall.approve"], []), false],
      [viewer("mall", ["mall.approve"], ["read"]), true],
      [having("brand", "read"), false],
    ],
  ],
  [
    "scopes and @authenticated",
    { scopes: [["read"]], authenticated: true },
    [
      [MALL, false],
      [having("brand", "read"), false],
      [having("mall", "read"), true],
    ],
  ],
  [
    "an @authenticated value that it returns: that opens nothing",
    { besides: [beside("leaf", ["mall"], { authenticated: true })] },
    [
      [MALL, true],
      [BRAND, false],
    ],
  ],
  [
    "a value with a policy that it returns, or takes",
    {
      policies: [["mall.price"]],
      besides: [beside("leaf", ["mall", "brand"], { policies: [["brand.catalog"]] })],
    },
    [
      [MALL, true],
      [as("plaza", "mall.price"), false],
      [as("plaza", "brand.catalog"), false],
      [as("plaza", "mall.price", "brand.catalog"), true],
    ],
  ],
  [
    "a value with scopes that it returns, or takes",
    { authenticated: true, besides: [beside("leaf", ["mall", "brand"], { scopes: [["read"]] })] },
    [
      [MALL, false],
      [having("mall", "read"), true],
      [having("brand", "read"), false],
    ],
  ],
  [
    "an object with a policy that it returns",
    { authenticated: true, besides: [beside("object", ["mall", "brand"], { policies: [["brand.place"]] })] },
    [
      [MALL, true],
      [BRAND, false],
      [PLAZA, false],
      [as("plaza", "brand.place"), true],
    ],
  ],
  [
    "a plain value with a policy that it returns",
    { guarded: false, besides: [beside("leaf", ["mall"], { policies: [["mall.price"]] })] },
    [
      [MALL, true],
      [BRAND, false],
      [as("brand", "mall.price"), true],
    ],
  ],
  [
    "no subgraph that resolves it",
    { subgraphs: [] },
    [
      [MALL, false],
      [BRAND, false],
    ],
  ],
];

function beside(
  kind: "object" | "leaf",
  subgraphs: readonly string[],
  asks: Partial<Asks>,
): FieldFacts["besides"][number] {
  return { kind, subgraphs, asks: { ...NOTHING_ASKED, ...asks } };
}

function check(facts: Record<string, Facts>, seen: readonly [Viewer, boolean][]): void {
  const all = requirements(facts);
  const requirement = all.of("T", "f");
  for (const [each, expected] of seen)
    expect(
      requirement === null || all.satisfied(requirement, each),
      `${each.organization} with ${JSON.stringify([...(each.group?.granted ?? []), ...each.scopes])}`,
    ).toBe(expected);
}

describe("a field that says, or at which stands,", () => {
  it.each(SAYING)("%s", (_what, facts, seen) => check({ "T.f": facts }, seen));
});

describe("a field that is computed from another", () => {
  it("asks what that asks, through any number of them, round in circles too", () => {
    const facts: Record<string, Facts> = {
      "T.f": {
        policies: [["mall.price"]],
        requires: [
          ["T", "g"],
          ["T", "f"],
        ],
      },
      "T.g": {
        subgraphs: ["brand"],
        policies: [["brand.catalog"]],
        requires: [
          ["T", "h"],
          ["T", "f"],
        ],
      },
      "T.h": { subgraphs: ["brand"], policies: [["brand.place"]] },
    };
    check(facts, [
      [MALL, false],
      [as("mall", "brand.catalog"), false],
      [as("mall", "brand.catalog", "brand.place"), true],
      [as("plaza", "mall.price", "brand.catalog"), false],
      [as("plaza", "mall.price", "brand.catalog", "brand.place"), true],
    ]);
  });

  it("is for nobody where two keep what it needs to themselves", () => {
    check({ "T.f": { requires: [["T", "g"]] }, "T.g": { subgraphs: ["brand"] } }, [
      [MALL, false],
      [BRAND, false],
      [as("mall", ...ALL), false],
    ]);
  });

  it("counts the scopes of no other organization than the one that resolves the other", () => {
    check({ "T.f": { requires: [["T", "g"]] }, "T.g": { subgraphs: ["brand"], scopes: [["read"]] } }, [
      [having("mall", "read"), false],
      [having("brand", "read"), false],
    ]);
  });
});
