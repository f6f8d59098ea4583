// Questions that many ask at once, asked one at a time.

interface Line<T> {
  readonly asked: Promise<T>;
  /** What they get who came meanwhile. */
  next: Promise<T> | null;
}

/**
 * Whoever asks while the same is being asked gets the next answer, with all who come meanwhile: never one that was begun before
 * they came. So however often one person asks, others have their turn.
 */
export function together<Args extends readonly string[], T>(
  ask: (...args: Args) => Promise<T>,
): (...args: Args) => Promise<T> {
  const lines = new Map<string, Line<T>>();

  function begin(key: string, args: Args): Promise<T> {
    const line: Line<T> = { asked: ask(...args), next: null };
    lines.set(key, line);
    void settled(line.asked).then(() => {
      if (!line.next) lines.delete(key);
    });
    return line.asked;
  }

  return (...args) => {
    const key = JSON.stringify(args);
    const line = lines.get(key);
    if (!line) return begin(key, args);
    const again = (): Promise<T> => begin(key, args);
    return (line.next ??= settled(line.asked).then(again));
  };
}

function settled(asked: Promise<unknown>): Promise<unknown> {
  return asked.catch(() => undefined);
}
