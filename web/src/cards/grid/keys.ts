// Where an arrow key leads among inputs that stand in rows, however they are laid out.

export interface Place {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export type Direction = "ArrowUp" | "ArrowDown" | "ArrowLeft" | "ArrowRight";

/** The nearest place in that direction: in the same row, or in the next row the one most nearly above or below. */
export function neighbour<P extends Place>(
  places: readonly P[],
  from: P,
  direction: Direction,
): P | undefined {
  const isAcross = direction === "ArrowLeft" || direction === "ArrowRight";
  const sign = direction === "ArrowUp" || direction === "ArrowLeft" ? -1 : 1;
  const ahead = (place: P): number =>
    sign * (isAcross ? middle(place).x - middle(from).x : middle(place).y - middle(from).y);
  const aside = (place: P): number =>
    Math.abs(isAcross ? middle(place).y - middle(from).y : middle(place).x - middle(from).x);
  const candidates = places.filter(
    (place) => ahead(place) > TOLERANCE && (!isAcross || aside(place) < from.height / 2),
  );
  const nearest = Math.min(...candidates.map(ahead));
  return candidates
    .filter((place) => ahead(place) < nearest + (isAcross ? TOLERANCE : from.height / 2))
    .sort((a, b) => aside(a) - aside(b))[0];
}

/** Places of one row may differ by a pixel. */
const TOLERANCE = 2;

function middle({ left, top, width, height }: Place): { readonly x: number; readonly y: number } {
  return { x: left + width / 2, y: top + height / 2 };
}
