// What is published, before the judges that other hosts have: the official schema, and the official implementation.
import { describe, expect, it } from "vitest";
import {
  compileTemplate,
  LOCALES,
  NO_MESSAGES,
  UNKNOWN,
  verbsIn,
  type Json,
  type Template,
} from "@junto/template";
import { envelopeOf } from "../envelope.ts";
import { expanded } from "../expanded.ts";
import { loadApps } from "./apps.ts";
import { createRandom, HOSTILE, randomData, randomTemplate } from "./testing/generate.ts";
import { composedApiSchema, SCHEMA_DIR } from "./testing/graph.ts";
import { violationsOf } from "./testing/official-schema.ts";
import { complaints } from "./testing/oracle.ts";
import { LOW, ORDER } from "./testing/samples.ts";

const apps = loadApps(`${SCHEMA_DIR}/apps`, composedApiSchema());
const cards = apps.flatMap((app) => [...app.cards.values()]);
const SAMPLES: Readonly<Record<string, unknown>> = { "restock.order": ORDER, "stock-alert.low": LOW };

function compiled(source: Json, inForm: boolean): Template {
  const root = compileTemplate(source, {
    scope: { root: UNKNOWN, data: UNKNOWN, repeated: false, names: {}, speaks: true, uses: [] },
    inForm,
    report: (path, message) => {
      throw new Error(`${path.join(".")}: ${message}`);
    },
  })!;
  return { ref: "", source, words: { en: {}, "zh-CN": {} }, root, messages: NO_MESSAGES };
}

describe("the official schema", () => {
  it("objects to an extension and to a property that there is not", () => {
    const card = (element: object): object => ({ type: "AdaptiveCard", version: "1.5", body: [element] });
    expect(violationsOf(card({ type: "TextBlock", text: "a" }))).toEqual([]);
    expect(violationsOf(card({ type: "TextBlock", text: "a", blink: true }))).not.toEqual([]);
    expect(violationsOf(card({ type: "Input.SizeGrid", id: "a" }))).not.toEqual([]);
  });
});

describe.each(cards)("a card of type $id, with the forms of all its actions", (type) => {
  it.each(LOCALES)("is standard in %s", (locale) => {
    const joined = { data: SAMPLES[type.id], withheld: [], missing: [], provenance: [] };
    const card = { id: "c1" };
    const cameOut = { card, type, joined, actions: type.actions, revision: 3, manners: {} };
    const published = envelopeOf(cameOut as never).adaptiveCard(locale);
    expect(JSON.stringify(published)).toContain("Action.ShowCard");
    expect(violationsOf(published)).toEqual([]);
    expect(complaints(published)).toEqual([]);
  });
});

describe("a card with places for its actions", () => {
  const order = cards.find(({ id }) => id === "restock.order")!;
  const execute = (verb: string): Json => ({ type: "Action.Execute", verb });
  const source = {
    type: "AdaptiveCard",
    version: "1.5",
    body: [{ type: "ActionSet", actions: [execute("approve"), execute("reject")] }],
    actions: [{ type: "Action.OpenUrl", title: "more", url: "https://mall.example/" }],
  };
  const publish = (names: readonly string[]) => {
    const actions = order.actions.filter(({ name }) => names.includes(name));
    const joined = { data: ORDER, withheld: [], missing: [], provenance: [] };
    const type = { ...order, template: compiled(source, false) };
    const cameOut = { card: { id: "c1" }, type, joined, actions, revision: 3, manners: {} };
    return envelopeOf(cameOut as never).adaptiveCard("en") as { body: Json[]; actions: Json[] };
  };

  it("is standard, and has each of them once: in its place, or at the end", () => {
    const card = publish(["approve", "reject", "place"]);
    expect(violationsOf(card)).toEqual([]);
    expect(complaints(card)).toEqual([]);
    expect(card.body).toMatchObject([
      {
        actions: [
          { type: "Action.Execute", verb: "restock.approve", data: { cardId: "c1", seen: 3 } },
          { type: "Action.ShowCard", card: { actions: [{ verb: "restock.reject" }] } },
        ],
      },
    ]);
    expect(verbsIn(card.body)).toEqual(["restock.approve", "restock.reject"]);
    expect(verbsIn(card.actions)).toEqual(["restock.place"]);
    expect(card.actions[0]).toMatchObject({ url: "https://mall.example/" });
  });

  it("has none that is not offered", () => {
    const card = publish([]);
    expect(card.body).toEqual([]);
    expect(verbsIn(card)).toEqual([]);
  });
});

describe("any template of the language over any data", () => {
  it.each([false, true])("is standard when it is published (a form: %s)", (inForm) => {
    for (let seed = 0; seed < 300; seed++) {
      const random = createRandom(seed);
      const template = compiled(randomTemplate(random, inForm), inForm);
      const card = expanded(template, { locale: "en", data: randomData(random) });
      expect({ seed, faults: violationsOf(card) }).toEqual({ seed, faults: [] });
      expect({ seed, faults: complaints(card) }).toEqual({ seed, faults: [] });
    }
  });

  it("holds no address but http(s), and leaves no expression of the data's", () => {
    for (const name of HOSTILE) {
      const body = [
        { type: "TextBlock", text: "${name}" },
        { type: "ActionSet", actions: [{ type: "Action.OpenUrl", title: "go", url: "${name}" }] },
        { type: "Image", url: "${name}" },
      ];
      const card = expanded(compiled({ type: "AdaptiveCard", version: "1.5", body }, false), {
        locale: "en",
        data: { name, secret: "S3CRET" },
      });
      const text = JSON.stringify(card);
      expect(text).not.toMatch(/"url"/);
      expect(text).not.toContain("S3CRET");
    }
  });
});
