/** Where a window will be after some time. */
export interface WindowAhead {
  /** The number of slices that will have begun. As many of the oldest ones leave the window. */
  readonly begunSlices: number;
  /** The time that the window will cover. */
  readonly coveredSeconds: number;
  /** The part of that time that is still to come. */
  readonly comingSeconds: number;
}

/** What the window of a number covers, now and later. */
export interface WindowSpan {
  readonly coveredSeconds: number;
  /** How long the window is once it has filled. */
  readonly fullSeconds: number;
  /** Where the window will be that long after the last collection, if no collection is late. */
  ahead(seconds: number): WindowAhead;
}

/** Sums of the two sides of a fraction. Of a rate, `whole` is not used: it is the time. */
export interface Counts {
  readonly part: number;
  readonly whole: number;
}

/** A rate, a ratio or a mean over a window. */
export interface WindowedFraction {
  readonly kind: "rate" | "ratio";
  readonly span: WindowSpan;
  /** What was counted since the start. */
  counted(): Counts;
  /** What the newest slices hold that will still be in the window when `begunSlices` have begun. */
  knownAfter(begunSlices: number): Counts;
}

/** Which part of the past the coming values are like: a share of the window, or all time. */
export type Like = number | "ever";

/** A percentile over a window. */
export interface WindowedQuantile {
  readonly kind: "quantile";
  readonly span: WindowSpan;
  /** The share of values that are below the percentile. */
  readonly share: number;
  /** The number of values in the window. */
  count(): number;
  /**
   * The value below which `share` of the values are when `begunSlices` have begun and `coming`
   * values have come.
   */
  quantileAfter(share: number, begunSlices: number, coming: number, like: Like): number | undefined;
}

/**
 * A number that is made of the slices of a window. Of its value later, the slices that will still
 * be in the window are known.
 */
export type WindowedNumber = WindowedFraction | WindowedQuantile;
