// Junto beside other gateways and beside a bare floor, over the same subgraphs, in the same run, in turn. README.md says
// how to read it.
//
//   npm run bench:gateways                                     everything, about twelve minutes
//   npm run bench:gateways -- --quick                          short turns, one round
//   npm run bench:gateways -- --only junto,floor --case card   some gateways, some cases
//   npm run bench:gateways -- --profile junto                  leaves CPU profiles in a folder that is printed
import { deepStrictEqual } from "node:assert";
import { mkdtempSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startIssuers } from "@junto/cli";
import { startChild, type Child, type OnClose } from "./child.ts";
import { bodyOf, CASES, type Case } from "./gateways/cases.ts";
import {
  choose,
  installPeers,
  isFloor,
  JUNTO,
  pinThisProcess,
  startContestant,
  versions,
  type Contestant,
  type Started,
} from "./gateways/contestants.ts";
import { DISTINCT_KEY } from "./gateways/data.ts";
import { table, type Measured, type Turn } from "./gateways/figures.ts";
import { load, type Target } from "./gateways/load.ts";
import { hottest } from "./gateways/profile.ts";
import type { SubgraphCalls } from "./gateways/subgraphs.ts";
import { composeInto, ORGANIZATION, personNumbered } from "./gateways/supergraph.ts";
import { signIn } from "./push/order.ts";

const { values: options } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    only: { type: "string" },
    case: { type: "string" },
    profile: { type: "string" },
    connections: { type: "string", default: "32" },
    people: { type: "string" },
  },
});
const CONNECTIONS = Number(options.connections);
/** Who asks: one a connection, so that no two requests under way are for the same person and could be joined. */
const PEOPLE = Number(options.people ?? CONNECTIONS);
/** Milliseconds. */
const {
  rounds: ROUNDS,
  turn: TURN,
  ramp: RAMP,
  warmUp: WARM_UP,
} = options.quick
  ? { rounds: 1, turn: 1_000, ramp: 500, warmUp: 1_500 }
  : { rounds: 5, turn: 2_000, ramp: 1_000, warmUp: 4_000 };
/** Milliseconds that a profile takes. */
const PROFILED = 8_000;
/** Requests of a case whose answers are compared. */
const COMPARED = [0, 1, 77];

interface Bench {
  readonly contestants: readonly Started[];
  readonly subgraphs: Child<SubgraphCalls>;
  /** Of each person who asks. */
  readonly headers: readonly Readonly<Record<string, string>>[];
}

async function run(onClose: OnClose): Promise<void> {
  const chosen = choose(options.only?.split(","));
  const cases = CASES.filter(({ name }) => !options.case || options.case.split(",").includes(name));
  installPeers(chosen);
  const pinned = pinThisProcess();
  console.log(machine(chosen, pinned));
  const bench = await start(chosen, onClose);
  for (const each of cases) await report(bench, each);
}

async function start(chosen: readonly Contestant[], onClose: OnClose): Promise<Bench> {
  const dir = mkdtempSync(join(tmpdir(), "junto-bench-"));
  onClose(() => rm(dir, { recursive: true, force: true }));
  const people = Array.from({ length: PEOPLE }, (_, at) => personNumbered(at));
  const issuers = await startIssuers({
    organizations: [{ id: ORGANIZATION, people: people.map((id) => ({ id, name: id, roles: [] })) }],
  });
  onClose(() => issuers.close());
  const subgraphs = startChild<SubgraphCalls>(new URL("gateways/subgraphs.ts", import.meta.url), onClose);
  const urls = await subgraphs.ask("start");
  const { config, sdl } = composeInto(dir, `${issuers.url}/${ORGANIZATION}`, urls);
  const contestants: Started[] = [];
  for (const each of chosen)
    contestants.push(await startContestant(each, { sdl, subgraphs: urls, junto: config }, onClose));
  const tokens = await Promise.all(people.map((person) => signIn(issuers.url, person)));
  return { contestants, subgraphs, headers: tokens.map((token) => ({ authorization: `Bearer ${token}` })) };
}

async function report(bench: Bench, each: Case): Promise<void> {
  const sizes = await compare(bench, each);
  const measured = await measure(bench, each, sizes);
  const size = sizes.get(bench.contestants[0]!.name)!;
  console.log(`\n**${each.title}**, ${size.toLocaleString("en")} bytes:\n\n${table(measured)}`);
  const profiled = bench.contestants.find(({ name }) => name === options.profile);
  if (profiled) await profile(profiled, each, targetOf(bench, profiled, each, sizes));
}

/** Every gateway answers with the same data. @returns bytes of an answer, by gateway */
async function compare(bench: Bench, each: Case): Promise<ReadonlyMap<string, number>> {
  await record(bench, each);
  const sizes = new Map<string, number>();
  for (const number of COMPARED) {
    let reference: unknown;
    for (const contestant of bench.contestants) {
      const text = await ask(bench, contestant, bodyOf(each, number));
      const { data, errors } = JSON.parse(text) as { data: unknown; errors?: unknown };
      if (errors) throw new Error(`${contestant.title} cannot answer ${each.name}: ${text.slice(0, 2_000)}`);
      reference ??= data;
      deepStrictEqual(data, reference, `${contestant.title} answers ${each.name} otherwise than the first`);
      sizes.set(contestant.name, Buffer.byteLength(text));
    }
  }
  return sizes;
}

/** What Junto asks of the subgraphs, for the floors to ask. */
async function record(bench: Bench, each: Case): Promise<void> {
  const junto = bench.contestants.find(({ name }) => name === JUNTO);
  const floors = bench.contestants.filter(isFloor);
  if (!junto || floors.length === 0) return;
  const body = bodyOf(each, 0);
  await ask(bench, junto, body);
  await bench.subgraphs.ask("record");
  const response = await ask(bench, junto, body);
  const waves = await bench.subgraphs.ask("recorded");
  const key = DISTINCT_KEY.exec(body)?.[0];
  for (const { child } of floors) await child.ask("prepare", { query: each.query, waves, response, key });
}

async function ask({ headers }: Bench, { url, title }: Started, body: string): Promise<string> {
  const answer = await fetch(url, {
    method: "POST",
    headers: { ...headers[0], "content-type": "application/json", accept: "application/json" },
    body,
  });
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`${title} answered ${answer.status}: ${text.slice(0, 1_000)}`);
  return text;
}

function targetOf(
  { headers }: Bench,
  { url, name }: Started,
  each: Case,
  sizes: ReadonlyMap<string, number>,
): Target {
  const body = each.name === "distinct" ? (number: number) => bodyOf(each, number) : bodyOf(each, 0);
  return { url, headers, body, size: sizes.get(name)! };
}

async function measure(bench: Bench, each: Case, sizes: ReadonlyMap<string, number>): Promise<Measured[]> {
  const entries = bench.contestants.map((contestant) => ({
    contestant,
    target: targetOf(bench, contestant, each, sizes),
    turns: [] as Turn[],
    memory: 0,
  }));
  for (const { target } of entries) await load(target, CONNECTIONS, WARM_UP);
  for (let round = 0; round < ROUNDS; round += 1)
    for (const entry of entries) {
      const { child } = entry.contestant;
      entry.turns.push(await turn(bench, child, entry.target));
      entry.memory = await child.ask("memory");
    }
  return entries;
}

async function turn(bench: Bench, gateway: Started["child"], target: Target): Promise<Turn> {
  const used = async (): Promise<Turn["cpu"] & { readonly requests: number }> => {
    const { user, system } = process.cpuUsage();
    return {
      gateway: await gateway.cpu(),
      subgraphs: await bench.subgraphs.cpu(),
      load: (user + system) / 1_000,
      requests: await bench.subgraphs.ask("requests"),
    };
  };
  // While the others had their turns, connections were closed and memory given back.
  await load(target, CONNECTIONS, RAMP);
  const before = await used();
  const { times, milliseconds } = await load(target, CONNECTIONS, TURN);
  const after = await used();
  return {
    count: times.length,
    milliseconds,
    times,
    requests: after.requests - before.requests,
    cpu: {
      gateway: after.gateway - before.gateway,
      subgraphs: after.subgraphs - before.subgraphs,
      load: after.load - before.load,
    },
  };
}

let profiles: string | undefined;
async function profile({ name, child }: Started, each: Case, target: Target): Promise<void> {
  profiles ??= mkdtempSync(join(tmpdir(), "junto-profiles-"));
  await child.ask("profile");
  await load(target, CONNECTIONS, PROFILED);
  const profile = await child.ask("profiled");
  const file = join(profiles, `${name}-${each.name}.cpuprofile`);
  writeFileSync(file, JSON.stringify(profile));
  console.log(`\n${file}, self time by place, then by function:\n\n${hottest(profile, 25, 40)}`);
}

function machine(chosen: readonly Contestant[], pinned: boolean): string {
  return [
    `${new Date().toISOString().slice(0, 16).replace("T", " ")} UTC, Node ${process.version},`,
    `${cpus().length} × ${cpus()[0]?.model.trim()}, load before the run ${loadavg()[0]!.toFixed(1)};`,
    pinned
      ? "each gateway on one core, the rest on the others;"
      : "NOT pinned to cores: taskset is not there, or one core;",
    `${CONNECTIONS} connections of ${PEOPLE} people, ${ROUNDS} rounds of ${TURN / 1_000} s each; ${versions(chosen)}`,
  ].join(" ");
}

const steps: (() => unknown)[] = [];
async function close(): Promise<void> {
  for (const step of steps.splice(0).reverse()) await Promise.resolve().then(step).catch(console.error);
}
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => {
    console.error(`Ended by ${signal}`);
    void close().then(() => process.exit(1));
  });
try {
  process.env["NODE_ENV"] = "production";
  await run((step) => steps.push(step));
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  await close();
}
