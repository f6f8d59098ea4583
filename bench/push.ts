// From a commit in the mall's own database to the card at 200 subscribers, and, in the same run and in turn with it,
// the floor: PostgreSQL's NOTIFY and a bare `ws` server that sends the same bytes. README.md says how to read it.
//
//   npm run bench                   prints a table, in less than a minute
//   npm run bench -- --access-log   every other change without writing the access log, and what that makes of it
//   npm run bench -- --cpu-prof     leaves a CPU profile of the gateway in this folder, too
import { loadavg } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { makeDemoGroup } from "@junto/cli";
import { Client } from "pg";
import { now, startChild, type Child, type OnClose } from "./child.ts";
import { table, type Change, type Measured, type Round } from "./push/figures.ts";
import type { FloorCalls } from "./push/floor.ts";
import type { GatewayCalls } from "./push/gateway.ts";
import { orderCard, signIn } from "./push/order.ts";
import { runBench } from "./push/run.ts";
import type { Delivered, Sender, SubscriberCalls } from "./push/subscribers.ts";
import { startSystems } from "./push/systems.ts";

const SUBSCRIBERS = 200;
const PEOPLE = { manager: "mall:lin", guide: "brand:guo", buyer: "brand:chen" };
const WARM_UP = 50;
const ROUNDS = 150;
/** Milliseconds between rounds, so that what the gateway does after a push is not on the floor's time. */
const PAUSE = 30;
/** Milliseconds for everything. */
const DEADLINE = 110_000;
const COMPARES_LOG = process.argv.includes("--access-log");
const CHANNEL = "bench_floor";
/** What a client needs to draw a card: templates are fetched once and kept, so they are not in it. */
const FEED = `subscription ($group: ID!, $after: Int) {
  groupFeed(groupId: $group, after: $after) {
    __typename seq
    ... on CardChanged {
      card {
        id type revision open to summary data template { ref } actions { verb title } about { type key }
        provenance { organization { id } system status asOf } withheld { path organization { id } policy }
      }
    }
  }
}`;

interface Bench {
  readonly gateway: Child<GatewayCalls>;
  readonly floor: Child<FloorCalls>;
  readonly subscribers: Child<SubscriberCalls>;
  /** Every process but this one. */
  readonly processes: ReadonlyMap<string, Pick<Child<GatewayCalls>, "cpu">>;
  /** To the mall's own database. */
  readonly erp: Client;
  /** The restock order whose card everyone has open. */
  readonly order: string;
}

async function run(onClose: OnClose): Promise<string> {
  const load = loadavg()[0]!;
  const bench = await start(onClose);
  await rounds(bench, 0, WARM_UP);
  await bench.subscribers.ask("strays");
  const measured = await measure(bench);
  const { rows } = await bench.erp.query<{ server_version: string }>("show server_version");
  return table(measured, { postgres: rows[0]!.server_version, load });
}

async function start(onClose: OnClose): Promise<Bench> {
  const { config, issuers, erp: databaseUrl, processes } = await startSystems(onClose);
  const profile = process.argv.includes("--cpu-prof")
    ? ["--cpu-prof", `--cpu-prof-dir=${process.cwd()}`]
    : [];
  const part = (name: string): URL => new URL(`push/${name}.ts`, import.meta.url);
  const gateway = startChild<GatewayCalls>(part("gateway"), onClose, profile);
  const floor = startChild<FloorCalls>(part("floor"), onClose);
  const subscribers = startChild<SubscriberCalls>(part("subscribers"), onClose);

  await gateway.ask("start", config);
  const { id: group } = await makeDemoGroup({
    gateway: config.publicUrl,
    issuers,
  });
  const roles = await Promise.all(
    Object.entries(PEOPLE).map(async ([role, person]) => ({ role, token: await signIn(issuers, person) })),
  );
  const { order, head } = await orderCard(config.publicUrl, group, await signIn(issuers, PEOPLE.guide));
  await subscribers.ask("connect", {
    gateway: `${config.publicUrl.replace("http", "ws")}/graphql`,
    floor: await floor.ask("start", { databaseUrl, channel: CHANNEL }),
    subscribers: Array.from({ length: SUBSCRIBERS }, (_, at) => roles[at % roles.length]!),
    query: FEED,
    variables: { group, after: head },
  });
  const erp = new Client({ connectionString: databaseUrl });
  onClose(() => erp.end());
  await erp.connect();
  await erp.query("create table bench_floor (remark varchar(200))");
  await erp.query("insert into bench_floor values ('')");
  return {
    gateway,
    floor,
    subscribers,
    erp,
    order,
    processes: new Map([["gateway", gateway], ...processes, ["subscribers", subscribers], ["floor", floor]]),
  };
}

/** A change, then a broadcast of what it brought, so many times. */
async function rounds(
  bench: Bench,
  from: number,
  to: number,
): Promise<Pick<Measured, "changes" | "broadcasts"> & Pick<Delivered, "texts">> {
  const changes: Change[] = [];
  const broadcasts: Round[] = [];
  let texts: Delivered["texts"] = new Map();
  for (let number = from; number < to; number += 1) {
    const marker = `bench ${String(number).padStart(6, "0")}`;
    const logged = !COMPARES_LOG || number % 2 === 0;
    if (COMPARES_LOG) await bench.gateway.ask("accessLog", logged);
    const change = await round(bench, "gateway", marker);
    ({ texts } = change);
    await delay(PAUSE);
    changes.push({ ...change, logged, way: await bench.gateway.ask("way") });
    await bench.floor.ask("prepare", texts);
    broadcasts.push(await round(bench, "floor", marker));
    await delay(PAUSE);
  }
  return { changes, broadcasts, texts };
}

/** One transaction in the mall's database, until every subscriber has what follows from it. */
async function round(
  { subscribers, erp, order }: Bench,
  sender: Sender,
  marker: string,
): Promise<Round & Delivered> {
  await subscribers.ask("expect", { sender, marker });
  await erp.query("begin");
  if (sender === "gateway")
    await erp.query(`update "T_RPL_H" set "REMARK" = $1 where "RPL_NO" = $2`, [marker, order]);
  else {
    await erp.query("update bench_floor set remark = $1", [marker]);
    await erp.query("select pg_notify($1, '')", [CHANNEL]);
  }
  const sent = now();
  await erp.query("commit");
  const returned = now();
  return { sent, returned, ...(await subscribers.ask("delivered")) };
}

async function measure(bench: Bench): Promise<Measured> {
  const { gateway, subscribers } = bench;
  const cpu = async (): Promise<Map<string, number>> => {
    const used = new Map<string, number>();
    for (const [name, child] of bench.processes) used.set(name, await child.cpu());
    return used;
  };
  const before = { cpu: await cpu(), requests: await gateway.ask("requests") };
  const { texts, ...measured } = await rounds(bench, WARM_UP, WARM_UP + ROUNDS);
  const after = { cpu: await cpu(), requests: await gateway.ask("requests") };
  return {
    ...measured,
    subscribers: SUBSCRIBERS,
    bytes: new Map([...texts].map(([role, text]) => [role, Buffer.byteLength(text)])),
    requests: difference(before.requests, after.requests),
    cpu: difference(before.cpu, after.cpu),
    strays: await subscribers.ask("strays"),
  };
}

function difference(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
): Map<string, number> {
  return new Map([...after].map(([name, value]) => [name, value - (before.get(name) ?? 0)]));
}

await runBench(run, DEADLINE);
