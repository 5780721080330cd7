import {
  type AggregationOption,
  AggregationTemporality,
  AggregationType,
  InstrumentType,
  MetricReader,
} from "@opentelemetry/sdk-metrics";
import { Hurry, hurried } from "../core/hurry.ts";
import { withReadableErrors } from "../core/readable-errors.ts";
import { ObservedTotals } from "./observed-totals.ts";

/**
 * Twice the SDK's default. Percentiles are then within 2 % for values over six orders of magnitude.
 */
const MAX_EXPONENTIAL_BUCKETS = 320;

/**
 * Collects the instruments of a meter provider: deltas of counters and histograms since the
 * previous collection, and current values of gauges and up-down counters. Histograms are
 * exponential, because percentiles are derived from them. Observable counters come as the totals
 * that were observed; `measuredMetrics` makes increments of them. It has no timer and pushes
 * nothing.
 */
export class CollectionReader extends MetricReader {
  /** The totals of observable counters at the last collection. */
  readonly totals = new ObservedTotals();
  readonly #hurry: Hurry;
  #isShutDown = false;

  /**
   * @param options.maxAttributeSets the cardinality limit of each instrument.
   * @param options.hurry begins when the monitor shuts down; default never.
   */
  constructor(options: { maxAttributeSets: number; hurry?: Hurry }) {
    super({
      aggregationTemporalitySelector: temporalityOf,
      aggregationSelector: aggregationOf,
      cardinalitySelector: () => options.maxAttributeSets,
    });
    this.#hurry = options.hurry ?? new Hurry();
  }

  /** Whether the provider was shut down, so that there is nothing more to read. */
  get isShutDown(): boolean {
    return this.#isShutDown;
  }

  override setMetricProducer(producer: Parameters<MetricReader["setMetricProducer"]>[0]): void {
    super.setMetricProducer(withReadableErrors(hurried(producer, this.#hurry)));
  }

  protected override async onShutdown(): Promise<void> {
    this.#isShutDown = true;
  }

  protected override async onForceFlush(): Promise<void> {}
}

function aggregationOf(type: InstrumentType): AggregationOption {
  switch (type) {
    case InstrumentType.HISTOGRAM:
      return {
        type: AggregationType.EXPONENTIAL_HISTOGRAM,
        options: { maxSize: MAX_EXPONENTIAL_BUCKETS, recordMinMax: true },
      };
    // The delta of a sum does not show whether it is the first reading, or one after a reset.
    case InstrumentType.OBSERVABLE_COUNTER:
      return { type: AggregationType.LAST_VALUE };
    default:
      return { type: AggregationType.DEFAULT };
  }
}

function temporalityOf(type: InstrumentType): AggregationTemporality {
  const isLevel =
    type === InstrumentType.UP_DOWN_COUNTER || type === InstrumentType.OBSERVABLE_UP_DOWN_COUNTER;
  return isLevel ? AggregationTemporality.CUMULATIVE : AggregationTemporality.DELTA;
}
