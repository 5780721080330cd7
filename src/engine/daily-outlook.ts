import type { AlertForecast } from "../alerts/state/alert-condition.ts";
import { type Bounds, clampTo } from "../core/bounds.ts";
import type { PredictedStep } from "../core/model.ts";
import type { Threshold } from "../core/threshold.ts";
import { midnightAfter, midnightBefore } from "../series/daily-total.ts";
import type { LocalClock } from "../series/local-clock.ts";
import type { TierModel } from "./tier-model.ts";

/** Where the total of a day stands, by which clock the day ends, and what the total of one day can be. */
export interface DayStanding {
  readonly now: number;
  readonly current: number;
  readonly clock: LocalClock | undefined;
  readonly bounds: Bounds;
}

/** Halvings of the rest of a day that come down to less than a second. */
const HALVINGS = 17;

/**
 * What the total of the day that `at` lies in will be then: today, where it stands and what is used from now on; on a later day, what is
 * used from its midnight on. The interval is that of what is used from now on; of the part since midnight it
 * shrinks as that of noise does, with the square root of the time.
 */
export function totalOfDayAt(
  model: TierModel,
  at: number,
  { now, current, clock, bounds }: DayStanding,
): PredictedStep {
  const isToday = at < midnightAfter(clock, now);
  const from = isToday ? { at: now, total: current } : { at: midnightBefore(clock, at), total: 0 };
  const share = isToday ? 1 : Math.sqrt((at - from.at) / (at - now));
  const { mean, lower80, upper80, lower95, upper95 } = model.predictAt(at);
  const predicted = from.total + model.meanAt(at) - model.meanAt(from.at);
  const around = (bound: number): number =>
    clampTo(bounds, Math.max(from.total, predicted + (bound - mean) * share));
  return {
    mean: around(mean),
    lower80: around(lower80),
    upper80: around(upper80),
    lower95: around(lower95),
    upper95: around(upper95),
  };
}

/** What the total comes to by the end of today. */
export function dayEndOf(model: TierModel, standing: DayStanding): AlertForecast {
  const midnight = midnightAfter(standing.clock, standing.now);
  const { mean, lower80, upper80 } = totalOfDayAt(model, midnight - 1, standing);
  return {
    predicted: mean,
    lower: lower80,
    upper: upper80,
    secondsAhead: (midnight - standing.now) / 1000,
    errorVersusNaive: model.model.errorVersusNaive,
  };
}

/** Seconds until the total passes the threshold today; 0 where it has, `undefined` where it will not. */
export function crossingToday(
  model: TierModel,
  threshold: Threshold | undefined,
  standing: DayStanding,
): number | undefined {
  if (threshold === undefined) return undefined;
  const { now, current, clock, bounds } = standing;
  const isPast = (total: number): boolean =>
    threshold.direction === "above" ? total > threshold.value : total < threshold.value;
  if (isPast(current)) return 0;
  if (threshold.direction === "below") return undefined;
  const meanNow = model.meanAt(now);
  const isPastAt = (at: number): boolean => isPast(clampTo(bounds, current + model.meanAt(at) - meanNow));
  let after = midnightAfter(clock, now) - 1;
  if (!isPastAt(after)) return undefined;
  let before = now;
  for (let halving = 0; halving < HALVINGS; halving++) {
    const middle = (before + after) / 2;
    if (isPastAt(middle)) after = middle;
    else before = middle;
  }
  return (after - now) / 1000;
}
