import type { Horizon } from "../core/horizon.ts";
import type { SeriesKey } from "../core/series-key.ts";
import type { Threshold } from "../core/threshold.ts";
import type { RowTables } from "../math/row-tables.ts";
import type { ForecastView } from "../views/forecast-view.ts";
import type { TrialTables } from "./review/series-trials.ts";
import type { SeriesKind } from "./series-kind.ts";
import type { TierOptions } from "./tier-model.ts";

/** How a series is forecast. */
export interface SeriesPlan extends TierOptions {
  readonly key: SeriesKey;
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
  /** Where the models and the trials of all series of the engine are. */
  readonly modelTables: RowTables;
  readonly trialTables: TrialTables;
}

/** What the models of a series depend on, beside its history. */
export function fingerprintOf(plan: SeriesPlan): string {
  const { method, gate, kind, clock, seasonSeconds, stepMillis } = plan;
  const learned = gate === undefined ? [] : [gate.id];
  return JSON.stringify([method, kind.isTotal, clock?.timeZone, seasonSeconds, stepMillis, ...learned]);
}
