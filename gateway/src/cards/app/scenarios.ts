// Scenarios: the kinds of group that there are. What one is about, who is in it and as what, which apps it uses,
// which grants it asks the organizations for, and why.
import { lstatSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Locale, LOCALES } from "@junto/template";
import { shown, throwIfAny, type Problems } from "../../config/problems.ts";
import type { App } from "./app.ts";
import { listFolder, NAME, parseTree } from "./folder.ts";

export interface Scenario {
  readonly name: string;
  readonly title: Texts;
  /** The entity type that a group of this kind is about. */
  readonly subject: string;
  /** IANA name; days and hours in its groups. */
  readonly timeZone: string;
  readonly apps: readonly App[];
  readonly roles: ReadonlyMap<string, Role>;
  /** What it asks for, policy by policy and role by role; the owners decide. */
  readonly grants: readonly AskedGrant[];
}

export interface Role {
  readonly name: string;
  readonly title: Texts;
  /** Whose people can be there as this. */
  readonly organization: string;
  /** Who makes a group of this kind is in it as this. */
  readonly creates: boolean;
}

export interface AskedGrant {
  readonly policy: string;
  /** The owner. */
  readonly organization: string;
  readonly role: string;
  /** What the role needs it for. */
  readonly why: Texts;
}

export type Texts = Readonly<Record<Locale, string>>;

/** What is known of an organization: its policies. */
export interface ScenarioOrganization {
  readonly id: string;
  readonly policies: { has(policy: string): boolean };
}

/**
 * Reads every `<name>.yaml` of a folder.
 *
 * @throws JuntoError CONFIGURATION whose `details.problems` is the list of what is wrong
 */
export function loadScenarios(
  dir: string,
  apps: readonly App[],
  organizations: readonly ScenarioOrganization[],
): readonly Scenario[] {
  const problems: Problems = [];
  const scenarios = listFolder(dir)
    .map(({ name }) => name)
    .filter((file) => !file.startsWith(".") && file !== "README.md")
    .sort()
    .flatMap((file) => {
      const name = file.replace(/\.yaml$/, "");
      if (!NAME.test(name) || !file.endsWith(".yaml") || !lstatSync(join(dir, file)).isFile()) {
        problems.push(`${file}: there should be only files here, <name>.yaml`);
        return [];
      }
      const fault = (line: number, message: string) => problems.push(`${file}:${line}: ${message}`);
      const tree = parseTree(readFileSync(join(dir, file), "utf8"), "YAML", (message, line) =>
        fault(line, message),
      );
      if (!tree) return [];
      const reader: Reader = {
        name,
        apps,
        organizations,
        fault: (path, message) => fault(tree.line(path), message),
      };
      return readScenario(tree.value, reader) ?? [];
    });
  throwIfAny(problems, `The scenarios in ${dir} are not in order`);
  return scenarios;
}

interface Reader {
  readonly name: string;
  readonly apps: readonly App[];
  readonly organizations: readonly ScenarioOrganization[];
  readonly fault: (path: readonly (string | number)[], message: string) => void;
}

type TreeValue = Readonly<Record<string, unknown>>;

const KEYS = ["name", "title", "subject", "timeZone", "apps", "roles", "grants"];

function readScenario(value: unknown, reader: Reader): Scenario | undefined {
  if (!isTree(value)) {
    reader.fault([], `a scenario holds ${KEYS.join(", ")}`);
    return undefined;
  }
  for (const key of Object.keys(value)) {
    if (!KEYS.includes(key)) reader.fault([key], `"${key}" means nothing here; there are ${KEYS.join(", ")}`);
  }
  if (value["name"] !== reader.name)
    reader.fault(["name"], `"name" must be that of the file: ${reader.name}`);
  const roles = readRoles(value["roles"], reader);
  const scenario = {
    name: reader.name,
    title: readTexts(value["title"], ["title"], reader),
    subject: readSubject(value["subject"], reader),
    timeZone: readTimeZone(value["timeZone"], reader),
    apps: readApps(value["apps"], reader),
    roles,
    grants: readGrants(value["grants"], roles, reader),
  };
  for (const app of scenario.apps) checkApp(app, scenario, reader);
  return scenario;
}

function readSubject(value: unknown, { fault }: Reader): string {
  if (typeof value === "string" && /^[A-Z]\w*$/.test(value)) return value;
  fault(["subject"], `"subject" is an entity type, for example Counter`);
  return "";
}

function readTimeZone(value: unknown, { fault }: Reader): string {
  if (value === undefined) return "UTC";
  try {
    if (typeof value === "string") {
      return new Intl.DateTimeFormat("en", { timeZone: value }).resolvedOptions().timeZone;
    }
  } catch {
    // What it is not is said below.
  }
  fault(["timeZone"], `${shown(value)} is no time zone; give for example Asia/Shanghai`);
  return "UTC";
}

function readApps(value: unknown, { apps, fault }: Reader): App[] {
  return names(value).flatMap((name, index) => {
    const app = apps.find((each) => each.name === name);
    if (!app)
      fault(
        ["apps", index],
        `there is no app ${name}; there are ${apps.map((each) => each.name).join(", ")}`,
      );
    return app ?? [];
  });
}

function readRoles(value: unknown, reader: Reader): Map<string, Role> {
  const roles = new Map<string, Role>();
  for (const [name, entry] of Object.entries(isTree(value) ? value : {})) {
    const path = ["roles", name];
    if (!NAME.test(name) || !isTree(entry)) {
      reader.fault(path, "a role is a name and { title, organization, creates }");
      continue;
    }
    const { organization, creates = false } = entry;
    if (!reader.organizations.some(({ id }) => id === organization)) {
      reader.fault(
        [...path, "organization"],
        `"organization" must be one of ${reader.organizations.map(({ id }) => id).join(", ")}`,
      );
    }
    if (typeof creates !== "boolean") reader.fault([...path, "creates"], `"creates" is true or false`);
    const title = readTexts(entry["title"], [...path, "title"], reader);
    roles.set(name, { name, title, organization: String(organization), creates: creates === true });
  }
  const creators = [...roles.values()].filter(({ creates }) => creates);
  if (roles.size === 0) reader.fault(["roles"], "there must be roles");
  else if (creators.length === 0)
    reader.fault(["roles"], "one role must have `creates: true`, or nobody can make a group");
  if (new Set(creators.map(({ organization }) => organization)).size < creators.length) {
    reader.fault(["roles"], "an organization can have one role with `creates: true` only");
  }
  return roles;
}

function readGrants(value: unknown, roles: ReadonlyMap<string, Role>, reader: Reader): AskedGrant[] {
  return Object.entries(isTree(value) ? value : {}).flatMap(([policy, entry]): AskedGrant[] => {
    const path = ["grants", policy];
    const owner = reader.organizations.find(({ policies }) => policies.has(policy));
    if (!owner) {
      reader.fault(path, `no organization owns the policy ${policy}`);
      return [];
    }
    const asked = [entry].flat().flatMap((each: unknown) => readAsked(each, path, reader));
    checkRoles(
      asked.map(({ role }) => role),
      roles,
      path,
      reader,
    );
    if (new Set(asked.map(({ role }) => role)).size < asked.length)
      reader.fault(path, "a role is named twice; give one reason for it");
    return asked.map((each) => ({ policy, organization: owner.id, ...each }));
  });
}

/** One reason, and the roles that have it. */
function readAsked(
  value: unknown,
  path: readonly string[],
  reader: Reader,
): Pick<AskedGrant, "role" | "why">[] {
  if (!isTree(value) || Object.keys(value).some((key) => key !== "to" && key !== "why")) {
    reader.fault(path, "give { to, why }: the roles that need it, and what for; or a list of these");
    return [];
  }
  const to = names(value["to"]);
  if (to.length === 0) reader.fault(path, "give the roles that need it, as a list: `to`");
  const why = readTexts(value["why"], [...path, "why"], reader);
  return to.map((role) => ({ role, why }));
}

/** What an app looks at must be there in groups of this kind. */
function checkApp(app: App, { subject, roles }: Pick<Scenario, "subject" | "roles">, reader: Reader): void {
  const path = ["apps"];
  for (const { to, as, watch } of app.rules) {
    checkRoles(
      as === undefined ? to : [...to, as],
      roles,
      path,
      reader,
      ` that app ${app.name} has cards for`,
    );
    if (watch && watch.fragment.on !== subject)
      reader.fault(path, `app ${app.name} watches a ${watch.fragment.on}, not a ${subject}`);
  }
  for (const { form, verb } of app.actions.values()) {
    const on = form?.fragment?.on;
    if (on !== undefined && on !== subject)
      reader.fault(path, `the form of ${verb} shows a ${on}, not a ${subject}`);
  }
}

function checkRoles(
  asked: readonly string[],
  roles: ReadonlyMap<string, Role>,
  path: readonly string[],
  { fault }: Reader,
  what = "",
): void {
  for (const role of asked) if (!roles.has(role)) fault(path, `there is no role ${role}${what}`);
}

function readTexts(value: unknown, path: readonly string[], { fault }: Reader): Texts {
  const texts = isTree(value) ? value : {};
  for (const locale of LOCALES) {
    if (typeof texts[locale] !== "string" || texts[locale] === "")
      fault([...path, locale], `${path.join(".")} needs a text in ${locale}`);
  }
  return { en: String(texts["en"]), "zh-CN": String(texts["zh-CN"]) };
}

function names(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === "string") : [];
}

function isTree(value: unknown): value is TreeValue {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
