import type { ExponentialHistogramPoint } from "../core/metric-point.ts";
import { HistogramWindow } from "../statistics/histogram-window.ts";
import { SumWindow } from "../statistics/sliding-window.ts";
import type { TaskOutcome } from "./events.ts";
import type { TaskTypePerformance } from "./performance.ts";

/** Slices of a window. What is older than the window leaves it within a tenth of its length. */
export const SLICES = 10;

/** Buckets per octave: 2^5. A bucket is 2.2 % wide, so its middle is within 1.1 % of its values. */
const SCALE = 5;
const BUCKETS_PER_OCTAVE = 2 ** SCALE;

/** Durations and outcomes of tasks over a sliding window, and their counts since the start. */
export class TaskWindow {
  #completed = 0;
  #failed = 0;
  #cancelled = 0;
  readonly #durations = new HistogramWindow({ slices: SLICES });
  readonly #successes = new SumWindow({ slices: SLICES });
  readonly #failures = new SumWindow({ slices: SLICES });

  /** Adds a batch of tasks to the open slice of the window. */
  add(batch: TaskBatch): void {
    this.#completed += batch.completed;
    this.#failed += batch.failed;
    this.#cancelled += batch.cancelled;
    this.#successes.add(batch.completed);
    this.#failures.add(batch.failed);
    if (batch.durations.count > 0) this.#durations.add(batch.durations.toPoint());
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

/** Tasks that ended since the last update of a window. Recording into a batch costs O(1). */
export class TaskBatch {
  completed = 0;
  failed = 0;
  cancelled = 0;
  readonly durations = new DurationCounts();

  record(outcome: TaskOutcome, seconds: number): void {
    if (outcome === "cancelled") {
      this.cancelled += 1;
      return;
    }
    if (outcome === "success") this.completed += 1;
    else this.failed += 1;
    this.durations.record(seconds);
  }

  get isEmpty(): boolean {
    return this.completed + this.failed + this.cancelled === 0;
  }
}

/** Counts durations in exponential buckets of a fixed scale. */
class DurationCounts {
  readonly #counts = new Map<number, number>();
  #zeroCount = 0;
  #count = 0;
  #sum = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;

  get count(): number {
    return this.#count;
  }

  /** Counts one duration in seconds, finite and not negative. O(1). */
  record(seconds: number): void {
    this.#count += 1;
    this.#sum += seconds;
    if (seconds < this.#min) this.#min = seconds;
    if (seconds > this.#max) this.#max = seconds;
    if (seconds === 0) {
      this.#zeroCount += 1;
      return;
    }
    const index = Math.ceil(Math.log2(seconds) * BUCKETS_PER_OCTAVE) - 1;
    this.#counts.set(index, (this.#counts.get(index) ?? 0) + 1);
  }

  /** The counts in the bucket layout of the OpenTelemetry data model. */
  toPoint(): ExponentialHistogramPoint {
    const indexes = [...this.#counts.keys()];
    const offset = indexes.length === 0 ? 0 : Math.min(...indexes);
    const size = indexes.length === 0 ? 0 : Math.max(...indexes) - offset + 1;
    const bucketCounts = new Array<number>(size).fill(0);
    for (const [index, count] of this.#counts) bucketCounts[index - offset] = count;
    return {
      kind: "exponential",
      count: this.#count,
      sum: this.#sum,
      ...(this.#count > 0 ? { min: this.#min, max: this.#max } : {}),
      scale: SCALE,
      zeroCount: this.#zeroCount,
      positive: { offset, bucketCounts },
      negative: { offset: 0, bucketCounts: [] },
    };
  }
}
