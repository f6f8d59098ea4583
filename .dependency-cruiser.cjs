// Imports go one way. Each folder of the gateway may import from those before it, never from those after it.
const FLOORS = [
  ["config", "errors", "observe", "database", "cancel", "json"],
  ["supergraph", "operation"],
  ["identity"],
  ["access"],
  ["plan"],
  ["execute"],
  ["fetch", "shape", "access-log"],
  ["groups", "events", "presence"],
  ["cards"],
  ["audience"],
  ["push"],
];
const gateway = (folders) => `^gateway/src/(${folders.join("|")})/`;

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    ...FLOORS.map((floor, index) => ({
      name: `gateway-${floor.join("-")}-imports-downwards`,
      severity: "error",
      from: { path: gateway(floor), pathNot: "\\.test\\.ts$" },
      to: {
        path: `^gateway/src/(${[...FLOORS.slice(index + 1).flat(), "graph", "door", "http", "sse", "ws"].join("|")})/|^gateway/src/[^/]+\\.ts$`,
      },
    })),
    {
      name: "only-main-knows-where-the-graph-comes-from",
      severity: "error",
      from: { path: "^gateway/src/", pathNot: "^gateway/src/(graph/|main\\.ts$)" },
      to: { path: "^gateway/src/graph/" },
    },
    {
      name: "only-the-doors-and-main-know-the-stories",
      severity: "error",
      from: { path: "^gateway/src/(answer|announce)\\.ts$" },
      to: { path: "^gateway/src/(door|http|sse|ws)/|^gateway/src/main\\.ts$" },
    },
    {
      name: "what-doors-share-knows-no-door",
      severity: "error",
      from: { path: "^gateway/src/door/" },
      to: { path: "^gateway/src/(http|sse|ws)/" },
    },
    {
      name: "a-door-knows-no-other-but-that-http-leads-to-sse",
      severity: "error",
      from: { path: "^gateway/src/(sse|ws)/", pathNot: "\\.test\\.ts$" },
      to: { path: "^gateway/src/(http|sse|ws)/", pathNot: "^gateway/src/$1/" },
    },
    {
      name: "gateway-knows-no-subgraph",
      severity: "error",
      from: { path: "^(gateway|embedded)/" },
      to: { path: "^(subgraphs|cli|web)/|^node_modules/@junto/(subgraph|seed|mall|brand|supplier|cli)" },
    },
    {
      name: "subgraphs-know-only-the-kit",
      severity: "error",
      from: { path: "^subgraphs/(mall|brand|supplier)/src/", pathNot: "\\.test\\.ts$|/index\\.ts$" },
      to: { path: "^(gateway|cli)/|^subgraphs/seed/" },
    },
    {
      name: "a-subgraph-knows-no-other",
      severity: "error",
      from: { path: "^subgraphs/(mall|brand|supplier)/" },
      to: { path: "^subgraphs/(mall|brand|supplier)/", pathNot: "^subgraphs/$1/" },
    },
    {
      name: "the-kit-stands-alone",
      severity: "error",
      from: { path: "^subgraphs/kit/" },
      to: { path: "^(gateway|cli|embedded)/|^subgraphs/(?!kit/)" },
    },
    {
      name: "the-template-engine-stands-alone",
      comment: "It runs in gateways and in browsers alike.",
      severity: "error",
      from: { path: "^template/", pathNot: "\\.test\\.ts$" },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "the-template-engine-knows-no-other-part",
      severity: "error",
      from: { path: "^template/" },
      to: { path: "^(gateway|embedded|cli|subgraphs|web)/" },
    },
    {
      name: "the-web-client-knows-only-the-schema",
      comment:
        "What it knows of the gateway are types that were generated from the schema, as anyone's client.",
      severity: "error",
      from: { path: "^web/src/" },
      to: {
        path: "^(gateway|cli|embedded|subgraphs|schema)/|^node_modules/@junto/(?!template)",
      },
    },
    {
      name: "the-client-library-draws-nothing",
      severity: "error",
      from: { path: "^web/src/junto/" },
      to: { path: "^web/src/(?!junto/|generated/)|^node_modules/(react|react-dom|@base-ui)/" },
    },
    {
      name: "no-test-code-in-the-product",
      severity: "error",
      from: { path: "^(template|gateway|embedded|web|cli|subgraphs)/", pathNot: "\\.test\\.ts$" },
      to: { path: "^(test|bench)/|\\.test\\.ts$" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "/dist/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.test.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["@junto/source", "import", "node", "default"],
    },
  },
};
