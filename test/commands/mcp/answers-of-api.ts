/** A series as the read API answers it, on its way to its threshold. */
export const disk = {
  id: "d1",
  metric: "disk_used_ratio",
  labels: { host: "a" } as Record<string, string>,
  unit: "",
  state: "ready",
  at: Date.UTC(2026, 0, 1, 12),
  value: 0.81,
  horizons: [{ horizon: "1h", at: Date.UTC(2026, 0, 1, 13), predicted: 0.93, lower: 0.9, upper: 0.96 }],
  trend: "increasing",
  slopePerHour: 0.12,
  threshold: { value: 0.9, direction: "above" },
  secondsToThreshold: 1800,
  recommendation: "Free space on the disk.",
};

/** The list of these series. */
export function listOf(forecasts: readonly object[], selected = forecasts.length) {
  return { now: Date.UTC(2026, 0, 1, 12), series: selected, selected, forecasts };
}

/** An alert as the read API answers it. */
export const alert = {
  name: "DiskIsFull",
  state: "firing",
  since: Date.UTC(2026, 0, 1, 11),
  severity: "warning",
  metricName: "disk_used_ratio",
  labels: { host: "a" } as Record<string, string>,
  unit: "",
  on: "both",
  threshold: { value: 0.9, direction: "above" },
  recovery: 0.9,
  horizonSeconds: 3600,
  at: Date.UTC(2026, 0, 1, 12),
  current: 0.81,
  summary: "The disk fills up",
  description: "It is full in about 30 minutes.",
};
