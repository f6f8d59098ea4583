import { expect, it } from "vitest";
import { hashOf, routeOf, SHARING_PARTS } from "./route.ts";

it("finds again what it wrote, whatever the id", () => {
  for (const id of ["0197", "a/b", "100%", "柜台"])
    for (const route of [{ page: "group", id } as const, { page: "group", id, at: 17 } as const])
      expect(routeOf(hashOf(route))).toEqual(route);
});

it("finds the parts of what an organization shares", () => {
  for (const part of SHARING_PARTS)
    expect(routeOf(hashOf({ page: "sharing", part }))).toEqual({ page: "sharing", part });
});

it("looks at nothing when the address says nothing that it knows", () => {
  for (const hash of ["", "#", "#/g/", "#/g/%E0%A4%A", "#/g/a/b", "#/elsewhere", "#/sharing/elsewhere"])
    expect(routeOf(hash)).toEqual({ page: "none" });
});
