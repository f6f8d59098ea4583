// What the gateway cannot serve as it is meant is refused at load, with the reason; what says nothing to it is not.
import { composeServices } from "@apollo/composition";
import { parse } from "graphql";
import { describe, expect, it } from "vitest";
import { compose } from "./compose.ts";
import { loadSupergraph } from "./load.ts";

const head = (imports: string, version = "v2.9", more = ""): string =>
  `extend schema @link(url: "https://specs.apollo.dev/federation/${version}", import: [${imports}]) ${more}\n`;

function supergraphOf(...sdls: readonly string[]): string {
  const { supergraphSdl, errors } = composeServices(
    sdls.map((sdl, index) => ({ name: `s${index}`, url: `http://s${index}`, typeDefs: parse(sdl) })),
  );
  if (errors) throw new Error(errors.join("\n"));
  return supergraphSdl;
}

/** A supergraph with a line more at its schema. */
const linking = (link: string, sdl = supergraphOf(`${head("")} type Query { a: Int }`)): string =>
  sdl.replace(/^schema$/m, `schema\n  ${link}`);

describe("a supergraph", () => {
  it.each<[string, string, RegExp]>([
    [
      "@context",
      supergraphOf(`${head('"@key", "@context", "@fromContext"')}
        type Query { user: User }
        type User @key(fields: "id") @context(name: "user") { id: ID! locale: String child: Child }
        type Child @key(fields: "id") { id: ID! text(locale: String @fromContext(field: "$user { locale }")): String }`),
      /uses @context/,
    ],
    [
      "a part of @override",
      supergraphOf(
        `${head('"@key", "@override"')} type Query { p: P } type P @key(fields: "id") { id: ID! name: String @override(from: "s1", label: "percent(20)") }`,
        `${head('"@key"')} type P @key(fields: "id") { id: ID! name: String }`,
      ),
      /P\.name is overridden only in part.*"percent\(20\)"/,
    ],
    [
      "connectors",
      linking('@link(url: "https://specs.apollo.dev/connect/v0.1", for: EXECUTION)'),
      /uses connectors/,
    ],
    [
      "connectors of a subgraph",
      linking(
        '@join__directive(graphs: [S0], name: "link", args: {url: "https://specs.apollo.dev/connect/v0.2"})',
      ),
      /uses connectors/,
    ],
    [
      "a connector at a field",
      supergraphOf(`${head("")} type Query { a: Int }`).replace(
        "  a: Int",
        '  a: Int @join__directive(graphs: [S0], name: "connect", args: {http: {GET: "http://internal/"}})',
      ),
      /uses connectors/,
    ],
    [
      "what it does not know and must",
      linking('@link(url: "https://example.org/rows/v1.0", for: SECURITY)'),
      /example\.org\/rows\/v1\.0, which says who may see what \(for: SECURITY\)/,
    ],
    [
      "what it does not know and must, of Apollo",
      linking('@link(url: "https://specs.apollo.dev/teleport/v0.1", for: EXECUTION)'),
      /teleport\/v0\.1, which says how operations are answered/,
    ],
    [
      "a later version of what it knows",
      supergraphOf(`${head("")} type Query { a: Int }`).replace("/join/v0.5", "/join/v0.6"),
      /uses https:\/\/specs\.apollo\.dev\/join\/v0\.6; the gateway knows join in v0\.3, v0\.4, v0\.5/,
    ],
    [
      "an earlier version of what it knows",
      supergraphOf(`${head("")} type Query { a: Int }`).replace("/join/v0.5", "/join/v0.1"),
      /join\/v0\.1/,
    ],
    [
      "@inaccessible under another name",
      supergraphOf(
        `${head('{ name: "@inaccessible", as: "@hidden" }')} type Query { a: Int b: Int @hidden }`,
      ),
      /gives @inaccessible the name @hidden/,
    ],
  ])("with %s is refused", (_what, sdl, reason) => {
    expect(() => loadSupergraph(sdl)).toThrow(
      expect.objectContaining({ code: "CONFIGURATION", message: expect.stringMatching(reason) as string }),
    );
  });

  it("hears of everything at once", () => {
    const sdl = linking('@link(url: "https://example.org/rows/v1.0", for: SECURITY)').replace(
      "/join/v0.5",
      "/join/v9.0",
    );
    expect(() => loadSupergraph(sdl)).toThrow(/rows[^]*join/);
  });

  it.each<[string, string]>([
    ["tags", supergraphOf(`${head('"@tag"')} type Query { a: Int @tag(name: "x") }`)],
    ["costs", supergraphOf(`${head('"@cost"')} type Query { a: Int @cost(weight: 2) }`)],
    ["policies", supergraphOf(`${head('"@policy"')} type Query { a: Int @policy(policies: [["s0.a"]]) }`)],
    ["@inaccessible", supergraphOf(`${head('"@inaccessible"')} type Query { a: Int b: Int @inaccessible }`)],
    [
      "@policy under another name",
      supergraphOf(
        `${head('{ name: "@policy", as: "@may" }')} type Query { a: Int @may(policies: [["s0.a"]]) }`,
      ),
    ],
    [
      "@requiresScopes",
      supergraphOf(`${head('"@requiresScopes"')} type Query { a: Int @requiresScopes(scopes: [["read"]]) }`),
    ],
    ["@authenticated", supergraphOf(`${head('"@authenticated"')} type Query { a: Int @authenticated }`)],
    [
      "@override of all",
      supergraphOf(
        `${head('"@key", "@override"')} type Query { p: P } type P @key(fields: "id") { id: ID! name: String @override(from: "s1") }`,
        `${head('"@key"')} type P @key(fields: "id") { id: ID! name: String }`,
      ),
    ],
    ["what is for tools only", linking('@link(url: "https://example.org/docs/v3.1")')],
    [
      "@interfaceObject",
      supergraphOf(
        `${head('"@key"')} type Query { m: M } interface M @key(fields: "id") { id: ID! } type B implements M @key(fields: "id") { id: ID! }`,
        `${head('"@key", "@interfaceObject"')} type M @key(fields: "id") @interfaceObject { id: ID! stars: Int }`,
      ),
    ],
    [
      "subgraphs of an earlier federation",
      supergraphOf('type Query { a: Int } type P @key(fields: "id") { id: ID! }'),
    ],
    ...["v2.0", "v2.3", "v2.6"].map((version): [string, string] => [
      `subgraphs of federation ${version}`,
      supergraphOf(`${head('"@key"', version)} type Query { a: Int }`),
    ]),
  ])("with %s is served", (_what, sdl) => {
    expect(loadSupergraph(sdl).schema.getQueryType()!.getFields()).not.toHaveProperty("b");
  });

  it("of a federation that is not known does not compose", () => {
    const groups = `${head('"@key"')} directive @group on ARGUMENT_DEFINITION scalar JSON type Query { me: String } type Card @key(fields: "id") { id: ID! }`;
    const sdl = `${head('"@key"', "v2.99")} type Query { a: Int }`;
    expect(() => compose([{ name: "a", url: "http://a", sdl }], groups)).toThrow(
      expect.objectContaining({ code: "CONFIGURATION", message: expect.stringContaining("v2.99") as string }),
    );
  });
});
