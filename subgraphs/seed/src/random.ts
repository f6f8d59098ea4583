// Chance that comes out the same every time: a small generator, seeded by words.

export interface Random {
  /** From 0 up to, not including, 1. */
  next(): number;
  /** A whole number from `low` to `high`, both included. */
  int(low: number, high: number): number;
  pick<T>(from: readonly T[]): T;
  /** How often something happens that happens `mean` times on average (Poisson). */
  count(mean: number): number;
  /** A copy in another order. */
  shuffled<T>(from: readonly T[]): T[];
}

/** Chance for one purpose. Equal words give an equal sequence, whatever else was drawn before. */
export function random(...words: readonly (string | number)[]): Random {
  let state = hash(words.join("/"));
  const next = (): number => {
    // mulberry32
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const int = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1));
  return {
    next,
    int,
    pick: (from) => from[int(0, from.length - 1)]!,
    count: (mean) => poisson(mean, next),
    shuffled: (from) => shuffle([...from], int),
  };
}

/** Picks an index by weight, from running totals. */
export function weighted(totals: Float64Array, chance: number): number {
  const wanted = chance * totals[totals.length - 1]!;
  let low = 0;
  let high = totals.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (totals[middle]! > wanted) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Running totals of weights, for `weighted`. */
export function runningTotals(weights: readonly number[]): Float64Array {
  const totals = new Float64Array(weights.length);
  let sum = 0;
  weights.forEach((weight, index) => {
    sum += weight;
    totals[index] = sum;
  });
  return totals;
}

function poisson(mean: number, next: () => number): number {
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = next(); product > limit; product *= next()) count += 1;
  return count;
}

function shuffle<T>(list: T[], int: (low: number, high: number) => number): T[] {
  for (let last = list.length - 1; last > 0; last -= 1) {
    const other = int(0, last);
    [list[last], list[other]] = [list[other]!, list[last]!];
  }
  return list;
}

/** FNV-1a over the text's code units. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  return value >>> 0;
}
