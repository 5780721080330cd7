import type { PanelSpec } from "./dashboard-spec.ts";

/** A third of a row with the lines of one query. */
export function lines(
  title: string,
  description: string,
  unit: string,
  expr: string,
  legend: string,
): PanelSpec {
  return {
    kind: "lines",
    title,
    description,
    unit,
    min: 0,
    width: 8,
    height: 8,
    queries: [{ expr, legend }],
  };
}
