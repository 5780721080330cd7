import type { Bounds } from "../core/bounds.ts";
import type { PredictedStep, WritableStep } from "../core/model.ts";
import type { Sample } from "../core/sample.ts";
import type { ValueKind } from "./clocked-model.ts";
import type { OutlookModel } from "./outlook-model.ts";

/**
 * How the forecasts of a series follow from its models. A series is a level or a total of the day.
 */
export interface SeriesKind extends ValueKind {
  /**
   * The next time after `now` at which the series starts from 0. `undefined` when it never does.
   */
  nextStart(now: number): number | undefined;
  /** The forecast for a time ahead, in the unit of the metric. May write on `into`, if it is given. */
  predictAt(model: OutlookModel, latest: Sample, at: number, into?: WritableStep): PredictedStep;
  /**
   * The means of those forecasts, for times before the next start. What all times share is computed
   * once.
   */
  means(model: OutlookModel, latest: Sample): (at: number) => number;
}

/** A level: its forecast is what its model predicts. */
export class LevelKind implements SeriesKind {
  readonly isTotal = false;
  readonly seenBounds: Bounds;

  constructor(bounds: Bounds) {
    this.seenBounds = bounds;
  }

  seenValues(): undefined {
    return undefined;
  }

  nextStart(): undefined {
    return undefined;
  }

  predictAt(model: OutlookModel, _latest: Sample, at: number, into?: WritableStep): PredictedStep {
    return model.predictAt(at, into);
  }

  means(model: OutlookModel): (at: number) => number {
    return (at) => model.predictAt(at).mean;
  }
}
