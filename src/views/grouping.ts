import type { MeasuredPoint } from "../core/measured-metric.ts";
import { emptyLabels, type Labels } from "../core/series-key.ts";
import type { ForecastView } from "./forecast-view.ts";
import { attributeOf } from "./pattern.ts";

/** A point as far as it decides to which series it belongs. */
export type LabelledPoint = Pick<MeasuredPoint<unknown>, "labels" | "source">;

/** The labels that distinguish the series of a point. */
export function groupOf(by: ForecastView["by"], { labels, source }: LabelledPoint): Labels {
  if (by === "all") return labels;
  const group = emptyLabels();
  for (const name of by) {
    const value = attributeOf(name, labels, source);
    if (value !== undefined) group[name] = value;
  }
  return group;
}
