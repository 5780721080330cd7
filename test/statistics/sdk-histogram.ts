import {
  AggregationTemporality,
  AggregationType,
  type ExponentialHistogram,
  MeterProvider,
  MetricReader,
} from "@opentelemetry/sdk-metrics";
import type { ExponentialHistogramPoint } from "../../src/core/metric-point.ts";

class DeltaReader extends MetricReader {
  constructor() {
    super({
      aggregationTemporalitySelector: () => AggregationTemporality.DELTA,
      aggregationSelector: () => ({ type: AggregationType.EXPONENTIAL_HISTOGRAM }),
    });
  }
  protected override async onShutdown(): Promise<void> {}
  protected override async onForceFlush(): Promise<void> {}
}

/** The real SDK's exponential histogram (160 buckets at most): records batches, hands out the delta point of each. */
export async function sdkDeltas(
  batches: readonly (readonly number[])[],
): Promise<ExponentialHistogramPoint[]> {
  const reader = new DeltaReader();
  const provider = new MeterProvider({ readers: [reader] });
  // A gauge's or counter's histogram would have no sum; a histogram takes no negative values, hence no negative buckets.
  const histogram = provider.getMeter("test").createHistogram("values");
  const points: ExponentialHistogramPoint[] = [];
  for (const batch of batches) {
    for (const value of batch) histogram.record(value);
    const { resourceMetrics } = await reader.collect();
    for (const point of resourceMetrics.scopeMetrics[0]?.metrics[0]?.dataPoints ?? []) {
      const { min, max, sum, ...rest } = point.value as ExponentialHistogram;
      points.push({
        kind: "exponential",
        sum: sum as number,
        ...(min === undefined ? {} : { min }),
        ...(max === undefined ? {} : { max }),
        ...rest,
      });
    }
  }
  await provider.shutdown();
  return points;
}
