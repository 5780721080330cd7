import { medianSorted } from "simple-statistics";
import type { History } from "../../core/history.ts";
import { dot, robustRidge } from "../../math/robust-ridge.ts";
import { horizonGrid, positionOn } from "../backtest/horizon-grid.ts";
import type { Method } from "../method.ts";
import { mainPeriod } from "../seasons/find-seasons.ts";
import { naive } from "./naive.ts";
import { RegressionFeatures } from "./regression-features.ts";

const PENALTY_POINTS = 10;
/** Points that a horizon needs to be fitted; further ones have the coefficients of the last that had them. */
const MIN_TARGETS = 24;
/** The furthest horizon that is fitted, as a share of the history. */
const MAX_HORIZON_SHARE = 1 / 3;
/** Points that it learns from, the newest. */
const MAX_MEMORY_POINTS = 2000;

/**
 * Direct regression: for each horizon of a grid a ridge regression of its own on exponentially weighted averages and the seasonal lag, instead of a
 * one-step model run forward, whose errors would pile up. An update moves the averages; the coefficients stay. With too few
 * points it is naive. https://otexts.com/fpp3/lagged-predictors.html
 */
export const regression: Method = {
  name: "regression",
  fit(history, parameters) {
    const recent = { ...history, values: history.values.slice(-MAX_MEMORY_POINTS) };
    const { horizons, coefficients } = fitHorizons(recent);
    if (horizons.length === 0) return naive.fit(history, parameters);
    const features = featuresOf(recent);
    for (const value of recent.values) features.update(value);
    return {
      update: (value) => features.update(value),
      at(steps) {
        const { below, above, share } = positionOn(horizons, steps);
        const known = features.towards(steps);
        const left = dot(known, coefficients[below] as Float64Array);
        const right = dot(known, coefficients[above] as Float64Array);
        return features.slow + left * (1 - share) + right * share;
      },
    };
  },
};

function featuresOf(history: History): RegressionFeatures {
  const sorted = Float64Array.from(history.values)
    .filter((value) => !Number.isNaN(value))
    .sort();
  return new RegressionFeatures(medianSorted(sorted as unknown as number[]), mainPeriod(history) ?? 0);
}

function fitHorizons(history: History): { horizons: number[]; coefficients: Float64Array[] } {
  const { values } = history;
  const longest = Math.floor(values.length * MAX_HORIZON_SHARE);
  const grid = longest >= 1 ? horizonGrid(longest) : [];
  const rows = grid.map((): Float64Array[] => []);
  const targets = grid.map((): number[] => []);
  const features = featuresOf(history);
  for (let index = 0; index < values.length; index++) {
    features.update(values[index] as number);
    grid.forEach((horizon, position) => {
      const target = values[index + horizon];
      if (target === undefined || Number.isNaN(target)) return;
      (rows[position] as Float64Array[]).push(features.towards(horizon));
      (targets[position] as number[]).push(target - features.slow);
    });
  }
  const horizons = grid.filter((_, position) => (rows[position] as Float64Array[]).length >= MIN_TARGETS);
  const coefficients = horizons.map((_, position) =>
    robustRidge(
      rows[position] as Float64Array[],
      Float64Array.from(targets[position] as number[]),
      PENALTY_POINTS,
    ),
  );
  return { horizons, coefficients };
}
