import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { copyOfApps, problemsOf, removeFolders, write } from "./testing/folders.ts";
import { composedApiSchema } from "./testing/graph.ts";

const schema = composedApiSchema();
afterEach(removeFolders);

describe("an app that is not in order is refused, with the place:", () => {
  it.each<[string, string, (text: string) => string, RegExp]>([
    // app.yaml
    ["no YAML", "app.yaml", () => "name: [", /app\.yaml:1: this is no YAML/],
    ["no mapping", "app.yaml", () => "- a", /app\.yaml:1: app\.yaml must hold/],
    [
      "another name",
      "app.yaml",
      (text) => text.replace("name: restock", "name: restok"),
      /app\.yaml:2: "name" must be/,
    ],
    ["a key of no meaning", "app.yaml", (text) => `${text}\nrule: []`, /app\.yaml:\d+: "rule" means nothing/],
    [
      "a card's name that leads elsewhere",
      "app.yaml",
      (text) => text.replace("  order:", "  ../../etc/passwd:"),
      /app\.yaml:\d+: .*is no name/,
    ],
    [
      "a form's name that leads elsewhere",
      "app.yaml",
      (text) => text.replace("form: submit", "form: ../secret"),
      /app\.yaml:14: "\.\.\/secret" is no name/,
    ],
    [
      "a due time that is none",
      "app.yaml",
      (text) => text.replace(/due: ".*"/, "due: pairs"),
      /app\.yaml:8: "due" must be an instant/,
    ],
    [
      "a due time of what the fragment lacks",
      "app.yaml",
      (text) => text.replace(/due: ".*"/, "due: addDays(decidedAt, 1)"),
      /app\.yaml:8: .*"decidedAt"/,
    ],
    [
      "an action that is not there",
      "app.yaml",
      (text) => text.replace("[approve, reject, place]", "[approve, reject, place, eat]"),
      /app\.yaml:9: there is no action eat/,
    ],
    [
      "an action that no card offers",
      "app.yaml",
      (text) => text.replace("[approve, reject, place]", "[approve, reject]"),
      /no card offers place/,
    ],
    [
      "a group's action on a card",
      "app.yaml",
      (text) => text.replace("[approve,", "[submit, approve,"),
      /app\.yaml:9: submit begins something new/,
    ],
    [
      "a scope that there is not",
      "app.yaml",
      (text) => text.replace("scope: group", "scope: all"),
      /app\.yaml:\d+: "scope" must be/,
    ],
    [
      "a condition on a field that the fragment lacks",
      "app.yaml",
      (text) => text.replace("when: status ==", "when: state =="),
      /app\.yaml:20: .*"state" of RestockOrder is not in the fragment/,
    ],
    [
      "a condition on a value that there is not",
      "app.yaml",
      (text) => text.replace("when: status == 'SUBMITTED'", "when: status == 'SENT'"),
      /app\.yaml:20: .*"SENT" is none of RestockStatus's values/,
    ],
    [
      "a condition that is none",
      "app.yaml",
      (text) => text.replace("when: status == 'SUBMITTED'", 'when: "status =="'),
      /app\.yaml:20: .*character 10: a value is expected/,
    ],
    [
      "a binding to no field",
      "app.yaml",
      (text) => text.replace("{ id: $key.id }", "{ id: $key.id, who: id }"),
      /ApproveRestockInput has no field who/,
    ],
    [
      "a binding from nowhere",
      "app.yaml",
      (text) => text.replace("$subject.id, key", "$counter.id, key"),
      /app\.yaml:17: .*no \$counter here/,
    ],
    [
      "a binding of a group's action to a card's data",
      "app.yaml",
      (text) => text.replace("$subject.id, key", "counter.id, key"),
      /app\.yaml:17: .*there is no "counter": a group's action has no data/,
    ],
    [
      "a field that nobody fills in",
      "app.yaml",
      (text) => text.replace("{ counterId: $subject.id, key: $action.key }", "{ counterId: $subject.id }"),
      /app\.yaml:\d+: submitRestock needs key/,
    ],
    [
      "a list that there is not",
      "app.yaml",
      (text) => text.replace("{ lines: skuId }", "{ lines: sku }"),
      /no list lines whose rows have sku/,
    ],
    [
      "a rule about nothing",
      "app.yaml",
      (text) => text.replace("RestockOrder.CREATED", "RestockOrder"),
      /app\.yaml:\d+: "when" is an entity and what happens/,
    ],
    [
      "a rule about another entity",
      "app.yaml",
      (text) => text.replace("RestockOrder.CREATED", "Product.CREATED"),
      /card order is about RestockOrder, not about Product/,
    ],
    [
      "a rule for no card",
      "app.yaml",
      (text) => text.replace("card: order", "card: odrer"),
      /there is no card odrer/,
    ],
    ["a rule to nobody", "app.yaml", (text) => text.replace(", to: [manager, buyer]", ""), /"to" is missing/],
    [
      "a condition that nobody looks at",
      "app.yaml",
      (text) => text.replace("card: order, to", "card: order, if: pairs > 3, to"),
      /"as" is missing/,
    ],
    [
      "a watch that is not there",
      "app.yaml",
      (text) => text.replace("card: order, to", "card: order, watch: x, each: y, as: buyer, to"),
      /there is no watch\/x\.graphql/,
    ],
    [
      "a summary with a fault",
      "app.yaml",
      (text) => text.replace("n: pairs", "n: pears"),
      /app\.yaml:6: "pears" of RestockOrder/,
    ],
    // fragments
    ["no GraphQL", "cards/order.graphql", () => "fragment {", /cards\/order\.graphql:1: Syntax Error/],
    [
      "a field that the graph lacks",
      "cards/order.graphql",
      (text) => text.replace("  note\n", "  notes\n"),
      /order\.graphql:5: Cannot query field "notes"/,
    ],
    ["a query in a card", "cards/order.graphql", () => "{ me { id } }", /one fragment here and nothing else/],
    [
      "two fragments",
      "cards/order.graphql",
      (text) => `${text}\nfragment B on Product { id }`,
      /one fragment here and nothing else/,
    ],
    [
      "a variable",
      "cards/order.graphql",
      (text) => text.replace("      sold\n", "      sold(days: $days)\n"),
      /there are no variables/,
    ],
    [
      "an interface",
      "cards/order.graphql",
      () => "fragment OrderCard on FeedEvent { seq }",
      /FeedEvent is not an object type/,
    ],
    // mutations
    [
      "a query for an action",
      "actions/approve.graphql",
      () => "{ me { id } }",
      /one mutation here and nothing else/,
    ],
    [
      "two things at once",
      "actions/approve.graphql",
      (text) =>
        text.replace(
          "  approveRestock(",
          "  other: approveRestock(input: $input) { userErrors { code } }\n  approveRestock(",
        ),
      /an action does one thing/,
    ],
    [
      "another variable",
      "actions/approve.graphql",
      (text) => text.replaceAll("$input", "$in"),
      /must be called with \(input: \$input\)/,
    ],
    [
      "an input written out",
      "actions/approve.graphql",
      () => 'mutation { approveRestock(input: { id: "R1" }) { userErrors { field code message } } }',
      /must be called with \(input: \$input\)/,
    ],
    [
      "another field's arguments",
      "actions/approve.graphql",
      () => "mutation($input: ID!) { closeGroup(groupId: $input) { userErrors { field code message } } }",
      /must be called with/,
    ],
    [
      "an alias",
      "actions/approve.graphql",
      (text) => text.replace("  approveRestock(", "  a: approveRestock("),
      /must not have an alias/,
    ],
    [
      "errors that nobody asks for",
      "actions/approve.graphql",
      (text) => text.replace("      message\n", ""),
      /ask for `userErrors/,
    ],
    // templates
    [
      "no JSON",
      "cards/order.json",
      (text) => text.replace('"version"', "version"),
      /cards\/order\.json:\d+: this is no JSON/,
    ],
    [
      "JSON with a key twice",
      "cards/order.json",
      (text) => text.replace('"version"', '"version": "1.5", "version"'),
      /order\.json:4: .*unique/i,
    ],
    ["a list for a card", "cards/order.json", () => "[]", /a template is an object/],
    [
      "another version",
      "cards/order.json",
      (text) => text.replace('"1.5"', '"1.6"'),
      /order\.json:4: "version" must be "1\.5"/,
    ],
    [
      "an element that there is not",
      "cards/order.json",
      (text) => text.replace('"FactSet"', '"FactSheet"'),
      /order\.json:\d+: "FactSheet" cannot stand here/,
    ],
    [
      "a property that there is not",
      "cards/order.json",
      (text) => text.replace('"isSubtle"', '"subtle"'),
      /"subtle" means nothing here/,
    ],
    [
      "a field that the fragment lacks",
      "cards/order.json",
      (text) => text.replace("show(product.name)", "show(product.nmae)"),
      /order\.json:\d+: .*"nmae" of Product is not in the fragment/,
    ],
    [
      "a message that there is not",
      "cards/order.json",
      (text) => text.replace("'line.onHand'", "'line.onhand'"),
      /order\.json:1: there is no message "line\.onhand"/,
    ],
    [
      "a message without its argument",
      "cards/order.json",
      (text) => text.replace("t('order.note', note: note)", "t('order.note')"),
      /message "order\.note" needs note/,
    ],
    [
      "a text for a number",
      "cards/order.json",
      (text) => text.replaceAll("days: product.leadDays", "days: product.name"),
      /"line\.neededIn" needs a number for days/,
    ],
    [
      "a function that there is not",
      "cards/order.json",
      (text) => text.replace("show(person(", "show(personal("),
      /no function personal/,
    ],
    [
      "an expression that does not end",
      "cards/order.json",
      (text) => text.replace('"${note}"', '"${note"').replace("note: note)}", "note: note)"),
      /not closed/,
    ],
    [
      "a repetition of a single thing",
      "cards/order.json",
      (text) => text.replace("${first(lines, 12)}", "${pairs}"),
      /"\$data" must be a list or an object/,
    ],
    [
      "a condition that is a mere text",
      "cards/order.json",
      (text) => text.replace('"${exists(note)}"', '"note"'),
      /"\$when" must be one expression/,
    ],
    [
      "an action of its own",
      "cards/order.json",
      (text) => text.replace('"body": [', '"selectAction": { "type": "Action.Submit" }, "body": ['),
      /Action\.Submit is not for templates/,
    ],
    [
      "an input",
      "cards/order.json",
      (text) => text.replace('"body": [', '"body": [{ "type": "Input.Text", "id": "a", "label": "b" },'),
      /Input\.Text belongs in a form/,
    ],
    [
      "an address that is none",
      "cards/order.json",
      (text) => text.replace("${product.image}", "javascript:alert(1)"),
      /not an http\(s\) address/,
    ],
    [
      "a link to where the data says",
      "cards/order.json",
      (text) => text.replaceAll("${show(product.name)}", "[x](${product.image})"),
      /must lead to a fixed http/,
    ],
    [
      "a picture without address",
      "cards/order.json",
      (text) => text.replace('"url": "${product.image}",', ""),
      /"url" is missing/,
    ],
    // forms
    [
      "an input to no field",
      "forms/reject.json",
      (text) => text.replace('"id": "reason"', '"id": "cause"'),
      /reject\.json:\d+: RejectRestockInput has no field cause/,
    ],
    [
      "an input to a bound field",
      "forms/reject.json",
      (text) => text.replace('"id": "reason"', '"id": "id"'),
      /reject\.json:\d+: id is bound/,
    ],
    [
      "a row's field that there is not",
      "forms/submit.json",
      (text) => text.replaceAll(".pairs", ".pears"),
      /RestockLineInput has no field pears/,
    ],
    [
      "an input that is repeated under one id",
      "forms/submit.json",
      (text) => text.replaceAll("lines.${id}.pairs", "lines.a.pairs"),
      /submit\.json:\d+: this is repeated: its id must be made of what is repeated/,
    ],
    [
      "an extension without fallback",
      "forms/place.json",
      (text) => text.replace('"fallback"', '"instead"'),
      /Input\.SizeGrid is an extension: "fallback" must say in standard elements what it is/,
    ],
    [
      "a fallback that is an extension itself",
      "forms/place.json",
      (text) => text.replace('"Container"', '"Input.SizeGrid"'),
      /Input\.SizeGrid is an extension; a fallback is of standard elements/,
    ],
    [
      "a fallback that sends something else",
      "forms/place.json",
      (text) => text.replace(/(Input\.Number",\s+"id": )"[^"]*"/, '$1"purchase"'),
      /there is no input with the id lines\.\*\.pairs/,
    ],
    [
      "a row's field that the id gives",
      "forms/place.json",
      (text) => text.replace(".pairs", ".skuId"),
      /has no field skuId to fill in/,
    ],
    [
      "an input without label",
      "forms/reject.json",
      (text) => text.replace(/"label": "[^"]*",/, ""),
      /"label" is missing/,
    ],
    // messages
    [
      "a message that one language lacks",
      "messages/zh-CN.json",
      (text) => text.replace(/ {2}"order.note".*\n/, ""),
      /zh-CN\.json:1: "order\.note" is missing/,
    ],
    [
      "a word for a status that is missing",
      "messages/en.json",
      (text) => text.replace('"status.RECEIVED"', '"status.ARRIVED"'),
      /there is no message "status\.RECEIVED"/,
    ],
    [
      "a broken message",
      "messages/en.json",
      (text) => text.replace("{n, plural, one {# pair}", "{n, plural, {# pair}"),
      /en\.json:\d+: "order\.pairs" is no ICU message/,
    ],
  ])("%s", (_, file, edit, problem) => {
    const dir = copyOfApps();
    const path = join(dir, "restock", file);
    const before = readFileSync(path, "utf8");
    const after = edit(before);
    expect(after).not.toBe(before);
    writeFileSync(path, after);
    expect(problemsOf(dir, schema).join("\n")).toMatch(problem);
  });

  it("everything at once", () => {
    const dir = copyOfApps();
    for (const app of ["restock", "stock-alert"]) {
      const path = join(dir, app, "messages/en.json");
      writeFileSync(path, readFileSync(path, "utf8").replace(/ {2}"action\.\w+".*\n/, ""));
    }
    rmSync(join(dir, "restock/forms/reject.json"));
    const problems = problemsOf(dir, schema);
    expect(problems.length).toBeGreaterThanOrEqual(3);
    expect(problems.every((problem) => /^(restock|stock-alert)\/[\w./-]+:\d+: /.test(problem))).toBe(true);
    expect(new Set(problems).size).toBe(problems.length);
  });

  it("a fragment for the form of an action on a card, which shows the card's data", () => {
    const dir = copyOfApps();
    write(dir, "restock/forms/reject.graphql", "fragment A on Counter { id }");
    expect(problemsOf(dir, schema).join()).toMatch(/it has no fragment/);
  });

  it("a row that neither a number nor a field names", () => {
    const dir = copyOfApps();
    const change = (file: string, from: string, to: string): void => {
      const path = join(dir, "restock", file);
      writeFileSync(path, readFileSync(path, "utf8").replaceAll(from, to));
    };
    change("app.yaml", "    lists: { lines: skuId }\n", "");
    change("forms/submit.json", "lines.${id}.pairs", "lines.a.pairs");
    expect(problemsOf(dir, schema).join()).toMatch(/lines\.a: give a number/);
  });

  it("a watch on something else than what changes", () => {
    const dir = copyOfApps();
    write(
      dir,
      "stock-alert/watch/shelf.graphql",
      "fragment Shelf on Counter { id restockOrders { id } products { stock soldPerDay leadDays } }",
    );
    expect(problemsOf(dir, schema).join()).toMatch(/must ask for the id of Product/);
    const path = join(dir, "stock-alert/app.yaml");
    writeFileSync(path, readFileSync(path, "utf8").replace("each: products", "each: restockOrders"));
    expect(problemsOf(dir, schema).join()).toMatch(/"each" must be a list of Product/);
  });

  it("no app.yaml", () => {
    const dir = copyOfApps();
    rmSync(join(dir, "restock/app.yaml"));
    expect(problemsOf(dir, schema)).toEqual(["restock: there is no app.yaml"]);
  });
});
