import type { SeriesKey } from "../core/series-key.ts";
import type { YieldingClock } from "../core/yielding-runner.ts";
import type { PrometheusClient } from "../promql/prometheus-client.ts";
import type { Resolution } from "../series/resolution.ts";
import type { SeriesSnapshot } from "../series/series-snapshot.ts";
import type { ChooseSeries } from "./matching.ts";

/** Waits, or until the signal says that it is no longer of use. The process may end meanwhile. */
export type Sleep = (millis: number, signal: AbortSignal) => Promise<unknown>;

/** The clock of a backfill. */
export interface BackfillClock extends YieldingClock {
  /** Epoch milliseconds. */
  now(): number;
  /** Never rejects. */
  readonly sleep: Sleep;
}

/** A series with its past, and with what came while it waited. */
export interface RestoredSeries {
  readonly key: SeriesKey;
  readonly snapshot: SeriesSnapshot;
  /** The tiers that were asked for. */
  readonly resolutions: readonly Resolution[];
  /** Whether the API has answered all that was asked. If not, it may know more of the past. */
  readonly isAnswered: boolean;
}

/**
 * What became of a series that waited for its past. `failed`: what was answered before an error, or
 * before the time was up, is used.
 */
export type Outcome = "restored" | "no_past" | "ambiguous" | "failed";

/** Counts what became of the series that waited. */
export interface BackfillObserver {
  ended(outcome: Outcome, key: SeriesKey): void;
}

/** What a backfill needs, and its limits. */
export interface BackfillOptions {
  readonly client: PrometheusClient;
  readonly clock: BackfillClock;
  /** The tiers of a series, of which the finest has the collection interval. */
  readonly resolutions: readonly Resolution[];
  /** Receives each series once, when it no longer waits. */
  restore(series: RestoredSeries): void;
  /** Called each time when no series waits any more. */
  finished?(): void;
  readonly observer?: BackfillObserver;
  /** Chooses one of several series that have the labels of ours. Default: none. */
  readonly choose?: ChooseSeries;
  /** The maximum number of requests at the same time (default 4). */
  readonly concurrency?: number;
  /** How long a series waits for its past at most, in milliseconds (default 300,000). */
  readonly budgetMillis?: number;
}
