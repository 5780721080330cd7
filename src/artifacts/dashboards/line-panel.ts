import { RATE } from "./dashboard-context.ts";
import type { PanelSpec } from "./dashboard-spec.ts";

/**
 * The values of series that are not old. Prometheus alone would draw the last value on for five minutes,
 * into the future part of the dashboard.
 *
 * @param shift such as ` offset $horizon`.
 */
export function freshValues(series: string, shift = ""): string {
  return `last_over_time(${series}[${RATE}]${shift})`;
}

/** Of what is often 0: Grafana would show an axis up to 100. */
export function leastAxisOf(unit: string): Pick<PanelSpec, "leastMax"> {
  if (unit === "short") return { leastMax: 1 };
  return /^count:\w+\/s$/.test(unit) ? { leastMax: 0.1 } : {};
}

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
    ...leastAxisOf(unit),
    width: 8,
    height: 8,
    queries: [{ expr, legend }],
  };
}
