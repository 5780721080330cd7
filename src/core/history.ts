/**
 * The past of a series on a regular grid, oldest first. `NaN` marks a gap.
 * `season` is a candidate period in steps (one day, say), where one is known.
 */
export interface History {
  readonly values: readonly number[] | Float64Array;
  readonly stepSeconds: number;
  readonly season?: number;
}
