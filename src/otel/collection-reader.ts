import {
  type AggregationOption,
  AggregationTemporality,
  AggregationType,
  type CollectionResult,
  InstrumentType,
  MetricReader,
} from "@opentelemetry/sdk-metrics";
import { Hurry, hurried } from "../core/hurry.ts";
import { withReadableErrors } from "../core/readable-errors.ts";
import type { Labels } from "../core/series-key.ts";
import { inSlices } from "../core/sliced-collection.ts";
import type { Steps } from "../core/yielding-runner.ts";
import { DirectCallbacks } from "../prometheus/observed/direct-callbacks.ts";
import { MAX_EXPONENTIAL_BUCKETS } from "../statistics/exponential-sketch.ts";
import { eventLoop } from "../system/event-loop.ts";
import { wallMillis } from "../system/wall-clock.ts";
import { AttributeSets } from "./attribute-sets.ts";
import { KnownLabels } from "./known-labels.ts";
import { ObservedTotals } from "./observed-totals.ts";
import { SdkStorages } from "./sdk-storages.ts";
import { takeSketches } from "./sketched-histogram.ts";

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
  /** The labels of the last collection. */
  readonly labels = new KnownLabels();
  readonly #hurry: Hurry;
  /** The attribute sets of the instruments, and which of them have gone. */
  readonly sets: AttributeSets;
  #storages = new SdkStorages(undefined);
  #isShutDown = false;
  #sharing: "nothing" | "with endpoint" | "with all" = "nothing";

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
    this.sets = new AttributeSets(options.maxAttributeSets);
  }

  /** Whether the provider was shut down, so that there is nothing more to read. */
  get isShutDown(): boolean {
    return this.#isShutDown;
  }

  override setMetricProducer(producer: Parameters<MetricReader["setMetricProducer"]>[0]): void {
    this.#storages = new SdkStorages(producer);
    super.setMetricProducer(
      withReadableErrors(
        hurried(inSlices(producer, eventLoop, wallMillis, new DirectCallbacks("unread").wayOf), this.#hurry),
      ),
    );
  }

  /**
   * The reader shares the storages of instruments that record: with all readers of our own provider,
   * see `sharedProvider`, or with our endpoint, on a provider of the application.
   */
  shareStorages(sharing: "with endpoint" | "with all"): void {
    this.#sharing = sharing;
  }

  override async collect(options?: Parameters<MetricReader["collect"]>[0]): Promise<CollectionResult> {
    const result = await super.collect(options);
    if (this.#sharing === "nothing") return result;
    const scopeMetrics = result.resourceMetrics.scopeMetrics.map(({ scope, metrics }) => ({
      scope,
      metrics: metrics.map(takeSketches),
    }));
    const isProviderOurs = this.#sharing === "with all";
    this.#storages.mergeUnreported(isProviderOurs);
    this.#storages.bound(isProviderOurs);
    return { ...result, resourceMetrics: { ...result.resourceMetrics, scopeMetrics } };
  }

  /** Hides the attribute sets that have gone, and makes room under the limit. May pause at each `yield`. */
  expire(isGone: (labels: Labels, lastHeardAt: number) => boolean): Steps<void> {
    return this.sets.expire(isGone, (scope, instrument, gone) =>
      this.#storages.forget({ scope, instrument, gone }, this.#sharing === "with all"),
    );
  }

  /** The clock was set: values that were stored before are not newer than those to come. */
  clockWasSet(): void {
    this.#storages.age();
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
    // The sum of an up-down counter shows sets that are no longer observed.
    case InstrumentType.OBSERVABLE_UP_DOWN_COUNTER:
      return { type: AggregationType.LAST_VALUE };
    default:
      return { type: AggregationType.DEFAULT };
  }
}

function temporalityOf(type: InstrumentType): AggregationTemporality {
  return type === InstrumentType.UP_DOWN_COUNTER
    ? AggregationTemporality.CUMULATIVE
    : AggregationTemporality.DELTA;
}
