import { numberRow } from "../../math/number-row.ts";
import { DriftWatches } from "./drift-watch.ts";
import { LastChange } from "./last-change.ts";
import { Noise } from "./noise.ts";
import { type FarPoint, Outlier } from "./outlier.ts";
import { PastRegimes } from "./past-regimes.ts";
import { MIN_OWN_POINTS, RegimeLine } from "./regime-line.ts";
import { RegimePoints } from "./regime-points.ts";
import type { MoveLine } from "./sustained-move.ts";

/** Two levels are the same when they are at most this many deviations apart. */
const SAME_LEVEL_DEVIATIONS = 3;
const NEGLIGIBLE = 1e-9;
/** The points of a regime that begins. */
const scratch = new RegimePoints();

/**
 * Divides a series, point by point, into regimes that are straight lines with noise. Two points in a
 * row far on one side of the line begin a new regime, so that one outlier does not. A regime that is
 * too young to show its slope has that of an earlier one: a ramp goes on after it was reset, and a
 * level that comes back stays. Each point takes constant time.
 */
export class Regimes extends numberRow(
  ["time", "last"],
  RegimeLine,
  Noise,
  Outlier,
  PastRegimes,
  LastChange,
  DriftWatches,
) {
  readonly #noise = new Noise();
  readonly #line = this.part(new RegimeLine(this.#noise));
  readonly #outlier: Outlier;
  readonly #past: PastRegimes;
  readonly #changed: LastChange;
  readonly #drifts: DriftWatches;

  constructor() {
    super();
    this.part(this.#noise);
    this.#outlier = this.part(new Outlier());
    this.#past = this.part(new PastRegimes());
    this.#changed = this.part(new LastChange());
    this.#drifts = this.part(new DriftWatches());
    this.last = Number.NaN;
  }

  /** Takes the next point; `NaN` for a gap. */
  take(value: number): void {
    this.time += 1;
    if (Number.isNaN(value)) return;
    this.last = value;
    if (this.isEmpty) {
      this.#line.begin(scratch.begin(this.time, value), {});
      return;
    }
    const deviation = this.#line.deviationOf(value, this.time);
    if (this.#line.isForeign(deviation)) this.#takeForeign(value, deviation);
    else this.#takeOwn(value, deviation);
  }

  get isEmpty(): boolean {
    return this.#line.isEmpty;
  }

  /** Whether a regime has begun after the first. */
  get hasChanged(): boolean {
    return !this.#past.isEmpty;
  }

  /** Whether the newest point is an outlier or the first of a new regime; unknown yet which. */
  get isUnsure(): boolean {
    return this.#outlier.isPresent;
  }

  /** Points that the noise is known from. */
  get knownPoints(): number {
    return this.#noise.points;
  }

  /** Steps since the current regime began. */
  get age(): number {
    return this.isEmpty ? 0 : this.time - this.#line.regime.start + 1;
  }

  /**
   * The deviation by which the current regime began, or by which the newest point is an outlier, in
   * the largest deviations seen before; above 1 it is new.
   */
  get novelty(): number {
    if (this.isUnsure) return this.#noise.noveltyOf(this.#outlier.deviation);
    if (this.isDrifting) return this.#noise.noveltyOf(this.level - this.#changed.levelBefore);
    return this.#changed.novelty;
  }

  /** The level now: that of the line, or the newest value while it is unsure. */
  get level(): number {
    return this.isUnsure ? this.last : (this.expectedLevel ?? this.last);
  }

  /** Steps since the series began to change; 0 when it never has. */
  get changeAge(): number {
    return this.#changed.ageAt(this.time);
  }

  /** 1 while the last change is new, falling to 0; 0 when there was none. */
  get newness(): number {
    return this.#changed.newnessAt(this.time);
  }

  /** Whether the series has left its former level slowly, without a jump. */
  get isDrifting(): boolean {
    return this.#changed.isDrift === 1;
  }

  /** The level before the series began to change. */
  get levelBefore(): number | undefined {
    return this.#changed.start === 0 ? undefined : this.#changed.levelBefore;
  }

  /** The level of the current regime without its newest, foreign points. */
  get expectedLevel(): number | undefined {
    return this.isEmpty ? undefined : this.#line.levelAt(this.time);
  }

  /** Whether the slope is that of an earlier regime. */
  get isInherited(): boolean {
    return !this.isEmpty && this.#line.isInherited;
  }

  /** The slope of the current regime, in values a step; 0 when there is no clear one. */
  get slope(): number {
    return this.isEmpty ? 0 : this.#line.slope;
  }

  /** How many points the slope has held for. */
  get slopePoints(): number {
    return this.isEmpty ? 0 : Math.max(this.age, this.#line.inheritedPoints);
  }

  /** The slope of the newest points alone, and its standard error. */
  get ownSlope(): { readonly slope: number; readonly error: number } {
    return this.isEmpty ? { slope: 0, error: 0 } : this.#line.ownSlope;
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
    return this.isEmpty ? 0 : this.#line.deviation;
  }

  #takeOwn(value: number, deviation: number): void {
    this.#forgetOutlier();
    const scale = this.#noise.deviation;
    this.#line.take(this.time, value, deviation);
    this.#changed.take(this.time, value);
    if (this.#noise.points > MIN_OWN_POINTS && scale > NEGLIGIBLE) this.#watchDrift(value, deviation / scale);
  }

  /** A slow drift begins a new regime. */
  #watchDrift(value: number, deviation: number): void {
    this.#drifts.take(this.time, value, deviation);
    const { drifted } = this.#drifts;
    if (drifted === undefined) return;
    const levelBefore = this.#close(drifted.start);
    this.#line.begin(drifted, { levelBefore, isDrift: true });
    this.#changed.drifted(drifted.start, levelBefore);
    this.#drifts.clear();
  }

  /** Ends the regime before a time. Returns the level at its end. */
  #close(at: number): number {
    const { regime, slope } = this.#line;
    const end = regime.valueAt(at - 1, slope);
    this.#past.add({ end, slope, points: regime.count });
    return end;
  }

  /** The point that was far away turns out to be an outlier: how far it was says what is not new. */
  #forgetOutlier(): void {
    const { isPresent, deviation } = this.#outlier;
    if (!isPresent) return;
    this.#noise.remember(deviation);
    this.#outlier.clear();
  }

  #takeForeign(value: number, deviation: number): void {
    const point = { time: this.time, value, deviation };
    if (this.isUnsure && Math.sign(this.#outlier.deviation) !== Math.sign(deviation)) this.#forgetOutlier();
    const first = this.#outlier.take();
    if (first === undefined) this.#outlier.keep(point);
    else this.#begin(first, point);
  }

  /** Two points on one side begin a new regime. */
  #begin(first: FarPoint, second: FarPoint): void {
    const levelBefore = this.#close(first.time);
    this.#drifts.clear();
    const deviation = Math.min(Math.abs(first.deviation), Math.abs(second.deviation));
    const novelty = this.#noise.noveltyOf(deviation);
    const change = this.#changed.jumped([first, second], levelBefore, novelty);
    this.#noise.remember(deviation);
    const regime = scratch.begin(first.time, first.value);
    regime.add(second.time, second.value);
    const tolerance = SAME_LEVEL_DEVIATIONS * this.#noise.deviation + NEGLIGIBLE;
    const inherited = this.#past.like(regime.valueAt(first.time, 0), tolerance);
    this.#line.begin(regime, { levelBefore: change.levelBefore, isDrift: change.isDrift, inherited });
  }
}
