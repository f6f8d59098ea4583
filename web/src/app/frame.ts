// When what came is drawn: together with what else comes before the next frame.

/** A page that is not looked at has no frames; it is told after so many milliseconds. */
const LONGEST = 100;

/** Calls back once, at the next frame. */
export function atNextFrame(show: () => void): void {
  const once = (): void => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    show();
  };
  const frame = requestAnimationFrame(once);
  const timer = setTimeout(once, LONGEST);
}
