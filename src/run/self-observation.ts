import type { Counter, Histogram, Meter, ObservableResult } from "@opentelemetry/api";
import type { SeriesKey } from "../core/series-key.ts";
import { kindsOf } from "../core/text-of.ts";
import type { EngineObserver } from "../engine/forecast-engine.ts";
import type { SkipLog } from "../logging/skip-log.ts";
import { FORECASTER_METRICS } from "../metrics/forecast-metrics.ts";
import {
  createCounter,
  createHistogram,
  createObservableCounter,
  createObservableGauge,
} from "../otel/create-instrument.ts";

/**
 * Metrics of the forecaster itself: its runs, its series, and the counts of what it did not take.
 */
export class SelfObservation implements EngineObserver {
  readonly #runs: Counter;
  readonly #runDuration: Histogram;
  readonly #dropped = new Map<string, number>();
  readonly #skips: SkipLog;

  constructor(meter: Meter, skips: SkipLog, seriesCount: () => number) {
    this.#skips = skips;
    this.#runs = createCounter(meter, FORECASTER_METRICS.runs);
    this.#runDuration = createHistogram(meter, FORECASTER_METRICS.runDuration);
    createObservableGauge(meter, FORECASTER_METRICS.series).addCallback((result) =>
      result.observe(seriesCount()),
    );
    createObservableCounter(meter, FORECASTER_METRICS.skipped).addCallback((result) =>
      observeCounts(result, skips.counts),
    );
    createObservableCounter(meter, FORECASTER_METRICS.seriesDropped).addCallback((result) =>
      observeCounts(result, this.#dropped),
    );
  }

  ran(seconds: number): void {
    this.#runs.add(1);
    this.#runDuration.record(seconds);
  }

  /** Counts samples of series that were not kept. The first series of each reason is logged. */
  dropped(reason: string, { metric, labels }: SeriesKey, count = 1): void {
    if (!this.#dropped.has(reason))
      this.#skips.logFirst(`dropping series (${reason}), the first is ${metric} {${kindsOf(labels)}}`);
    this.#dropped.set(reason, (this.#dropped.get(reason) ?? 0) + count);
  }
}

/**
 * One point for each reason. Before the first there is a point with the reason `none`, so that the
 * counter exists.
 */
function observeCounts(result: ObservableResult, counts: ReadonlyMap<string, number>): void {
  for (const [reason, count] of counts) result.observe(count, { reason });
  if (counts.size === 0) result.observe(0, { reason: "none" });
}
