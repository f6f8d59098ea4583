// Where drafts and unsent messages survive a reload: what people wrote, and nothing of any organization's data.

export interface Storage {
  read(key: string): unknown;
  /** Undefined removes it. */
  write(key: string, value: unknown): void;
}

/** A browser's storage. Where there is none, or it is full, what is written lives as long as the page. */
export function browserStorage(area: () => globalThis.Storage): Storage {
  const unwritten = new Map<string, unknown>();
  return {
    read(key) {
      if (unwritten.has(key)) return unwritten.get(key);
      try {
        return JSON.parse(area().getItem(key) ?? "null") ?? undefined;
      } catch {
        return undefined; // somebody else's, or of another version
      }
    },
    write(key, value) {
      try {
        if (value === undefined) area().removeItem(key);
        else area().setItem(key, JSON.stringify(value));
        unwritten.delete(key);
      } catch {
        unwritten.set(key, value);
      }
    },
  };
}

/** For tests, and for where nothing may be kept. */
export function memoryStorage(): Storage {
  const kept = new Map<string, string>();
  return {
    read: (key) => (kept.has(key) ? (JSON.parse(kept.get(key)!) as unknown) : undefined),
    write: (key, value) =>
      void (value === undefined ? kept.delete(key) : kept.set(key, JSON.stringify(value))),
  };
}
