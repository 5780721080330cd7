import { DriftWatches } from "./drift-watch.ts";
import { LastChange } from "./last-change.ts";
import { Noise } from "./noise.ts";
import { type FarPoint, Outliers } from "./outliers.ts";
import { PastRegimes } from "./past-regimes.ts";
import { MIN_OWN_POINTS, RegimeLine } from "./regime-line.ts";
import { RegimePoints } from "./regime-points.ts";
import type { MoveLine } from "./sustained-move.ts";

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
  readonly #changed = new LastChange();
  readonly #drifts = new DriftWatches();

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
    return this.#line === undefined ? 0 : this.#time - this.#line.regime.start + 1;
  }

  /**
   * The deviation by which the current regime began, or by which the newest point is an outlier, in
   * the largest deviations seen before; above 1 it is new.
   */
  get novelty(): number {
    const { first } = this.#outliers;
    const { change } = this.#changed;
    if (first !== undefined) return this.#noise.noveltyOf(first.deviation);
    if (change?.isDrift === true) return this.#noise.noveltyOf(this.level - change.levelBefore);
    return change?.novelty ?? 0;
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
    return this.#changed.ageAt(this.#time);
  }

  /** 1 while the last change is new, falling to 0; 0 when there was none. */
  get newness(): number {
    return this.#changed.newnessAt(this.#time);
  }

  /** Whether the series has left its former level slowly, without a jump. */
  get isDrifting(): boolean {
    return this.#changed.change?.isDrift === true;
  }

  /** The level before the series began to change. */
  get levelBefore(): number | undefined {
    return this.#changed.change?.levelBefore;
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
    return this.isUnsure ? undefined : this.#changed.lineBeside(this.#noise.variance);
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
    this.#noise.rememberAll(this.#outliers.take());
    const scale = this.#noise.deviation;
    line.take(this.#time, value, deviation);
    this.#changed.take(this.#time, value);
    if (this.#noise.points > MIN_OWN_POINTS && scale > NEGLIGIBLE)
      this.#watchDrift(line, value, deviation / scale);
  }

  /** A slow drift begins a new regime. */
  #watchDrift(line: RegimeLine, value: number, deviation: number): void {
    this.#drifts.take(this.#time, value, deviation);
    const { drifted } = this.#drifts;
    if (drifted === undefined) return;
    const levelBefore = this.#close(line, drifted.start);
    this.#line = new RegimeLine(drifted, this.#noise, { levelBefore, isDrift: true, inherited: undefined });
    this.#changed.drifted(drifted.start, levelBefore);
    this.#drifts.reset();
  }

  /** Ends a regime before a time. Returns the level at its end. */
  #close({ regime, slope }: RegimeLine, at: number): number {
    const end = regime.valueAt(at - 1, slope);
    this.#past.add({ end, slope, points: regime.count });
    return end;
  }

  #takeForeign(line: RegimeLine, value: number, deviation: number): void {
    const point = { time: this.#time, value, deviation };
    const points = this.#outliers.add(point, (outliers) => this.#noise.rememberAll(outliers));
    if (points !== undefined) this.#begin(line, points);
  }

  #begin(line: RegimeLine, points: readonly FarPoint[]): void {
    const [first, ...others] = points as [FarPoint, ...FarPoint[]];
    const levelBefore = this.#close(line, first.time);
    this.#drifts.reset();
    const deviation = Math.min(...points.map((point) => Math.abs(point.deviation)));
    const novelty = this.#noise.noveltyOf(deviation);
    const change = this.#changed.jumped([first, ...others], levelBefore, novelty);
    this.#noise.remember(deviation);
    const regime = new RegimePoints(first.time, first.value);
    for (const { time, value } of others) regime.add(time, value);
    const tolerance = SAME_LEVEL_DEVIATIONS * this.#noise.deviation + NEGLIGIBLE;
    const inherited = this.#past.like(regime.valueAt(first.time, 0), tolerance);
    this.#line = new RegimeLine(regime, this.#noise, { ...change, inherited });
  }
}
