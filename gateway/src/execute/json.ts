// Text of JSON values, faster than JSON.stringify where the type is known.

const QUOTE = 34;
const BACKSLASH = 92;
/** From here on a string is looked through by JSON.stringify itself. */
const SHORT = 48;

export function stringText(value: string): string {
  if (value.length > SHORT) return JSON.stringify(value);
  for (let index = 0; index < value.length; index++) {
    const unit = value.charCodeAt(index);
    // Halves of surrogate pairs may be alone: those are escaped.
    if (unit < 32 || unit === QUOTE || unit === BACKSLASH || (unit >= 0xd800 && unit <= 0xdfff))
      return JSON.stringify(value);
  }
  return `"${value}"`;
}

/**
 * The same text, with one byte for each character where that is enough. What was cut out of a text with Chinese in it
 * keeps two, and gives them to all that it is put into: a whole response takes three times as long to write out then.
 */
export function compact(text: string): string {
  return Buffer.from(text).toString();
}

/** Of any form; undefined when it is nested more deeply than can be written. */
export function anyText(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}
