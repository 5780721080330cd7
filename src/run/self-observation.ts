import type { Counter, Histogram, Meter } from "@opentelemetry/api";
import type { SeriesKey } from "../core/series-key.ts";
import type { EngineObserver } from "../engine/forecast-engine.ts";
import type { SkipLog } from "../logging/skip-log.ts";

/** The forecaster watching itself: `forecast_runs_total`, `forecast_series`, what was skipped and dropped. */
export class SelfObservation implements EngineObserver {
  readonly #runs: Counter;
  readonly #runDuration: Histogram;
  readonly #dropped = new Map<string, number>();
  readonly #skips: SkipLog;

  constructor(meter: Meter, skips: SkipLog, seriesCount: () => number) {
    this.#skips = skips;
    this.#runs = meter.createCounter("forecast.runs", { description: "Runs of the forecaster" });
    this.#runDuration = meter.createHistogram("forecast.run.duration", {
      unit: "s",
      description: "Time from the start of a run to its end, waiting included",
    });
    meter
      .createObservableGauge("forecast.series", { description: "Series that are kept and forecast" })
      .addCallback((result) => result.observe(seriesCount()));
    meter
      .createObservableCounter("forecast.skipped", {
        description: "What was handed in and not taken, by reason",
      })
      .addCallback((result) => {
        for (const [reason, count] of skips.counts) result.observe(count, { reason });
        if (skips.counts.size === 0) result.observe(0, { reason: "none" });
      });
    meter
      .createObservableCounter("forecast.series_dropped", {
        description: "Samples of series that were not kept, by reason",
      })
      .addCallback((result) => {
        for (const [reason, count] of this.#dropped) result.observe(count, { reason });
        if (this.#dropped.size === 0) result.observe(0, { reason: "none" });
      });
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
