import type { Bounds } from "../core/bounds.ts";
import { PROCESS_SCOPE } from "../otel/scopes.ts";
import type { ForecastView, ViewOutput } from "./forecast-view.ts";

export const PERCENT: Bounds = { lower: 0, upper: 100 };
export const SHARE: Bounds = { lower: 0, upper: 1 };
export const FROM_ZERO: Bounds = { lower: 0 };

/** Both given out and forecast. */
export const forecast = { isPublished: true, isForecast: true } as const;

/** Outputs for the median and the two high percentiles of durations. */
export function latencies(name: string, ofWhat: string): ViewOutput[] {
  return [50, 95, 99].map((percent) => ({
    name: `${name}.p${percent}`,
    unit: "s",
    description: `${percent}th percentile of the duration ${ofWhat}`,
    number: "quantile",
    quantile: percent / 100,
    bounds: FROM_ZERO,
    ...forecast,
  }));
}

/** A view that takes levels of the process as they are. */
export function levels(instrument: string, bounds: Bounds, except: string[]): ForecastView {
  return {
    instruments: [instrument],
    except,
    scope: PROCESS_SCOPE,
    by: "all",
    outputs: [{ name: "{instrument}", number: "level", bounds, ...forecast }],
  };
}
