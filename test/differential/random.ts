// Choices that come out the same again for the same seed (mulberry32).

export interface Random {
  /** From 0 up to, not including, `n`. */
  below(n: number): number;
  between(least: number, most: number): number;
  chance(probability: number): boolean;
  pick<T>(list: readonly T[]): T;
  /** Some of a list, in its order; each with a probability. */
  some<T>(list: readonly T[], probability: number): T[];
}

export function createRandom(seed: number): Random {
  let state = Math.imul(seed + 1, 0x9e3779b1);
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const below = (n: number): number => Math.floor(next() * n);
  const chance = (probability: number): boolean => next() < probability;
  return {
    below,
    chance,
    between: (least, most) => least + below(most - least + 1),
    pick: (list) => list[below(list.length)]!,
    some: (list, probability) => list.filter(() => chance(probability)),
  };
}
