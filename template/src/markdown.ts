// Adaptive Cards read a part of Markdown in their texts. Data must come out of it as it is: no links, no emphasis,
// no headings, none of the card format's own {{DATE(…)}}.

/** A string of the data so that a reader of Markdown shows it letter by letter. */
export function escapeMarkdown(data: string): string {
  return data
    .replace(/\r\n?|[\u2028\u2029]/g, "\n")
    .replace(/[\\`*_[\]<~]/g, "\\$&")
    .replace(/&(?=#?\w+;)/g, "\\&")
    .replace(/\{(?=\{)/g, "\\{")
    .split("\n")
    .map((line) => line.replace(/^\s+/, "").replace(LINE_START, "$1\\$2"))
    .join("\n");
}

/** What makes a heading, a quotation, a list or a rule when a line begins with it. */
const LINE_START =
  /^(\d{0,9})((?<=\d)[.)](?=\s|$)|(?<!\d)[-+](?=\s|$)|(?<!\d)#{1,6}(?=\s|$)|(?<!\d)>|(?<!\d)(?:=+|-+)\s*$)/;

/**
 * Links in words that an app wrote which do not lead to a fixed http(s) address. A link whose address is made of
 * data could lead anywhere.
 */
export function unsafeLinks(words: string): string[] {
  return [...words.matchAll(/\]\(([^)]*)(\)?)/g)]
    .filter(([, address = "", end]) => end === "" || !/^https?:\/\/[^\s{}]+$/i.test(address.trim()))
    .map(([link]) => link);
}

/** An absolute http(s) address without user name and password, or null. */
export function httpAddress(value: unknown): string | null {
  if (typeof value !== "string" || value.length > 2_000 || !URL.canParse(value)) return null;
  const url = new URL(value);
  if (url.protocol !== "http:" && url.protocol !== "https:") return null;
  return url.username === "" && url.password === "" ? url.href : null;
}

/** The same, and nobody on the way can read or change what comes from there. */
export function httpsAddress(value: unknown): string | null {
  const address = httpAddress(value);
  return address?.startsWith("https:") ? address : null;
}

/** A picture may come from a gateway without https, as on one's own machine; what a card leads to may not. */
export function addressOf(value: unknown, isLink: boolean): string | null {
  return isLink ? httpsAddress(value) : httpAddress(value);
}
