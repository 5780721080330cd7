import type { Horizon } from "../core/horizon.ts";
import type { PredictedStep } from "../core/model.ts";
import type { Sample } from "../core/sample.ts";
import type { WindowedNumber } from "../core/windowed-number.ts";
import { WindowedForecaster } from "../forecast/windowed/windowed-forecaster.ts";
import type { OutlookModel } from "./outlook-model.ts";
import type { SeriesPlan } from "./series-plan.ts";

/** The path to a horizon has at most this many steps. */
const MAX_STEPS = 60;

/** The models of a series whose values cover a window, one for each horizon. */
export class WindowedModels {
  readonly number: WindowedNumber;
  readonly #stepMillis: number;
  readonly #forecaster: WindowedForecaster;
  readonly #models = new Map<Horizon, WindowedModel>();
  #latestAt = 0;

  constructor(number: WindowedNumber, { kind, stepMillis }: SeriesPlan) {
    this.number = number;
    this.#stepMillis = stepMillis;
    this.#forecaster = new WindowedForecaster(number, { bounds: kind.seenBounds, stepMillis });
  }

  /** Takes the newest value of the series, and what its window has counted since the one before. */
  take(latest: Sample): void {
    this.#forecaster.take(latest);
    this.#latestAt = latest.at;
  }

  /** The model at a horizon. `byHistory` forecasts from the values of the series alone. */
  modelAt(horizon: Horizon, byHistory: OutlookModel): OutlookModel {
    let model = this.#models.get(horizon);
    if (model === undefined) {
      model = new WindowedModel(this.#forecaster, horizon.seconds, this.#stepTo(horizon), byHistory);
      this.#models.set(horizon, model);
    }
    model.startFrom(this.#latestAt, byHistory);
    return model;
  }

  /** The path of a percentile is a straight line: each further step would merge histograms. */
  #stepTo({ seconds }: Horizon): number {
    if (this.number.kind === "quantile") return seconds * 1000;
    return Math.ceil((seconds * 1000) / this.#stepMillis / MAX_STEPS) * this.#stepMillis;
  }
}

/** Predicts for points in time up to one horizon. */
class WindowedModel implements OutlookModel {
  readonly stepMillis: number;
  readonly #forecaster: WindowedForecaster;
  readonly #horizonSeconds: number;
  #byHistory: OutlookModel;
  #from = 0;

  constructor(
    forecaster: WindowedForecaster,
    horizonSeconds: number,
    stepMillis: number,
    byHistory: OutlookModel,
  ) {
    this.#forecaster = forecaster;
    this.#horizonSeconds = horizonSeconds;
    this.stepMillis = stepMillis;
    this.#byHistory = byHistory;
  }

  get method(): string {
    return this.#forecaster.method(this.#horizonSeconds);
  }

  get errorVersusNaive(): number {
    return this.#forecaster.errorVersusNaive(this.#horizonSeconds) ?? this.#byHistory.errorVersusNaive;
  }

  /** Predicts from now on from a new value. */
  startFrom(at: number, byHistory: OutlookModel): void {
    this.#from = at;
    this.#byHistory = byHistory;
    const due = byHistory.predictAt(at + this.#horizonSeconds * 1000).mean;
    this.#forecaster.forecast(this.#horizonSeconds, due);
  }

  predictAt(at: number): PredictedStep {
    const seconds = (at - this.#from) / 1000;
    return this.#forecaster.predict(this.#horizonSeconds, seconds, this.#byHistory.predictAt(at).mean);
  }

  meanAt(at: number): number {
    return this.predictAt(at).mean;
  }

  stepAfter(from: number): number {
    return from + this.stepMillis;
  }
}
