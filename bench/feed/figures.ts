// What was measured ▸ the table that is printed.
import { percentile } from "../push/figures.ts";
import type { Frames } from "./in-page.ts";

export interface Phase extends Frames {
  readonly name: string;
  readonly seconds: number;
  /** Changes in the mall's database. */
  readonly sent: number;
}

interface About {
  readonly items: number;
  readonly cards: number;
  readonly load: number;
  readonly machine: string;
}

export function table(phases: readonly Phase[], { items, cards, load, machine }: About): string {
  const { rows, nodes } = phases.at(-1)!;
  return [
    `${items} feed items, ${cards} live cards; ${rows} of them in the page, ${nodes} elements`,
    `${machine}, load before the run ${load.toFixed(1)}`,
    "",
    "| while | frames/s | p50, ms | p99, ms | longest, ms | over 50 ms | in scripts | in layout and paint | changes sent, drawn /s |",
    "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ...phases.map(row),
  ].join("\n");
}

function row({ name, seconds, sent, frames, long, drawn }: Phase): string {
  const worst = (part: "script" | "layout"): string =>
    long.length === 0 ? "–" : Math.max(...long.map((each) => each[part])).toFixed(0);
  return `| ${[
    name,
    (frames.length / seconds).toFixed(0),
    percentile(frames, 0.5).toFixed(0),
    percentile(frames, 0.99).toFixed(0),
    Math.max(...frames).toFixed(0),
    String(long.length),
    worst("script"),
    worst("layout"),
    `${(sent / seconds).toFixed(0)}, ${(drawn / seconds).toFixed(0)}`,
  ].join(" | ")} |`;
}
