// The official JSON schema of Adaptive Cards 1.5 as a judge: https://adaptivecards.io/schemas/adaptive-card.json, by
// Microsoft under the MIT license. It knows no element, and no property, beyond the standard.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Ajv } from "ajv";

const { resolve } = createRequire(import.meta.url);
const read = (file: string): object => JSON.parse(readFileSync(file, "utf8")) as object;

const ajv = new Ajv({ strict: false, validateFormats: false });
ajv.addMetaSchema(read(resolve("ajv/dist/refs/json-schema-draft-06.json")));
// Its name is written as an older draft had it.
const { id: _, ...schema } = read(resolve("./adaptive-card-1.5.json")) as { readonly id: string };
const validate = ajv.compile(schema);

/** What the schema has against a card; nothing when it is one. */
export function violationsOf(card: unknown): string[] {
  return validate(card)
    ? []
    : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ""}`);
}
