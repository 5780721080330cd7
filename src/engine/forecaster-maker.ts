import type { ResolvedOptions } from "../config/options.ts";
import { MIDNIGHT } from "../core/horizon.ts";
import type { SeriesKey } from "../core/series-key.ts";
import { isSelection } from "../forecast/fit-options.ts";
import type { Gate } from "../forecast/gate/gate.ts";
import { RowTables } from "../math/row-tables.ts";
import { type PredictedMetrics, predictedMetrics } from "../metrics/forecast-metrics.ts";
import type { ForecastProducer } from "../otel/forecast-producer.ts";
import { type LocalClock, localClock } from "../series/local-clock.ts";
import type { SeriesStorage } from "../series/series-store.ts";
import type { TieredSeries } from "../series/tiered-series.ts";
import { PUBLISHED_PARTS, type PublishedPart } from "../views/forecast-view.ts";
import { compileAny } from "../views/pattern.ts";
import { type ResolvedOutput, thresholdOf } from "../views/resolved-output.ts";
import { DailyTotalKind } from "./daily-total-kind.ts";
import { PostponedValues } from "./postponed-values.ts";
import { SeriesPublication } from "./publication/series-publication.ts";
import { TrialTables } from "./review/series-trials.ts";
import { SeriesForecaster } from "./series-forecaster.ts";
import { LevelKind, type SeriesKind } from "./series-kind.ts";
import { SeriesPlan, type SharedPlan } from "./series-plan.ts";

/** Gives the learned weights for a method. `undefined`: it has none. */
export type GateFor = (method: string) => Gate | undefined;

/** Creates the forecaster of a new series from its view and the options. */
export class ForecasterMaker {
  readonly #options: ResolvedOptions;
  readonly #producer: ForecastProducer;
  readonly #predicted = new Map<string, PredictedMetrics>();
  readonly #hasAlert: (metric: string) => boolean;
  readonly #clocks = new Map<string, LocalClock>();
  readonly #modelTables = new RowTables();
  readonly #trialTables = new TrialTables();
  // All rows of a kind of window are as long.
  readonly #windowTables = new RowTables(1);
  readonly postponed: PostponedValues;
  readonly #gate: GateFor;
  /** What all series of an output share. */
  readonly #shared = new WeakMap<ResolvedOutput, SharedPlan>();

  /** @param gate The learned weights for a method. */
  constructor(options: ResolvedOptions, producer: ForecastProducer, gate: GateFor) {
    this.#options = options;
    this.#producer = producer;
    this.#gate = gate;
    this.postponed = new PostponedValues(options.collectionIntervalMillis);
    this.#hasAlert = compileAny(options.alerting.alerts.map(({ metric }) => metric));
  }

  /**
   * How a new series is stored. The coarse tiers are for long horizons, for totals of a day, and for
   * a history that outlives the process: its next life may ask for more.
   */
  storageOf({ view, spec }: ResolvedOutput): SeriesStorage {
    if (spec.isDailyTotal === true || this.#options.history !== "memory") return {};
    const horizons = view.horizons ?? this.#options.horizons;
    return { horizonSeconds: Math.max(...horizons.map(({ seconds }) => seconds)) };
  }

  make(output: ResolvedOutput, key: SeriesKey, series: TieredSeries): SeriesForecaster {
    const plan = new SeriesPlan(key, this.#sharedOf(output));
    const predicted = this.#predictedOf(key.metric);
    const publication = new SeriesPublication(this.#producer, key, predicted, this.#partsOf(output, plan));
    return new SeriesForecaster(plan, series, publication);
  }

  /** All series of a metric share one description. */
  #predictedOf(metric: string): PredictedMetrics {
    let predicted = this.#predicted.get(metric);
    if (predicted === undefined) {
      predicted = predictedMetrics(metric);
      this.#predicted.set(metric, predicted);
    }
    return predicted;
  }

  /** A default view publishes everything of a series that a threshold or an alert is about. */
  #partsOf({ view, rank, metric }: ResolvedOutput, { threshold }: SeriesPlan): readonly PublishedPart[] {
    const { publish = PUBLISHED_PARTS } = view;
    if (rank < this.#options.givenViews) return publish;
    const isAskedFor = threshold !== undefined || this.#hasAlert(metric);
    return isAskedFor ? PUBLISHED_PARTS : publish;
  }

  #sharedOf(output: ResolvedOutput): SharedPlan {
    let shared = this.#shared.get(output);
    if (shared === undefined) {
      shared = this.#newShared(output);
      this.#shared.set(output, shared);
    }
    return shared;
  }

  #newShared(output: ResolvedOutput): SharedPlan {
    const { view, unit, spec } = output;
    const method = view.method ?? this.#options.method;
    const clock = view.timeZone === undefined ? undefined : this.#clockOf(view.timeZone);
    const given = view.horizons ?? this.#options.horizons;
    const horizons = given.toSorted((one, other) => one.seconds - other.seconds);
    const spans = horizons.map(({ seconds }) => seconds);
    const stepMillis = this.#options.collectionIntervalMillis;
    return {
      view,
      unit,
      clock,
      horizons,
      spans: spec.isDailyTotal === true ? [...spans, MIDNIGHT.seconds] : spans,
      kind: kindOf(output, clock),
      method,
      gate: this.#gate(method),
      threshold: thresholdOf(output, this.#options.thresholds),
      seasonSeconds: view.seasonSeconds,
      forecastIntervalMillis: this.#options.forecastIntervalMillis,
      stepMillis,
      isSaved: this.#options.history !== "memory",
      modelTables: this.#modelTables,
      windowTables: this.#windowTables,
      postponed: this.postponed,
      // Models of one method that the user named are never dismissed.
      trials: this.#trialTables.of({ horizons, stepMillis, mayDismiss: isSelection(method) }),
    };
  }

  /** All series of a zone share one clock, because a clock caches its answers. */
  #clockOf(timeZone: string): LocalClock {
    let clock = this.#clocks.get(timeZone);
    if (clock === undefined) {
      clock = localClock(timeZone);
      this.#clocks.set(timeZone, clock);
    }
    return clock;
  }
}

function kindOf({ spec }: ResolvedOutput, clock: LocalClock | undefined): SeriesKind {
  const bounds = spec.bounds ?? {};
  return spec.isDailyTotal === true ? new DailyTotalKind(bounds, clock) : new LevelKind(bounds);
}
