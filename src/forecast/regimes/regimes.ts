import { DriftWatch } from "./drift-watch.ts";
import { Segment } from "./segment.ts";

/** A point this many deviations away from the line does not belong to the regime. */
const FOREIGN_DEVIATIONS = 4;
/** This many foreign points on one side, one after the other, are a new regime. */
const CONFIRMING_POINTS = 2;
/** Points that the noise must be known from, before any point is foreign. */
const MIN_KNOWN_POINTS = 5;
/** The newest points count at least this much in the variance of the noise. */
const MIN_NOISE_WEIGHT = 0.05;
/** The noise of a new regime is expected to be this share of what the level has moved since. */
const NOISE_OF_MOVE = 0.1;
/** It is at most this many times the noise before, as a variance, unless there was none. */
const MAX_NOISE_GROWTH = 9;
/** The largest deviation that was seen loses its importance at this rate a point. */
const FADING = 0.9995;
/** A slope counts from this many standard errors on; one through two points from more. */
const CLEAR_SLOPE_ERRORS = 3;
const CLEAR_SLOPE_ERRORS_OF_TWO = 6;
/** A slope through two points is a jump when it is larger than this many deviations. */
const JUMP_DEVIATIONS = 10;
/** With fewer points, a regime without a clear slope has that of an earlier regime like it. */
const MIN_OWN_POINTS = 8;
/** A regime that begins this soon after a change is part of it. */
const CHANGING_POINTS = 12;
/** A regime with fewer points says nothing about later ones. */
const MIN_MODEL_POINTS = 5;
const MAX_PAST_REGIMES = 8;
/** The largest correlation of two deviations in a row that is reckoned with. */
const MOST_CORRELATION = 0.95;
const NEGLIGIBLE = 1e-9;

interface ForeignPoint {
  readonly time: number;
  readonly value: number;
  readonly deviation: number;
}

/** A change is one or more regimes, each soon after the one before. */
interface Change {
  readonly start: number;
  /** The level at which the regime before ended. */
  readonly levelBefore: number;
  readonly novelty: number;
  /** Whether it was slow, without a jump. */
  readonly isDrift: boolean;
}

interface PastRegime {
  readonly end: number;
  readonly slope: number;
  readonly points: number;
}

/**
 * Divides a series, point by point, into regimes that are straight lines with noise. Two points in a
 * row far on one side of the line begin a new regime, so that one outlier does not. A regime that is
 * too young to show its slope has that of an earlier one: a ramp goes on after it was reset, and a
 * level that comes back stays. Each point takes constant time.
 */
export class Regimes {
  #time = 0;
  #last = Number.NaN;
  #current: Segment | undefined;
  #known = 0;
  #noise = 0;
  /** The covariance of the deviations of two points in a row. */
  #covariance = 0;
  #deviationBefore = 0;
  #largestDeviation = 0;
  #foreign: ForeignPoint[] = [];
  readonly #past: PastRegime[] = [];
  #inherited: { readonly slope: number; readonly points: number } | undefined;
  #change: Change | undefined;
  readonly #drifts = [new DriftWatch(1), new DriftWatch(-1)] as const;

  /** Takes the next point; `NaN` for a gap. */
  take(value: number): void {
    this.#time += 1;
    if (Number.isNaN(value)) return;
    this.#last = value;
    if (this.#current === undefined) this.#current = new Segment(this.#time, value);
    else if (this.#isForeign(value)) this.#takeForeign(value);
    else this.#takeOwn(value);
  }

  get isEmpty(): boolean {
    return this.#current === undefined;
  }

  /** Whether a regime has begun after the first. */
  get hasChanged(): boolean {
    return this.#past.length > 0;
  }

  /** Whether the newest point is an outlier or the first of a new regime; unknown yet which. */
  get isUnsure(): boolean {
    return this.#foreign.length > 0;
  }

  /** Points that the noise is known from. */
  get knownPoints(): number {
    return this.#known;
  }

  /** Steps since the current regime began. */
  get age(): number {
    return this.#current === undefined ? 0 : this.#time - this.#current.start + 1;
  }

  /**
   * The deviation by which the current regime began, or by which the newest point is an outlier, in
   * the largest deviations seen before; above 1 it is new.
   */
  get novelty(): number {
    const [first] = this.#foreign;
    if (first !== undefined) return this.#noveltyOf(first.deviation);
    if (this.#change?.isDrift === true) return this.#noveltyOf(this.level - this.#change.levelBefore);
    return this.#change?.novelty ?? 0;
  }

  /** The newest value. */
  get last(): number {
    return this.#last;
  }

  /** The level now: that of the line, or the newest value while it is unsure. */
  get level(): number {
    if (this.#current === undefined || this.isUnsure) return this.#last;
    return this.#current.valueAt(this.#time, this.slope);
  }

  /** Steps since the series began to change; 0 when it never has. */
  get changeAge(): number {
    return this.#change === undefined ? 0 : this.#time - this.#change.start + 1;
  }

  /** Whether the series has left its former level slowly, without a jump. */
  get isDrifting(): boolean {
    return this.#change?.isDrift === true;
  }

  /** The level before the series began to change. */
  get levelBefore(): number | undefined {
    return this.#change?.levelBefore;
  }

  /** The level of the current regime without its newest, foreign points. */
  get expectedLevel(): number | undefined {
    return this.#current?.valueAt(this.#time, this.slope);
  }

  /** Whether the slope is that of an earlier regime. */
  get isInherited(): boolean {
    return !this.#hasClearSlope && this.#inheritedSlope !== 0;
  }

  /** The slope of the current regime, in values a step; 0 when there is no clear one. */
  get slope(): number {
    if (this.#current === undefined) return 0;
    return this.#hasClearSlope ? this.#current.slope : this.#inheritedSlope;
  }

  /** How many points the slope has held for. */
  get slopePoints(): number {
    return this.isInherited ? Math.max(this.age, this.#inherited?.points ?? 0) : this.age;
  }

  /** The slope of the newest points alone, and its standard error. */
  get ownSlope(): { readonly slope: number; readonly error: number } {
    const { slope = 0 } = this.#current ?? {};
    return { slope, error: this.#current?.slopeError(this.#expectedNoise) ?? 0 };
  }

  /**
   * How much less a slope is known because the noise persists: a random walk shows slopes that it
   * does not have.
   */
  get persistence(): number {
    const correlation = this.#noise > 0 ? this.#covariance / this.#noise : 0;
    const persistent = Math.min(MOST_CORRELATION, Math.max(0, correlation));
    return Math.sqrt((1 + persistent) / (1 - persistent));
  }

  /** The standard deviation of the noise around the line. */
  get deviation(): number {
    return Math.sqrt(this.#current?.noise(this.#expectedNoise) ?? 0);
  }

  get #inheritedSlope(): number {
    return (this.#current?.count ?? 0) < MIN_OWN_POINTS ? (this.#inherited?.slope ?? 0) : 0;
  }

  get #hasClearSlope(): boolean {
    const { slope } = this.ownSlope;
    const error = this.ownSlope.error * (this.isDrifting ? this.persistence : 1);
    const points = this.#current?.count ?? 0;
    if (points >= 3) return Math.abs(slope) >= CLEAR_SLOPE_ERRORS * error;
    const isJump = Math.abs(slope) >= JUMP_DEVIATIONS * Math.sqrt(this.#noise);
    return points === 2 && !isJump && Math.abs(slope) >= CLEAR_SLOPE_ERRORS_OF_TWO * error;
  }

  get #expectedNoise(): number {
    const before = this.#change?.levelBefore;
    if (before === undefined || this.#current === undefined) return this.#noise;
    const ofMove = (NOISE_OF_MOVE * (this.#current.valueAt(this.#time, 0) - before)) ** 2;
    const most = this.#noise > NEGLIGIBLE ? MAX_NOISE_GROWTH * this.#noise : ofMove;
    return this.#noise + Math.min(ofMove, most);
  }

  /** The distance of a value from the line, in units in which its deviation is that of the noise. */
  #deviationOf(value: number): number {
    const current = this.#current as Segment;
    const distance = (slope: number): number =>
      (value - current.valueAt(this.#time, slope)) / current.predictionError(this.#time, slope !== 0);
    const expected = distance(this.slope);
    if (current.count >= MIN_OWN_POINTS || !this.hasChanged) return expected;
    const sloped = distance(current.slope);
    return Math.abs(sloped) < Math.abs(expected) ? sloped : expected;
  }

  #isForeign(value: number): boolean {
    if (this.#known < MIN_KNOWN_POINTS) return false;
    const noise = Math.max(this.#noise, (this.#current as Segment).noise(this.#expectedNoise));
    return Math.abs(this.#deviationOf(value)) > FOREIGN_DEVIATIONS * Math.sqrt(noise) + NEGLIGIBLE;
  }

  #takeOwn(value: number): void {
    this.#forgetForeign();
    const deviation = this.#deviationOf(value);
    this.#known += 1;
    const scale = Math.sqrt(this.#noise);
    const weight = Math.max(1 / this.#known, MIN_NOISE_WEIGHT);
    this.#noise += weight * (deviation ** 2 - this.#noise);
    this.#covariance += weight * (deviation * this.#deviationBefore - this.#covariance);
    this.#deviationBefore = deviation;
    this.#largestDeviation = Math.max(this.#largestDeviation * FADING, Math.abs(deviation));
    this.#current?.add(this.#time, value);
    if (this.#known > MIN_OWN_POINTS && scale > NEGLIGIBLE) this.#watchDrift(value, deviation / scale);
  }

  /** A slow drift begins a new regime, which is not new to a backtest of as many points. */
  #watchDrift(value: number, deviation: number): void {
    for (const drift of this.#drifts) drift.take(this.#time, value, deviation);
    const drifted = this.#drifts[0].drifted ?? this.#drifts[1].drifted;
    if (drifted === undefined) return;
    this.#close(drifted.start);
    this.#current = drifted;
    this.#inherited = undefined;
    this.#change = { start: drifted.start, levelBefore: (this.#past.at(-1) as PastRegime).end, novelty: 0, isDrift: true };
    for (const drift of this.#drifts) drift.reset();
  }

  #close(at: number): void {
    const before = this.#current as Segment;
    const { slope } = this;
    this.#past.push({ end: before.valueAt(at - 1, slope), slope, points: before.count });
    if (this.#past.length > MAX_PAST_REGIMES) this.#past.shift();
  }

  #takeForeign(value: number): void {
    const deviation = this.#deviationOf(value);
    const [first] = this.#foreign;
    if (first !== undefined && Math.sign(first.deviation) !== Math.sign(deviation)) this.#forgetForeign();
    this.#foreign.push({ time: this.#time, value, deviation });
    if (this.#foreign.length >= CONFIRMING_POINTS) this.#begin();
  }

  /** Foreign points that were followed by others were outliers. */
  #forgetForeign(): void {
    for (const { deviation } of this.#foreign) {
      this.#largestDeviation = Math.max(this.#largestDeviation, Math.abs(deviation));
    }
    this.#foreign = [];
  }

  /** Growth that gathers speed looks like several new regimes in a row: it is one change. */
  #changeBy(deviation: number, start: number): Change {
    const novelty = this.#noveltyOf(deviation);
    const before = this.#change;
    if (before !== undefined && start - before.start <= CHANGING_POINTS) {
      return { ...before, novelty: Math.max(before.novelty, novelty), isDrift: false };
    }
    return { start, levelBefore: (this.#past.at(-1) as PastRegime).end, novelty, isDrift: false };
  }

  #noveltyOf(deviation: number): number {
    return Math.abs(deviation) / (this.#largestDeviation + NEGLIGIBLE);
  }

  #begin(): void {
    const [first, ...others] = this.#foreign as [ForeignPoint, ...ForeignPoint[]];
    this.#close(first.time);
    for (const drift of this.#drifts) drift.reset();
    const deviation = Math.min(...this.#foreign.map((point) => Math.abs(point.deviation)));
    this.#change = this.#changeBy(deviation, first.time);
    this.#largestDeviation = Math.max(this.#largestDeviation, deviation);
    this.#foreign = [];
    this.#current = new Segment(first.time, first.value);
    for (const { time, value } of others) this.#current.add(time, value);
    this.#inherited = this.#regimeLike(this.#current.valueAt(this.#time, 0));
  }

  /** A level regime at about this value, else the newest one with a slope. */
  #regimeLike(level: number): PastRegime | undefined {
    const tolerance = 3 * Math.sqrt(this.#noise) + NEGLIGIBLE;
    const models = this.#past.filter(({ points }) => points >= MIN_MODEL_POINTS);
    const level0 = models.find(({ slope, end }) => slope === 0 && Math.abs(end - level) < tolerance);
    return level0 ?? models.findLast(({ slope }) => slope !== 0);
  }
}
