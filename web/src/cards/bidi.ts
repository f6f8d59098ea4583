// Characters that turn the direction of writing, in texts that somebody else wrote.

const BEGINS = /[\u2066-\u2068]/;
const END = "\u2069";

/**
 * A line of text whose isolates are its own: an element around it ends where it ends. One end too many would close
 * the element's own isolate (Unicode 9, X6a), one too few would leave it open for what follows.
 */
export function balanced(line: string): string {
  let open = 0;
  const kept = line.split("").filter((character) => {
    if (BEGINS.test(character)) open++;
    if (character !== END) return true;
    if (open === 0) return false;
    open--;
    return true;
  });
  return kept.join("") + END.repeat(open);
}

/** The same for where no element can be around it: in an attribute, in an option of a list, within a sentence. */
export function isolated(line: string): string {
  return line === "" ? "" : `\u2068${balanced(line)}${END}`;
}
