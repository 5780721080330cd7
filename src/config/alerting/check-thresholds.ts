import type { Threshold } from "../../core/threshold.ts";
import type { ForecastView } from "../../views/forecast-view.ts";
import { outside } from "./check-numbers.ts";
import type { Finding } from "./finding.ts";
import type { KnownMetric } from "./known-metrics.ts";
import { patternsMeet } from "./patterns-meet.ts";

/** Thresholds of views and of metrics that the metric can never cross, because they lie outside its bounds. */
export function checkThresholds(
  views: readonly ForecastView[],
  thresholds: ReadonlyMap<string, Threshold>,
  known: () => readonly KnownMetric[],
): Finding[] {
  const findings: Finding[] = [];
  for (const [index, view] of views.entries()) {
    for (const { threshold, bounds = {} } of view.outputs) {
      const wrong = threshold && outside(threshold.value, threshold.direction, bounds);
      if (wrong !== undefined) findings.push({ path: ["views", index, "threshold"], message: wrong });
    }
  }
  for (const [metric, { value, direction }] of thresholds) {
    const first = known().find(({ pattern }) => patternsMeet(pattern, metric));
    const wrong = first && outside(value, direction, first.bounds);
    if (wrong !== undefined) findings.push({ path: ["thresholds", metric], message: wrong });
  }
  return findings;
}
