/** How far the bounds of the 80 % and 95 % interval lie from the mean; lower ones are not positive, upper ones not negative. */
export interface Offsets {
  readonly lower95: number;
  readonly lower80: number;
  readonly upper80: number;
  readonly upper95: number;
}

/** The intervals of a forecaster: offsets at any number of steps ahead. */
export interface Intervals {
  at(steps: number): Offsets;
}
