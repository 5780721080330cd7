import type { WindowAhead, WindowSpan } from "../core/windowed-number.ts";

/**
 * The most slices of a window. In a longer window, a slice is several collection intervals wide.
 */
const MAX_SLICES = 300;

/**
 * Cuts a sliding window into slices of time, by the clock and not by the number of collections. So
 * a collection that is early, late or missing does not change the width of the window. Times are in
 * milliseconds of a monotonic clock.
 */
export class WindowClock implements WindowSpan {
  /** The number of slices of the window. */
  readonly slices: number;
  readonly #intervalMillis: number;
  readonly #sliceMillis: number;
  #startedAt: number;
  /**
   * Where each slice of the window begins, the oldest first: the time of the last collection before
   * it.
   */
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
   * Moves on to a collection and returns how many slices begin with it. A collection may be half an
   * interval late, so that jitter does not put two collections into one slice and none into the
   * next.
   */
  moveTo(at: number): number {
    const slice = this.#sliceAt(at);
    const begun = Math.min(Math.max(0, slice - this.#slice), this.slices);
    for (let step = 0; step < begun; step += 1) this.#begins.push(this.#lastAt);
    this.#begins.splice(0, this.#begins.length - this.slices);
    this.#slice = Math.max(slice, this.#slice);
    this.#lastAt = at;
    return begun;
  }

  /** Where the slices begin, before the last collection. */
  saved(): { readonly sinceStart: number; readonly begins: Float64Array; readonly slice: number } {
    return {
      sinceStart: this.#lastAt - this.#startedAt,
      begins: Float64Array.from(this.#begins, (begin) => this.#lastAt - begin),
      slice: this.#slice,
    };
  }

  /** Goes on where the window of the last process was `lastAt`, its last collection. */
  restore({ sinceStart, begins, slice }: ReturnType<WindowClock["saved"]>, lastAt: number): void {
    this.#startedAt = lastAt - sinceStart;
    this.#begins.splice(0, this.#begins.length, ...Array.from(begins, (before) => lastAt - before));
    this.#slice = slice;
    this.#lastAt = lastAt;
  }

  /** The time that the window covers: less than its width after the start of the process. */
  get coveredSeconds(): number {
    const covered = this.#lastAt - (this.#begins[0] as number);
    return Math.max(covered, this.#intervalMillis) / 1000;
  }

  get fullSeconds(): number {
    return (this.slices * this.#sliceMillis) / 1000;
  }

  /** Where the window will be `seconds` after the last collection, if no collection is late. */
  ahead(seconds: number): WindowAhead {
    const at = this.#lastAt + seconds * 1000;
    const slice = this.#sliceAt(at);
    const begunSlices = Math.max(0, slice - this.#slice);
    const left = Math.max(0, this.#begins.length + begunSlices - this.slices);
    const known = this.#begins[left];
    const begin = known ?? this.#startedAt + (slice - this.slices) * this.#sliceMillis;
    const coveredSeconds = Math.max(at - begin, this.#intervalMillis) / 1000;
    return { begunSlices, coveredSeconds, comingSeconds: Math.min(seconds, coveredSeconds) };
  }

  #sliceAt(at: number): number {
    return Math.ceil((at - this.#startedAt - this.#intervalMillis / 2) / this.#sliceMillis);
  }
}
