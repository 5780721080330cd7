import type { Horizon } from "../core/horizon.ts";
import type { SeriesKey } from "../core/series-key.ts";
import type { Threshold } from "../core/threshold.ts";
import type { ModelOptions } from "./tier-model.ts";

/** What a series is forecast by. */
export interface SeriesPlan extends ModelOptions {
  readonly key: SeriesKey;
  readonly unit: string;
  readonly horizons: readonly Horizon[];
  readonly threshold: Threshold | undefined;
  readonly forecastIntervalMillis: number;
  readonly stepMillis: number;
}
