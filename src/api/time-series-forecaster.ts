import { describeForecast } from "../advice/describe-forecast.ts";
import type { Forecast, ForecastSubject } from "../core/forecast.ts";
import type { PredictedPath } from "../core/model.ts";
import type { Sample } from "../core/sample.ts";
import { shortText } from "../core/short-name.ts";
import { textOf } from "../core/text-of.ts";
import { fitModel } from "../forecast/fit-model.ts";
import { SkipLog } from "../logging/skip-log.ts";
import { INTERVAL_LEVEL } from "../metrics/forecast-metrics.ts";
import { regularGrid } from "../series/regular-grid.ts";

/** One number of one metric of one agent. */
export interface DataPoint {
  readonly agentName: string;
  readonly metricName: string;
  readonly value: number;
  /** Epoch milliseconds, or a date; now unless given. */
  readonly timestamp?: number | Date;
}

/** Which series is to be forecast, and how far beyond its newest point. */
export interface ForecastRequest {
  readonly agentName: string;
  readonly metricName: string;
  readonly horizonSeconds: number;
}

export interface TimeSeriesForecasterOptions {
  /** Points that are kept of a series; older ones are forgotten. Default 1000. */
  readonly maxPoints?: number;
  /** Series that are kept; points of later ones are dropped and counted. Default 10000. */
  readonly maxSeries?: number;
  /** How far apart points are that all bear one time, in seconds. Default 10. */
  readonly stepSeconds?: number;
}

/** Further than this a series is not forecast, in steps of its own. */
const MAX_STEPS = 10_000;

/**
 * Forecasts series that it is given point by point, by a method of choice or by the best one. The step of a series is the
 * usual distance between its points; a point that is older than the one before, or not finite, is dropped and counted.
 */
export class TimeSeriesForecaster {
  readonly #series = new Map<string, Sample[]>();
  readonly #skips = new SkipLog();
  readonly #maxPoints: number;
  readonly #maxSeries: number;
  readonly #stepMillis: number;

  /** @throws TypeError that names the option that is wrong and what was expected. */
  constructor(options: TimeSeriesForecasterOptions = {}) {
    const { maxPoints = 1000, maxSeries = 10_000, stepSeconds = 10, ...unknown } = options;
    for (const name of Object.keys(unknown))
      throw new TypeError(
        `TimeSeriesForecaster: unknown option "${name}"; expected maxPoints, maxSeries, stepSeconds`,
      );
    check("maxPoints", maxPoints, Number.isInteger(maxPoints) && maxPoints >= 10, "a whole number from 10");
    check("maxSeries", maxSeries, Number.isInteger(maxSeries) && maxSeries >= 1, "a whole number from 1");
    check("stepSeconds", stepSeconds, isNumber(stepSeconds) && stepSeconds > 0, "a number above 0");
    this.#maxPoints = maxPoints;
    this.#maxSeries = maxSeries;
    this.#stepMillis = stepSeconds * 1000;
  }

  addDataPoint(point: DataPoint): void {
    if (typeof point !== "object" || point === null) {
      this.#skips.skip("not_an_object", "a data point");
      return;
    }
    const { agentName, metricName, value, timestamp = Date.now() } = point;
    const at = timestamp instanceof Date ? timestamp.getTime() : timestamp;
    const reason =
      wrongName(agentName) ??
      wrongName(metricName) ??
      (isNumber(value) && isNumber(at) ? undefined : "not_finite");
    if (reason !== undefined) {
      this.#skips.skip(reason, "a data point");
      return;
    }
    const samples = this.#samplesFor(agentName, metricName);
    if (samples === undefined) {
      this.#skips.skip("max_series", `a data point of ${metricName} of ${agentName}`);
      return;
    }
    const newest = samples[samples.length - 1];
    if (newest !== undefined && at < newest.at) {
      this.#skips.skip("out_of_order", `a data point of ${metricName} of ${agentName}`);
      return;
    }
    samples.push({ at, value });
    if (samples.length >= 2 * this.#maxPoints) samples.splice(0, samples.length - this.#maxPoints);
  }

  /** The mean of the newest points, and no trend. */
  forecastMovingAverage(request: ForecastRequest & { readonly window?: number }): Forecast {
    return this.#forecast(request, "moving-average", { window: request?.window });
  }

  /** Simple exponential smoothing, with the `alpha` that is given or the one that fits best. */
  forecastExponentialSmoothing(request: ForecastRequest & { readonly alpha?: number }): Forecast {
    return this.#forecast(request, "exponential-smoothing", { alpha: request?.alpha });
  }

  /** A straight line through the points, by least squares. */
  forecastLinearTrend(request: ForecastRequest): Forecast {
    return this.#forecast(request, "linear-trend", {});
  }

  /** By whatever has done best on the past of the series. */
  forecast(request: ForecastRequest): Forecast {
    return this.#forecast(request, "auto", {});
  }

  #forecast(
    request: ForecastRequest,
    method: string,
    parameters: { readonly window?: number | undefined; readonly alpha?: number | undefined },
  ): Forecast {
    const { agentName, metricName, horizonSeconds } = request ?? {};
    const samples = this.#series.get(idOf(agentName, metricName)) ?? [];
    const at = samples[samples.length - 1]?.at ?? Date.now();
    const labels = { agent: agentName };
    const subject: ForecastSubject = { agentName, metricName, labels, horizonSeconds, at };
    const { values, stepMillis } = regularGrid(samples, this.#maxPoints, this.#stepMillis);
    const steps = isNumber(horizonSeconds) ? (horizonSeconds * 1000) / stepMillis : Number.NaN;
    if (!(steps > 0 && steps <= MAX_STEPS)) {
      const most = (MAX_STEPS * stepMillis) / 1000;
      return {
        ...subject,
        state: "failed",
        reason: `horizonSeconds must be above 0 and at most ${most}, got ${textOf(horizonSeconds, 60)}`,
      };
    }
    const horizonSteps = Math.floor(steps) + 1;
    const result = fitModel({ values, stepSeconds: stepMillis / 1000 }, { method, horizonSteps, parameters });
    if (result.state !== "ready") return { ...subject, ...result };
    return describeForecast(subject, {
      current: (samples[samples.length - 1] as Sample).value,
      ...pathAt(result.model.predict(Math.max(horizonSteps, 2)), steps),
      level: INTERVAL_LEVEL,
      method: result.model.method,
      errorVersusNaive: result.model.errorVersusNaive,
      unit: "",
      threshold: undefined,
      timeToThresholdSeconds: undefined,
    });
  }

  #samplesFor(agentName: string, metricName: string): Sample[] | undefined {
    const id = idOf(agentName, metricName);
    let samples = this.#series.get(id);
    if (samples === undefined && this.#series.size < this.#maxSeries) {
      samples = [];
      this.#series.set(id, samples);
    }
    return samples;
  }
}

/** What a path says between its steps: on the straight line through the two that are nearest. */
function pathAt(
  { mean, lower80, upper80 }: PredictedPath,
  steps: number,
): { predicted: number; lower: number; upper: number } {
  const step = Math.max(1, Math.floor(steps));
  const share = steps - step;
  const between = (values: Float64Array): number => {
    const here = values[step - 1] as number;
    return share === 0 ? here : here + share * ((values[step] as number) - here);
  };
  const predicted = between(mean);
  if (share >= 0) return { predicted, lower: between(lower80), upper: between(upper80) };
  // Nearer than the first step the interval is as wide as there.
  const first = mean[0] as number;
  return {
    predicted,
    lower: predicted - (first - (lower80[0] as number)),
    upper: predicted + ((upper80[0] as number) - first),
  };
}

function idOf(agentName: string, metricName: string): string {
  return shortText(`${agentName}\u0000${metricName}`);
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

function wrongName(name: unknown): string | undefined {
  if (typeof name !== "string") return "not_a_string";
  return name.trim() === "" ? "empty_name" : undefined;
}

function check(option: string, value: unknown, isRight: boolean, expected: string): void {
  if (!isRight)
    throw new TypeError(`TimeSeriesForecaster: option "${option}" must be ${expected}, got ${value}`);
}
