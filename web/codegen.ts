// The client's types, from the API schema and the operations that it sends: `npm run codegen` writes them, with
// `--check` it only says whether they are current.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { preset } from "@graphql-codegen/client-preset";
import { codegen } from "@graphql-codegen/core";
import { parse } from "graphql";

const here = import.meta.dirname;
const source = (path: string): string => readFileSync(join(here, path), "utf8");
const operations = readdirSync(join(here, "src/junto/operations"))
  .sort()
  .map((file) => `src/junto/operations/${file}`);

/** The preset also makes helpers for operations that stand in code; ours stand in a file of their own. */
const WANTED = "src/generated/graphql.ts";

const outputs = await preset.buildGeneratesSection({
  baseOutputDir: "src/generated/",
  schema: parse(source("../schema/api.graphql")),
  documents: operations.map((location) => ({
    location,
    document: parse(source(location)),
    rawSDL: source(location),
  })),
  config: {
    documentMode: "string",
    useTypeImports: true,
    enumsAsTypes: true,
    immutableTypes: true,
    scalars: { DateTime: "string", JSON: "unknown", ID: "string" },
  },
  presetConfig: { fragmentMasking: false },
  plugins: [],
  pluginMap: {},
  pluginContext: {},
});
const wanted = outputs.find(({ filename }) => filename === WANTED);
if (wanted === undefined) throw new Error(`The preset makes no ${WANTED}.`);
const text = await codegen(wanted);
const file = join(here, WANTED);
if (!process.argv.includes("--check")) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
} else if (!existsSync(file) || readFileSync(file, "utf8") !== text) {
  process.stderr.write(
    `web/${WANTED} is not what the schema and the operations give; run \`npm run codegen\`.\n`,
  );
  process.exitCode = 1;
}
