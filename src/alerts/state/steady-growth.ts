import type { Sample } from "../../core/sample.ts";
import type { Threshold } from "../../core/threshold.ts";
import { GrowthAtScale } from "./growth-at-scale.ts";

/** Fast growth shows in a level that is smoothed a little, slow growth of noisy values in one that is smoothed more. */
const SMOOTHINGS: readonly number[] = [0.3, 0.1];

/** Recognises growth towards a threshold, fast or slow. O(1) in time and memory. */
export class SteadyGrowth {
  readonly #scales: readonly GrowthAtScale[];

  constructor(threshold: Threshold, horizonSeconds: number) {
    this.#scales = SMOOTHINGS.map((smoothing) => new GrowthAtScale(threshold, horizonSeconds, smoothing));
  }

  /** Takes the newest value. Samples that go back in time or are not finite are ignored. */
  observe(sample: Sample): void {
    for (const scale of this.#scales) scale.observe(sample);
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
