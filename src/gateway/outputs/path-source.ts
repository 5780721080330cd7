import type { PathPoint } from "../../engine/outlook-path.ts";
import type { Label } from "../../wire/remote/time-series.ts";

/** The forecasts of one series at their own times. */
export interface ForecastPath {
  /** The Prometheus name of the metric. */
  readonly metric: string;
  /** The labels of the series for Prometheus, sorted by name. None of them is `forecast` or `level`. */
  readonly labels: readonly Label[];
  /** The time, in epoch milliseconds, and the value that the forecasts begin from. */
  readonly latest: { readonly at: number; readonly value: number };
  /** In the order of time. Read it without a pause: a collection changes it. */
  points(): Iterable<PathPoint>;
}

/** Where the outputs get the paths of all series from. */
export interface PathSource {
  /** The level of the interval, as the label `level` names it. */
  readonly level: string;
  paths(): Iterable<ForecastPath>;
}

/** What the label `forecast` of a path can be. */
export const PATH_KINDS = ["path", "lower", "upper"] as const;

/** Which line of a path: the mean, or a bound of the interval. */
export type PathKind = (typeof PATH_KINDS)[number];

/** The labels of a line of a path, beside those of the series. A bound has a level. */
export function pathLabels(kind: PathKind, level: string): readonly Label[] {
  return kind === "path"
    ? [["forecast", kind]]
    : [
        ["forecast", kind],
        ["level", level],
      ];
}

/** All labels of a line of a path, sorted by name. */
export function labelsWith({ metric, labels }: ForecastPath, more: readonly Label[]): Label[] {
  return [["__name__", metric] as const, ...labels, ...more].sort(([one], [other]) => (one < other ? -1 : 1));
}

/** The number of a point that belongs to a line. */
export function numberOf({ predicted, lower, upper }: PathPoint, kind: PathKind): number {
  switch (kind) {
    case "path":
      return predicted;
    case "lower":
      return lower;
    case "upper":
      return upper;
  }
}
