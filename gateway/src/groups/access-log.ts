// An organization's access log, as its own administrators read it. To everybody else it is as if there were none.
import type { AccessLine as Line, LineAction } from "../access-log/line.ts";
import type { LineFilter } from "../access-log/store.ts";
import { JuntoError } from "../errors/index.ts";
import type { GroupsContext } from "./context.ts";
import type { Fields, InLocale } from "./fields.ts";
import { pageSize } from "./input.ts";
import { loaders } from "./loaders.ts";
import { isAdmin } from "./rules.ts";

interface LogArgs {
  readonly organization: string;
  readonly filter?: (Omit<LineFilter, "organization"> & { readonly by?: string }) | null;
  readonly after?: string | null;
  readonly before?: string | null;
  readonly first: number;
  readonly order: "NEWEST_FIRST" | "OLDEST_FIRST";
}

interface Page {
  readonly lines: readonly Line[];
  readonly more: boolean;
  readonly owner: string;
}

const LONGEST_PAGE = 500;

export async function accessLog(_: unknown, args: LogArgs, context: GroupsContext): Promise<Page> {
  const { organization, order } = args;
  if (!isAdmin(context) || context.viewer.organization !== organization)
    throw new JuntoError("FORBIDDEN", "An access log is read by the administrators of its own organization.");
  const first = pageSize(args.first, LONGEST_PAGE);
  const found = await context.accessLog.lines(organization, {
    order,
    first: first + 1,
    filter: filterOf(args.filter),
    ...placeOf("after", args.after),
    ...placeOf("before", args.before),
  });
  return { lines: found.slice(0, first), more: found.length > first, owner: organization };
}

function filterOf(given: LogArgs["filter"]): LineFilter {
  // What is null was not given.
  const { by, ...filter } = Object.fromEntries(
    Object.entries(given ?? {}).filter(([, value]) => value !== null),
  ) as NonNullable<LogArgs["filter"]>;
  return { ...filter, ...(by !== undefined && { organization: by }) };
}

function placeOf(name: "after" | "before", cursor: string | null | undefined): { [name: string]: number } {
  if (cursor === null || cursor === undefined) return {};
  if (!/^\d{1,15}$/.test(cursor))
    throw new JuntoError("BAD_USER_INPUT", `"${name}" is no cursor: give the \`cursor\` of another page.`);
  return { [name]: Number(cursor) };
}

export const AccessLogPage = {
  cursor: ({ lines }: Page): string | null => (lines.length === 0 ? null : String(lines.at(-1)!.seq)),
  head: async ({ owner }: Page, _: unknown, { accessLog: log }: GroupsContext): Promise<unknown> => {
    const head = await log.head(owner);
    return head && { ...head, seq: String(head.seq) };
  },
};

export const AccessLine = {
  seq: ({ seq }: Line): string => String(seq),
  at: ({ at }: Line): Date => new Date(at),
  organization: ({ organization }: Line): { id: string } => ({ id: organization }),
  who: ({ person }: Line, _: unknown, context: GroupsContext): unknown =>
    person && loaders(context).person.load(person),
  line: (line: Line): unknown => line,
};

export const AccessAction: Fields<LineAction> = {
  title: ({ verb }, { locale }: InLocale, { actionTitle }) => verb && (actionTitle(verb, locale) ?? verb),
};
