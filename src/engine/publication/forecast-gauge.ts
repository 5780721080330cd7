import type { PublishedMetric } from "../../otel/forecast-producer.ts";

/** A predicted value and its interval. */
export interface PredictedInterval {
  readonly predicted: number;
  readonly lower: number;
  readonly upper: number;
}

/** A gauge that speaks of forecasts. It has no unit, which would be added to a name that ends with one. */
export function forecastGauge(name: string, description: string): PublishedMetric {
  return { name, unit: "", description, type: "gauge" };
}
