import type { Counter, Histogram, Meter, ObservableCounter, ObservableGauge } from "@opentelemetry/api";
import type { OwnMetric } from "../metrics/own-metric.ts";

/** Creates the counter of one of our metrics. */
export function createCounter(meter: Meter, metric: OwnMetric): Counter {
  return meter.createCounter(metric.name, optionsOf(metric));
}

/** Creates the histogram of one of our metrics. */
export function createHistogram(meter: Meter, metric: OwnMetric): Histogram {
  return meter.createHistogram(metric.name, optionsOf(metric));
}

/** Creates the observable counter of one of our metrics. */
export function createObservableCounter(meter: Meter, metric: OwnMetric): ObservableCounter {
  return meter.createObservableCounter(metric.name, optionsOf(metric));
}

/** Creates the observable gauge of one of our metrics. */
export function createObservableGauge(meter: Meter, metric: OwnMetric): ObservableGauge {
  return meter.createObservableGauge(metric.name, optionsOf(metric));
}

function optionsOf({ unit, description }: OwnMetric): { unit: string; description: string } {
  return { unit, description };
}
