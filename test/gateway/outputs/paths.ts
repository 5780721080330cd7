import type { Labels } from "../../../src/core/series-key.ts";
import type { PathPoint } from "../../../src/engine/outlook-path.ts";
import type { ForecastPath, PathSource } from "../../../src/gateway/outputs/path-source.ts";

export const NOW = 1_800_000_000_000;
export const MINUTE = 60_000;

/** A path of minutes from `NOW` on, whose values are the given ones; its interval is ±1. */
export function pathOf(
  metric: string,
  labels: Labels,
  values: readonly number[],
  stepMillis = MINUTE,
): ForecastPath {
  const points = values.map(
    (value, index): PathPoint => ({
      at: NOW + (index + 1) * stepMillis,
      predicted: value,
      lower: value - 1,
      upper: value + 1,
    }),
  );
  return {
    metric,
    labels: Object.entries(labels).toSorted(([one], [other]) => (one < other ? -1 : 1)),
    latest: { at: NOW, value: 0 },
    points: () => points,
  };
}

export function sourceOf(...paths: readonly ForecastPath[]): PathSource {
  return { level: "0.8", paths: () => paths };
}
