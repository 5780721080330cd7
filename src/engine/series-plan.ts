import type { Horizon } from "../core/horizon.ts";
import { type SeriesKey, seriesId } from "../core/series-key.ts";
import type { Threshold } from "../core/threshold.ts";
import type { Gate } from "../forecast/gate/gate.ts";
import type { RowTables } from "../math/row-tables.ts";
import type { LocalClock } from "../series/local-clock.ts";
import type { ForecastView } from "../views/forecast-view.ts";
import { phaseOf } from "./phase-of.ts";
import type { PostponedValues } from "./postponed-values.ts";
import type { SharedTrials } from "./review/series-trials.ts";
import type { SeriesKind } from "./series-kind.ts";
import type { TierOptions } from "./tier-model.ts";

/** How all series of an output are forecast. */
export interface SharedPlan extends Omit<TierOptions, "phase"> {
  /** The view that makes the series. */
  readonly view: ForecastView;
  readonly unit: string;
  readonly kind: SeriesKind;
  /** In ascending order. */
  readonly horizons: readonly Horizon[];
  /** What is forecast, in seconds: the horizons, and for a total also the rest of the day. */
  readonly spans: readonly number[];
  readonly threshold: Threshold | undefined;
  readonly stepMillis: number;
  readonly isSaved: boolean;
  /** Where the models and the trials of all series of the engine are. */
  readonly modelTables: RowTables;
  readonly trials: SharedTrials;
  /** Where what was learnt of the windows of all series of the engine is. */
  readonly windowTables: RowTables;
  /** The values that models have not taken yet, of all series of the engine. */
  readonly postponed: PostponedValues;
}

/** How a series is forecast. Of its own it has only its key: there are thousands of series. */
export class SeriesPlan implements SharedPlan, TierOptions {
  readonly key: SeriesKey;
  readonly #shared: SharedPlan;

  constructor(key: SeriesKey, shared: SharedPlan) {
    this.key = key;
    this.#shared = shared;
  }

  /** The same, with another method. */
  by(method: string): SeriesPlan {
    return new SeriesPlan(this.key, { ...this.#shared, method });
  }

  get phase(): number {
    return phaseOf(seriesId(this.key));
  }

  get view(): ForecastView {
    return this.#shared.view;
  }

  get unit(): string {
    return this.#shared.unit;
  }

  get kind(): SeriesKind {
    return this.#shared.kind;
  }

  get clock(): LocalClock | undefined {
    return this.#shared.clock;
  }

  get horizons(): readonly Horizon[] {
    return this.#shared.horizons;
  }

  get spans(): readonly number[] {
    return this.#shared.spans;
  }

  get method(): string {
    return this.#shared.method;
  }

  get gate(): Gate | undefined {
    return this.#shared.gate;
  }

  get threshold(): Threshold | undefined {
    return this.#shared.threshold;
  }

  get seasonSeconds(): number | undefined {
    return this.#shared.seasonSeconds;
  }

  get forecastIntervalMillis(): number {
    return this.#shared.forecastIntervalMillis;
  }

  get stepMillis(): number {
    return this.#shared.stepMillis;
  }

  get isSaved(): boolean {
    return this.#shared.isSaved;
  }

  get modelTables(): RowTables {
    return this.#shared.modelTables;
  }

  get trials(): SharedTrials {
    return this.#shared.trials;
  }

  get windowTables(): RowTables {
    return this.#shared.windowTables;
  }

  get postponed(): PostponedValues {
    return this.#shared.postponed;
  }
}

/** What the models of a series depend on, beside its history. */
export function fingerprintOf(plan: SeriesPlan): string {
  const { method, gate, kind, clock, seasonSeconds, stepMillis } = plan;
  const learned = gate === undefined ? [] : [gate.id];
  return JSON.stringify([method, kind.isTotal, clock?.timeZone, seasonSeconds, stepMillis, ...learned]);
}
