// How a card speaks to its readers: their language, the app's messages, and why something is not there.
import { escapeMarkdown } from "./markdown.ts";
import { formatMessage, LOCALES, type Locale, type Messages } from "./messages.ts";
import type { DataPath, Medium, Speech } from "./values.ts";

/** A place in a card's data that its owner does not share, or did not answer for. */
export interface Absence {
  /**
   * Response names, in a list or with dots: `lines.product.stock` means that of every line, `lines.0.product.stock`
   * that of the first. What is below a place is absent with it. Without a path: whatever else is missing may be
   * this organization's.
   */
  readonly path?: string | readonly (string | number)[];
  /** Its id. */
  readonly organization: string;
}

/** For whom a card is shown, and what of its data they do not get. */
export interface View {
  readonly locale: Locale;
  /** IANA name; days and hours are those of the group. Default UTC. */
  readonly timeZone?: string;
  readonly withheld?: readonly Absence[];
  readonly missing?: readonly Absence[];
  readonly organizationName?: (id: string, locale: Locale) => string;
  /** Name of a person by id; null or absent: the id is shown. */
  readonly personName?: (id: string) => string | null;
}

/** The words that every card needs, whatever its app. */
export const WORDS: Readonly<Record<Locale, { readonly withheld: string; readonly missing: string }>> = {
  en: { withheld: "not shared by {organization}", missing: "no answer from {organization}" },
  "zh-CN": { withheld: "{organization}未共享", missing: "{organization}未响应" },
};

export function createSpeech(view: View, messages: Messages): Speech {
  const { locale, timeZone = "UTC", withheld = [], missing = [], organizationName, personName } = view;
  return {
    locale,
    timeZone,
    message: (key, args) => formatMessage(messages, locale, key, args),
    personName: (id) => personName?.(id) ?? null,
    whyMissing(places, medium) {
      const reason = reasonFor(places, withheld, missing);
      if (!reason) return null;
      const name = organizationName?.(reason.organization, locale) ?? reason.organization;
      return sayWhy(reason.kind, name, locale, medium);
    },
  };
}

/** Every text by which a card says why a value is not there, as it stands in a place that reads Markdown. */
export function sayAbsences({ locale, withheld = [], missing = [], organizationName }: View): string[] {
  const all = [
    ...withheld.map(({ organization }) => ["withheld", organization] as const),
    ...missing.map(({ organization }) => ["missing", organization] as const),
  ];
  return all.map(([kind, id]) => sayWhy(kind, organizationName?.(id, locale) ?? id, locale, "markdown"));
}

/** GraphQL names cannot hold a hyphen: `zh_CN`. */
export function localeOf(name: string): Locale {
  return LOCALES.find((locale) => locale === name.replace("_", "-")) ?? "en";
}

interface Reason {
  readonly kind: "withheld" | "missing";
  readonly organization: string;
}

function sayWhy(kind: Reason["kind"], organization: string, locale: Locale, medium: Medium): string {
  return WORDS[locale][kind].replace("{organization}", () =>
    medium === "markdown" ? escapeMarkdown(organization) : organization,
  );
}

/** The reason that names the place most closely; of two equally close, that it is not shared. */
function reasonFor(
  places: readonly DataPath[],
  withheld: readonly Absence[],
  missing: readonly Absence[],
): Reason | undefined {
  let best: { reason: Reason; closeness: number } | undefined;
  for (const place of places) {
    for (const [kind, absences] of [
      ["withheld", withheld],
      ["missing", missing],
    ] as const) {
      for (const { path, organization } of absences) {
        const closeness = closenessOf(path, place);
        if (closeness > (best?.closeness ?? 0)) best = { reason: { kind, organization }, closeness };
      }
    }
  }
  return best?.reason;
}

/** 0: not about this place. 1: about nothing in particular. 2: about something in it. More: about it. */
function closenessOf(path: Absence["path"], place: DataPath): number {
  if (path === undefined || path.length === 0) return 1;
  const wanted = typeof path === "string" ? path.split(".") : path.map(String);
  let at = 0;
  for (const segment of place) {
    if (at === wanted.length) break;
    if (String(segment) === wanted[at]) at++;
    else if (typeof segment !== "number") return 0;
  }
  return at === wanted.length ? 2 + at : 2;
}
