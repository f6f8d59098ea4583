import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { JuntoError } from "../../errors/index.ts";
import { loadApps } from "./apps.ts";
import { loadScenarios, type Scenario } from "./scenarios.ts";
import { removeFolders, temporaryFolder } from "./testing/folders.ts";
import { composedApiSchema, graph, SCHEMA_DIR } from "./testing/graph.ts";

const apps = loadApps(`${SCHEMA_DIR}/apps`, composedApiSchema());
const source = readFileSync(`${SCHEMA_DIR}/scenarios/counter.yaml`, "utf8");

afterEach(removeFolders);

it("the counter's groups are of people of a mall, a brand and a supplier", () => {
  const [counter] = loadScenarios(`${SCHEMA_DIR}/scenarios`, apps, graph.organizations);
  expect(counter).toMatchObject({ name: "counter", subject: "Counter", timeZone: "Asia/Shanghai" });
  expect(counter!.apps).toEqual(apps);
  expect([...counter!.roles.values()].map(({ name, organization }) => [name, organization])).toEqual([
    ["manager", "mall"],
    ["guide", "brand"],
    ["buyer", "brand"],
    ["supplier", "supplier"],
  ]);
});

it("the counter asks for no more than each role needs", () => {
  const [counter] = loadScenarios(`${SCHEMA_DIR}/scenarios`, apps, graph.organizations);
  expect(granted(counter!, "supplier")).toEqual([
    "mall.counter",
    "mall.restock",
    "brand.catalog",
    "brand.orders",
  ]);
  expect(granted(counter!, "guide")).toContain("mall.restock.submit");
  expect(granted(counter!, "manager")).toContain("mall.restock.approve");
  for (const [role, policy] of [
    ["guide", "mall.restock.approve"],
    ["buyer", "mall.restock.approve"],
    ["supplier", "mall.price"],
  ]) {
    expect(granted(counter!, role!)).not.toContain(policy);
  }
});

it("every policy of the graph is asked for by somebody: none is there for nothing", () => {
  const [counter] = loadScenarios(`${SCHEMA_DIR}/scenarios`, apps, graph.organizations);
  const all = graph.organizations.flatMap(({ policies }) => [...policies.keys()]).sort();
  expect([...new Set(counter!.grants.map(({ policy }) => policy))].sort()).toEqual(all);
});

it("each grant is asked for with a reason, which may be another for another role", () => {
  const [counter] = loadScenarios(`${SCHEMA_DIR}/scenarios`, apps, graph.organizations);
  const orders = counter!.grants.filter(({ policy }) => policy === "brand.orders");
  expect(orders).toEqual([
    { policy: "brand.orders", organization: "brand", role: "manager", why: expect.anything() },
    { policy: "brand.orders", organization: "brand", role: "supplier", why: expect.anything() },
  ]);
  expect(orders[0]!.why.en).not.toBe(orders[1]!.why.en);
  for (const { why } of counter!.grants) expect(why["zh-CN"]).toMatch(/。$/);
});

describe("a scenario that is not in order is refused, with the place:", () => {
  it.each<[string, (text: string) => string, RegExp]>([
    ["no YAML", () => "a: [", /counter\.yaml:1: this is no YAML/],
    ["no mapping", () => "- a", /a scenario holds name, title/],
    [
      "another name",
      (text) => text.replace("name: counter", "name: desk"),
      /counter\.yaml:2: "name" must be/,
    ],
    ["a key of no meaning", (text) => `${text}\ncolour: red`, /"colour" means nothing/],
    [
      "a title in one language",
      (text) => text.replace("{ en: Counter, zh-CN: 专柜 }", "{ en: Counter }"),
      /counter\.yaml:3: title needs a text in zh-CN/,
    ],
    ["no subject", (text) => text.replace("subject: Counter", "subject: 17"), /"subject" is an entity type/],
    [
      "a time zone that there is not",
      (text) => text.replace("Asia/Shanghai", "Asia/Atlantis"),
      /counter\.yaml:5: "Asia\/Atlantis" is no time zone/,
    ],
    [
      "an app that there is not",
      (text) => text.replace("stock-alert]", "stock-alarm]"),
      /counter\.yaml:6: there is no app stock-alarm/,
    ],
    [
      "an organization that there is not",
      (text) => text.replace("organization: supplier", "organization: harbour"),
      /"organization" must be one of mall, brand, supplier/,
    ],
    ["no roles", (text) => text.replace(/roles:[^#]*/, "roles: {}\n"), /there must be roles/],
    [
      "nobody who can make a group",
      (text) => text.replaceAll("creates: true, ", ""),
      /one role must have `creates: true`/,
    ],
    [
      "two creators of one organization",
      (text) => text.replace("guide: { organization: brand,", "guide: { organization: brand, creates: true,"),
      /one role with `creates: true` only/,
    ],
    [
      "a policy that nobody owns",
      (text) => text.replace("mall.price:", "mall.prices:"),
      /counter\.yaml:21: no organization owns the policy mall\.prices/,
    ],
    ["a grant to no role", (text) => text.replace("to: [buyer]", "to: [boss]"), /there is no role boss/],
    ["a grant to nobody", (text) => text.replace("to: [buyer]", "to: []"), /give the roles that need it/],
    [
      "a grant without a reason",
      (text) => text.replace("{ en: To ask for what sells., zh-CN: 按销售情况补货。 }", "{ en: For fun. }"),
      /counter\.yaml:25: grants\.mall\.sales\.why needs a text in zh-CN/,
    ],
    [
      "a grant as it was once written",
      (text) => text.replace(/mall\.sales:\n.*\n.*\n/, "mall.sales: [guide]\n"),
      /give \{ to, why \}/,
    ],
    [
      "a grant to a role for two reasons",
      (text) => text.replace("- to: [supplier]", "- to: [manager]"),
      /a role is named twice/,
    ],
    [
      "an app's card to a role that is not here",
      (text) => text.replace(/ {2}guide: .*\n/, ""),
      /there is no role guide that app stock-alert has cards for/,
    ],
    [
      "an app that watches another subject",
      (text) => text.replace("subject: Counter", "subject: Elevator"),
      /app stock-alert watches a Counter, not a Elevator/,
    ],
  ])("%s", (_, edit, problem) => {
    expect(edit(source)).not.toBe(source);
    expect(problemsOf({ "counter.yaml": edit(source) })).toMatch(problem);
  });

  it("a file of another kind", () => {
    expect(problemsOf({ "counter.yml": source, "Counter Two.yaml": source })).toMatch(
      /Counter Two\.yaml: there should be only[^]*counter\.yml: there should/,
    );
  });
});

function granted({ grants }: Scenario, role: string): string[] {
  return grants.filter((grant) => grant.role === role).map(({ policy }) => policy);
}

function problemsOf(files: Readonly<Record<string, string>>): string {
  const dir = temporaryFolder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text);
  try {
    loadScenarios(dir, apps, graph.organizations);
  } catch (error) {
    if (error instanceof JuntoError && error.code === "CONFIGURATION") return error.message;
    throw error;
  }
  return "";
}
