import type { YieldingClock, YieldingRunner } from "../core/yielding-runner.ts";
import type { SeriesForecaster } from "./series-forecaster.ts";

/** The share of the time that fitting may take. What exceeds it waits for later collections. */
const FITTING_SHARE = 0.05;
const MIN_FITTING_MILLIS = 25;

/**
 * Fits models until the time for fitting is used up. Series without a model come first, then those
 * whose newest values contradict their model.
 *
 * @param time.millis the time between two collections.
 */
export async function fitDue(
  forecasters: Iterable<SeriesForecaster>,
  now: number,
  time: { readonly clock: YieldingClock; readonly slices: YieldingRunner; readonly millis: number },
): Promise<void> {
  const { clock, slices } = time;
  const due = Array.from(forecasters, (forecaster) => ({ forecaster, tiers: forecaster.dueTiers(now) }))
    .filter(({ tiers }) => tiers.length > 0)
    .sort((one, other) => urgencyOf(other.forecaster) - urgencyOf(one.forecaster));
  const budget = Math.max(MIN_FITTING_MILLIS, time.millis * FITTING_SHARE);
  let spent = 0;
  for (const { forecaster, tiers } of due) {
    for (const tier of tiers) {
      const before = clock.elapsedMillis();
      forecaster.fit(tier, now);
      spent += clock.elapsedMillis() - before;
      await slices.pauseIfDue();
    }
    if (spent >= budget) return;
  }
}

function urgencyOf({ isWaiting, isSurprised }: SeriesForecaster): number {
  if (isWaiting) return 2;
  return isSurprised ? 1 : 0;
}
