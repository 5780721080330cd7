import type { Exemplar, TraceMoment } from "../core/exemplar.ts";
import type { ExponentialHistogramPoint } from "../core/metric-point.ts";
import type { Labels } from "../core/series-key.ts";
import {
  ExponentialSketch,
  type Fineness,
  MAX_EXPONENTIAL_BUCKETS,
} from "../statistics/exponential-sketch.ts";
import { HistogramWindow } from "../statistics/histogram-window.ts";
import { SumWindow } from "../statistics/sliding-window.ts";
import type { TaskTypePerformance } from "./performance.ts";

/** Slices of a window. What is older than the window leaves it within a tenth of its length. */
export const SLICES = 10;

/** Durations and outcomes of tasks over a sliding window, and their counts since the start. */
export class TaskWindow {
  #completed = 0;
  #failed = 0;
  #cancelled = 0;
  readonly #durations = new HistogramWindow({ slices: SLICES });
  readonly #successes = new SumWindow({ slices: SLICES });
  readonly #failures = new SumWindow({ slices: SLICES });

  /** Adds tasks that all ended in success, or all in failure, to the open slice of the window. */
  add(haveSucceeded: boolean, durations: ExponentialHistogramPoint): void {
    const { count } = durations;
    if (haveSucceeded) {
      this.#completed += count;
      this.#successes.add(count);
    } else {
      this.#failed += count;
      this.#failures.add(count);
    }
    this.#durations.add(durations);
  }

  addCancelled(count: number): void {
    this.#cancelled += count;
  }

  /** Another window with the same tasks. */
  copy(): TaskWindow {
    const copy = new TaskWindow();
    copy.#completed = this.#completed;
    copy.#failed = this.#failed;
    copy.#cancelled = this.#cancelled;
    copy.#durations.restore(this.#durations.saved());
    copy.#successes.restore(this.#successes.saved());
    copy.#failures.restore(this.#failures.saved());
    return copy;
  }

  /** Closes the open slice and opens the next one. */
  advance(): void {
    this.#durations.advance();
    this.#successes.advance();
    this.#failures.advance();
  }

  get successesInWindow(): number {
    return this.#successes.total;
  }

  get failuresInWindow(): number {
    return this.#failures.total;
  }

  performance(): TaskTypePerformance {
    const ended = this.successesInWindow + this.failuresInWindow;
    return {
      completedTasks: this.#completed,
      failedTasks: this.#failed,
      cancelledTasks: this.#cancelled,
      ...(ended > 0 ? { taskSuccessRate: this.successesInWindow / ended, ...this.#percentiles() } : {}),
    };
  }

  #percentiles(): { latencyP50: number; latencyP95: number; latencyP99: number } {
    const at = (q: number): number => this.#durations.quantile(q) ?? 0;
    return { latencyP50: at(0.5), latencyP95: at(0.95), latencyP99: at(0.99) };
  }
}

/** A bucket of the book is 2.2 % wide, so its middle is within 1.1 % of its values. */
const OF_BOOK: Fineness = { maxScale: 5 };
const OF_COLLECTIONS: Fineness = { maxBuckets: MAX_EXPONENTIAL_BUCKETS };

/**
 * The durations of an agent's tasks of one type that ended in success, or with one type of error.
 * Recording counts a task once. The windows of the book and the collections both read that count,
 * each what is new since it read last.
 */
export class TaskSketch {
  readonly labels: Labels;
  readonly #new = new ExponentialSketch();
  #uncollected: ExponentialHistogramPoint | undefined;
  /** The slowest task since the last collection that is in a sampled trace. */
  #exemplar: Exemplar | undefined;

  constructor(labels: Labels) {
    this.labels = labels;
  }

  get hasSucceeded(): boolean {
    return this.labels.error_type === undefined;
  }

  /**
   * Counts a task that took this time: finite and not negative.
   *
   * @param currentTrace is asked only if no slower task is known with its trace.
   */
  record(seconds: number, currentTrace?: () => TraceMoment | undefined): void {
    this.#new.record(seconds);
    if (currentTrace === undefined || seconds <= (this.#exemplar?.value ?? -1)) return;
    const trace = currentTrace();
    if (trace !== undefined) this.#exemplar = { ...trace, value: seconds };
  }

  /** The tasks since the previous call, if any, for the windows of the book. */
  takeNew(): ExponentialHistogramPoint | undefined {
    if (this.#new.count === 0) return undefined;
    const taken = this.#new.toPoint(OF_BOOK);
    const collected = this.#new.toPoint(OF_COLLECTIONS);
    this.#new.reset();
    this.#uncollected = this.#uncollected === undefined ? collected : together(this.#uncollected, collected);
    return taken;
  }

  /** The tasks since the previous collection, if any. Call `takeNew` before. */
  collect(): ExponentialHistogramPoint | undefined {
    const collected = this.#uncollected;
    this.#uncollected = undefined;
    // An agent that does nothing needs no memory.
    if (collected === undefined) this.#new.release();
    const exemplar = this.#exemplar;
    this.#exemplar = undefined;
    return collected === undefined || exemplar === undefined ? collected : { ...collected, exemplar };
  }
}

/** What two points of collections count. */
export function together(
  one: ExponentialHistogramPoint,
  other: ExponentialHistogramPoint,
): ExponentialHistogramPoint {
  return ExponentialSketch.of([one, other]).toPoint(OF_COLLECTIONS);
}
