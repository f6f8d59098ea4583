// Text in a terminal: how wide it is, where it may break, and what of it must not get there.

/** Names of styles, applied to one line. */
export interface Paint {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly cyan: (text: string) => string;
}

const WIDE =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\u33FF\u3400-\u4DBF\u4E00-\u9FFF\uA000-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE4F\uFF01-\uFF60\uFFE0-\uFFE6\u{20000}-\u{3FFFD}]|\p{Emoji_Presentation}/u;
// eslint-disable-next-line no-control-regex -- the sequences that `createPaint` writes
const STYLE = /\u001B\[\d+m/g;
const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });

/** @param enabled without it, text stays as it is */
export function createPaint(enabled: boolean): Paint {
  const style = (on: number, off: number) => (text: string) =>
    enabled && text !== "" ? `\u001B[${on}m${text}\u001B[${off}m` : text;
  return {
    bold: style(1, 22),
    dim: style(2, 22),
    red: style(31, 39),
    green: style(32, 39),
    yellow: style(33, 39),
    cyan: style(36, 39),
  };
}

/**
 * Text of others as it may be printed: no control characters (a terminal obeys them) and none that change the
 * direction of what follows. Line breaks stay.
 */
export function clean(text: string): string {
  return text
    .replace(/\r\n?/g, "\n")
    .replace(/\t/g, " ")
    .replace(/[^\P{Cc}\n]/gu, "")
    .replace(/[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\u2028\u2029]/g, "");
}

/** Columns that a line takes: a Chinese character takes two, a style none. */
export function width(line: string): number {
  let columns = 0;
  for (const { segment } of segmenter.segment(line.replace(STYLE, ""))) {
    columns += WIDE.test(segment) ? 2 : /^(?:\p{M}|[\u200B-\u200D]|\uFE0F)+$/u.test(segment) ? 0 : 1;
  }
  return columns;
}

/** Filled with spaces to so many columns. */
export function pad(line: string, columns: number, align: "left" | "right" = "left"): string {
  const space = " ".repeat(Math.max(0, columns - width(line)));
  return align === "left" ? line + space : space + line;
}

/** Cut to so many columns, with an ellipsis where something is missing. */
export function cut(line: string, columns: number): string {
  if (width(line) <= columns) return line;
  let kept = "";
  for (const { segment } of segmenter.segment(line)) {
    if (width(kept + segment) > columns - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** Broken into lines of at most so many columns: at spaces, between Chinese characters, else anywhere. */
export function wrap(text: string, columns: number): string[] {
  return text.split("\n").flatMap((line) => wrapLine(line, Math.max(2, columns)));
}

function wrapLine(line: string, columns: number): string[] {
  const lines: string[] = [];
  let current = "";
  for (const piece of pieces(line, columns)) {
    if (width(current + piece.trimEnd()) > columns) {
      lines.push(current.trimEnd());
      current = piece.trimStart();
    } else {
      current += piece;
    }
  }
  return [...lines, current.trimEnd()];
}

/** What stays together: a word with the space after it, one wide character, or a part of an overlong word. */
function pieces(line: string, columns: number): string[] {
  const found: string[] = [];
  let word = "";
  const close = () => {
    if (word !== "") found.push(word);
    word = "";
  };
  for (const { segment } of segmenter.segment(line)) {
    const wide = WIDE.test(segment);
    if (wide || (word.endsWith(" ") && segment !== " ") || width(word + segment) > columns) close();
    word += segment;
    if (wide) close();
  }
  close();
  return found;
}
