import type { FittedMethod } from "../method.ts";

/**
 * A total with its gaps interpolated linearly; gaps at the end are cut off. Needs a valid first
 * value.
 */
export function bridgeGaps(values: Float64Array): Float64Array {
  const bridged = Float64Array.from(values);
  let known = 0;
  for (let index = 1; index < values.length; index++) {
    if (Number.isNaN(values[index] as number)) continue;
    const from = values[known] as number;
    const slope = ((values[index] as number) - from) / (index - known);
    for (let gap = known + 1; gap < index; gap++) bridged[gap] = from + slope * (gap - known);
    known = index;
  }
  return bridged.subarray(0, known + 1);
}

/** The end of a total, for a method that takes no gaps. */
export interface TotalEnd {
  /** The last total that the method was updated with. */
  readonly last: number;
  /** How many steps ago that was. */
  readonly gap: number;
  /** Number of steps of the total so far. */
  readonly seen: number;
}

/**
 * Adapts a method that takes no gaps to a running total. The use during a gap is spread evenly when
 * the gap ends. Forecasts never fall.
 */
export class RunningTotal implements FittedMethod {
  readonly #inner: FittedMethod;
  #last: number;
  #gap: number;
  #seen: number;

  constructor(inner: FittedMethod, { last, gap, seen }: TotalEnd) {
    this.#inner = inner;
    this.#last = last;
    this.#gap = gap;
    this.#seen = seen;
  }

  update(total: number): void {
    this.#seen++;
    if (Number.isNaN(total)) {
      this.#gap++;
      return;
    }
    const slope = (total - this.#last) / (this.#gap + 1);
    for (let step = 1; step <= this.#gap; step++) this.#inner.update(this.#last + slope * step);
    this.#inner.update(total);
    this.#last = total;
    this.#gap = 0;
  }

  at(steps: number): number {
    return Math.max(this.#last, this.#inner.at(steps + this.#gap));
  }

  /**
   * The forecast trusts a trend only as far ahead as it has seen it. Beyond that the lower bound
   * stays flat. What has lasted for a time lasts at least as long again with a probability of one
   * half (J. R. Gott, Nature 363, 315, 1993).
   */
  maxLowerBound(steps: number): number {
    return this.at(Math.min(steps, this.#seen));
  }
}
