/** The most attributes of a resource or a point. */
export const MAX_ATTRIBUTES = 256;
/** The most bytes of the attributes of a resource or a point, of a scope and of a metric's header. */
export const MAX_PART_BYTES = 65_536;
/** The most buckets of a histogram, and the most boundaries. */
export const MAX_BUCKETS = 10_000;

/** Why a point of a request is not taken, and how the sender is told. */
export const REJECTIONS = {
  no_name: "the metric has no name",
  no_temporality: "the aggregation temporality is neither delta nor cumulative",
  no_time: "the point has no time",
  no_value: "the point has no value",
  invalid_histogram:
    "the histogram does not have one bucket more than ascending boundaries, its scale is not -11 to 20, " +
    "or the counts of its buckets are not whole numbers from 0",
  oversized:
    `there are more than ${MAX_ATTRIBUTES} attributes, more than ${MAX_BUCKETS} buckets, or more than ` +
    `${MAX_PART_BYTES} bytes of attributes, of the scope or of the header of the metric`,
} as const;

/** A key of `REJECTIONS`. */
export type Rejection = keyof typeof REJECTIONS;

/** What became of the points of a request. */
export class ExportResult {
  /** The number of points that were handed to a stream. */
  taken = 0;
  /** The number of points of summaries, which are left out. */
  summaries = 0;
  #cutTexts = 0;
  readonly #rejected = new Map<Rejection, number>();

  /** The number of attribute keys and values, and texts of headers, that were too long and were cut. */
  get cutTexts(): number {
    return this.#cutTexts;
  }

  /** The number of rejected points by reason. */
  get rejected(): ReadonlyMap<Rejection, number> {
    return this.#rejected;
  }

  /** Counts a rejected point. */
  reject(reason: Rejection): void {
    this.#rejected.set(reason, (this.#rejected.get(reason) ?? 0) + 1);
  }

  /** Counts a text that was cut. It may be passed on as a function. */
  readonly countCut = (): void => {
    this.#cutTexts += 1;
  };
}
