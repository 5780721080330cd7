import type { Horizon } from "../core/horizon.ts";
import { noStep } from "../core/model.ts";
import type { Sample } from "../core/sample.ts";
import type { OutlookModel } from "./outlook-model.ts";
import type { PublishedForecast } from "./review/forecast-review.ts";
import type { SeriesKind } from "./series-kind.ts";

/** What a forecast is written on, before it is remembered. */
const step = noStep();
/** The forecast to remember: what remembers it copies its numbers. */
const toRemember = {
  at: Number.NaN,
  dueAt: Number.NaN,
  predicted: Number.NaN,
  lower: Number.NaN,
  upper: Number.NaN,
  naive: Number.NaN,
};

/** What a trial remembers of the forecast at a horizon. The next call writes on the same object. */
export function forecastToRemember(
  kind: SeriesKind,
  horizon: Horizon,
  latest: Sample,
  model: OutlookModel,
): PublishedForecast {
  const dueAt = latest.at + horizon.seconds * 1000;
  const { mean, lower80, upper80 } = kind.predictAt(model, latest, dueAt, step);
  toRemember.at = latest.at;
  toRemember.dueAt = dueAt;
  toRemember.predicted = mean;
  toRemember.lower = lower80;
  toRemember.upper = upper80;
  toRemember.naive = latest.value;
  return toRemember;
}
