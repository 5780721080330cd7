import { ClockedModel } from "../../../src/engine/clocked-model.ts";
import { TierModels } from "../../../src/engine/tier-models.ts";
import { TieredSeries } from "../../../src/series/tiered-series.ts";

const forecastIntervalMillis = 300_000;

/** A model that is fitted to a history: a function from steps ahead to the forecast. */
export function fittedModel({ values, stepSeconds }, options, ahead) {
  const fit = ClockedModel.fit({ values, stepSeconds, lastAt: 0 }, options, ahead + 2);
  if (fit.state !== "ready")
    throw new Error(`a history of ${values.length} points has no model: ${fit.state}`);
  return (steps) => fit.model.predictAt(steps * stepSeconds * 1000);
}

/**
 * A model that saw the history point by point, fitted when the engine fits: when the series is young and has
 * grown, else every 5 minutes.
 */
export function liveModel({ values, stepSeconds }, options, ahead) {
  const series = new TieredSeries({ resolutions: [{ stepSeconds, capacity: 1000 }] });
  const spanSeconds = ahead * stepSeconds;
  const models = new TierModels(series, { ...options, seasonSeconds: undefined }, [spanSeconds]);
  const at = (index) => index * stepSeconds * 1000;
  for (const [index, value] of values.entries()) {
    series.append({ at: at(index), value });
    for (const tier of models.dueTiers(at(index), forecastIntervalMillis)) models.fit(tier, at(index));
    models.feed();
  }
  const live = models.for(spanSeconds);
  if (live === undefined) throw new Error(`a history of ${values.length} points has no model`);
  return (steps) => live.model.predictAt(at(values.length - 1 + steps));
}
