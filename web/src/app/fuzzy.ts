// How well something fits what somebody types to find it: the letters in their order, the closer together and the nearer to
// the beginning of words the better. A Chinese character is also found by the first letter of its pinyin.

/** @returns the higher, the better; null: it does not fit */
export function fit(typed: string, text: string): number | null {
  const wanted = Array.from(typed.normalize("NFKC").toLocaleLowerCase()).filter(
    (letter) => letter.trim() !== "",
  );
  if (wanted.length === 0) return 0;
  const letters = Array.from(text.normalize("NFKC").toLocaleLowerCase());
  let best: number | null = null;
  for (let start = 0; start < letters.length; start++) {
    if (!isSame(wanted[0]!, letters[start]!)) continue;
    const score = fitFrom(wanted, letters, start);
    if (score !== null && (best === null || score > best)) best = score;
  }
  return best;
}

function fitFrom(wanted: readonly string[], letters: readonly string[], start: number): number | null {
  let at = start;
  let score = 0;
  for (const [index, letter] of wanted.entries()) {
    const from = at;
    while (at < letters.length && !isSame(letter, letters[at]!)) at++;
    if (at === letters.length) return null;
    const isBeginning = at === 0 || !/[\p{L}\p{N}]/u.test(letters[at - 1]!);
    score += at === from && index > 0 ? 4 : isBeginning ? 3 : 0;
    score -= Math.min(at - from, 5) / 10;
    at++;
  }
  return score - start / 100;
}

function isSame(typed: string, letter: string): boolean {
  return typed === letter || initialOf(letter) === typed;
}

/** The first character of each letter's part of the pinyin order. */
const FIRSTS: readonly (readonly [string, string])[] = [
  ["阿", "a"],
  ["八", "b"],
  ["嚓", "c"],
  ["咑", "d"],
  ["妸", "e"],
  ["发", "f"],
  ["旮", "g"],
  ["哈", "h"],
  ["丌", "j"],
  ["咔", "k"],
  ["垃", "l"],
  ["妈", "m"],
  ["拏", "n"],
  ["噢", "o"],
  ["妑", "p"],
  ["七", "q"],
  ["呥", "r"],
  ["仨", "s"],
  ["他", "t"],
  ["屲", "w"],
  ["夕", "x"],
  ["丫", "y"],
  ["帀", "z"],
];
const pinyin = new Intl.Collator("zh-CN-u-co-pinyin");

function initialOf(letter: string): string | undefined {
  if (!/\p{Script=Han}/u.test(letter)) return undefined;
  return FIRSTS.findLast(([first]) => pinyin.compare(first, letter) <= 0)?.[1];
}
