// Which entities a card can be about, as the subgraphs' schemas say.
import { describe, expect, it } from "vitest";
import { entitiesOf } from "./entities.ts";

describe("the entities of a graph", () => {
  it("are the types with a key of plain fields, each once", () => {
    const found = entitiesOf([
      { sdl: `type A @key(fields: "id org") { id: ID! org: Int } type B { id: ID! }` },
      { sdl: `type A @key(fields: "id") { id: ID! } type C @key(fields: "a { id }") { a: A }` },
    ]);
    expect(found).toEqual([{ type: "A", fields: { id: "ID!", org: "Int" } }]);
  });

  it("are not the interfaces, which another subgraph has as an object", () => {
    const found = entitiesOf([
      { sdl: `type Asset @interfaceObject @key(fields: "id") { id: ID! mark: Int }` },
      {
        sdl: `interface Asset @key(fields: "id") { id: ID! } type A implements Asset @key(fields: "id") { id: ID! }`,
      },
    ]);
    expect(found.map(({ type }) => type)).toEqual(["A"]);
  });
});
