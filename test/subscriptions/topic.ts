// What a subgraph's subscription field listens to in tests: everyone who listens gets everything, and the test can
// wait for who comes and goes.

export interface Topic<T> {
  publish(value: T): void;
  /** Ends it for everyone who listens. */
  complete(): void;
  /** Resolves when so many listen. */
  listeners(count: number): Promise<void>;
  /** Resolves when so many have come since the beginning. */
  came(count: number): Promise<void>;
  /** For the resolver: of what is published, what it wants. */
  listen(wanted?: (value: T) => boolean): AsyncIterableIterator<T>;
}

export function createTopic<T>(): Topic<T> {
  const all = new Set<{ push(result: IteratorResult<T>): void }>();
  let begun = 0;
  let waiting: { holds: () => boolean; resolve: () => void }[] = [];
  const changed = (): void => {
    waiting = waiting.filter(({ holds, resolve }) => (holds() ? (resolve(), false) : true));
  };
  const when = (holds: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      waiting.push({ holds, resolve });
      changed();
    });
  return {
    publish(value) {
      for (const each of all) each.push({ value, done: false });
    },
    complete() {
      for (const each of all) each.push({ value: undefined, done: true });
    },
    listeners: (count) => when(() => all.size === count),
    came: (count) => when(() => begun >= count),
    listen(wanted = () => true) {
      const queue: IteratorResult<T>[] = [];
      let pull: ((result: IteratorResult<T>) => void) | undefined;
      const listener = {
        push(result: IteratorResult<T>) {
          if (result.done !== true && !wanted(result.value)) return;
          if (pull) pull(result);
          else queue.push(result);
          pull = undefined;
        },
      };
      all.add(listener);
      begun += 1;
      changed();
      const leave = async (): Promise<IteratorResult<T>> => {
        all.delete(listener);
        changed();
        listener.push({ value: undefined, done: true });
        return { value: undefined, done: true };
      };
      return {
        next: () =>
          queue.length > 0 ? Promise.resolve(queue.shift()!) : new Promise((resolve) => (pull = resolve)),
        return: leave,
        throw: leave,
        [Symbol.asyncIterator]() {
          return this;
        },
      };
    },
  };
}
