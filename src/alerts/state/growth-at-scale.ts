import type { Sample } from "../../core/sample.ts";
import type { Threshold } from "../../core/threshold.ts";
import { GrowthLine } from "./growth-line.ts";
import { KnownRange } from "./known-range.ts";

/** Values that are needed before any level can be new. */
const MIN_KNOWN = 20;
/** Growth is more than this share of the range that the series had before. */
const MIN_RANGE_SHARE = 0.5;
/** Values that growth must have. */
const MIN_GROWN = 6;
/** The line through the growth must explain this share of the variance. */
const MIN_EXPLAINED = 0.6;
/** Growth is continued for this share of the time for which it was seen. */
const CONTINUED_SHARE = 0.5;
/** Before growth, the series must have been seen for this share of the time of the growth. */
const MIN_KNOWN_SHARE = 0.5;
/** Single values pass a threshold before their line does, by this many standard deviations. */
const DEVIATIONS_AHEAD = 1.5;
/** Growth is over when this many values, or this share of them, have brought no higher level. */
const MAX_VALUES_WITHOUT_RISE = 12;
const MAX_SHARE_WITHOUT_RISE = 0.5;

/** A series that is higher than all day before. */
interface Growth {
  readonly since: number;
  readonly line: GrowthLine;
  /** The highest smoothed level, and the number of its value. */
  peak: number;
  peakCount: number;
}

/**
 * Recognises a series that grows steadily towards a threshold, beyond every level that it had in
 * the last day. The errors of past forecasts say nothing about such growth: they are from calm
 * times. A model may also need long to follow it. So this continues the growth as a straight line,
 * and only for half of the time for which it was seen.
 *
 * Levels that were reached before without passing the threshold are known: a queue that fills and
 * drains again and again is new only the first time. For a limit below, growth is a fall.
 *
 * O(1) in time and memory.
 */
export class GrowthAtScale {
  readonly #side: 1 | -1;
  readonly #threshold: number;
  readonly #horizonSeconds: number;
  readonly #smoothing: number;
  readonly #known = new KnownRange();
  #count = 0;
  #firstAt = Number.NaN;
  #lastAt = Number.NEGATIVE_INFINITY;
  #smooth = Number.NaN;
  #growth: Growth | undefined;

  /** `smoothing` is the weight of a new value in the smoothed level. */
  constructor({ direction, value }: Threshold, horizonSeconds: number, smoothing: number) {
    this.#smoothing = smoothing;
    this.#side = direction === "above" ? 1 : -1;
    this.#threshold = this.#side * value;
    this.#horizonSeconds = horizonSeconds;
  }

  /** Takes the newest value. Samples that go back in time or are not finite are ignored. */
  observe({ at, value }: Sample): void {
    if (!Number.isFinite(value) || !(at > this.#lastAt)) return;
    const height = this.#side * value;
    if (this.#count === 0) this.#firstAt = at;
    this.#smooth = this.#count === 0 ? height : this.#smooth + this.#smoothing * (height - this.#smooth);
    this.#lastAt = at;
    this.#count++;
    if (this.#growth === undefined && (this.#count <= MIN_KNOWN || this.#smooth <= this.#known.highest)) {
      this.#known.add(at, this.#smooth);
      return;
    }
    this.#growth ??= { since: at, line: new GrowthLine(), peak: this.#smooth, peakCount: 1 };
    this.#grow(this.#growth, height);
  }

  /**
   * Seconds until the series passes the threshold if its growth continues. `undefined` without
   * steady growth, and if the threshold is further away than the growth can be continued.
   */
  get secondsToThreshold(): number | undefined {
    const growth = this.#growth;
    if (growth === undefined) return undefined;
    const { end, count } = growth.line;
    if (end === undefined || count < MIN_GROWN) return undefined;
    // The squares of very large values are no numbers, and neither is what is made of them.
    if (!(end.perSecond > 0 && end.explained >= MIN_EXPLAINED)) return undefined;
    const grownSeconds = (this.#lastAt - growth.since) / 1000;
    if ((growth.since - this.#firstAt) / 1000 < MIN_KNOWN_SHARE * grownSeconds) return undefined;
    const { lowest, highest: known } = this.#known;
    if (!(end.height - known >= MIN_RANGE_SHARE * (known - lowest))) return undefined;
    const aheadSeconds = Math.min(this.#horizonSeconds, CONTINUED_SHARE * grownSeconds);
    const highest = end.height + end.perSecond * aheadSeconds + DEVIATIONS_AHEAD * end.deviation;
    if (!(highest > this.#threshold)) return undefined;
    return Math.max(0, (this.#threshold - end.height) / end.perSecond);
  }

  #grow(growth: Growth, height: number): void {
    growth.line.add((this.#lastAt - growth.since) / 1000, height);
    const { count } = growth.line;
    if (this.#smooth > growth.peak) {
      growth.peak = this.#smooth;
      growth.peakCount = count;
    }
    const hasFallen = this.#smooth < (this.#known.highest + growth.peak) / 2;
    const allowed = Math.max(MAX_VALUES_WITHOUT_RISE, MAX_SHARE_WITHOUT_RISE * count);
    if (!hasFallen && count - growth.peakCount <= allowed) return;
    this.#known.add(this.#lastAt, growth.peak);
    this.#growth = undefined;
  }
}
