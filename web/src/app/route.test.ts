import { expect, it } from "vitest";
import { hashOf, routeOf } from "./route.ts";

it("finds again what it wrote, whatever the id", () => {
  for (const id of ["0197", "a/b", "100%", "柜台"])
    for (const route of [{ page: "group", id } as const, { page: "group", id, at: 17 } as const])
      expect(routeOf(hashOf(route))).toEqual(route);
});

it("looks at nothing when the address says nothing that it knows", () => {
  for (const hash of ["", "#", "#/g/", "#/g/%E0%A4%A", "#/g/a/b", "#/elsewhere"])
    expect(routeOf(hash)).toEqual({ page: "none" });
});
