// What a template may say of buttons, links and inputs, and what is refused when the app is loaded.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { copyOfApps, problemsOf, removeFolders } from "./testing/folders.ts";
import { composedApiSchema } from "./testing/graph.ts";

const schema = composedApiSchema();
afterEach(removeFolders);

type Edit = (text: string) => string;

/** What is wrong with the app restock when these files of it are changed. */
function problems(edits: Readonly<Record<string, Edit>>): string {
  const dir = copyOfApps();
  for (const [file, edit] of Object.entries(edits)) {
    const path = join(dir, "restock", file);
    const before = readFileSync(path, "utf8");
    expect(edit(before)).not.toBe(before);
    writeFileSync(path, edit(before));
  }
  return problemsOf(dir, schema).join("\n");
}

/** Puts a property before the body, into the line where that begins. */
const before =
  (property: string): Edit =>
  (text) =>
    text.replace('"body": [', `${property}, "body": [`);

const withButton = (execute: object): Edit =>
  before(`"actions": [${JSON.stringify({ type: "Action.Execute", ...execute })}]`);

describe("the button of an action is refused when it", () => {
  it.each<[string, object, RegExp]>([
    ["is of none", { verb: "eat" }, /order\.json:6: there is no action eat/],
    ["begins something new", { verb: "submit" }, /order\.json:6: submit begins something new/],
    ["is named by data", { verb: "${status}" }, /order\.json:6: an action of app\.yaml is named here/],
    ["has words of its own", { verb: "approve", title: "Reject" }, /"title" means nothing here/],
    ["is repeated", { verb: "approve", $data: "${lines}" }, /what is done with a card is done once/],
  ])("%s", (_, execute, problem) => {
    expect(problems({ "cards/order.json": withButton(execute) })).toMatch(problem);
  });

  it("is in a form", () => {
    expect(problems({ "forms/reject.json": withButton({ verb: "approve" }) })).toMatch(
      /a form has one button/,
    );
  });

  it("is behind something that is no button", () => {
    const select = before('"selectAction": { "type": "Action.Execute", "verb": "approve" }');
    expect(problems({ "cards/order.json": select })).toMatch(/belongs in an ActionSet/);
  });

  it("is of an action that this card does not have", () => {
    const found = problems({
      "app.yaml": (text) => text.replace("[approve, reject, place]", "[approve, reject]"),
      "cards/order.json": withButton({ verb: "place" }),
    });
    expect(found).toMatch(/order\.json:6: place is none of the "actions" of order in app\.yaml/);
  });

  it("and not when it is one of the card's", () => {
    expect(problems({ "cards/order.json": withButton({ verb: "approve" }) })).toBe("");
  });
});

it("a link that everybody on the way can read is refused", () => {
  const link = before(
    '"selectAction": { "type": "Action.OpenUrl", "title": "x", "url": "http://a.example/" }',
  );
  expect(problems({ "cards/order.json": link })).toMatch(/order\.json:6: this is not an https address/);
});

it("a pattern for what is filled in is refused, with the reason", () => {
  const pattern: Edit = (text) => text.replace('"isMultiline": true', '"regex": "(a+)+$"');
  expect(problems({ "forms/reject.json": pattern })).toMatch(/reject\.json:\d+: a pattern may take for ever/);
});
