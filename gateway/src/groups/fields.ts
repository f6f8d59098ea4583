// What resolvers of the groups schema are made of.
import { JuntoError } from "../errors/index.ts";
import type { GroupsContext, Texts } from "./context.ts";

export type Resolver<Source, Args = unknown> = (
  source: Source,
  args: Args,
  context: GroupsContext,
) => unknown;
export type Fields<Source> = Readonly<Record<string, Resolver<Source, never>>>;

export interface InLocale {
  readonly locale: string;
}

export function textIn(texts: Texts | undefined, locale: string): string | undefined {
  return texts?.[locale] ?? texts?.["en"];
}

/** What its owner calls a policy; its name, when nobody of the graph owns it. */
export function policyTitle(policy: string, locale: string, { organizations }: GroupsContext): string {
  for (const { policies } of organizations.values()) {
    const known = policies.get(policy);
    if (known) return textIn(known.title, locale) ?? policy;
  }
  return policy;
}

/** The field `policyTitle` of what names a policy, or none. */
export const titleOfPolicy: Resolver<{ readonly policy: string | null }, InLocale> = (
  { policy },
  { locale },
  context,
) => policy && policyTitle(policy, locale, context);

/** @throws JuntoError NOT_FOUND */
export async function found<Row>(loading: Promise<Row | null>): Promise<Row> {
  const row = await loading;
  if (row === null) throw new JuntoError("NOT_FOUND", "What this refers to does not exist.");
  return row;
}
