import { type Change, changeBy, newnessOf } from "./change.ts";
import { DriftWatch } from "./drift-watch.ts";
import { Noise } from "./noise.ts";
import { type FarPoint, Outliers } from "./outliers.ts";
import { PastRegimes } from "./past-regimes.ts";
import { MIN_OWN_POINTS, RegimeLine } from "./regime-line.ts";
import { RegimePoints } from "./regime-points.ts";
import { type MoveLine, SustainedMove } from "./sustained-move.ts";

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
  #line: RegimeLine | undefined;
  readonly #noise = new Noise();
  readonly #outliers = new Outliers();
  readonly #past = new PastRegimes();
  #change: Change | undefined;
  #move: SustainedMove | undefined;
  readonly #drifts = [new DriftWatch(1), new DriftWatch(-1)] as const;

  /** Takes the next point; `NaN` for a gap. */
  take(value: number): void {
    this.#time += 1;
    if (Number.isNaN(value)) return;
    this.#last = value;
    if (this.#line === undefined) {
      const beginning = { levelBefore: undefined, isDrift: false, inherited: undefined };
      this.#line = new RegimeLine(new RegimePoints(this.#time, value), this.#noise, beginning);
      return;
    }
    const deviation = this.#line.deviationOf(value, this.#time);
    if (this.#line.isForeign(deviation)) this.#takeForeign(this.#line, value, deviation);
    else this.#takeOwn(this.#line, value, deviation);
  }

  get isEmpty(): boolean {
    return this.#line === undefined;
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
    return this.#line === undefined ? 0 : this.#time - this.#line.segment.start + 1;
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
    return this.isUnsure ? this.#last : (this.expectedLevel ?? this.#last);
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
    return this.#line?.levelAt(this.#time);
  }

  /** Whether the slope is that of an earlier regime. */
  get isInherited(): boolean {
    return this.#line?.isInherited ?? false;
  }

  /** The slope of the current regime, in values a step; 0 when there is no clear one. */
  get slope(): number {
    return this.#line?.slope ?? 0;
  }

  /** How many points the slope has held for. */
  get slopePoints(): number {
    return Math.max(this.age, this.#line?.inheritedPoints ?? 0);
  }

  /** The slope of the newest points alone, and its standard error. */
  get ownSlope(): { readonly slope: number; readonly error: number } {
    return this.#line?.ownSlope ?? { slope: 0, error: 0 };
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
    return this.#line?.deviation ?? 0;
  }

  #takeOwn(line: RegimeLine, value: number, deviation: number): void {
    this.#remember(this.#outliers.take());
    const scale = this.#noise.deviation;
    this.#noise.take(deviation);
    line.segment.add(this.#time, value);
    this.#move?.take(this.#time, value);
    if (this.#noise.points > MIN_OWN_POINTS && scale > NEGLIGIBLE)
      this.#watchDrift(line, value, deviation / scale);
  }

  /** A slow drift begins a new regime, which is not new to a backtest of as many points. */
  #watchDrift(line: RegimeLine, value: number, deviation: number): void {
    for (const drift of this.#drifts) drift.take(this.#time, value, deviation);
    const drifted = this.#drifts[0].drifted ?? this.#drifts[1].drifted;
    if (drifted === undefined) return;
    const levelBefore = this.#close(line, drifted.start);
    this.#line = new RegimeLine(drifted, this.#noise, { levelBefore, isDrift: true, inherited: undefined });
    this.#change = { start: drifted.start, levelBefore, novelty: 0, isDrift: true };
    this.#move = undefined;
    for (const drift of this.#drifts) drift.reset();
  }

  /** Ends a regime before a time. Returns the level at its end. */
  #close({ segment, slope }: RegimeLine, at: number): number {
    const end = segment.valueAt(at - 1, slope);
    this.#past.add({ end, slope, points: segment.count });
    return end;
  }

  #takeForeign(line: RegimeLine, value: number, deviation: number): void {
    const point = { time: this.#time, value, deviation };
    const points = this.#outliers.add(point, (outliers) => this.#remember(outliers));
    if (points !== undefined) this.#begin(line, points);
  }

  /** How far outliers were says what is not new. */
  #remember(outliers: readonly FarPoint[]): void {
    for (const { deviation } of outliers) this.#noise.remember(deviation);
  }

  #begin(line: RegimeLine, points: readonly FarPoint[]): void {
    const [first, ...others] = points as [FarPoint, ...FarPoint[]];
    const levelBefore = this.#close(line, first.time);
    for (const drift of this.#drifts) drift.reset();
    const deviation = Math.min(...points.map((point) => Math.abs(point.deviation)));
    const novelty = this.#noise.noveltyOf(deviation);
    this.#change = changeBy({ start: first.time, levelBefore, novelty }, this.#change);
    this.#noise.remember(deviation);
    const segment = new RegimePoints(first.time, first.value);
    for (const { time, value } of others) segment.add(time, value);
    const tolerance = SAME_LEVEL_DEVIATIONS * this.#noise.deviation + NEGLIGIBLE;
    const inherited = this.#past.like(segment.valueAt(first.time, 0), tolerance);
    this.#line = new RegimeLine(segment, this.#noise, { ...this.#change, inherited });
    this.#moveOn(levelBefore, points);
  }

  /** Points that belong to the change before also belong to its move. */
  #moveOn(levelBefore: number, [first, ...others]: readonly FarPoint[]): void {
    if (first === undefined) return;
    const isNew = this.#change?.start === first.time;
    if (isNew || this.#move === undefined) this.#move = new SustainedMove(levelBefore, first);
    else this.#move.take(first.time, first.value);
    for (const { time, value } of others) this.#move.take(time, value);
  }
}
