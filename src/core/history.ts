/** The past values of a series on a regular grid, oldest first. `NaN` is a gap. */
export interface History {
  readonly values: readonly number[] | Float64Array;
  readonly stepSeconds: number;
  /** A candidate period in steps, such as a day, if there is one. */
  readonly season?: number;
}
