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

/**
 * Records batches in the SDK's exponential histogram (at most 160 buckets). Returns a delta point
 * of each.
 */
export async function sdkDeltas(
  batches: readonly (readonly number[])[],
): Promise<ExponentialHistogramPoint[]> {
  const reader = new DeltaReader();
  const provider = new MeterProvider({ readers: [reader] });
  // A histogram of a gauge or a counter has no sum. A histogram accepts no negative values.
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
