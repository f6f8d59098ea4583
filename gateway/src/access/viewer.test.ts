// Audiences: equal for whom everything is equal, and for nobody else, whatever stands in names and ids.
import { describe, expect, it } from "vitest";
import type { Person } from "../identity/index.ts";
import { audienceViewer, personViewer, type ViewerGroup } from "./viewer.ts";

const person = (organization: string, id = `${organization}:x`, ...scopes: string[]): Person => ({
  id,
  organization,
  name: "x",
  roles: [],
  scopes,
  expiresAt: 0,
});
const place = (over: Partial<ViewerGroup> = {}): ViewerGroup => ({
  id: "g",
  role: "guide",
  subjects: [{ type: "Counter", id: "017" }],
  granted: new Set(["a", "b"]),
  ...over,
});

describe("the key of an audience", () => {
  it("is the same for two people of one organization in one role, and for a push to them", () => {
    const one = personViewer(person("mall", "mall:lin"), place()).audience;
    expect(personViewer(person("mall", "mall:zhao"), place({ granted: new Set(["b", "a"]) })).audience).toBe(
      one,
    );
    expect(audienceViewer("mall", place()).audience).toBe(one);
  });

  it("differs wherever anything does, and where only the delimiters stand elsewhere", () => {
    const all: [string, ViewerGroup | null][] = [
      ["mall", null],
      ["mall", place()],
      ["plaza", place()],
      ["mall", place({ id: "h" })],
      ["mall", place({ role: "buyer" })],
      ["mall", place({ subjects: [] })],
      ["mall", place({ subjects: [{ type: "Counter", id: "018" }] })],
      ["mall", place({ subjects: [{ type: "Counter:0", id: "17" }] })],
      [
        "mall",
        place({
          subjects: [
            { type: "Counter", id: "0" },
            { type: "1", id: "7" },
          ],
        }),
      ],
      ["mall", place({ granted: new Set() })],
      ["mall", place({ granted: new Set(["a"]) })],
      ["mall", place({ granted: new Set(["a,b"]) })],
      ["mall", place({ granted: new Set(["ab"]) })],
      ["mall", place({ granted: new Set(['a","b']) })],
      ["mall g", place({ id: "" })],
      ["mall", place({ id: "", role: "g guide" })],
      ["mall", place({ id: 'g","guide', role: "" })],
      ['mall","g', place({ id: "guide", role: "" })],
      ['["mall"]', null],
      ["", place({ id: "mall" })],
    ];
    const keys = all.map(([organization, group]) => personViewer(person(organization), group).audience);
    expect(new Set(keys).size).toBe(all.length);
  });

  it("tells apart who has other scopes of those that the graph asks for, and nobody by any other", () => {
    const asked = new Set(["read", "write", "read write"]);
    const keyOf = (organization: string, scopes: string[], group: ViewerGroup | null = place()): string =>
      personViewer(person(organization, undefined, ...scopes), group, asked).audience;
    const all = [
      keyOf("mall", []),
      keyOf("mall", ["read"]),
      keyOf("mall", ["write"]),
      keyOf("mall", ["write", "read"]),
      keyOf("mall", ["read write"]),
      keyOf("plaza", ["read"]),
      keyOf("mall", [], null),
      keyOf("mall", ["read"], null),
      keyOf("mall", ["write"], null),
      keyOf('mall","read', [], null),
    ];
    expect(new Set(all).size).toBe(all.length);
    expect(keyOf("mall", ["read", "write", "read"])).toBe(keyOf("mall", ["write", "other", "read"]));
    expect(keyOf("mall", ["other"])).toBe(keyOf("mall", []));
    expect(audienceViewer("mall", place(), new Set(["read"])).audience).toBe(keyOf("mall", ["read"]));
    expect(audienceViewer("mall", place()).audience).toBe(keyOf("mall", []));
  });
});
