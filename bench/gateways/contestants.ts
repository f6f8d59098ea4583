// The gateways that are compared, each in a process of its own, on a core of its own where that can be had.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import type { GatewayConfig } from "@junto/gateway";
import { startChild, type Child, type OnClose } from "../child.ts";
import type { CpuProfile } from "./profile.ts";
import type { Recorded, SubgraphName } from "./subgraphs.ts";

export interface Contestant {
  readonly name: string;
  readonly title: string;
  readonly file: string;
  readonly variant?: string;
}

/** What a contestant may need to start. */
export interface Ground {
  readonly sdl: string;
  readonly subgraphs: ReadonlyMap<SubgraphName, string>;
  readonly junto: GatewayConfig;
}

/** What Junto did for a case, for a floor to do. */
export interface Recording {
  readonly query: string;
  readonly waves: readonly (readonly Recorded[])[];
  readonly response: string;
  /** The key by which requests of the case differ, as it is in what was recorded. */
  readonly key: string | undefined;
}

/** As serve.mjs answers. */
export type ContestantCalls = {
  start(ground: Ground & { readonly variant?: string }): string;
  prepare(recording: Recording): void;
  /** Resident bytes. */
  memory(): number;
  profile(): void;
  profiled(): CpuProfile;
  close(): void;
};

export interface Started extends Contestant {
  readonly url: string;
  readonly child: Child<ContestantCalls>;
}

export const JUNTO = "junto";
/** What the others are compared with. */
export const FLOOR = "floor";
export const APOLLO = "apollo";

const PEERS = new URL("peers/", import.meta.url);
const ALL: readonly Contestant[] = [
  { name: JUNTO, title: "Junto", file: "junto.mjs" },
  { name: FLOOR, title: "floor, undici `Pool.request`", file: "floor.mjs", variant: "request" },
  { name: "floor-dispatch", title: "floor, undici `Pool.dispatch`", file: "floor.mjs", variant: "dispatch" },
  { name: "floor-node", title: "floor, nothing but `node:http`", file: "floor.mjs", variant: "node" },
  { name: APOLLO, title: "Apollo Gateway", file: "peers/apollo.mjs" },
  { name: "hive", title: "Hive, JS planner", file: "peers/hive.mjs", variant: "js" },
  { name: "hive-rust", title: "Hive, Rust planner", file: "peers/hive.mjs", variant: "rust" },
  { name: "mercurius", title: "Mercurius", file: "peers/mercurius.mjs" },
];

export const isFloor = ({ file }: Contestant): boolean => file === "floor.mjs";

/** Those that are named, or all; Junto too where there is a floor, since a floor does what was recorded of Junto. */
export function choose(names: readonly string[] | undefined): readonly Contestant[] {
  if (!names) return ALL;
  for (const name of names)
    if (!ALL.some((each) => each.name === name))
      throw new Error(`There is no ${name}; there are: ${ALL.map((each) => each.name).join(", ")}.`);
  return ALL.filter(({ name }) => names.includes(name) || (name === JUNTO && names.some(startsAsFloor)));
}
const startsAsFloor = (name: string): boolean => name.startsWith(FLOOR);

/** Installs the other gateways where they are not yet: they are no dependencies of the project. */
export function installPeers(chosen: readonly Contestant[]): void {
  if (!chosen.some(({ file }) => file.startsWith("peers/"))) return;
  const installed = new URL("node_modules/.package-lock.json", PEERS);
  const lock = new URL("package-lock.json", PEERS);
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  console.error("Installing the other gateways into bench/gateways/peers (once, a minute or two) …");
  execFileSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: fileURLToPath(PEERS),
    stdio: ["ignore", "ignore", "inherit"],
  });
}

/** Of what is compared, from the installed packages. */
export function versions(chosen: readonly Contestant[]): string {
  const peers = JSON.parse(readFileSync(new URL("package.json", PEERS), "utf8")) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  if (!chosen.some(({ file }) => file.startsWith("peers/"))) return "";
  return Object.entries(peers.dependencies)
    .map(([name, version]) => `${name} ${version}`)
    .join(", ");
}

export async function startContestant(
  contestant: Contestant,
  ground: Ground,
  onClose: OnClose,
): Promise<Started> {
  const child = startChild<ContestantCalls>(new URL(contestant.file, import.meta.url), onClose, ROOM, {
    alone: true,
  });
  pin(child.pid, GATEWAY_CORE);
  const { variant } = contestant;
  const url = await child.ask("start", { ...ground, ...(variant !== undefined && { variant }) });
  return { ...contestant, url, child };
}

/** What the command line `junto` starts Node with: MB for young objects. Everyone gets it. */
const ROOM = ["--max-semi-space-size=64"];
const GATEWAY_CORE = "0";

/** Keeps gateways on one core, and this process and those that it starts on the others. @returns whether it could */
export function pinThisProcess(): boolean {
  return cpus().length > 1 && pin(process.pid, cpus().length === 2 ? "1" : `1-${cpus().length - 1}`);
}

function pin(pid: number, cores: string): boolean {
  if (process.platform !== "linux" || cpus().length < 2) return false;
  try {
    execFileSync("taskset", ["-acp", cores, String(pid)], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
