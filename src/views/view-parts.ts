import type { Bounds } from "../core/bounds.ts";
import { PROCESS_SCOPE } from "../otel/scopes.ts";
import type { ForecastView, ViewOutput } from "./forecast-view.ts";

export const PERCENT: Bounds = { lower: 0, upper: 100 };
export const SHARE: Bounds = { lower: 0, upper: 1 };
export const FROM_ZERO: Bounds = { lower: 0 };

/** Published and forecast. */
export const FORECAST = { isPublished: true, isForecast: true } as const;

/** Outputs for the 50th, 95th and 99th percentile of durations. */
export function latencies(name: string, ofWhat: string): ViewOutput[] {
  return [50, 95, 99].map((percent) => ({
    name: `${name}.p${percent}`,
    unit: "s",
    description: `${percent}th percentile of the duration ${ofWhat}`,
    number: "quantile",
    quantile: percent / 100,
    bounds: FROM_ZERO,
    ...FORECAST,
  }));
}

/** A view that forecasts levels of the process without changes. */
export function levels(instrument: string, bounds: Bounds, except: string[]): ForecastView {
  return {
    instruments: [instrument],
    except,
    scope: PROCESS_SCOPE,
    by: "all",
    outputs: [{ name: "{instrument}", number: "level", bounds, ...FORECAST }],
  };
}
