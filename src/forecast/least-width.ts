/**
 * The least distance of the bounds of the 80 % interval one step ahead, in mean absolute steps of the
 * series. It grows with the square root of the distance, as the steps of a random walk add up. It is
 * small, because most series that have stayed for long go on to stay.
 */
const SHARE_OF_STEP = 0.002;
/** The bounds of the 95 % interval are this many times further away. */
const TIMES_OF_95_PERCENT = 2;

/**
 * Keeps intervals from having no width: a series that moves at all may move again, although no
 * forecast was wrong yet.
 */
export class LeastWidth {
  #last = Number.NaN;
  #steps = 0;
  #moved = 0;

  constructor(values: Float64Array) {
    for (let index = 0; index < values.length; index++) this.take(values[index] as number);
  }

  /** Takes the next value; `NaN` for a gap. */
  take(value: number): void {
    if (Number.isNaN(value)) return;
    if (!Number.isNaN(this.#last)) {
      this.#steps += 1;
      this.#moved += Math.abs(value - this.#last);
    }
    this.#last = value;
  }

  /** How far the bounds of the 80 % interval are from the mean at least. */
  at80(steps: number): number {
    if (this.#moved === 0) return 0;
    return SHARE_OF_STEP * (this.#moved / this.#steps) * Math.sqrt(steps);
  }

  /** The same of the 95 % interval. */
  at95(steps: number): number {
    return TIMES_OF_95_PERCENT * this.at80(steps);
  }
}
