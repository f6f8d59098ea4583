// The golden folders: what they hold, and what of it does not fit together.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export interface GoldenGraph {
  readonly chapter: string;
  readonly name: string;
  /** Subgraph ▸ its schema and its data, as text. */
  readonly subgraphs: Readonly<Record<string, { readonly sdl: string; readonly data: string }>>;
  readonly cases: readonly GoldenCase[];
  /** Set: the graph is refused, with this code and with these words in the message. */
  readonly refused?: { readonly code: string; readonly says: readonly string[] };
}

export interface GoldenCase {
  readonly name: string;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly expected: Response;
}

export interface Response {
  readonly data?: unknown;
  readonly errors?: readonly ResponseError[];
}

interface ResponseError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: Readonly<Record<string, unknown>>;
}

const SCHEMA = ".subgraph.graphql";
const REFUSED = "refused.expected.json";

/** Every `<chapter>/<graph>/` below a folder. @throws when a folder holds what has no meaning. */
export function readGraphs(folder: string): GoldenGraph[] {
  return folders(folder).flatMap((chapter) =>
    folders(join(folder, chapter)).map((name) => readGraph(join(folder, chapter, name), chapter, name)),
  );
}

function readGraph(folder: string, chapter: string, name: string): GoldenGraph {
  const files = readdirSync(folder).sort();
  const read = (file: string): string => readFileSync(join(folder, file), "utf8");
  const readIfThere = (file: string): string | undefined =>
    existsSync(join(folder, file)) ? read(file) : undefined;
  const subgraphs = files
    .filter((file) => file.endsWith(SCHEMA))
    .map((file) => file.slice(0, -SCHEMA.length));
  const cases = files
    .filter((file) => file.endsWith(".graphql") && !file.endsWith(SCHEMA))
    .map((file) => file.slice(0, -".graphql".length));
  const known = new Set([
    ...subgraphs.flatMap((each) => [`${each}${SCHEMA}`, `${each}.data.yaml`]),
    ...cases.flatMap((each) => [`${each}.graphql`, `${each}.variables.json`, `${each}.expected.json`]),
    REFUSED,
  ]);
  const stray = files.find((file) => !known.has(file));
  if (stray) throw new Error(`${join(folder, stray)} belongs to no subgraph and to no case.`);
  const refused = readIfThere(REFUSED);
  if (cases.length === 0 && !refused) throw new Error(`${folder} has no case.`);
  return {
    chapter,
    name,
    subgraphs: Object.fromEntries(
      subgraphs.map((each) => [
        each,
        { sdl: read(`${each}${SCHEMA}`), data: readIfThere(`${each}.data.yaml`) ?? "" },
      ]),
    ),
    cases: cases.map((each) => ({
      name: each,
      query: read(`${each}.graphql`),
      variables: JSON.parse(readIfThere(`${each}.variables.json`) ?? "{}") as GoldenCase["variables"],
      expected: JSON.parse(read(`${each}.expected.json`)) as Response,
    })),
    ...(refused && { refused: JSON.parse(refused) as NonNullable<GoldenGraph["refused"]> }),
  };
}

function folders(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

/**
 * A response in a form in which equal means right: data with its order of fields, errors in any order and without
 * their places in the text.
 */
export function comparable({ data, errors, ...rest }: Response): object {
  return {
    ...rest,
    ...(data !== undefined && { data: JSON.stringify(data, null, 1) }),
    ...(errors && {
      errors: errors
        .map(({ message, path, extensions }) => ({
          message,
          ...(path && { path }),
          extensions: sorted(extensions ?? {}),
        }))
        .sort((a, b) => compare(JSON.stringify(a), JSON.stringify(b))),
    }),
  };
}

function sorted(object: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => compare(a, b)));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
