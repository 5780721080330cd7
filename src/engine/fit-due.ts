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
 * Fits models until the CPU time for fitting is used up. Series without a model come first, then those
 * whose newest values contradict their model.
 */
export async function fitDue(forecasters: Iterable<Fitted>, now: number, time: FittingTime): Promise<void> {
  const { clock, slices } = time;
  const end = clock.elapsedMillis() + Math.max(MIN_FITTING_MILLIS, time.millis * ELAPSED_SHARE);
  let spent = 0;
  for (const forecaster of await byUrgency(forecasters, slices)) {
    const share = forecaster.isWaiting ? FIRST_FITTING_SHARE : FITTING_SHARE;
    const budget = Math.max(MIN_FITTING_MILLIS, time.millis * share);
    if (spent >= budget || clock.elapsedMillis() >= end) return;
    for (const tier of forecaster.dueTiers(now)) {
      if (slices.isUnderWay) await slices.pause();
      const before = clock.threadCpuMillis();
      forecaster.fit(tier, now);
      spent += clock.threadCpuMillis() - before;
    }
  }
}

/** Fits models as far as there is time, and reviews the series that waited for it. */
export async function refit(due: readonly DueSeries[], now: number, time: FittingTime): Promise<void> {
  const { slices } = time;
  const forecasters = due.map(({ forecaster }) => forecaster);
  await fitDue(forecasters, now, time);
  for (const { forecaster, made } of due) {
    if (made !== undefined) forecaster.review(made.window);
    if (slices.isDue) await slices.pause();
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
