// Which entities a card can be about, as the subgraphs' schemas say.
import { parse, print } from "graphql";
import { describe, expect, it } from "vitest";
import { entitiesOf, groupsTypeDefs } from "./entities.ts";

describe("the entities of a graph", () => {
  it("are the types with a key of plain fields, each once", () => {
    const { keys: found } = entitiesOf([
      { sdl: `type A @key(fields: "id org") { id: ID! org: Int } type B { id: ID! }` },
      { sdl: `type A @key(fields: "id") { id: ID! } type C @key(fields: "a { id }") { a: A }` },
    ]);
    expect(found).toEqual([{ type: "A", fields: { id: "ID!", org: "Int" } }]);
  });

  it("are not the interfaces, which another subgraph has as an object", () => {
    const { keys: found } = entitiesOf([
      { sdl: `type Asset @interfaceObject @key(fields: "id") { id: ID! mark: Int }` },
      {
        sdl: `interface Asset @key(fields: "id") { id: ID! } type A implements Asset @key(fields: "id") { id: ID! }`,
      },
    ]);
    expect(found.map(({ type }) => type)).toEqual(["A"]);
  });

  it("bring along the scalars and enums that their keys are made of, and no others", () => {
    const typeDefs = groupsTypeDefs(
      "scalar JSON",
      entitiesOf([
        {
          sdl: `scalar Serial scalar JSON scalar Other enum Size { S }
            type A @key(fields: "serial") { serial: Serial! } type B @key(fields: "size any") { size: [Size!]! any: JSON }`,
        },
        { sdl: `enum Size { S L }` },
      ]),
    );
    const defined = parse(typeDefs).definitions.filter((node) => /Scalar|Enum/.test(node.kind));
    expect(defined.map((node) => print(node))).toEqual([
      "scalar JSON",
      "scalar Serial",
      "enum Size {\n  S\n  L\n}",
    ]);
  });
});
