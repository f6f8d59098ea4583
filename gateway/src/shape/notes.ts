// Which nulls of a response the errors of its fetches already explain.

export interface ShapedError {
  readonly message: string;
  readonly path?: Path;
  readonly locations?: readonly unknown[];
  readonly extensions?: Readonly<Record<string, unknown>>;
}

type Path = readonly (string | number)[];

/** Errors of the fetches, and those among them that hold in whichever item of a list. */
export interface Known {
  readonly errors: readonly ShapedError[];
  readonly everywhere: ReadonlySet<ShapedError>;
}

/**
 * Whether an error says why something at a path is missing: one above it, of it or below it.
 * Looking one up costs the depth of its path, however many there are.
 */
export type Explains = (path: Path) => boolean;

export function createExplains({ errors, everywhere }: Known): Explains {
  const exact = createIndex();
  const loose = createIndex();
  for (const error of errors) {
    if (everywhere.has(error)) loose.add(keysOf(error.path ?? []));
    else exact.add(error.path ?? []);
  }
  return (path) => exact.has(path) || loose.has(keysOf(path));
}

function keysOf(path: Path): Path {
  return path.filter((key) => typeof key === "string");
}

function createIndex(): { add(path: Path): void; has(path: Path): boolean } {
  const ends = new Set<string>();
  const ways = new Set<string>();
  return {
    add(path) {
      const prefixes = prefixesOf(path);
      for (const prefix of prefixes) ways.add(prefix);
      ends.add(prefixes.at(-1)!);
    },
    has(path) {
      const prefixes = prefixesOf(path);
      return ways.has(prefixes.at(-1)!) || prefixes.some((prefix) => ends.has(prefix));
    },
  };
}

/** The root, the first key, the first two … Keys are names: nothing in them is a space. */
function prefixesOf(path: Path): string[] {
  const prefixes = [""];
  for (const key of path) prefixes.push(`${prefixes.at(-1)!} ${key}`);
  return prefixes;
}
