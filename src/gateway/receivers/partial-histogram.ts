import type { ExplicitHistogramPoint } from "../../core/metric-point.ts";

/** A part of a histogram: the upper bound of a bucket, or the sum of the values. */
export type HistogramPart = number | "sum";

/** Why samples became no part of a histogram. */
export type PartDropReason = "late_bucket" | "incomplete_histogram" | "invalid_histogram";

/** Where the histograms of one series go. */
export interface HistogramSink {
  put(point: ExplicitHistogramPoint, at: number): void;
  /** Counts samples that became no part of a histogram. */
  dropped(reason: PartDropReason, samples: number): void;
}

/** The parts of one time. */
interface Pending {
  readonly at: number;
  readonly buckets: Map<number, number>;
  sum: number | undefined;
  /** Whether it has a part that was not known before. There may be more of them. */
  hasNew: boolean;
}

/**
 * How many times may wait for their parts. The shards of a sender each send what they have collected
 * in some seconds, so a bucket may come a few times later than another one.
 */
const MAX_PENDING = 8;

/**
 * The buckets of one classic histogram, which come as series of their own, and not all in one request.
 * It puts a histogram when all parts that are known of it have come for the same time. A part that is
 * new may be one of several: that histogram is put when a later time begins.
 *
 * Counts are cumulative, so a histogram that is left out because a part of it is missing loses nothing:
 * the next one has its counts.
 */
export class PartialHistogram {
  readonly #bounds = new Set<number>();
  #hasSum = false;
  /** In the order of their times. */
  readonly #pending: Pending[] = [];
  #putAt = Number.NEGATIVE_INFINITY;
  /** The bounds, ascending. The same array as long as they are the same. */
  #sorted: readonly number[] | undefined;
  /** The same without the last one. */
  #boundaries: readonly number[] = [];

  /** The number of parts that are known. */
  get parts(): number {
    return this.#bounds.size + (this.#hasSum ? 1 : 0);
  }

  /** Whether a histogram was put. */
  get hasPut(): boolean {
    return this.#putAt > Number.NEGATIVE_INFINITY;
  }

  knows(part: HistogramPart): boolean {
    return part === "sum" ? this.#hasSum : this.#bounds.has(part);
  }

  add(part: HistogramPart, at: number, value: number, sink: HistogramSink): void {
    if (at > this.#putAt && this.#isTooOldToWait(at)) {
      sink.dropped("incomplete_histogram", 1);
      return;
    }
    const isNew = !this.knows(part);
    if (isNew) this.#learn(part);
    if (at <= this.#putAt) {
      // One that is new comes late because the histogram was put without it.
      if (!isNew && at < this.#putAt) sink.dropped("late_bucket", 1);
      return;
    }
    const pending = this.#pendingAt(at);
    if (part === "sum") pending.sum = value;
    else pending.buckets.set(part, value);
    pending.hasNew ||= isNew;
    this.#putComplete(sink);
    if (this.#pending.length > MAX_PENDING) this.#giveUp(sink);
  }

  /** The sender says that a part has ended. Returns whether the histogram has ended with it. */
  end(part: HistogramPart): boolean {
    if (part === "sum") this.#hasSum = false;
    else {
      this.#forget(part);
      for (const { buckets } of this.#pending) buckets.delete(part);
    }
    return this.#bounds.size === 0;
  }

  /** It would be left out as the oldest at once, after a look through all buckets. */
  #isTooOldToWait(at: number): boolean {
    const [oldest] = this.#pending;
    return oldest !== undefined && this.#pending.length >= MAX_PENDING && at < oldest.at;
  }

  #learn(part: HistogramPart): void {
    if (part === "sum") this.#hasSum = true;
    else {
      this.#bounds.add(part);
      this.#sorted = undefined;
    }
  }

  #forget(bound: number): void {
    this.#bounds.delete(bound);
    this.#sorted = undefined;
  }

  #pendingAt(at: number): Pending {
    const after = this.#pending.findLastIndex((pending) => pending.at <= at);
    const found = this.#pending[after];
    if (found?.at === at) return found;
    const made: Pending = { at, buckets: new Map(), sum: undefined, hasNew: false };
    this.#pending.splice(after + 1, 0, made);
    return made;
  }

  /** Puts all that may be put, in the order of time. What is before it and incomplete is left out. */
  #putComplete(sink: HistogramSink): void {
    const last = this.#pending.length - 1;
    const ready = this.#pending.findLastIndex(
      (pending, index) => this.#isComplete(pending) && (!pending.hasNew || index < last),
    );
    for (const pending of this.#pending.splice(0, ready + 1)) {
      if (this.#isComplete(pending)) {
        this.#putAt = pending.at;
        const point = this.#pointOf(pending);
        if (point.counts.every(Number.isSafeInteger)) sink.put(point, pending.at);
        else leaveOut(pending, sink, "invalid_histogram");
      } else leaveOut(pending, sink, "incomplete_histogram");
    }
  }

  /** All buckets of a time are known: those that are forgotten are forgotten there too. */
  #isComplete({ buckets, sum }: Pending): boolean {
    return (
      buckets.size === this.#bounds.size &&
      buckets.has(Number.POSITIVE_INFINITY) &&
      (sum !== undefined || !this.#hasSum)
    );
  }

  /** Forgets the parts that no time has any more, or else leaves out the oldest time. */
  #giveUp(sink: HistogramSink): void {
    for (const bound of this.#bounds)
      if (!this.#pending.some(({ buckets }) => buckets.has(bound))) this.#forget(bound);
    if (this.#pending.every(({ sum }) => sum === undefined)) this.#hasSum = false;
    this.#putComplete(sink);
    if (this.#pending.length <= MAX_PENDING) return;
    const [oldest] = this.#pending.splice(0, 1);
    if (oldest !== undefined) leaveOut(oldest, sink, "incomplete_histogram");
  }

  #pointOf({ buckets, sum }: Pending): ExplicitHistogramPoint {
    let below = 0;
    const counts = this.#ascending().map((bound) => {
      // A sender reads the buckets one after the other, so a lower one may be ahead of a higher one.
      const upTo = Math.max(below, buckets.get(bound) ?? 0);
      const count = upTo - below;
      below = upTo;
      return count;
    });
    return { kind: "explicit", count: below, sum: sum ?? 0, boundaries: this.#boundaries, counts };
  }

  #ascending(): readonly number[] {
    if (this.#sorted === undefined) {
      this.#sorted = [...this.#bounds].sort((one, other) => one - other);
      this.#boundaries = this.#sorted.slice(0, -1);
    }
    return this.#sorted;
  }
}

function leaveOut({ buckets, sum }: Pending, sink: HistogramSink, reason: PartDropReason): void {
  sink.dropped(reason, buckets.size + (sum === undefined ? 0 : 1));
}
