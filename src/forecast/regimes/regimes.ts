import { type Change, changeBy, newnessOf } from "./change.ts";
import { DriftWatch } from "./drift-watch.ts";
import { Noise } from "./noise.ts";
import { type FarPoint, Outliers } from "./outliers.ts";
import { type PastRegime, PastRegimes } from "./past-regimes.ts";
import { Segment } from "./segment.ts";
import { type MoveLine, SustainedMove } from "./sustained-move.ts";

/** A point this many deviations away from the line does not belong to the regime. */
const FOREIGN_DEVIATIONS = 4;
/** Points that the noise must be known from, before any point is foreign. */
const MIN_KNOWN_POINTS = 5;
/** The noise of a new regime is expected to be this share of what the level has moved since. */
const NOISE_OF_MOVE = 0.1;
/** It is at most this many times the noise before, as a variance, unless there was none. */
const MAX_NOISE_GROWTH = 9;
/** A slope counts from this many standard errors on; one through two points from more. */
const CLEAR_SLOPE_ERRORS = 3;
const CLEAR_SLOPE_ERRORS_OF_TWO = 6;
/** A slope through two points is a jump when it is larger than this many deviations. */
const JUMP_DEVIATIONS = 10;
/** With fewer points, a regime without a clear slope has that of an earlier regime like it. */
const MIN_OWN_POINTS = 8;
/** Two levels are the same when they are at most this many deviations apart. */
const SAME_LEVEL_DEVIATIONS = 3;
const NEGLIGIBLE = 1e-9;

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
  readonly #noise = new Noise();
  readonly #outliers = new Outliers();
  readonly #past = new PastRegimes();
  #inherited: PastRegime | undefined;
  #change: Change | undefined;
  #move: SustainedMove | undefined;
  readonly #drifts = [new DriftWatch(1), new DriftWatch(-1)] as const;

  /** Takes the next point; `NaN` for a gap. */
  take(value: number): void {
    this.#time += 1;
    if (Number.isNaN(value)) return;
    this.#last = value;
    if (this.#current === undefined) {
      this.#current = new Segment(this.#time, value);
      return;
    }
    const deviation = this.#deviationOf(value);
    if (this.#isForeign(deviation)) this.#takeForeign(value, deviation);
    else this.#takeOwn(value, deviation);
  }

  get isEmpty(): boolean {
    return this.#current === undefined;
  }

  /** Whether a regime has begun after the first. */
  get hasChanged(): boolean {
    return !this.#past.isEmpty;
  }

  /** Whether the newest point is an outlier or the first of a new regime; unknown yet which. */
  get isUnsure(): boolean {
    return this.#outliers.first !== undefined;
  }

  /** Points that the noise is known from. */
  get knownPoints(): number {
    return this.#noise.points;
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
    const { first } = this.#outliers;
    if (first !== undefined) return this.#noise.noveltyOf(first.deviation);
    if (this.#change?.isDrift === true) return this.#noise.noveltyOf(this.level - this.#change.levelBefore);
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

  /** 1 while the last change is new, falling to 0; 0 when there was none. */
  get newness(): number {
    return this.#change === undefined ? 0 : newnessOf(this.#change, this.changeAge);
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

  /** The line of all points since the last change, if the series goes on to move away. */
  get move(): MoveLine | undefined {
    return this.isUnsure ? undefined : this.#move?.lineBeside(this.#noise.variance);
  }

  /** How many times less a slope is known, because the noise persists. */
  get persistence(): number {
    return this.#noise.persistence;
  }

  /** The standard deviation of the noise around the line. */
  get deviation(): number {
    return Math.sqrt(this.#current?.noise(this.#expectedNoise) ?? 0);
  }

  get #inheritedSlope(): number {
    return (this.#current?.count ?? 0) < MIN_OWN_POINTS ? (this.#inherited?.slope ?? 0) : 0;
  }

  get #hasClearSlope(): boolean {
    const own = this.ownSlope;
    const slope = Math.abs(own.slope);
    const error = own.error * (this.isDrifting ? this.persistence : 1);
    const points = this.#current?.count ?? 0;
    if (points >= 3) return slope >= CLEAR_SLOPE_ERRORS * error;
    const isJump = slope >= JUMP_DEVIATIONS * this.#noise.deviation;
    return points === 2 && !isJump && slope >= CLEAR_SLOPE_ERRORS_OF_TWO * error;
  }

  get #expectedNoise(): number {
    const before = this.#change?.levelBefore;
    const { variance } = this.#noise;
    if (before === undefined || this.#current === undefined) return variance;
    const ofMove = (NOISE_OF_MOVE * (this.#current.valueAt(this.#time, 0) - before)) ** 2;
    const most = variance > NEGLIGIBLE ? MAX_NOISE_GROWTH * variance : ofMove;
    return variance + Math.min(ofMove, most);
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

  #isForeign(deviation: number): boolean {
    if (this.#noise.points < MIN_KNOWN_POINTS) return false;
    const noise = Math.max(this.#noise.variance, (this.#current as Segment).noise(this.#expectedNoise));
    return Math.abs(deviation) > FOREIGN_DEVIATIONS * Math.sqrt(noise) + NEGLIGIBLE;
  }

  #takeOwn(value: number, deviation: number): void {
    this.#remember(this.#outliers.take());
    const scale = this.#noise.deviation;
    this.#noise.take(deviation);
    this.#current?.add(this.#time, value);
    this.#move?.take(this.#time, value);
    if (this.#noise.points > MIN_OWN_POINTS && scale > NEGLIGIBLE) this.#watchDrift(value, deviation / scale);
  }

  /** A slow drift begins a new regime, which is not new to a backtest of as many points. */
  #watchDrift(value: number, deviation: number): void {
    for (const drift of this.#drifts) drift.take(this.#time, value, deviation);
    const drifted = this.#drifts[0].drifted ?? this.#drifts[1].drifted;
    if (drifted === undefined) return;
    const levelBefore = this.#close(drifted.start);
    this.#current = drifted;
    this.#inherited = undefined;
    this.#move = undefined;
    this.#change = { start: drifted.start, levelBefore, novelty: 0, isDrift: true };
    for (const drift of this.#drifts) drift.reset();
  }

  /** Ends the current regime before a time. Returns the level at its end. */
  #close(at: number): number {
    const before = this.#current as Segment;
    const { slope } = this;
    const end = before.valueAt(at - 1, slope);
    this.#past.add({ end, slope, points: before.count });
    return end;
  }

  #takeForeign(value: number, deviation: number): void {
    const point = { time: this.#time, value, deviation };
    const points = this.#outliers.add(point, (outliers) => this.#remember(outliers));
    if (points !== undefined) this.#begin(points);
  }

  /** How far outliers were says what is not new. */
  #remember(outliers: readonly FarPoint[]): void {
    for (const { deviation } of outliers) this.#noise.remember(deviation);
  }

  #begin(points: readonly FarPoint[]): void {
    const [first, ...others] = points as [FarPoint, ...FarPoint[]];
    const levelBefore = this.#close(first.time);
    for (const drift of this.#drifts) drift.reset();
    const deviation = Math.min(...points.map((point) => Math.abs(point.deviation)));
    const novelty = this.#noise.noveltyOf(deviation);
    this.#change = changeBy({ start: first.time, levelBefore, novelty }, this.#change);
    const isNew = this.#move === undefined || this.#change.start === first.time;
    if (isNew) this.#move = new SustainedMove(levelBefore, first);
    for (const { time, value } of isNew ? others : points) this.#move?.take(time, value);
    this.#noise.remember(deviation);
    this.#current = new Segment(first.time, first.value);
    for (const { time, value } of others) this.#current.add(time, value);
    const tolerance = SAME_LEVEL_DEVIATIONS * this.#noise.deviation + NEGLIGIBLE;
    this.#inherited = this.#past.like(this.#current.valueAt(this.#time, 0), tolerance);
  }
}
