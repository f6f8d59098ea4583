// Much that changes at once is drawn in turns: in each frame what can be done in a few milliseconds, so that what one does
// oneself is answered between them. What waits is drawn once, in its newest state.
import { flushSync } from "react-dom";
import { atNextFrame } from "../app/frame.ts";

/** Milliseconds of drawing in one frame; what has begun is finished. */
const A_FRAME = 8;

const waiting = new Set<() => void>();
let isGoing = false;

/** @param draw changes state of React; until it was its turn, another call with it changes nothing */
export function inTurn(draw: () => void): void {
  waiting.add(draw);
  if (isGoing) return;
  isGoing = true;
  queueMicrotask(drawSome);
}

function drawSome(): void {
  const end = performance.now() + A_FRAME;
  try {
    for (const draw of waiting) {
      waiting.delete(draw);
      flushSync(draw);
      if (performance.now() >= end) break;
    }
  } finally {
    isGoing = waiting.size > 0;
    if (isGoing) atNextFrame(drawSome);
  }
}
