import type { Bounds } from "../core/bounds.ts";
import type { PredictedStep } from "../core/model.ts";
import type { ClockedModel, ValueKind } from "./clocked-model.ts";

/** Where a series stands, and when. */
export interface Standing {
  /** Epoch milliseconds. */
  readonly now: number;
  readonly current: number;
}

/** How the forecasts of a series follow from its models: a level or a total of the day. */
export interface SeriesKind extends ValueKind {
  /** The next time after `now` at which the series starts from 0; `undefined` when it never does. */
  nextStart(now: number): number | undefined;
  /** The forecast for a time ahead, in the unit of the metric. */
  predictAt(model: ClockedModel, standing: Standing, at: number): PredictedStep;
  /** The mean of that forecast, for times before the next start. Makes the part that all times share once. */
  means(model: ClockedModel, standing: Standing): (at: number) => number;
}

/** A level, which is what its model predicts. */
export function levelKind(bounds: Bounds): SeriesKind {
  return {
    isTotal: false,
    seenBounds: bounds,
    seenValues: () => undefined,
    nextStart: () => undefined,
    predictAt: (model, _standing, at) => model.predictAt(at),
    means: (model) => (at) => model.predictAt(at).mean,
  };
}
