import type { HistogramPoint } from "../core/metric-point.ts";
import { type HistogramBuckets, widest } from "./histogram-buckets.ts";
import {
  bucketsFrom,
  type HistogramSlice,
  joined,
  type MergedSlices,
  NOTHING,
  PastHistogram,
  type Summary,
  savedExtent,
  sliceFrom,
  summaryOf,
} from "./histogram-slices.ts";
import { NewestSlices } from "./newest-slices.ts";
import { PackedSlice } from "./packed-slice.ts";
import type { SavedHistogramWindow } from "./saved-window.ts";
import { SliceRing, type WindowOptions } from "./sliding-window.ts";

/** The slices of which the coming values are a copy: those of all time. */
export const EVER = Number.POSITIVE_INFINITY;

/** How a window changes. */
export interface WindowChange {
  /** The number of the newest slices that are still in the window. */
  readonly known: number;
  /** How many values have come; it may be a fraction. */
  readonly coming: number;
  /** What they are like: the newest slices, as many as this, or `EVER`. */
  readonly like: number;
}

interface Mixture extends WindowChange {
  readonly buckets: HistogramBuckets | undefined;
}

/**
 * A sliding window of histogram deltas: the values of the last `slices` slices, and their
 * quantiles.
 *
 * One slice is open from the start. `add` adds points to it; `advance` opens the next slice. Points
 * of several attribute sets may be added to one slice.
 *
 * The merged buckets are updated: new points are added, old slices subtracted. Count, sum, minimum
 * and maximum are computed from the current slices, so they do not drift. A point of the other
 * kind, or with other boundaries, empties the window first. Reading costs O(1) if nothing changes,
 * otherwise O(slices + filled buckets).
 */
export class HistogramWindow {
  readonly #slices: SliceRing<HistogramSlice>;
  readonly #merged: MergedSlices;
  readonly #newest: NewestSlices;
  #past: PastHistogram | undefined;
  #summary: Summary | undefined = NOTHING;
  #mixtures: Mixture[] = [];
  #emptied = 0;

  constructor(options: WindowOptions) {
    this.#slices = new SliceRing(options);
    this.#newest = new NewestSlices(this.#slices);
    this.#merged = this.#newest.whole;
  }

  /** Adds a delta to the open slice. An invalid or empty point is ignored: returns `false`. */
  add(point: HistogramPoint): boolean {
    const slice = sliceFrom(point);
    if (slice === undefined) return false;
    if (this.#merged.buckets?.accepts(slice.buckets) === false) {
      this.#emptied += this.count;
      this.#clear();
    }
    this.#newest.add(slice);
    this.#past?.add(slice);
    this.#slices.open = this.#slices.open === undefined ? slice : joined(this.#slices.open, slice);
    this.#changed();
    return true;
  }

  /** The number of values that other buckets took from the window since the previous call. */
  takeEmptied(): number {
    const emptied = this.#emptied;
    this.#emptied = 0;
    return emptied;
  }

  /** Opens the next slice. Returns whether a slice that was not empty left the window. */
  advance(): boolean {
    this.#newest.beforeAdvance();
    this.#past?.advance();
    const closed = this.#slices.open;
    if (closed !== undefined) this.#slices.open = PackedSlice.of(closed);
    const hasLeft = this.#slices.advance() !== undefined;
    if (hasLeft || this.#newest.areSeveral) this.#changed();
    return hasLeft;
  }

  saved(): SavedHistogramWindow {
    const slices: SavedHistogramWindow["slices"] = [];
    for (let age = 0; age < this.#slices.length; age += 1) {
      const slice = this.#slices.ofAge(age);
      if (slice === undefined) continue;
      const { count, sum, buckets } = slice;
      slices.push({ age, count, sum, buckets: buckets.saved(), ...savedExtent(slice) });
    }
    return { slices, ...(this.#past === undefined ? {} : { past: this.#past.saved() }) };
  }

  /** Takes over the slices of a window. Call it before the first value. */
  restore({ slices, past }: SavedHistogramWindow): void {
    for (let age = this.#slices.length - 1; age >= 0; age -= 1) {
      this.advance();
      const saved = slices.find((slice) => slice.age === age);
      if (saved === undefined) continue;
      const { count, sum, min, max } = saved;
      const slice: HistogramSlice = { count, sum, min, max, buckets: bucketsFrom(saved.buckets) };
      this.#newest.add(slice);
      this.#slices.open = slice;
    }
    this.#changed();
    if (past === undefined) return;
    this.#past = new PastHistogram(this.#slices.length);
    this.#past.restore(past);
  }

  get count(): number {
    return this.#read().count;
  }

  get sum(): number {
    return this.#read().sum;
  }

  /** `undefined` if the window is empty or its sum is not finite. */
  mean(): number | undefined {
    const mean = this.sum / this.count;
    return Number.isFinite(mean) ? mean : undefined;
  }

  /** The value at quantile `q`. `undefined` if the window is empty or `q` is not in 0..1. */
  quantile(q: number): number | undefined {
    if (!(q >= 0 && q <= 1)) return undefined;
    return this.#merged.buckets?.quantile(q, this.#read());
  }

  /** The sum over the newest `count` slices. O(count). */
  sumOfNewest(count: number): number {
    let total = 0;
    for (let age = 0; age < count; age += 1) total += this.#slices.ofAge(age)?.sum ?? 0;
    return total;
  }

  /**
   * The quantile after some slices have left and values have come. `undefined` if it would be empty.
   * O(filled buckets), for numbers of slices that are asked for again and again.
   */
  quantileAfter(q: number, change: WindowChange): number | undefined {
    const { known, coming, like } = change;
    if (!(q >= 0 && q <= 1)) return undefined;
    if (coming === 0 && known === 0) return undefined;
    const ofKnown = this.#newest.extentOf(known);
    if (coming === 0) return this.#newest.of(known).buckets?.quantile(q, ofKnown);
    const pattern = like === EVER ? this.#pastOf() : this.#newest.of(like);
    const ofPattern = like === EVER ? this.#pastOf().extent : this.#newest.extentOf(like);
    if (known === 0) return pattern.buckets?.quantile(q, ofPattern);
    return this.#mixtureOf(change, pattern).buckets?.quantile(q, widest(ofKnown, ofPattern));
  }

  /** The newest slices and a scaled copy of what is expected. Computed once for all quantiles. */
  #mixtureOf({ known, coming, like }: WindowChange, pattern: MergedSlices | PastHistogram): Mixture {
    let mixture = this.#mixtures.find(
      (one) => one.known === known && one.coming === coming && one.like === like,
    );
    if (mixture !== undefined) return mixture;
    const kept = this.#newest.of(known);
    const scaled = pattern.count > 0 ? pattern.buckets?.scaled(coming / pattern.count) : undefined;
    if (scaled !== undefined && kept.buckets !== undefined) scaled.add(kept.buckets);
    const buckets = kept.count + coming >= 1 ? (scaled ?? kept.buckets) : undefined;
    mixture = { known, coming, like, buckets };
    this.#mixtures.push(mixture);
    return mixture;
  }

  #pastOf(): PastHistogram {
    if (this.#past !== undefined) return this.#past;
    this.#past = new PastHistogram(this.#slices.length);
    for (const slice of this.#slices.filled()) this.#past.add(slice);
    return this.#past;
  }

  #changed(): void {
    this.#summary = undefined;
    this.#mixtures = [];
    this.#newest.changed();
  }

  #clear(): void {
    this.#slices.clear();
    this.#newest.clear();
  }

  #read(): Summary {
    this.#summary ??= summaryOf(this.#slices.filled());
    return this.#summary;
  }
}
