// How much one card may come to. Data can repeat elements, and have lists within lists looked through, without measure; a
// message can hold another one many times. What comes out is for people, so there is an end to it.

/** The data makes more of a template than anybody could look at. */
export class CardTooLargeError extends Error {
  constructor() {
    super("There is more in this card than can be shown.");
    this.name = "CardTooLargeError";
  }
}

/** What there may still be, for as long as one evaluation takes. */
export interface Budget {
  /** Steps of expressions: each value that is looked up, each item of a list. */
  steps: number;
  /** Characters of texts. */
  characters: number;
  /** Elements and their properties. */
  nodes: number;
}

/** A card for people needs a hundredth of it. */
export function createBudget(): Budget {
  return { steps: 200_000, characters: 500_000, nodes: 20_000 };
}

/** @throws CardTooLargeError */
export function spend(budget: Budget, what: keyof Budget, amount: number): void {
  if ((budget[what] -= amount) < 0) throw new CardTooLargeError();
}
