import type { Sample } from "../../core/sample.ts";
import type { Threshold } from "../../core/threshold.ts";
import { GrowthAtScale } from "./growth-at-scale.ts";

/** Fast growth shows in a level that is smoothed a little, slow growth of noisy values in one that is smoothed more. */
const SMOOTHINGS: readonly number[] = [0.3, 0.1];

/** Recognises growth towards a threshold, fast or slow. O(1) in time and memory. */
export class SteadyGrowth {
  readonly #scales: readonly GrowthAtScale[];
  /** How far the clock was set, and how long the process was paused, since the start. */
  #shiftedMillis = 0;

  constructor(threshold: Threshold, horizonSeconds: number) {
    this.#scales = SMOOTHINGS.map((smoothing) => new GrowthAtScale(threshold, horizonSeconds, smoothing));
  }

  /** Takes the newest value. Samples that go back in time or are not finite are ignored. */
  observe({ at, value }: Sample): void {
    const sample = { at: at - this.#shiftedMillis, value };
    for (const scale of this.#scales) scale.observe(sample);
  }

  /** Moves the times of what was seen, after the clock was set or time has passed unseen. */
  shift(millis: number): void {
    this.#shiftedMillis += millis;
  }

  /**
   * Seconds until the series passes the threshold if its growth continues. `undefined` without
   * steady growth, and if the threshold is further away than the growth can be continued.
   */
  get secondsToThreshold(): number | undefined {
    for (const scale of this.#scales) {
      const seconds = scale.secondsToThreshold;
      if (seconds !== undefined) return seconds;
    }
    return undefined;
  }
}
