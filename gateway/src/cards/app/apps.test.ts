import { rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, validate } from "graphql";
import { afterEach, describe, expect, it } from "vitest";
import { evaluate, expand, isTrue } from "@junto/template";
import { cardOperation, loadApps, type App } from "./apps.ts";
import { isDecidable, ruleHolds, watchedIn } from "./rule.ts";
import {
  APPS,
  card,
  copyOfApps,
  problemsOf,
  removeFolders,
  temporaryFolder,
  write,
} from "./testing/folders.ts";
import { composedApiSchema } from "./testing/graph.ts";
import { LOW, ORDER } from "./testing/samples.ts";

const schema = composedApiSchema();
afterEach(removeFolders);

describe("the apps of the counter", () => {
  const apps = loadApps(APPS, schema);
  const [restock, stockAlert] = apps as [App, App];

  it("are in order", () => {
    expect(apps.map(({ name }) => name)).toEqual(["restock", "stock-alert"]);
    expect([...restock.cards.values()].map(({ id, on }) => [id, on])).toEqual([
      ["restock.order", "RestockOrder"],
    ]);
    expect([...restock.actions.values()].map(({ verb, scope }) => [verb, scope])).toEqual([
      ["restock.submit", "group"],
      ["restock.approve", "card"],
      ["restock.reject", "card"],
      ["restock.place", "card"],
    ]);
  });

  it("ask for their data with operations that the graph understands", () => {
    const watches = stockAlert.rules.flatMap(({ watch }) => watch ?? []);
    const forms = [...restock.actions.values()].flatMap(({ form }) =>
      form?.fragment ? [{ fragment: form.fragment }] : [],
    );
    const asking = [...restock.cards.values(), ...stockAlert.cards.values(), ...watches, ...forms];
    expect(asking).toHaveLength(4);
    for (const each of asking) expect(validate(schema, parse(cardOperation(each)))).toEqual([]);
  });

  it("post a card for every new order, and address it", () => {
    expect(restock.rules).toMatchObject([
      {
        when: { entity: "RestockOrder", kind: "CREATED" },
        card: { id: "restock.order" },
        to: ["manager", "buyer"],
        once: false,
      },
    ]);
    expect(ruleHolds(restock.rules[0]!, null)).toBe(true);
  });

  it("find what runs low on the shelf", () => {
    const [rule] = stockAlert.rules;
    const items = watchedIn(rule!, {
      products: [
        { id: "a", stock: 20, soldPerDay: 3, leadDays: 7 },
        { id: "b", stock: 21, soldPerDay: 3, leadDays: 7 },
        null,
      ],
    });
    expect(items.map((item) => [item["id"], ruleHolds(rule!, item)])).toEqual([
      ["a", true],
      ["b", false],
    ]);
    expect(watchedIn(rule!, null)).toEqual([]);
  });

  it("I9: do not take silence for enough", () => {
    const [rule] = stockAlert.rules;
    const silent = { id: "a", stock: null, soldPerDay: 3, leadDays: 7 };
    expect([ruleHolds(rule!, silent), isDecidable(rule!.condition, silent)]).toEqual([false, false]);
    expect(isDecidable(rule!.condition, { ...silent, stock: 500 })).toBe(true);
  });

  it("offer to decide while it is undecided, and to order once it is approved", () => {
    const offered = (data: unknown) =>
      restock.cards
        .get("order")!
        .actions.filter(({ when }) => !when || isTrue(when, data))
        .map(({ name }) => name);
    expect(offered(ORDER)).toEqual(["approve", "reject"]);
    expect(offered({ ...ORDER, status: "APPROVED" })).toEqual([]);
    expect(offered({ ...ORDER, status: "APPROVED", purchaseOrder: null })).toEqual(["place"]);
    expect(offered({ ...ORDER, status: null })).toEqual([]);
  });

  it("fill in what a person cannot choose", () => {
    const names = {
      $subject: { type: "Counter", id: "017" },
      $key: { id: "R00001234" },
      $action: { key: "k1" },
    };
    const bound = (name: string) =>
      Object.fromEntries(
        [...restock.actions.get(name)!.bind].map(([field, each]) => [field, evaluate(each, ORDER, names)]),
      );
    expect(bound("submit")).toEqual({ counterId: "017", key: "k1" });
    expect(bound("approve")).toEqual({ id: "R00001234" });
    expect(bound("place")).toEqual({ restockOrderId: "R00001234", counterId: "017", key: "k1" });
  });
});

it("a new app is a new folder, and nothing else", () => {
  const dir = copyOfApps();
  write(
    dir,
    "price-watch/app.yaml",
    `
name: price-watch
cards:
  price: { summary: "\${t('title', name: show(name))}", actions: [raise] }
actions:
  raise: { scope: card, when: exists(shelfPrice), form: raise, bind: { counterId: $subject.id, key: $action.key } }
rules:
  - { when: Product.UPDATED, card: price, to: [buyer], if: shelfPrice.minor < suggestedPrice.minor, as: buyer }
`,
  );
  write(
    dir,
    "price-watch/cards/price.graphql",
    "fragment Price on Product { id name shelfPrice { minor } suggestedPrice { minor } }",
  );
  write(
    dir,
    "price-watch/cards/price.json",
    card([{ type: "TextBlock", text: "${t('title', name: show(name))}" }]),
  );
  write(
    dir,
    "price-watch/forms/raise.json",
    card([{ type: "Input.Number", id: "lines.0.pairs", label: "${t('pairs')}" }]),
  );
  write(
    dir,
    "price-watch/actions/raise.graphql",
    "mutation Raise($input: SubmitRestockInput!) { submitRestock(input: $input) { userErrors { field code message } } }",
  );
  for (const locale of ["en", "zh-CN"]) {
    write(
      dir,
      `price-watch/messages/${locale}.json`,
      JSON.stringify({ title: "Price of {name}", "action.raise": "Raise", pairs: "Pairs" }),
    );
  }
  const app = loadApps(dir, schema).find(({ name }) => name === "price-watch")!;
  expect(expand(app.cards.get("price")!.template, { locale: "en", data: LOW })).toMatchObject({
    body: [{ text: "Price of Riva pump" }],
  });
  expect(ruleHolds(app.rules[0]!, { shelfPrice: { minor: 1 }, suggestedPrice: { minor: 2 } })).toBe(true);
});

describe("only files of an app are read", () => {
  it.each([
    ["a file beside the apps", "stray.json", /only folders here/],
    ["a script", "restock/run.sh", /does not belong in an app's folder/],
    ["a script among cards", "restock/cards/run.js", /no such file belongs in cards/],
    ["a file that nothing uses", "restock/cards/other.json", /nothing in app\.yaml uses this file/],
    ["a folder with a strange name", "Re Stock/app.yaml", /a name is of small letters/],
    ["too large a file", "restock/cards/order.json", /256 KB at most/],
  ])("%s is reported", (_, file, problem) => {
    const dir = copyOfApps();
    write(dir, file, problem.source.includes("256") ? " ".repeat(300_000) : "{}");
    expect(problemsOf(dir, schema).join("\n")).toMatch(problem);
  });

  it("and none that a link leads to", () => {
    const dir = copyOfApps();
    const secret = join(temporaryFolder(), "secret.json");
    writeFileSync(secret, card([{ type: "TextBlock", text: "secret" }]));
    rmSync(join(dir, "restock/cards/order.json"));
    symlinkSync(secret, join(dir, "restock/cards/order.json"));
    symlinkSync(join(dir, "restock"), join(dir, "linked"));
    rmSync(join(dir, "stock-alert/watch"), { recursive: true });
    symlinkSync("/etc", join(dir, "stock-alert/watch"));
    const problems = problemsOf(dir, schema).join("\n");
    expect(problems).toMatch(/restock\/cards\/order\.json: this is no plain file/);
    expect(problems).toMatch(/linked: there should be only folders/);
    expect(problems).toMatch(/stock-alert\/watch: this does not belong/);
    expect(problems).not.toContain('secret"');
  });

  it("and what people leave beside them is passed over", () => {
    const dir = copyOfApps();
    for (const file of ["README.md", ".DS_Store", "restock/README.md", "restock/cards/.order.json.swp"])
      write(dir, file, "x");
    expect(loadApps(dir, schema)).toHaveLength(2);
  });
});

it("a folder that is not there is a matter of configuration", () => {
  expect(() => loadApps("/nowhere", schema)).toThrow(expect.objectContaining({ code: "CONFIGURATION" }));
});
