// The README and the guides, followed from the first command to the last by a reader with a demo of their own.
// Whatever stands in a block is made, run or checked here; a block that nobody checks is a failure.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildASTSchema, parse, validate, type GraphQLSchema } from "graphql";
import { blocksOf, documents, read, type Block } from "./markdown.ts";
import { DEMO, startReader, type Reader } from "./reader.ts";

/** Blocks that only a person can follow, a document. */
const TOLD: Readonly<Record<string, number>> = {};

/** Commands that go on until they are stopped. */
const GOES_ON = /^npx (junto watch|tsx)|^node |^npm ci && npm start$/;
/** What a reader does before the demo that the guides speak of is started. */
const BEFORE = /^npx junto compose$/;

interface Step {
  readonly block: Block;
  /** "": what goes on of the command before. */
  readonly command: string;
  readonly shown: string;
}

const FOLLOWED = documents().filter((document) => !/^docs\/(adr|reference)\//.test(document));
const BLOCKS = new Map(FOLLOWED.map((document) => [document, blocksOf(document)]));
const ALL = [...BLOCKS.values()].flat();

let reader: Reader;
beforeAll(async () => {
  reader = await startReader();
});
afterAll(() => reader?.close());

describe("what the documents say", () => {
  describe("before the demo starts", () => {
    it.each(ALL.filter((block) => fileOf(block) !== undefined).map((block) => [titleOf(block), block]))(
      "%s: a file",
      (_, block) => reader.write(fileOf(block)!, block.text),
    );
    it.each(stepsBefore())("%s: %s", (_, command, { shown }) => reader.run(command, shown));
  });

  describe.each(FOLLOWED)("in %s", (document) => {
    let shownSchema: GraphQLSchema;
    it.each(stepsOf(document))("%s: %s", ...);
  });
});
