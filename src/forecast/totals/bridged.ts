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

/** Hands a method that takes no gaps what was used in a gap, evenly spread, as soon as the gap has ended. */
export class Bridged implements FittedMethod {
  readonly #inner: FittedMethod;
  #last: number;
  #gap = 0;

  /** `last` is the total that `inner` was fed with last, and `gap` how many steps ago that was. */
  constructor(inner: FittedMethod, last: number, gap: number) {
    this.#inner = inner;
    this.#last = last;
    this.#gap = gap;
  }

  update(total: number): void {
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
}
