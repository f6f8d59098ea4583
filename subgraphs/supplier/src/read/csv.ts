// Reads a CSV as spreadsheet programs in China write it: GBK or UTF-8, commas, tabs or semicolons.
import { sheetOf, type Sheet } from "./sheet.ts";
import { UnreadableFile } from "./unreadable.ts";

/** A CSV as one sheet. Throws `UnreadableFile`, also for a file that ends in the middle of a line. */
export function readCsv(bytes: Uint8Array): Sheet {
  const text = decode(bytes);
  const records = split(text, delimiterOf(text));
  const fields = Math.max(0, ...records.slice(0, 10).map((record) => record.length));
  const last = records.at(-1)?.length ?? 0;
  if (!/[\r\n]$/.test(text) && last < fields) throw new UnreadableFile("ends in the middle of a line");
  return sheetOf("", records);
}

/** GB 18030 holds all of GBK. Text in GBK is hardly ever valid UTF-8, so UTF-8 is tried first. */
function decode(bytes: Uint8Array): string {
  const marked = bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : "utf-8";
  for (const encoding of [marked, "gb18030"]) {
    try {
      const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
      if (!text.includes("\0")) return text;
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
  }
  throw new UnreadableFile("is neither GBK nor UTF-8 text");
}

function delimiterOf(text: string): string {
  const heading = text.slice(0, 4_096).split(/\r?\n/).slice(0, 10).join("\n");
  const count = (delimiter: string): number => heading.split(delimiter).length;
  return [",", "\t", ";", "，"].reduce((best, each) => (count(each) > count(best) ? each : best));
}

/** Records of fields by RFC 4180: a quoted field may hold delimiters, line ends and doubled quotes. */
function split(text: string, delimiter: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  let at = 0;
  while (at < text.length) {
    const start = text[at] === '"' ? quoted(text, at) : { value: "", end: at };
    const rest = plain(text, start.end, delimiter);
    record.push(start.value + rest.value);
    at = rest.end + 1;
    if (text[rest.end] === delimiter) {
      if (at === text.length) record.push("");
      continue;
    }
    if (text[rest.end] === "\r" && text[at] === "\n") at++;
    records.push(record);
    record = [];
  }
  return record.length > 0 ? [...records, record] : records;
}

interface Field {
  readonly value: string;
  readonly end: number;
}

/** Up to the next delimiter or line end. */
function plain(text: string, start: number, delimiter: string): Field {
  let end = start;
  while (end < text.length && text[end] !== delimiter && text[end] !== "\n" && text[end] !== "\r") end++;
  return { value: text.slice(start, end), end };
}

function quoted(text: string, start: number): Field {
  let value = "";
  let from = start + 1;
  for (;;) {
    const quote = text.indexOf('"', from);
    if (quote < 0) throw new UnreadableFile("ends inside a quoted field");
    value += text.slice(from, quote);
    if (text[quote + 1] !== '"') return { value, end: quote + 1 };
    value += '"';
    from = quote + 2;
  }
}
