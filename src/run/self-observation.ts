import type { Counter, Histogram, Meter, ObservableResult } from "@opentelemetry/api";
import type { SeriesKey } from "../core/series-key.ts";
import type { EngineObserver } from "../engine/forecast-engine.ts";
import type { SkipLog } from "../logging/skip-log.ts";
import { FORECASTER_METRICS } from "../metrics/forecast-metrics.ts";
import {
  createCounter,
  createHistogram,
  createObservableCounter,
  createObservableGauge,
} from "../otel/create-instrument.ts";

/** The forecaster watching itself: `forecast_runs_total`, `forecast_series`, what was skipped and dropped. */
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

  dropped(reason: string, key: SeriesKey): void {
    this.droppedSeries(reason, 1, `${key.metric}${JSON.stringify(key.labels)}`);
  }

  /** Counts series that were not kept, and says so the first time that each reason occurs. */
  droppedSeries(reason: string, count: number, example: string): void {
    if (count <= 0) return;
    if (!this.#dropped.has(reason)) this.#skips.say(`dropping series (${reason}), the first is ${example}`);
    this.#dropped.set(reason, (this.#dropped.get(reason) ?? 0) + count);
  }
}

/** One point for each reason; where there is none yet, one that says so, for the counter to exist. */
function observeCounts(result: ObservableResult, counts: ReadonlyMap<string, number>): void {
  for (const [reason, count] of counts) result.observe(count, { reason });
  if (counts.size === 0) result.observe(0, { reason: "none" });
}
