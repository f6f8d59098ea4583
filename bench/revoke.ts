// I8, measured: from the mutation that takes a grant back to 2,000 open subscriptions that have the card without the value,
// and, in the same run and in turn with it, the floor: PostgreSQL's NOTIFY and a bare `ws` server that sends the same bytes.
//
//   npm run bench:revoke            prints a table, in less than two minutes
import { cpus, loadavg } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { makeDemoGroup } from "@junto/cli";
import { Client } from "pg";
import { DEFAULT_LIMITS } from "../gateway/src/config/limits.ts";
import { now, startChild, type Child, type OnClose } from "./child.ts";
import { line, percentile, type Round } from "./push/figures.ts";
import type { FloorCalls } from "./push/floor.ts";
import type { GatewayCalls } from "./push/gateway.ts";
import { orderCard, post, signIn } from "./push/order.ts";
import { runBench } from "./push/run.ts";
import type { SubscriberCalls } from "./push/subscribers.ts";
import { startSystems } from "./push/systems.ts";

const SUBSCRIBERS = 2_000;
const ROLE = "guide";
const WARM_UP = 3;
const ROUNDS = 30;
/** Milliseconds between rounds, so that what the gateway does after a push is not on the floor's time. */
const PAUSE = 50;
const DEADLINE = 115_000;
const CHANNEL = "bench_floor";
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
const change = (field: string): string => `mutation ($group: ID!) {
  it: ${field}(groupId: $group, policy: "mall.price", role: "${ROLE}") { userErrors { code message } }
}`;
const WITHDRAW = change("withdraw");
const GRANT = change("grant");
/** What only a card without the value has, and what only one with it has. */
const WITHOUT = '"shelfPrice":null';
const WITH = '"shelfPrice":{';

interface Bench {
  readonly gateway: Child<GatewayCalls>;
  readonly floor: Child<FloorCalls>;
  readonly subscribers: Child<SubscriberCalls>;
  /** To the gateway's database, for the floor. */
  readonly database: Client;
  readonly mutate: (text: string) => Promise<void>;
}

/** A withdrawal and a broadcast of the same bytes. */
interface Pair {
  readonly withdrawal: Round;
  readonly broadcast: Round;
  readonly bytes: number;
}

async function run(onClose: OnClose): Promise<string> {
  const load = loadavg()[0]!;
  const bench = await start(onClose);
  for (let round = 0; round < WARM_UP; round++) await pair(bench);
  const cpu = { gateway: await bench.gateway.cpu(), floor: await bench.floor.cpu() };
  const pairs: Pair[] = [];
  for (let round = 0; round < ROUNDS; round++) pairs.push(await pair(bench));
  const used = (await bench.gateway.cpu()) - cpu.gateway;
  return table(pairs, load, used, (await bench.floor.cpu()) - cpu.floor);
}

async function start(onClose: OnClose): Promise<Bench> {
  const { config, issuers, erp } = await startSystems(onClose);
  const part = (name: string): URL => new URL(`push/${name}.ts`, import.meta.url);
  const gateway = startChild<GatewayCalls>(part("gateway"), onClose);
  const floor = startChild<FloorCalls>(part("floor"), onClose);
  const subscribers = startChild<SubscriberCalls>(part("subscribers"), onClose);
  const many = 2 * SUBSCRIBERS;
  const limits = { ...DEFAULT_LIMITS, socketsPerPerson: many, subscriptionsPerPerson: many };
  await gateway.ask("start", { ...config, limits });
  const { id: group } = await makeDemoGroup({ gateway: config.publicUrl, issuers });
  const guide = await signIn(issuers, "brand:guo");
  const manager = await signIn(issuers, "mall:lin");
  const { head } = await orderCard(config.publicUrl, group, guide);
  await subscribers.ask("connect", {
    gateway: `${config.publicUrl.replace("http", "ws")}/graphql`,
    floor: await floor.ask("start", { databaseUrl: erp, channel: CHANNEL }),
    subscribers: Array.from({ length: SUBSCRIBERS }, () => ({ role: ROLE, token: guide })),
    query: FEED,
    variables: { group, after: head },
  });
  const database = new Client({ connectionString: erp });
  onClose(() => database.end());
  await database.connect();
  return {
    gateway,
    floor,
    subscribers,
    database,
    async mutate(query) {
      const body = { query, variables: { group } };
      const headers = { authorization: `Bearer ${manager}` };
      const answer = JSON.stringify(await post(`${config.publicUrl}/graphql`, body, headers));
      if (!answer.includes('"userErrors":[]')) throw new Error(`Not changed: ${answer}`);
    },
  };
}

async function pair({ subscribers, floor, database, mutate }: Bench): Promise<Pair> {
  await subscribers.ask("expect", { sender: "gateway", marker: WITHOUT });
  const sent = now();
  await mutate(WITHDRAW);
  const returned = now();
  const { times, texts } = await subscribers.ask("delivered");
  await delay(PAUSE);
  await floor.ask("prepare", texts);
  await subscribers.ask("expect", { sender: "floor", marker: WITHOUT });
  const notified = now();
  await database.query("select pg_notify($1, '')", [CHANNEL]);
  const broadcast = { sent: notified, returned: now(), ...(await subscribers.ask("delivered")) };
  // Back to what it was, for the next round.
  await subscribers.ask("expect", { sender: "gateway", marker: WITH });
  await mutate(GRANT);
  await subscribers.ask("delivered");
  await delay(PAUSE);
  return { withdrawal: { sent, returned, times }, broadcast, bytes: Buffer.byteLength(texts.get(ROLE)!) };
}

function table(pairs: readonly Pair[], load: number, gatewayCpu: number, floorCpu: number): string {
  const withdrawals = pairs.map(({ withdrawal }) => withdrawal);
  const broadcasts = pairs.map(({ broadcast }) => broadcast);
  const row = (name: string, of: (rounds: readonly Round[]) => number): string => {
    const [gateway, floor] = [of(withdrawals), of(broadcasts)];
    return line(name, gateway.toFixed(1), floor.toFixed(1), (gateway / floor).toFixed(1));
  };
  const last = ({ sent, times }: Round): number => Math.max(...times) - sent;
  const all = (rounds: readonly Round[]): number[] =>
    rounds.flatMap(({ sent, times }) => [...times].map((time) => time - sent));
  return [
    `${SUBSCRIBERS} subscribers, one card of ${pairs[0]!.bytes} bytes; ${pairs.length} withdrawals and broadcasts in turn`,
    `${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.version}, load before the run ${load.toFixed(1)}`,
    "",
    line("", "gateway", "bare ws", "ratio"),
    row("sent to card without it, p50, ms", (rounds) => percentile(all(rounds), 0.5)),
    row("sent to card without it, p99, ms", (rounds) => percentile(all(rounds), 0.99)),
    row("last subscriber, p50, ms", (rounds) => percentile(rounds.map(last), 0.5)),
    row("last subscriber, p99, ms", (rounds) => percentile(rounds.map(last), 0.99)),
    row("mutation or NOTIFY returned, p50, ms", (rounds) =>
      percentile(
        rounds.map(({ sent, returned }) => returned - sent),
        0.5,
      ),
    ),
    line(
      "CPU, ms per withdrawal and grant",
      (gatewayCpu / pairs.length).toFixed(1),
      (floorCpu / pairs.length).toFixed(1),
    ),
  ].join("\n");
}

await runBench(run, DEADLINE);
