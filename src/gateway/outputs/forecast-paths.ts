import type { SeriesKey } from "../../core/series-key.ts";
import type { SeriesForecaster } from "../../engine/series-forecaster.ts";
import { INTERVAL_LEVEL_LABEL } from "../../metrics/forecast-metrics.ts";
import { withoutReserved } from "../../otel/reserved-labels.ts";
import { labelPairs } from "../../prometheus/label-texts.ts";
import type { Label } from "../../wire/remote/time-series.ts";
import type { ForecastPath, PathSource } from "./path-source.ts";

/** Like the labels of our metrics, it is not the series' own. */
const FORECAST = ["forecast"];

/** The paths of the series of an engine: their points at the horizons are the published forecasts. */
export class ForecastPaths implements PathSource {
  readonly level = INTERVAL_LEVEL_LABEL;
  readonly #forecasters: () => Iterable<SeriesForecaster>;
  /** A series has the same key as long as it is forecast. */
  readonly #labels = new WeakMap<SeriesKey, readonly Label[]>();

  /** @param forecasters those of all series, at each call. */
  constructor(forecasters: () => Iterable<SeriesForecaster>) {
    this.#forecasters = forecasters;
  }

  /** The paths of the series that have a forecast. */
  *paths(): Generator<ForecastPath, undefined> {
    for (const { plan, outlook } of this.#forecasters()) {
      if (outlook === undefined || outlook.horizons.length === 0) continue;
      yield {
        metric: plan.key.metric,
        labels: this.#labelsOf(plan.key),
        latest: outlook.latest,
        points: () => outlook.path(),
      };
    }
  }

  #labelsOf(key: SeriesKey): readonly Label[] {
    let labels = this.#labels.get(key);
    if (labels === undefined) {
      labels = labelPairs(withoutReserved(withoutReserved(key.labels), FORECAST));
      this.#labels.set(key, labels);
    }
    return labels;
  }
}
