// Loads the apps of a folder. Everything about an app is in its own folder; whatever is wrong in any of them is
// said at once, with file and line.
import type { GraphQLSchema } from "graphql";
import { throwIfAny, type Problems } from "../../config/problems.ts";
import type { App } from "./app.ts";
import { compileApp } from "./compile-app.ts";
import { readFiles, readFolders, type Report } from "./folder.ts";
import { entityOperation, type Fragment } from "./fragment.ts";

export type { ActionType, App, CardType, Rule } from "./app.ts";

/**
 * @param dir the folder that holds a folder for each app
 * @param apiSchema what clients see of the graph; fragments and mutations must fit it
 * @throws JuntoError CONFIGURATION whose `details.problems` is the list of what is wrong
 */
export function loadApps(dir: string, apiSchema: GraphQLSchema): readonly App[] {
  const problems: Problems = [];
  const report: Report = ({ file, line }, message) => {
    problems.push(`${file}${line === undefined ? "" : `:${line}`}: ${message}`);
  };
  const apps = readFolders(dir, report).map((name) =>
    compileApp(name, readFiles(dir, name, report), apiSchema, report),
  );
  throwIfAny([...new Set(problems)], `The apps in ${dir} are not in order`);
  return apps.filter((app) => app !== undefined);
}

/** The operation that asks for the data of a card, a form or a watch: variables `$type`, `$key` and `$groupId`. */
export function cardOperation({ fragment }: { readonly fragment: Fragment }): string {
  return entityOperation(fragment);
}
