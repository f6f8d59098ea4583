// The command line's operations against the schema that clients use.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { buildASTSchema, parse, validate } from "graphql";
import { describe, expect, it } from "vitest";
import * as operations from "./operations.ts";

const path = fileURLToPath(new URL("../../schema/groups.graphql", import.meta.url));
const sdl = readFileSync(path, "utf8").replace(/^extend schema .*$/m, "");
const schema = buildASTSchema(parse(sdl), { assumeValidSDL: true });

describe("an operation of the command line", () => {
  it.each(Object.entries(operations))("(%s) is valid", (_, operation) => {
    expect(validate(schema, parse(operation))).toEqual([]);
  });
});
