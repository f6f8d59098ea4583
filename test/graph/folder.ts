// A schema folder of a test's own, beside that of the story, and a till of the mall that says what is sold.
import { EventEmitter, on } from "node:events";
import { cp, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { startSubgraph, type Context, type Subgraph } from "@junto/subgraph";
import { composeSupergraph } from "../../gateway/src/supergraph/compose.ts";
import { SCHEMA_DIR } from "../support/story.ts";

export interface SchemaFolder {
  readonly schemaDir: string;
  /** Changes a file in it by its name, or a subgraph's own. */
  edit(file: string, change: (text: string) => string): Promise<void>;
  compose(): void;
}

/** Copies the story's folder and the schemas that it names. */
export async function copySchemaFolder(dir: string): Promise<SchemaFolder> {
  const schemaDir = join(dir, "schema");
  await cp(SCHEMA_DIR, schemaDir, { recursive: true });
  const edit: SchemaFolder["edit"] = async (file, change) => {
    const path = join(schemaDir, file);
    await writeFile(path, change(await readFile(path, "utf8")));
  };
  const named = new Map<string, string>();
  await edit("supergraph.yaml", (yaml) =>
    yaml.replaceAll(/schema: (\.\.\S+?)( |,|$)/gm, (_all, path: string, end: string) => {
      const own = `${path.split("/").at(-2)!}.graphql`;
      named.set(resolve(SCHEMA_DIR, path), own);
      return `schema: ${own}${end}`;
    }),
  );
  for (const [from, own] of named) await cp(from, join(schemaDir, own));
  return { schemaDir, edit, compose: () => void composeSupergraph({ schemaDir }) };
}

const TILL = `
extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@policy", "@composeDirective"])
  @link(url: "https://junto.dev/spec/v1.0", import: ["@scope"])
  @composeDirective(name: "@scope")
directive @scope(subject: String!, by: String!) on OBJECT
type Query { tillIsOpen: Boolean }
type Subscription { sold: Sale @policy(policies: [["mall.sales"]]) }
type Sale @key(fields: "id") @scope(subject: "Counter", by: "counterId") @policy(policies: [["mall.sales"]]) {
  id: ID!
  counterId: ID!
  pairs: Int
  note: String
  product: Product
}
type Product @key(fields: "id") { id: ID! }`;

/** What the till says of itself: the first has no note. */
export const TILL_WITH_NOTE = TILL;
export const TILL_WITHOUT_NOTE: string = TILL.replace("  note: String\n", "");

export interface Till {
  readonly subgraph: Subgraph;
  /** Sells a pair at counter 017. @returns the sale's id */
  sell(): string;
}

export async function startTill(options: {
  readonly typeDefs: string;
  readonly gatewayUrl: string;
  readonly dir: string;
  readonly port?: number;
}): Promise<Till> {
  const bus = new EventEmitter().setMaxListeners(0);
  const sales = new Map<string, object>();
  const subgraph = await startSubgraph({
    name: "till",
    organization: "mall",
    typeDefs: options.typeDefs,
    legacy: null,
    entities: {
      Sale: { load: async (ids) => ids.map((id) => sales.get(id)) },
      Product: { load: async (ids) => ids.map((id) => ({ id })) },
    },
    resolvers: {
      Query: { tillIsOpen: () => true },
      Subscription: {
        sold: {
          subscribe: (_parent: unknown, _args: unknown, { signal }: Context<null>) =>
            on(bus, "sold", { signal }),
          resolve: ([id]: [string], _args: unknown, context: Context<null>) => context.load("Sale", id),
        },
      },
    },
    gateway: { url: options.gatewayUrl },
    stateDir: join(options.dir, "state", "till"),
    log: { debug() {}, info() {}, warn() {}, error() {} },
    ...(options.port !== undefined && { port: options.port }),
  });
  return {
    subgraph,
    sell() {
      const id = `sale-${sales.size + 1}`;
      const product = { id: "BL2481" };
      sales.set(id, { id, counterId: "017", pairs: 1, note: "as a gift", product });
      bus.emit("sold", id);
      return id;
    },
  };
}

/** Names the till in a copy of the folder. */
export async function addTill(folder: SchemaFolder, url: string, typeDefs: string): Promise<void> {
  await writeFile(join(folder.schemaDir, "till.graphql"), typeDefs);
  await folder.edit(
    "supergraph.yaml",
    (yaml) => `${yaml.trimEnd()}\n  till: { organization: mall, url: "${url}", schema: till.graphql }\n`,
  );
}
