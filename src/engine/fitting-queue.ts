import { Pace, type YieldingClock, type YieldingRunner } from "../core/yielding-runner.ts";
import type { ViewValue } from "../views/view-value.ts";
import type { SeriesForecaster } from "./series-forecaster.ts";

/** What is fitted: a forecaster of a series. */
export type Fitted = Pick<SeriesForecaster, "dueTiers" | "fit" | "isWaiting" | "isSurprised">;

/** A series that needs a new model. The review of its new value waits for it, if it has one. */
export interface DueSeries {
  readonly forecaster: SeriesForecaster;
  readonly made?: ViewValue;
}

/** What fitting is paced by. */
export interface FittingClock extends YieldingClock {
  /** The milliseconds for which a processor worked for this thread. */
  threadCpuMillis(): number;
}

/** The time for fitting. */
export interface FittingTime {
  readonly clock: FittingClock;
  readonly slices: YieldingRunner;
  /** The time between two collections. */
  readonly millis: number;
}

/** The share of a processor that fitting may take. What exceeds it waits for later collections. */
const FITTING_SHARE = 0.05;
/** The same for series without a model: until they have one, there is no forecast. */
const FIRST_FITTING_SHARE = 0.2;
const MIN_FITTING_MILLIS = 25;
/** On a busy machine little CPU time takes long. The collection must end before the next begins. */
const ELAPSED_SHARE = 0.5;

/**
 * The series that need a new model. There may be more of them than there is time for in a collection. Those
 * that had to wait are the first in the next one.
 */
export class FittingQueue {
  /** In the order in which they are to be fitted. */
  #left: readonly Fitted[] = [];

  /**
   * Fits models until the CPU time for fitting is used up. Series without a model come first, then those
   * whose newest values contradict their model. Of equally urgent ones, those that have waited longest.
   */
  async fit(forecasters: readonly Fitted[], now: number, time: FittingTime): Promise<void> {
    const { clock, slices } = time;
    const end = clock.elapsedMillis() + Math.max(MIN_FITTING_MILLIS, time.millis * ELAPSED_SHARE);
    let spent = 0;
    const queue = await byUrgency(await this.#inOrder(forecasters, slices), slices);
    this.#left = [];
    for (const [place, forecaster] of queue.entries()) {
      const share = forecaster.isWaiting ? FIRST_FITTING_SHARE : FITTING_SHARE;
      const budget = Math.max(MIN_FITTING_MILLIS, time.millis * share);
      if (spent >= budget || clock.elapsedMillis() >= end) {
        this.#left = queue.slice(place);
        return;
      }
      for (const tier of forecaster.dueTiers(now)) {
        if (slices.isUnderWay) await slices.pause();
        const before = clock.threadCpuMillis();
        forecaster.fit(tier, now);
        spent += clock.threadCpuMillis() - before;
      }
    }
  }

  /** Fits models as far as there is time, and reviews the series that waited for it. */
  async refit(due: readonly DueSeries[], now: number, time: FittingTime): Promise<void> {
    const { slices } = time;
    const forecasters = due.map(({ forecaster }) => forecaster);
    await this.fit(forecasters, now, time);
    for (const { forecaster, made } of due) {
      if (made !== undefined) forecaster.review(made.window);
      if (slices.isDue) await slices.pause();
    }
  }

  /** Those that had to wait first. One that has left, or was given a model meanwhile, is not waited for. */
  async #inOrder(forecasters: readonly Fitted[], slices: YieldingRunner): Promise<Iterable<Fitted>> {
    if (this.#left.length === 0) return forecasters;
    const others = new Set<Fitted>();
    const pace = new Pace();
    for (const forecaster of forecasters) {
      others.add(forecaster);
      if (pace.isDue() && slices.isDue) await slices.pause();
    }
    const ordered: Fitted[] = [];
    for (const forecaster of this.#left) {
      if (others.delete(forecaster)) ordered.push(forecaster);
      if (pace.isDue() && slices.isDue) await slices.pause();
    }
    return ordered.concat(Array.from(others));
  }
}

/** The most urgent first; of equally urgent ones the first. */
async function byUrgency(forecasters: Iterable<Fitted>, slices: YieldingRunner): Promise<Fitted[]> {
  const waiting: Fitted[] = [];
  const surprised: Fitted[] = [];
  const others: Fitted[] = [];
  const pace = new Pace();
  for (const forecaster of forecasters) {
    if (forecaster.isWaiting) waiting.push(forecaster);
    else if (forecaster.isSurprised) surprised.push(forecaster);
    else others.push(forecaster);
    if (pace.isDue() && slices.isDue) await slices.pause();
  }
  return [...waiting, ...surprised, ...others];
}
