// What a chart is called, written for itself: in whatever direction, it turns nothing around it.
import type { ReactNode } from "react";
import { balanced } from "../bidi.ts";

export function ChartTitle({ title }: { readonly title: string }): ReactNode {
  return (
    <span className="chart-title">
      <bdi>{balanced(title)}</bdi>
    </span>
  );
}
