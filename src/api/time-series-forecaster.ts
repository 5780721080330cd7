import { types } from "node:util";
import { describeForecast } from "../advice/describe-forecast.ts";
import { wrongName } from "../agents/known-agents.ts";
import type { Forecast, ForecastSubject } from "../core/forecast.ts";
import type { PredictedPath } from "../core/model.ts";
import type { Sample } from "../core/sample.ts";
import { shortText } from "../core/short-name.ts";
import { kindsOf, shortTextOf } from "../core/text-of.ts";
import { fitModel } from "../forecast/fit-model.ts";
import { boundsOfUnknown } from "../forecast/natural-bounds.ts";
import { SkipLog } from "../logging/skip-log.ts";
import { INTERVAL_LEVEL } from "../metrics/forecast-metrics.ts";
import { regularGrid } from "../series/regular-grid.ts";
import { wallMillis } from "../system/wall-clock.ts";
import { gateFor } from "../weights/gate-for.ts";
import { SafeCalls, withClearErrors } from "./safe-calls.ts";
import {
  checkedOptions,
  type DataPoint,
  type ForecastRequest,
  isNumber,
  readRequest,
  type TimeSeriesForecasterOptions,
} from "./time-series-input.ts";

/** Maximum horizon, in steps of the series. */
const MAX_STEPS = 10_000;
/** What a request that can't be read is about. */
const NO_SUBJECT = { agentName: "", metricName: "", labels: {}, horizonSeconds: Number.NaN };

/**
 * Forecasts series that the application adds point by point, by a given method or by the best one.
 * It needs no monitor. The step of a series is the usual distance between its points.
 *
 * Invalid points are dropped, counted and logged once: values that are not finite, points older
 * than the one before.
 */
export class TimeSeriesForecaster {
  readonly #series = new Map<string, Sample[]>();
  readonly #skips = new SkipLog();
  readonly #calls = new SafeCalls("TimeSeriesForecaster", this.#skips);
  readonly #maxPoints: number;
  readonly #maxSeries: number;
  readonly #stepMillis: number;

  /**
   * @throws TypeError if an option is invalid. The message names the option and what was expected.
   */
  constructor(options: TimeSeriesForecasterOptions = {}) {
    const { maxPoints, maxSeries, stepSeconds } = withClearErrors("TimeSeriesForecaster", () =>
      checkedOptions(options),
    );
    this.#maxPoints = maxPoints;
    this.#maxSeries = maxSeries;
    this.#stepMillis = stepSeconds * 1000;
  }

  /** Adds a point to its series. Never throws. */
  addDataPoint(point: DataPoint): void {
    this.#calls.run("addDataPoint", () => this.#add(point), undefined);
  }

  #add(point: DataPoint): void {
    if (typeof point !== "object" || point === null) {
      this.#skips.skip("not_an_object", "a data point");
      return;
    }
    // Without a time it is that of the caller, who may have replaced the clock in its tests.
    const { agentName, metricName, value, timestamp = new Date() } = point;
    const at = types.isDate(timestamp) ? timestamp.getTime() : timestamp;
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
      this.#skips.skip("max_series", () => `a data point (${kindsOf({ agentName, metricName })})`);
      return;
    }
    const newest = samples[samples.length - 1];
    if (newest !== undefined && at < newest.at) {
      this.#skips.skip("out_of_order", () => `a data point (${kindsOf({ agentName, metricName })})`);
      return;
    }
    samples.push({ at, value });
    if (samples.length >= 2 * this.#maxPoints) samples.splice(0, samples.length - this.#maxPoints);
  }

  /**
   * Forecasts the mean of the newest points, without a trend.
   *
   * @param request.window the number of points. Default: 12.
   */
  forecastMovingAverage(request: ForecastRequest & { readonly window?: number }): Forecast {
    return this.#forecast(request, "moving-average");
  }

  /**
   * Forecasts by simple exponential smoothing.
   *
   * @param request.alpha the weight of the newest point, from 0 to 1. Default: the one that fits
   * best.
   */
  forecastExponentialSmoothing(request: ForecastRequest & { readonly alpha?: number }): Forecast {
    return this.#forecast(request, "exponential-smoothing");
  }

  /** Forecasts by a straight line through the points (least squares). */
  forecastLinearTrend(request: ForecastRequest): Forecast {
    return this.#forecast(request, "linear-trend");
  }

  /** Forecasts by the method that was best on the past of the series. */
  forecast(request: ForecastRequest): Forecast {
    return this.#forecast(request, "auto");
  }

  #forecast(request: ForecastRequest, method: string): Forecast {
    const read = readRequest(request);
    if ("reason" in read) {
      this.#skips.skip("invalid_argument", `a request: ${read.reason}`, 1, "forecast");
      return { ...NO_SUBJECT, at: wallMillis(), state: "failed", reason: read.reason };
    }
    const { agentName, metricName, horizonSeconds, window, alpha } = read.request;
    const samples = this.#series.get(idOf(agentName, metricName)) ?? [];
    const at = samples[samples.length - 1]?.at ?? wallMillis();
    const subject: ForecastSubject = {
      agentName,
      metricName,
      labels: { agent: agentName },
      horizonSeconds,
      at,
    };
    const { values, stepMillis } = regularGrid(samples, this.#maxPoints, this.#stepMillis);
    const steps = isNumber(horizonSeconds) ? (horizonSeconds * 1000) / stepMillis : Number.NaN;
    if (!(steps > 0 && steps <= MAX_STEPS)) {
      const most = (MAX_STEPS * stepMillis) / 1000;
      const reason = `horizonSeconds must be above 0 and at most ${most}, got ${shortTextOf(horizonSeconds)}`;
      return { ...subject, state: "failed", reason };
    }
    const horizonSteps = Math.floor(steps) + 1;
    const parameters = {
      ...(method === "moving-average" && { window }),
      ...(method === "exponential-smoothing" && { alpha }),
    };
    const result = fitModel(
      { values, stepSeconds: stepMillis / 1000 },
      {
        method,
        gate: gateFor(method),
        horizonSteps,
        parameters,
        bounds: boundsOfUnknown(method, values),
      },
    );
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

/** The values of a path between its steps: linear between the two nearest steps. */
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
  // Before the first step, the interval is as wide as at the first step.
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
