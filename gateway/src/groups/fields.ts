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

/** @throws JuntoError NOT_FOUND */
export async function found<Row>(loading: Promise<Row | null>): Promise<Row> {
  const row = await loading;
  if (row === null) throw new JuntoError("NOT_FOUND", "What this refers to does not exist.");
  return row;
}
