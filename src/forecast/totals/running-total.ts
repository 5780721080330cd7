import type { FittedMethod } from "../method.ts";

/** A total whose gaps are bridged evenly; what is unknown at its end is left off. Needs a valid first value. */
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

/** Where a method that takes no gaps stands in a total. */
export interface TotalEnd {
  /** The total that it was fed with last. */
  readonly last: number;
  /** How many steps ago that was. */
  readonly gap: number;
  /** Steps that the total has been seen for. */
  readonly seen: number;
}

/**
 * A running total to a method that takes no gaps: what was used in a gap is handed on evenly spread, as soon as the gap has ended. It
 * never falls.
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
   * What has gone on for a while goes on for as long again with even odds, whatever it is (J. R. Gott, Nature 363, 315, 1993):
   * further ahead the lower bound stays where it is then.
   */
  atLeast(steps: number): number {
    return this.at(Math.min(steps, this.#seen));
  }
}
