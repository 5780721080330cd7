import type { RowMemory } from "../../math/row-memory.ts";
import type { PlausibleRange } from "../method.ts";

/**
 * Several methods, which follow many series: `seek` says whose turn it is. What they know of a series is a
 * row of numbers.
 */
export interface FollowingMethods {
  /** How many methods they are. */
  readonly size: number;
  /** How many numbers of a row are theirs, from its beginning. */
  readonly width: number;
  /** The row of the series begins at an index of a memory. */
  seek(memory: RowMemory, first: number): void;
  /** From now on the row that was sought last may be that of another series. */
  forget(): void;
  /** Takes the next point of the series; `NaN` for a gap. */
  update(value: number): void;
  /** Goes on to follow the series with these methods alone: others are never asked again. */
  keepOnly(methods: ReadonlySet<number>): void;
  /** Writes the forecasts of some of them, in their order. */
  write(steps: number, voices: Voices, into: Float64Array): void;
  /** See `FittedMethod`. */
  plausible(steps: number): PlausibleRange | undefined;
}

/** Some of several methods: `count` of the numbers of methods, from an index on. */
export interface Voices {
  readonly methods: Uint8Array;
  readonly from: number;
  readonly count: number;
}
