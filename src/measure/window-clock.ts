/** Rates look back over at most so many slices; with a longer window a slice is several collection intervals. */
const MAX_SLICES = 300;

/**
 * Cuts the time of a sliding window into slices, by the clock and not by the number of collections: one that comes
 * early, late or not at all neither narrows nor widens the window. Times are in milliseconds of a clock that never goes
 * back.
 */
export class WindowClock {
  /** How many slices the window is wide. */
  readonly slices: number;
  readonly #intervalMillis: number;
  readonly #sliceMillis: number;
  readonly #startedAt: number;
  /** From when on each slice of the window counts, the oldest first: the collection before its first one. */
  readonly #begins: number[];
  #slice = 0;
  #lastAt: number;

  constructor(options: { windowMillis: number; intervalMillis: number; startedAt: number }) {
    const { windowMillis, intervalMillis, startedAt } = options;
    const intervals = Math.ceil(windowMillis / intervalMillis);
    const intervalsInSlice = Math.ceil(intervals / MAX_SLICES);
    this.slices = Math.ceil(intervals / intervalsInSlice);
    this.#intervalMillis = intervalMillis;
    this.#sliceMillis = intervalsInSlice * intervalMillis;
    this.#startedAt = startedAt;
    this.#lastAt = startedAt;
    this.#begins = [startedAt];
  }

  /**
   * Moves on to a collection; gives how many slices have begun with it. Half an interval of patience keeps jitter from
   * putting two collections into one slice and none into the next.
   */
  moveTo(at: number): number {
    const slice = Math.ceil((at - this.#startedAt - this.#intervalMillis / 2) / this.#sliceMillis);
    const begun = Math.min(Math.max(0, slice - this.#slice), this.slices);
    for (let step = 0; step < begun; step += 1) this.#begins.push(this.#lastAt);
    this.#begins.splice(0, this.#begins.length - this.slices);
    this.#slice = Math.max(slice, this.#slice);
    this.#lastAt = at;
    return begun;
  }

  /** How much time what the window holds was counted in. A process that starts is at the beginning of its window. */
  get coveredSeconds(): number {
    const covered = this.#lastAt - (this.#begins[0] as number);
    return Math.max(covered, this.#intervalMillis) / 1000;
  }
}
