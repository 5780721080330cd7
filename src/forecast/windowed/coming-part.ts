import type { WindowAhead } from "../../core/windowed-number.ts";
import type { SavedFraction } from "./saved-windowed.ts";

/** How far a value is expected to lie below or above its forecast: one standard deviation. */
export interface Deviation {
  readonly down: number;
  readonly up: number;
}

/** One way to expect what will come into a window. */
export interface Way {
  readonly name: string;
  /** The error that is assumed before any was measured, relative to no change. */
  readonly assumedError: number;
}

/** Expects the later value of a window: what is known, and several ways to expect what comes. */
export interface ComingPart {
  readonly ways: readonly Way[];
  /**
   * How the ways are combined. A median ignores a way that is far off; a mean errs less when the
   * ways jump, as percentiles do.
   */
  readonly combination: "mean" | "median";
  /** The error of no change that is assumed at a horizon, in the units of the ways. */
  assumedErrorOfNoChange(horizonSeconds: number): number;
  /** Learns what came within the last `seconds`. `undefined`: it is not to be learnt from. */
  learn(seconds: number | undefined): void;
  /** Writes the value that each way leads to into `into`, from `start` on; `current` if unknown. */
  expect(ahead: WindowAhead, current: number, into: Float64Array, start: number): void;
  deviation(ahead: WindowAhead): Deviation;
  /** What was learnt; `undefined` if the window holds everything that is needed. */
  saved(): SavedFraction | undefined;
  restore(saved: SavedFraction | undefined): void;
  /** Gives back the memory of its numbers, when it is not needed any more. */
  remove(): void;
}
