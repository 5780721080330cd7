import {
  AggregationTemporality,
  AggregationType,
  InstrumentType,
  MetricReader,
} from "@opentelemetry/sdk-metrics";
import { withReadableErrors } from "../core/readable-errors.ts";

/** Buckets of an exponential histogram: twice the SDK's default, so that percentiles are within 2 % over six decades. */
const EXPONENTIAL_HISTOGRAM_SIZE = 320;

/**
 * Takes in what the instruments of a MeterProvider measured: deltas of counters and histograms since the collection
 * before, levels of gauges and up-down counters. Percentiles are derived from its histograms, so it asks for
 * exponential ones. It has no timer of its own and pushes nothing.
 */
export class CollectionReader extends MetricReader {
  #isShutDown = false;

  constructor(options: { maxAttributeSets: number }) {
    super({
      aggregationTemporalitySelector: temporalityOf,
      aggregationSelector: (type) =>
        type === InstrumentType.HISTOGRAM
          ? {
              type: AggregationType.EXPONENTIAL_HISTOGRAM,
              options: { maxSize: EXPONENTIAL_HISTOGRAM_SIZE, recordMinMax: true },
            }
          : { type: AggregationType.DEFAULT },
      cardinalitySelector: () => options.maxAttributeSets,
    });
  }

  /** Whether the provider that it reads has been shut down: there is nothing more to read. */
  get isShutDown(): boolean {
    return this.#isShutDown;
  }

  override setMetricProducer(producer: Parameters<MetricReader["setMetricProducer"]>[0]): void {
    super.setMetricProducer(withReadableErrors(producer));
  }

  protected override async onShutdown(): Promise<void> {
    this.#isShutDown = true;
  }

  protected override async onForceFlush(): Promise<void> {}
}

function temporalityOf(type: InstrumentType): AggregationTemporality {
  const isLevel =
    type === InstrumentType.UP_DOWN_COUNTER || type === InstrumentType.OBSERVABLE_UP_DOWN_COUNTER;
  return isLevel ? AggregationTemporality.CUMULATIVE : AggregationTemporality.DELTA;
}
