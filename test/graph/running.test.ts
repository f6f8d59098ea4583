// In development the graph is what the running subgraphs say: who changes a schema and starts the subgraph again sees it.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startStory, type Story } from "../support/story.ts";
import {
  addTill,
  copySchemaFolder,
  startTill,
  TILL_WITH_NOTE,
  TILL_WITHOUT_NOTE,
  type Till,
} from "./folder.ts";

const lines: any[] = [];
let story: Story;
let till: Till;
let dir: string;

beforeAll(async () => {
  story = await startStory({
    log: { write: (line) => void lines.push(JSON.parse(line)) },
    async also(gatewayUrl, folderOfStory) {
      dir = folderOfStory;
      const folder = await copySchemaFolder(dir);
      till = await startTill({ typeDefs: TILL_WITHOUT_NOTE, gatewayUrl, dir });
      await addTill(folder, till.subgraph.url, TILL_WITHOUT_NOTE);
      folder.compose();
      return { config: { schemaDir: folder.schemaDir, graph: "running" }, subgraphs: [] };
    },
  });
});
afterAll(async () => {
  await story?.close();
  await till.subgraph.close();
});

/** Stops the till and starts it with another schema, where it was. */
async function restartTill(typeDefs: string): Promise<void> {
  const port = Number(new URL(till.subgraph.url).port);
  await till.subgraph.close();
  till = await startTill({ typeDefs, gatewayUrl: story.gateway.url, dir, port });
}
const fieldsOfSale = async (): Promise<string[]> => {
  const { data } = await story.query("mall:lin", '{ __type(name: "Sale") { fields { name } } }');
  return data.__type.fields.map(({ name }: { name: string }) => name);
};
const graphNow = async (): Promise<any> =>
  ((await (await fetch(`${story.gateway.url}/health`)).json()) as any).graph;

describe("a graph of running subgraphs", () => {
  it("has what a subgraph says when it is started again", async () => {
    expect(await fieldsOfSale()).not.toContain("note");
    await restartTill(TILL_WITH_NOTE);
    await expect.poll(fieldsOfSale, { timeout: 20_000 }).toContain("note");
  });

  it("is refused with the composition errors while the subgraphs do not compose", async () => {
    const { version } = await graphNow();
    const ofTheBrand = 'type Product @key(fields: "id") { id: ID! name: String }';
    await restartTill(TILL_WITH_NOTE.replace('type Product @key(fields: "id") { id: ID! }', ofTheBrand));
    await expect.poll(async () => (await graphNow()).refused, { timeout: 20_000 }).toBeTypeOf("string");
    expect((await graphNow()).version).toBe(version);
    const refusal = lines.find(({ msg }) => String(msg).startsWith("The new graph is refused"));
    expect(refusal.msg).toMatch(/The subgraphs do not compose:\n- .*"Product\.name".*"brand".*"till"/s);
    expect((await story.query("mall:lin", "{ tillIsOpen }")).data).toEqual({ tillIsOpen: true });

    await restartTill(TILL_WITHOUT_NOTE);
    await expect.poll(fieldsOfSale, { timeout: 20_000 }).not.toContain("note");
    expect((await graphNow()).refused).toBeUndefined();
  });
});
