import type { Bounds } from "../../core/bounds.ts";
import type { LocalClock } from "../../series/local-clock.ts";

/** A horizon as it was asked for: so many steps, or so many seconds of whatever step a series has. */
export type HorizonOption = { readonly steps: number } | { readonly seconds: number };

/** How methods are tested. */
export interface BacktestOptions {
  readonly horizons: readonly HorizonOption[];
  /** Points in time that forecasts are made at. */
  readonly origins: number;
  /** Points of the past that a model sees; absent: as many as a process keeps at this step. */
  readonly window?: number;
  /** Names of methods; `naive`, which the others are compared with, and `auto` need not be among them. */
  readonly methods: readonly string[];
  readonly bounds: Bounds;
  /** Candidate season in steps or seconds; absent: a day where the window holds two, as in a process. */
  readonly season?: HorizonOption;
  /** Whose clock a season of days follows, as with the `timeZone` of a view; absent: UTC. */
  readonly clock?: LocalClock;
}

/** So many steps of a series: at least 1. */
export function inSteps(option: HorizonOption, stepSeconds: number): number {
  return "steps" in option ? option.steps : Math.max(1, Math.round(option.seconds / stepSeconds));
}
