// What was measured ▸ the table that is printed.
import { cpus } from "node:os";
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
  /** The access log was written. */
  readonly logged: boolean;
}

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
  readonly cpu: ReadonlyMap<string, number>;
}

/** The smallest value that this share of the values does not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}

export function table(
  measured: Measured,
  { postgres, load }: { readonly postgres: string; readonly load: number },
): string {
  const { changes, broadcasts, subscribers, bytes, cpu, requests } = measured;
  const perChange = (values: ReadonlyMap<string, number>, digits: number): string =>
    [...values].map(([name, value]) => `${name} ${(value / changes.length).toFixed(digits)}`).join(", ");
  return [
    `${subscribers} subscribers in ${bytes.size} roles; ${changes.length} changes and ${broadcasts.length} broadcasts in turn`,
    `bytes of a message: ${[...bytes].map(([role, size]) => `${role} ${size}`).join(", ")}`,
    `${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.version}, PostgreSQL ${postgres}, load before the run ${load.toFixed(1)}`,
    "",
    line("", "gateway", "bare ws", "ratio"),
    ...comparison(measured),
    ...comparisonOfLog(changes),
    "",
    "where the time of a change goes (medians, ms)",
    ...stages(changes).map(([name, spans]) => line(name, percentile(spans, 0.5).toFixed(1))),
    "",
    `requests to subgraphs, per change: ${perChange(requests, 1)}`,
    `CPU by process, ms per change: ${perChange(cpu, 1)}`,
    `messages that nobody waited for: ${measured.strays}`,
  ].join("\n");
}

const first = ({ sent, times }: Round): number => Math.min(...times) - sent;
const last = ({ sent, times }: Round): number => Math.max(...times) - sent;

function comparison({ changes, broadcasts, cpu }: Measured): string[] {
  const row = (name: string, of: (rounds: readonly Round[]) => number): string =>
    compared(name, of(changes), of(broadcasts));
  /** All deliveries of all rounds. */
  const deliveries = (rounds: readonly Round[]): number[] =>
    rounds.flatMap(({ sent, times }) => [...times].map((time) => time - sent));
  return [
    row("commit to card, p50, ms", (rounds) => percentile(deliveries(rounds), 0.5)),
    row("commit to card, p99, ms", (rounds) => percentile(deliveries(rounds), 0.99)),
    row("first subscriber, p50, ms", (rounds) => percentile(rounds.map(first), 0.5)),
    row("first subscriber, p99, ms", (rounds) => percentile(rounds.map(first), 0.99)),
    row("last subscriber, p50, ms", (rounds) => percentile(rounds.map(last), 0.5)),
    row("last subscriber, p99, ms", (rounds) => percentile(rounds.map(last), 0.99)),
    compared(
      "CPU of its process, ms per change",
      cpu.get("gateway")! / changes.length,
      cpu.get("floor")! / broadcasts.length,
    ),
  ];
}

/** With and without writing the access log, in turn. */
function comparisonOfLog(changes: readonly Change[]): string[] {
  const [on, off] = [true, false].map((logged) => changes.filter((change) => change.logged === logged));
  if (off!.length === 0) return [];
  const row = (name: string, share: number, of: (change: Change) => number): string =>
    compared(name, percentile(on!.map(of), share), percentile(off!.map(of), share), 3);
  return [
    "",
    line("", "logged", "not", "ratio"),
    row("first subscriber, p50, ms", 0.5, first),
    row("last subscriber, p50, ms", 0.5, last),
    row("last subscriber, p99, ms", 0.99, last),
  ];
}

/** One after the other, to the last subscriber of the last audience. */
function stages(changes: readonly Change[]): [string, number[]][] {
  const of = (name: string, span: (change: Change) => number): [string, number[]] => [
    name,
    changes.map(span),
  ];
  return [
    of("COMMIT sent ▸ POST /changes arrives", ({ sent, way }) => way.arrived - sent),
    of("  ▸ the change is on the gateway's log", ({ way }) => way.stored - way.arrived),
    of("  ▸ the first subgraph is asked", ({ way }) => way.asked - way.stored),
    of("  ▸ the last subgraph has answered", ({ way }) => way.answered - way.asked),
    of("  ▸ the last subscriber has the card", ({ way, times }) => Math.max(...times) - way.answered),
    of("beside: COMMIT sent ▸ it has returned", ({ sent, returned }) => returned - sent),
  ];
}

function compared(name: string, one: number, other: number, digits = 1): string {
  return line(name, one.toFixed(1), other.toFixed(1), (one / other).toFixed(digits));
}

export function line(name: string, ...values: readonly string[]): string {
  return name.padEnd(40) + values.map((value) => value.padStart(9)).join("");
}
