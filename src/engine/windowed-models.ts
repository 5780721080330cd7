import type { Horizon } from "../core/horizon.ts";
import { noStep, type PredictedStep } from "../core/model.ts";
import type { Sample } from "../core/sample.ts";
import type { WindowedNumber } from "../core/windowed-number.ts";
import type { SavedWindowed } from "../forecast/windowed/saved-windowed.ts";
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
  /** There are few horizons and many series, so this is an array. */
  #models: readonly WindowedModel[] = [];
  #latestAt = 0;

  constructor(number: WindowedNumber, { kind, stepMillis, windowTables: tables }: SeriesPlan) {
    this.number = number;
    this.#stepMillis = stepMillis;
    this.#forecaster = new WindowedForecaster(number, { bounds: kind.seenBounds, stepMillis, tables });
  }

  /** The models of a window, with what was learnt of it if there is any. */
  static of(number: WindowedNumber, plan: SeriesPlan, saved: SavedWindowed | undefined): WindowedModels {
    const windowed = new WindowedModels(number, plan);
    if (saved === undefined) return windowed;
    try {
      windowed.restore(saved);
      return windowed;
    } catch {
      // Another version of this package has learnt it.
      windowed.remove();
      return new WindowedModels(number, plan);
    }
  }

  /** Takes the newest value of the series, and what its window has counted since the one before. */
  take(latest: Sample): void {
    this.#forecaster.take(latest);
    this.#latestAt = latest.at;
  }

  /** Moves the times of what is stored, after the clock was set. */
  shift(millis: number): void {
    this.#forecaster.shift(millis);
  }

  saved(): SavedWindowed {
    return this.#forecaster.saved();
  }

  /** @throws RangeError when it was learnt in another way. */
  restore(saved: SavedWindowed): void {
    this.#forecaster.restore(saved);
  }

  /** The model at a horizon. `byHistory` forecasts from the values of the series alone. */
  modelAt(horizon: Horizon, byHistory: OutlookModel): OutlookModel {
    const known = this.#known(horizon);
    if (known !== undefined) {
      known.restart(this.#latestAt, byHistory);
      return known;
    }
    const times = { horizon, stepMillis: this.#stepTo(horizon) };
    const model = new WindowedModel(this.#forecaster, times, this.#latestAt, byHistory);
    // An array that grows keeps spare room, and there are many of these arrays.
    this.#models = this.#models.concat(model);
    return model;
  }

  /** The model at a horizon, as it was made for the newest value; `undefined` before the first one. */
  at(horizon: Horizon): OutlookModel | undefined {
    return this.#known(horizon);
  }

  /** Gives back the memory of what was learnt, when it is not needed any more. */
  remove(): void {
    this.#forecaster.remove();
  }

  #known(horizon: Horizon): WindowedModel | undefined {
    for (const model of this.#models) if (model.horizon === horizon) return model;
    return undefined;
  }

  /** The path of a percentile is a straight line: each further step would merge histograms. */
  #stepTo({ seconds }: Horizon): number {
    if (this.number.kind === "quantile") return seconds * 1000;
    return Math.ceil((seconds * 1000) / this.#stepMillis / MAX_STEPS) * this.#stepMillis;
  }
}

/** Predicts for points in time up to one horizon. */
class WindowedModel implements OutlookModel {
  readonly horizon: Horizon;
  readonly stepMillis: number;
  readonly #forecaster: WindowedForecaster;
  #byHistory: OutlookModel;
  #from: number;
  /** The forecast at the horizon, which the next one is written on. */
  readonly #due = noStep();

  constructor(
    forecaster: WindowedForecaster,
    { horizon, stepMillis }: { horizon: Horizon; stepMillis: number },
    from: number,
    byHistory: OutlookModel,
  ) {
    this.#forecaster = forecaster;
    this.horizon = horizon;
    this.stepMillis = stepMillis;
    this.#byHistory = byHistory;
    this.#from = from;
    this.restart(from, byHistory);
  }

  get method(): string {
    return this.#forecaster.method(this.#horizonSeconds);
  }

  get errorVersusNaive(): number {
    return this.#forecaster.errorVersusNaive(this.#horizonSeconds) ?? this.#byHistory.errorVersusNaive;
  }

  /** Predicts from the newest value, which was taken at this time, from now on. */
  restart(from: number, byHistory: OutlookModel): void {
    this.#from = from;
    this.#byHistory = byHistory;
    const seconds = this.#horizonSeconds;
    const { errorVersusNaive } = byHistory;
    const mayCome = byHistory.predictAt(from + seconds * 1000);
    this.#forecaster.forecast(seconds, mayCome, errorVersusNaive, this.#due);
  }

  predictAt(at: number): PredictedStep {
    const seconds = (at - this.#from) / 1000;
    if (seconds === this.#horizonSeconds) return this.#due;
    return this.#forecaster.predict(this.#horizonSeconds, seconds, this.#byHistory.predictAt(at));
  }

  meanAt(at: number): number {
    return this.predictAt(at).mean;
  }

  stepAfter(from: number): number {
    return from + this.stepMillis;
  }

  get #horizonSeconds(): number {
    return this.horizon.seconds;
  }
}
