// Where the time of a CPU profile was spent: self time by place and by function.
type Frame = { readonly functionName: string; readonly url: string; readonly lineNumber: number };

export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: Frame;
    readonly children?: readonly number[];
  }[];
  readonly samples?: readonly number[];
}

/**
 * The places (a folder of Junto, a package, a module of Node) and the functions with most self time, each a line. A share
 * is of the samples in which the process did something: on a busy machine the time between samples says less.
 */
export function hottest(profile: CpuProfile, places: number, functions: number): string {
  return [
    ...most({ ...profile, nodes: withoutNative(profile.nodes) }, placeOf, places),
    "",
    ...most(
      profile,
      ({ functionName, url, lineNumber }) => {
        const file = url && `  ${pathOf(url)}:${lineNumber + 1}`;
        return `${functionName || "(anonymous)"}${file}`;
      },
      functions,
    ),
  ].join("\n");
}

function most(
  { nodes, samples = [] }: CpuProfile,
  nameOf: (frame: Frame) => string,
  count: number,
): string[] {
  const names = new Map(nodes.filter(isWork).map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const hits = new Map<string, number>();
  let all = 0;
  for (const id of samples) {
    const name = names.get(id);
    if (name === undefined) continue;
    all += 1;
    hits.set(name, (hits.get(name) ?? 0) + 1);
  }
  return [...hits]
    .sort(([, a], [, b]) => b - a)
    .slice(0, count)
    .map(([name, hit]) => `${((100 * hit) / all).toFixed(1).padStart(5)} %  ${name}`);
}

/** What is done in native code, JSON.parse for example, is counted where it is called. */
function withoutNative(nodes: CpuProfile["nodes"]): CpuProfile["nodes"] {
  const callers = new Map<number, Frame>();
  // A caller comes before those it calls.
  return nodes.map((node) => {
    const caller = callers.get(node.id);
    const isNative = node.callFrame.url === "" && isWork(node) && caller !== undefined && caller.url !== "";
    const callFrame = isNative ? caller : node.callFrame;
    for (const child of node.children ?? []) callers.set(child, callFrame);
    return { ...node, callFrame };
  });
}

/** Not idle, and not the inspector, which is busy when profiling begins and ends. */
function isWork({ callFrame: { functionName, url } }: CpuProfile["nodes"][number]): boolean {
  return (
    functionName !== "(idle)" && !(functionName === "dispatch" && url === "") && !url.includes("inspector")
  );
}

function placeOf({ functionName, url }: Frame): string {
  if (url === "") return functionName;
  if (url.startsWith("node:")) return url.replace(/^node:internal\/(\w+).*/, "node:internal/$1");
  const own = /\/(\w+)\/dist\/src\/([\w.]+)/.exec(url);
  if (own) return `junto: ${own[1]}/${own[2]}`;
  return /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? url;
}

function pathOf(url: string): string {
  return url
    .replace(/^file:\/\//, "")
    .replace(/^.*\/node_modules\//, "")
    .split("/")
    .slice(-4)
    .join("/");
}
