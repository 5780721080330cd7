import { kindOfError } from "../core/error-type.ts";
import { optionError } from "../core/option-error.ts";
import { kindOf, shortTextOf } from "../core/text-of.ts";

/** A value of a metric of an agent. */
export interface DataPoint {
  readonly agentName: string;
  readonly metricName: string;
  readonly value: number;
  /** Epoch milliseconds, or a date. Default: now. */
  readonly timestamp?: number | Date;
}

/** The series to forecast, and how far beyond its newest point. */
export interface ForecastRequest {
  readonly agentName: string;
  readonly metricName: string;
  /** From the newest point, in seconds. At most 10000 steps of the series. */
  readonly horizonSeconds: number;
}

/** A request of any method, with the parameters of some. */
export interface ReadRequest extends ForecastRequest {
  readonly window?: number | undefined;
  readonly alpha?: number | undefined;
}

/** The fields of a request, each read once; or why it is none. */
export function readRequest(
  given: ReadRequest,
): { readonly request: ReadRequest } | { readonly reason: string } {
  try {
    const { agentName, metricName, horizonSeconds, window, alpha } = given;
    const reason =
      wrongType("agentName", agentName, "string") ??
      wrongType("metricName", metricName, "string") ??
      (window === undefined ? undefined : wrongType("window", window, "number")) ??
      (alpha === undefined ? undefined : wrongType("alpha", alpha, "number"));
    return reason === undefined
      ? { request: { agentName, metricName, horizonSeconds, window, alpha } }
      : { reason };
  } catch (error) {
    return { reason: `it can't be read: ${kindOfError(error)}` };
  }
}

function wrongType(name: string, value: unknown, type: "string" | "number"): string | undefined {
  return typeof value === type ? undefined : `${name} must be a ${type}, got ${kindOf(value)}`;
}

/** Options of a `TimeSeriesForecaster`. */
export interface TimeSeriesForecasterOptions {
  /** Maximum of points of a series. Older ones are forgotten. Default 1000, at least 10. */
  readonly maxPoints?: number;
  /** Maximum of series. Points of further series are dropped and counted. Default 10000. */
  readonly maxSeries?: number;
  /** The step of a series whose points all have the same time, in seconds. Default 10. */
  readonly stepSeconds?: number;
}

/** Fills in the defaults, and throws a TypeError if an option is invalid. */
export function checkedOptions(options: TimeSeriesForecasterOptions): Required<TimeSeriesForecasterOptions> {
  if (typeof options !== "object" || options === null)
    throw optionError(`TimeSeriesForecaster: options must be an object, got ${shortTextOf(options)}`);
  const { maxPoints = 1000, maxSeries = 10_000, stepSeconds = 10, ...unknown } = options;
  for (const name of Object.keys(unknown))
    throw optionError(
      `TimeSeriesForecaster: unknown option "${name}"; expected maxPoints, maxSeries, stepSeconds`,
    );
  check("maxPoints", maxPoints, Number.isInteger(maxPoints) && maxPoints >= 10, "a whole number from 10");
  check("maxSeries", maxSeries, Number.isInteger(maxSeries) && maxSeries >= 1, "a whole number from 1");
  check("stepSeconds", stepSeconds, isNumber(stepSeconds) && stepSeconds > 0, "a number above 0");
  return { maxPoints, maxSeries, stepSeconds };
}

function check(option: string, value: unknown, isRight: boolean, expected: string): void {
  if (!isRight)
    throw optionError(
      `TimeSeriesForecaster: option "${option}" must be ${expected}, got ${shortTextOf(value)}`,
    );
}

/** Whether a value is a finite number. */
export function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}
