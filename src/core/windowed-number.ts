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
  ahead(seconds: number): WindowAhead;
}

/** Sums of the two sides of a fraction: of what a share is taken, or seconds for a rate. */
export interface Counts {
  readonly part: number;
  readonly whole: number;
}

/**
 * A rate, a ratio or a mean over a window. Of its value later, the slices that will still be in the
 * window are known.
 */
export interface WindowedFraction {
  readonly span: WindowSpan;
  /** Whether `whole` is the time in seconds. */
  readonly isRate: boolean;
  /** What was counted since the start. Of a rate, `whole` is 0. */
  readonly counted: Counts;
  /** What the newest slices hold when `begunSlices` have begun after now. */
  knownAfter(begunSlices: number): Counts;
}
