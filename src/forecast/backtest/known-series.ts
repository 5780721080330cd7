import { RankedMedian, RankedNumbers } from "../../math/ranked-median.ts";

/** A series that is known in whole, `NaN` for gaps. */
export class KnownSeries {
  readonly values: Float64Array;
  /** How many values before each index are no gaps; one more at the end. */
  readonly validBefore: Int32Array;
  #valid: Float64Array | undefined;
  #median: RankedMedian | undefined;
  #counts: { readonly of: Int32Array; readonly counts: Int32Array } | undefined;

  constructor(values: Float64Array) {
    this.values = values;
    this.validBefore = new Int32Array(values.length + 1);
    let count = 0;
    for (let index = 0; index < values.length; index++) {
      if (!Number.isNaN(values[index] as number)) count++;
      this.validBefore[index + 1] = count;
    }
  }

  /** The values without gaps. */
  get valid(): Float64Array {
    const hasGaps = (this.validBefore.at(-1) as number) < this.values.length;
    this.#valid ??= hasGaps ? this.values.filter((value) => !Number.isNaN(value)) : this.values;
    return this.#valid;
  }

  /** How many values before each of some indices are no gaps. Computed once for these indices. */
  validBeforeEach(indices: Int32Array): Int32Array {
    if (this.#counts?.of !== indices)
      this.#counts = {
        of: indices,
        counts: indices.map((index) => this.validBefore[index] as number),
      };
    return this.#counts.counts;
  }

  /** The median over some values without gaps, before the first of them. Valid until the next call. */
  medianOver(window: number): RankedMedian {
    // The ranks are computed once for all windows.
    this.#median ??= new RankedMedian(new RankedNumbers(this.valid), window);
    this.#median.restart(window);
    return this.#median;
  }
}
