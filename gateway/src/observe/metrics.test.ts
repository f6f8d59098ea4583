// Metrics as Prometheus reads them.
import { expect, describe, it } from "vitest";
import { createMetrics } from "./index.ts";

describe("metrics", () => {
  it("count by label", () => {
    const metrics = createMetrics();
    const requests = metrics.counter("junto_requests_total", "Requests.", { door: ["http", "ws"] });
    requests.add({ door: "http" });
    requests.add({ door: "http" }, 2);
    requests.add({ door: "ws" });
    expect(metrics.text()).toBe(
      '# HELP junto_requests_total Requests.\n# TYPE junto_requests_total counter\njunto_requests_total{door="http"} 3\njunto_requests_total{door="ws"} 1\n',
    );
  });

  it("put durations into buckets, each of which holds the smaller ones", () => {
    const metrics = createMetrics();
    const seconds = metrics.histogram("junto_join_seconds", "Joins.", {}, [0.1, 1]);
    for (const value of [0.05, 0.1, 0.5, 3]) seconds.observe({}, value);
    expect(metrics.text().split("\n").slice(2)).toEqual([
      'junto_join_seconds_bucket{le="0.1"} 2',
      'junto_join_seconds_bucket{le="1"} 3',
      'junto_join_seconds_bucket{le="+Inf"} 4',
      "junto_join_seconds_sum 3.65",
      "junto_join_seconds_count 4",
      "",
    ]);
  });

  it("ask for a gauge when they are read", () => {
    const metrics = createMetrics();
    let sockets = 1;
    metrics.gauge("junto_sockets", "Open sockets.", () => sockets);
    sockets = 7;
    expect(metrics.text()).toContain("\njunto_sockets 7\n");
  });

  it("ask for a gauge of each value of a label", () => {
    const metrics = createMetrics();
    const read = new Map([
      ["mall", 1],
      ["brand", 0],
    ]);
    metrics.gauges("junto_in_flight", "Under way.", "subgraph", () => read);
    expect(metrics.text()).toContain(
      'junto_in_flight{subgraph="mall"} 1\njunto_in_flight{subgraph="brand"} 0\n',
    );
  });

  it("count the same whether labels are given each time or beforehand", () => {
    const metrics = createMetrics();
    const counter = metrics.counter("junto_a_total", "A.", { door: ["http"] });
    const histogram = metrics.histogram("junto_b_seconds", "B.", { door: ["http"] }, [1, 2]);
    for (const each of [counter.of({ door: "http" }), counter.of({ door: "http" })]) each();
    counter.add({ door: "http" }, 3);
    for (const value of [0.5, 1, 1.5, 2, 2.5]) histogram.of({ door: "http" })(value);
    expect(metrics.text()).toContain('junto_a_total{door="http"} 5\n');
    expect(metrics.text()).toContain(
      '_bucket{door="http",le="1"} 2\njunto_b_seconds_bucket{door="http",le="2"} 4\n',
    );
  });

  it("never hold data: a value that was not named beforehand is `other`", () => {
    const metrics = createMetrics();
    metrics.counter("junto_errors_total", "Errors.", { code: ["STALE"] }).add({ code: '林静"}\n' });
    expect(metrics.text()).toContain('junto_errors_total{code="other"} 1');
    expect(metrics.text()).not.toContain("林静");
  });

  it("have each name once", () => {
    const metrics = createMetrics();
    metrics.gauge("junto_sockets", "Open sockets.", () => 0);
    expect(() => metrics.gauge("junto_sockets", "Again.", () => 0)).toThrow(/two metrics named/);
  });
});
