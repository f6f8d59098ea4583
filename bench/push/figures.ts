// What was measured ▸ the table that is printed.
import { cpus, loadavg } from "node:os";
import type { Way } from "./gateway.ts";

/** One change or one broadcast. Instants in ms. */
export interface Round {
  /** Just before COMMIT was sent. */
  readonly sent: number;
  /** COMMIT had returned. */
  readonly returned: number;
  /** When each subscriber had it. */
  readonly times: Float64Array;
}

export interface Change extends Round {
  readonly way: Way;
}

/** CPU in ms, by process. `systems` is the one that holds subgraphs, old systems and the driver. */
export type Cpu = Readonly<Record<"gateway" | "floor" | "systems" | "subscribers", number>>;

export interface Measured {
  readonly subscribers: number;
  readonly changes: readonly Change[];
  readonly broadcasts: readonly Round[];
  /** Bytes of what a subscriber gets, by role. */
  readonly bytes: ReadonlyMap<string, number>;
  /** Requests to each subgraph, of all the changes. */
  readonly requests: ReadonlyMap<string, number>;
  readonly strays: number;
  /** CPU in ms from the first round to the last, by process. */
  readonly cpu: Cpu;
}

export function percentile(values: readonly number[] | Float64Array, share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}

export function table(measured: Measured, version: string): string {
  const { changes, broadcasts, subscribers } = measured;
  const bytes = [...measured.bytes].map(([role, size]) => `${role} ${size}`).join(", ");
  return [
    `${subscribers} subscribers in ${measured.bytes.size} roles; ${changes.length} changes and ${broadcasts.length} broadcasts in turn`,
    `bytes of a message: ${bytes}`,
    `${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.version}, PostgreSQL ${version}, load ${loadavg()[0]!.toFixed(1)}`,
    "",
    line("", "gateway", "bare ws", "ratio"),
    ...comparison(measured),
    "",
    "where the time of a change goes (medians, ms)",
    ...stages(changes).map(([name, values]) => line(name, ms(percentile(values, 0.5)))),
    "",
    `requests to subgraphs per change: ${perChange(measured)}`,
    `messages that nobody waited for: ${measured.strays}`,
  ].join("\n");
}

function comparison({ changes, broadcasts, cpu }: Measured): string[] {
  const row = (name: string, of: (rounds: readonly Round[]) => number): string =>
    compared(name, of(changes), of(broadcasts));
  const perRound = (name: string, process: "gateway" | "systems", floor: "floor" | null): string =>
    compared(name, cpu[process] / changes.length, floor === null ? NaN : cpu[floor] / broadcasts.length);
  return [
    row("commit to card, p50, ms", (rounds) => percentile(latencies(rounds), 0.5)),
    row("commit to card, p99, ms", (rounds) => percentile(latencies(rounds), 0.99)),
    row("first subscriber, p50, ms", (rounds) => percentile(rounds.map(first), 0.5)),
    row("last subscriber, p50, ms", (rounds) => percentile(rounds.map(last), 0.5)),
    row("last subscriber, p99, ms", (rounds) => percentile(rounds.map(last), 0.99)),
    row("first to last, p50, ms", (rounds) =>
      percentile(
        rounds.map((round) => last(round) - first(round)),
        0.5,
      ),
    ),
    perRound("CPU of the server, ms a round", "gateway", "floor"),
    perRound("CPU of subgraphs and driver, ms", "systems", null),
  ];
}

/** All deliveries of all rounds. */
function latencies(rounds: readonly Round[]): number[] {
  return rounds.flatMap(({ sent, times }) => [...times].map((time) => time - sent));
}

const first = ({ sent, times }: Round): number => Math.min(...times) - sent;
const last = ({ sent, times }: Round): number => Math.max(...times) - sent;

function stages(changes: readonly Change[]): [string, number[]][] {
  const of = (name: string, span: (change: Change) => number): [string, number[]] => [
    name,
    changes.map(span),
  ];
  return [
    of("COMMIT sent ▸ it has returned", ({ sent, returned }) => returned - sent),
    of("COMMIT sent ▸ POST /changes arrives", ({ sent, way }) => way.arrived - sent),
    of("  ▸ on the gateway's log", ({ way }) => way.stored - way.arrived),
    of("  ▸ first subgraph is asked", ({ way }) => way.asked - way.stored),
    of("  ▸ last subgraph has answered", ({ way }) => way.answered - way.asked),
    of("  ▸ first subscriber has the card", ({ way, times }) => Math.min(...times) - way.answered),
    of("  ▸ last subscriber has the card", ({ times }) => Math.max(...times) - Math.min(...times)),
  ];
}

function perChange({ requests, changes }: Measured): string {
  return [...requests].map(([name, count]) => `${name} ${count / changes.length}`).join(", ");
}

function compared(name: string, gateway: number, floor: number): string {
  return Number.isNaN(floor)
    ? line(name, ms(gateway))
    : line(name, ms(gateway), ms(floor), (gateway / floor).toFixed(1));
}

function line(name: string, ...values: readonly string[]): string {
  return name.padEnd(38) + values.map((value) => value.padStart(10)).join("");
}

function ms(value: number): string {
  return value.toFixed(1);
}
