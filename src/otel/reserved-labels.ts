import type { Labels } from "../core/series-key.ts";

/** The labels of our forecast metrics. */
const FORECAST_LABELS = ["metric", "horizon", "level", "threshold"];

/**
 * Labels of a series without those that are reserved for ours: such a label gets the prefix
 * `exported_`, as in Prometheus.
 */
export function withoutReserved(labels: Labels, reserved: readonly string[] = FORECAST_LABELS): Labels {
  if (!reserved.some((name) => name in labels)) return labels;
  const renamed = Object.entries(labels).map(([name, value]) => [
    reserved.includes(name) ? `exported_${name}` : name,
    value,
  ]);
  return Object.fromEntries(renamed);
}
