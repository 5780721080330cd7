import { Backfill } from "../../backfill/backfill.ts";
import type { PrometheusSource } from "../../config/gateway/gateway-settings.ts";
import type { ResolvedOptions } from "../../config/options.ts";
import type { ForecastEngine } from "../../engine/forecast-engine.ts";
import type { MonitorClock } from "../../measure/monitor-clock.ts";
import type { Surroundings } from "../../measure/surroundings.ts";
import { PrometheusClient } from "../../promql/prometheus-client.ts";
import { NewSeries } from "../../run/past/new-series.ts";
import { defaultResolutions } from "../../series/resolution.ts";
import { sleep } from "../../system/sleep.ts";
import type { ViewValue } from "../../views/view-value.ts";
import { pastQuestionOf } from "./past-question-of.ts";

/** What the past of a gateway goes into. */
export interface GatewayPastParts {
  readonly engine: ForecastEngine;
  readonly clock: MonitorClock;
  readonly surroundings: Surroundings;
  /** Called when series have got their past that waited for it at the start. */
  onRestored(): void;
}

/**
 * Asks the sources of a gateway for the past of series that are new to it, or were interrupted: each source
 * for the series of its queries, and the first one for those that are pushed.
 */
export class GatewayPast {
  readonly #backfills: readonly Backfill[];
  readonly #newSeries: readonly NewSeries[];
  readonly #isFirstOver: boolean[];

  constructor(sources: readonly PrometheusSource[], options: ResolvedOptions, parts: GatewayPastParts) {
    const asked = sources.filter(({ backfill }) => backfill !== undefined);
    this.#isFirstOver = asked.map(() => false);
    this.#backfills = asked.map((source, index) =>
      backfillOf(source, options, parts, () => {
        if (!this.#isFirstOver[index]) parts.onRestored();
        this.#isFirstOver[index] = true;
      }),
    );
    this.#newSeries = asked.map(({ queries }, index) => {
      const isForPushed = index === 0;
      const { windowMillis } = options;
      return new NewSeries({
        engine: parts.engine,
        backfill: this.#backfills[index] as Backfill,
        intervalMillis: options.collectionIntervalMillis,
        fillsGaps: true,
        questionOf: ({ output }) => pastQuestionOf(output, { queries, isForPushed, windowMillis }),
      });
    });
  }

  /** How many series wait. */
  get pending(): number {
    return this.#backfills.reduce((pending, backfill) => pending + backfill.pending, 0);
  }

  /** Why series of the start have no past yet; `undefined`: they have it, or it was given up. */
  get notReadyBecause(): string | undefined {
    const waiting = this.#backfills.filter(({ pending }, index) => pending > 0 && !this.#isFirstOver[index]);
    return waiting.length === 0 ? undefined : `${this.pending} series wait for their past`;
  }

  /** Keeps the values of a collection whose series wait. Returns all others. */
  take(values: readonly ViewValue[], now: number): readonly ViewValue[] {
    return this.#newSeries.reduce((left, newSeries) => newSeries.take(left, now), values);
  }

  /**
   * Ends. Series that wait stay as they were: with what was kept they would look as if they had no past. The
   * next configuration, or the next process, asks for it.
   */
  stop(): void {
    for (const backfill of this.#backfills) backfill.leave();
  }
}

function backfillOf(
  { url, headers, backfill }: PrometheusSource,
  { collectionIntervalMillis }: ResolvedOptions,
  { engine, clock, surroundings }: GatewayPastParts,
  finished: () => void,
): Backfill {
  const { elapsedMillis, pause } = surroundings;
  return new Backfill({
    client: new PrometheusClient({ url, headers, clock: surroundings }),
    clock: { now: () => clock.now(), elapsedMillis, pause, sleep },
    resolutions: defaultResolutions(collectionIntervalMillis / 1000),
    ...(backfill === undefined
      ? {}
      : { concurrency: backfill.concurrency, budgetMillis: backfill.timeLimitMillis }),
    restore: (series) => engine.restored.complete(series, clock.now()),
    finished,
  });
}
