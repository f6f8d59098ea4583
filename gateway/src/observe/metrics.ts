// Counters and histograms, told in Prometheus' text format.

/** For each label, the values that it can have, which may become more. Any other is counted as `other`: labels never hold data. */
export type Labels = Readonly<Record<string, readonly string[]>>;
type LabelValues<L extends Labels> = { readonly [Label in keyof L]: string };

export interface Counter<L extends Labels> {
  add(labels: LabelValues<L>, by?: number): void;
  /** For what is counted often: the same, with its labels looked up beforehand. */
  of(labels: LabelValues<L>): (by?: number) => void;
}

export interface Histogram<L extends Labels> {
  observe(labels: LabelValues<L>, value: number): void;
  of(labels: LabelValues<L>): (value: number) => void;
}

export interface Metrics {
  counter<const L extends Labels>(name: string, help: string, labels: L): Counter<L>;
  /** `buckets`: upper bounds, rising. */
  histogram<const L extends Labels>(
    name: string,
    help: string,
    labels: L,
    buckets?: readonly number[],
  ): Histogram<L>;
  /** A value that is asked for when the metrics are read. */
  gauge(name: string, help: string, read: () => number): void;
  /** The same for each value of a label. */
  gauges(name: string, help: string, label: string, read: () => Iterable<readonly [string, number]>): void;
  /** Content type `text/plain; version=0.0.4`. */
  text(): string;
}

const SECONDS: readonly number[] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export function createMetrics(): Metrics {
  const families = new Map<string, () => string[]>();

  function register(name: string, help: string, type: string, samples: () => string[]): void {
    if (families.has(name)) throw new Error(`there are two metrics named ${name}`);
    families.set(name, () => [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...samples()]);
  }

  return {
    counter(name, help, labels) {
      const totals = new Map<string, { total: number }>();
      register(name, help, "counter", () =>
        [...totals].map(([key, { total }]) => `${name}${braces(key)} ${total}`),
      );
      const of = (values: LabelValues<typeof labels>) => {
        const held = found(totals, series(labels, values), () => ({ total: 0 }));
        return (by = 1): void => void (held.total += by);
      };
      return { add: (values, by) => of(values)(by), of };
    },
    histogram(name, help, labels, buckets = SECONDS) {
      const all = new Map<string, { counts: number[]; sum: number; count: number }>();
      register(name, help, "histogram", () =>
        [...all].flatMap(([key, { counts, sum, count }]) => [
          ...buckets.map((bound, at) => `${name}_bucket${braces(key, `le="${bound}"`)} ${counts[at]}`),
          `${name}_bucket${braces(key, 'le="+Inf"')} ${count}`,
          `${name}_sum${braces(key)} ${sum}`,
          `${name}_count${braces(key)} ${count}`,
        ]),
      );
      const of = (values: LabelValues<typeof labels>) => {
        const held = found(all, series(labels, values), () => ({
          counts: buckets.map(() => 0),
          sum: 0,
          count: 0,
        }));
        return (value: number): void => {
          for (let at = buckets.length - 1; at >= 0 && value <= buckets[at]!; at--) held.counts[at]! += 1;
          held.sum += value;
          held.count += 1;
        };
      };
      return { observe: (values, value) => of(values)(value), of };
    },
    gauge(name, help, read) {
      register(name, help, "gauge", () => [`${name} ${read()}`]);
    },
    gauges(name, help, label, read) {
      register(name, help, "gauge", () =>
        [...read()].map(([value, each]) => `${name}{${label}="${value}"} ${each}`),
      );
    },
    text() {
      return [...families.values()].flatMap((family) => family()).join("\n") + "\n";
    },
  };
}

function found<T>(all: Map<string, T>, key: string, make: () => T): T {
  let held = all.get(key);
  if (!held) all.set(key, (held = make()));
  return held;
}

function series<L extends Labels>(labels: L, values: LabelValues<L>): string {
  return Object.entries(labels)
    .map(([label, known]) => `${label}="${known.includes(values[label] ?? "") ? values[label] : "other"}"`)
    .join(",");
}

function braces(key: string, more?: string): string {
  const inside = [key, more].filter(Boolean).join(",");
  return inside === "" ? "" : `{${inside}}`;
}
