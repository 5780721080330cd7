import type { Bounds } from "../core/bounds.ts";
import type { OwnMetric } from "../metrics/own-metric.ts";
import { PROCESS_SCOPE } from "../otel/scopes.ts";
import type { ForecastView, ViewOutput } from "./forecast-view.ts";

/** The bounds of percentages. */
export const PERCENT: Bounds = { lower: 0, upper: 100 };
/** The bounds of shares and ratios. */
export const SHARE: Bounds = { lower: 0, upper: 1 };
/** The bounds of counts, rates and durations. */
export const FROM_ZERO: Bounds = { lower: 0 };

/** Published and forecast. */
export const FORECAST = { isPublished: true, isForecast: true } as const;

/** An output that is one of our metrics, published and forecast. */
export function output(
  { name, unit, description }: OwnMetric,
  made: Pick<ViewOutput, "number" | "quantile" | "of" | "bounds" | "isDailyTotal">,
): ViewOutput {
  return { name, unit, description, ...made, ...FORECAST };
}

/** Outputs for the 50th, 95th and 99th percentile of durations. */
export function latencies(
  metrics: Readonly<Record<"latencyP50" | "latencyP95" | "latencyP99", OwnMetric>>,
): ViewOutput[] {
  return [
    { metric: metrics.latencyP50, quantile: 0.5 },
    { metric: metrics.latencyP95, quantile: 0.95 },
    { metric: metrics.latencyP99, quantile: 0.99 },
  ].map(({ metric, quantile }) => output(metric, { number: "quantile", quantile, bounds: FROM_ZERO }));
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

/**
 * Views of instruments that are not ours: levels of gauges, rates of counters and 95th percentiles
 * of histograms.
 */
export function viewsOfOthers(except: Pick<ForecastView, "except" | "exceptScopes">): ForecastView[] {
  const ofOthers = { instruments: ["*"], ...except, by: "all" } as const;
  return [
    {
      ...ofOthers,
      kinds: ["level"],
      outputs: [{ name: "{instrument}", number: "level", isPublished: false, isForecast: true }],
    },
    {
      ...ofOthers,
      kinds: ["increment"],
      outputs: [{ name: "{base}_per_second", unit: "", number: "rate", bounds: FROM_ZERO, ...FORECAST }],
    },
    {
      ...ofOthers,
      kinds: ["histogram"],
      outputs: [{ name: "{instrument}.p95", number: "quantile", quantile: 0.95, ...FORECAST }],
    },
  ];
}
