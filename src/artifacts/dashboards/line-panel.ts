import type { PanelSpec } from "./dashboard-spec.ts";

/** A third of a row with the lines of one query, by default one for each agent. */
export function lines(
  title: string,
  description: string,
  unit: string,
  expr: string,
  legend = "{{agent}}",
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
