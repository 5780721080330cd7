import { type Bounds, clampTo } from "../core/bounds.ts";
import type { PredictedStep } from "../core/model.ts";
import type { Sample } from "../core/sample.ts";
import { DailyTotal, midnightAfter, midnightBefore } from "../series/daily-total.ts";
import type { LocalClock } from "../series/local-clock.ts";
import type { OutlookModel } from "./outlook-model.ts";
import type { SeriesKind } from "./series-kind.ts";

/**
 * A total that starts from 0 at each midnight. Its model sees the running total over all days,
 * which never falls.
 */
export class DailyTotalKind implements SeriesKind {
  readonly isTotal = true;
  /** The bounds of the view are those of one day; the model sees the sum of many days. */
  readonly seenBounds = {};
  readonly #bounds: Bounds;
  readonly #clock: LocalClock | undefined;

  /** `clock` decides when the day ends. Without one the day ends at midnight UTC. */
  constructor(bounds: Bounds, clock: LocalClock | undefined) {
    this.#bounds = bounds;
    this.#clock = clock;
  }

  seenValues(slotMillis: number): DailyTotal {
    return new DailyTotal(this.#clock, slotMillis);
  }

  nextStart(now: number): number {
    return midnightAfter(this.#clock, now);
  }

  /**
   * The total of the day that `at` lies in. For today it is the current total plus what is used
   * from now on. For a later day it is what is used from its midnight on.
   *
   * The interval is that of the use from now on. For a later day it shrinks like noise, with the
   * square root of the share of the time that lies after midnight.
   */
  predictAt(model: OutlookModel, { at: now, value: current }: Sample, at: number): PredictedStep {
    const isToday = at < midnightAfter(this.#clock, now);
    const from = isToday ? { at: now, total: current } : { at: midnightBefore(this.#clock, at), total: 0 };
    const share = isToday ? 1 : Math.sqrt((at - from.at) / (at - now));
    const { mean, lower80, upper80, lower95, upper95 } = model.predictAt(at);
    const predicted = from.total + model.meanAt(at) - model.meanAt(from.at);
    const around = (bound: number): number =>
      clampTo(this.#bounds, Math.max(from.total, predicted + (bound - mean) * share));
    return {
      mean: around(mean),
      lower80: around(lower80),
      upper80: around(upper80),
      lower95: around(lower95),
      upper95: around(upper95),
    };
  }

  means(model: OutlookModel, { at: now, value: current }: Sample): (at: number) => number {
    const meanNow = model.meanAt(now);
    return (at) => clampTo(this.#bounds, Math.max(current, current + model.meanAt(at) - meanNow));
  }
}
