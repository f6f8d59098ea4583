// What was measured ▸ the tables that are printed, in Markdown.
import { APOLLO, FLOOR, type Contestant } from "./contestants.ts";

/** One contestant's turn at one case. */
export interface Turn {
  /** Answers. */
  readonly count: number;
  readonly milliseconds: number;
  /** Milliseconds of each answer. */
  readonly times: readonly number[];
  /** Requests that reached the subgraphs. */
  readonly requests: number;
  /** Milliseconds of CPU, by process. */
  readonly cpu: { readonly gateway: number; readonly subgraphs: number; readonly load: number };
}

export interface Measured {
  readonly contestant: Contestant;
  readonly turns: readonly Turn[];
  /** Bytes resident after the last turn. */
  readonly memory: number;
}

interface Figures {
  readonly rate: number;
  readonly p50: number;
  readonly p99: number;
  /** Microseconds of CPU for a request. */
  readonly cpu: number;
  readonly memory: number;
}

const HEAD = [
  "gateway",
  "requests/s",
  "p50, ms",
  "p99, ms",
  "CPU µs/request",
  "memory, MB",
  "asked of subgraphs",
  "cores busy: gateway, subgraphs, load",
];

/** A table of one case. In brackets: as a multiple of Apollo Gateway's and of the floor's, where they ran. */
export function table(measured: readonly Measured[]): string {
  const figures = new Map(measured.map((each) => [each.contestant.name, figuresOf(each)]));
  const apollo = figures.get(APOLLO);
  const floor = figures.get(FLOOR);
  const rows = measured.map(({ contestant, turns }) => {
    const own = figures.get(contestant.name)!;
    const cell = (of: keyof Figures, digits: number): string => {
      const ratios = [apollo, floor].map((other) => (other ? ratio(own[of] / other[of]) : "–"));
      return `${number(own[of], digits)} (${ratios.join(", ")})`;
    };
    const busy = (of: keyof Turn["cpu"]): string =>
      median(turns.map(({ cpu, milliseconds }) => cpu[of] / milliseconds)).toFixed(2);
    return [
      contestant.title,
      cell("rate", 0),
      cell("p50", 2),
      cell("p99", 2),
      cell("cpu", 0),
      cell("memory", 0),
      median(turns.map(({ requests, count }) => requests / count)).toFixed(1),
      `${busy("gateway")}, ${busy("subgraphs")}, ${busy("load")}`,
    ];
  });
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const rule = HEAD.map((_, at) => (at === 0 ? "---" : "---:"));
  return [HEAD, rule, ...rows].map(line).join("\n");
}

function figuresOf({ turns, memory }: Measured): Figures {
  const of = (value: (turn: Turn) => number): number => median(turns.map(value));
  return {
    rate: of(({ count, milliseconds }) => (1000 * count) / milliseconds),
    p50: of(({ times }) => percentile(times, 0.5)),
    p99: of(({ times }) => percentile(times, 0.99)),
    cpu: of(({ cpu, count }) => (1000 * cpu.gateway) / count),
    memory: memory / 1024 / 1024,
  };
}

function percentile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}

const median = (values: readonly number[]): number => percentile(values, 0.5);
const number = (value: number, digits: number): string =>
  value.toLocaleString("en", { maximumFractionDigits: value < 10 ? digits : 0 });
const ratio = (value: number): string => value.toPrecision(value >= 100 ? 3 : 2);
