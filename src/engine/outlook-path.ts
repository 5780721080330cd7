import type { Sample } from "../core/sample.ts";
import type { OutlookModel } from "./outlook-model.ts";
import type { PredictedInterval } from "./publication/predicted-interval.ts";
import type { SeriesKind } from "./series-kind.ts";

/** The forecast of a series for one time ahead. */
export interface PathPoint extends PredictedInterval {
  /** The time that the forecast is for, in epoch milliseconds. */
  readonly at: number;
}

/** A forecast that the path leads to, and the model that makes the steps up to it. */
interface Stretch extends PredictedInterval {
  /** The time that the forecast is for, in epoch milliseconds. */
  readonly dueAt: number;
  readonly model: OutlookModel;
}

/**
 * The forecasts ahead, in the order of their times: up to each horizon the steps of the model that
 * forecasts it, and then the forecast at the horizon itself, as it is published. A point is made when
 * it is read.
 *
 * @param stretches in the order of their times.
 */
export function* pathThrough(
  kind: SeriesKind,
  latest: Sample,
  stretches: readonly Stretch[],
): Generator<PathPoint, undefined> {
  let from = latest.at;
  for (const { model, dueAt, predicted, lower, upper } of stretches) {
    if (dueAt <= from) continue;
    for (let at = model.stepAfter(from); at < dueAt; at += model.stepMillis) {
      const { mean, lower80, upper80 } = kind.predictAt(model, latest, at);
      yield { at, predicted: mean, lower: lower80, upper: upper80 };
    }
    yield { at: dueAt, predicted, lower, upper };
    from = dueAt;
  }
}
