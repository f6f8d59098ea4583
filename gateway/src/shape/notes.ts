// The errors of one response, and which nulls they already explain.

export interface ShapedError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly locations?: readonly unknown[];
  readonly extensions?: Readonly<Record<string, unknown>>;
}

type Path = readonly (string | number)[];

export interface Notes {
  add(error: ShapedError): void;
  /** Whether an error says why something here is missing: one above, here or below, in whichever item of a list. */
  explain(path: Path): boolean;
}

/** Notes errors at the end of `errors`. Looking one up costs the depth of its path, however many there are. */
export function createNotes(errors: ShapedError[]): Notes {
  let known: { readonly ends: Set<string>; readonly ways: Set<string> } | undefined;
  const learn = (ends: Set<string>, ways: Set<string>, path: Path | undefined): void => {
    const prefixes = prefixesOf(path ?? []);
    for (const prefix of prefixes) ways.add(prefix);
    if (prefixes.length > 0) ends.add(prefixes.at(-1)!);
  };
  const index = (): NonNullable<typeof known> => {
    if (!known) {
      known = { ends: new Set(), ways: new Set() };
      for (const { path } of errors) learn(known.ends, known.ways, path);
    }
    return known;
  };
  return {
    add(error) {
      errors.push(error);
      if (known) learn(known.ends, known.ways, error.path);
    },
    explain(path) {
      const { ends, ways } = index();
      const prefixes = prefixesOf(path);
      return ways.has(prefixes.at(-1) ?? "") || prefixes.some((prefix) => ends.has(prefix));
    },
  };
}

/** Of a path without its indexes: the first key, the first two … Keys are names: nothing in them is a space. */
function prefixesOf(path: Path): string[] {
  const prefixes: string[] = [];
  for (const key of path)
    if (typeof key === "string") prefixes.push(prefixes.length > 0 ? `${prefixes.at(-1)} ${key}` : key);
  return prefixes;
}
