import { HistogramWindow } from "../statistics/histogram-window.ts";
import { SumWindow } from "../statistics/sum-window.ts";
import { DurationSketch } from "./duration-sketch.ts";
import type { TaskOutcome } from "./events.ts";
import type { TaskTypePerformance } from "./performance.ts";

/** In how many slices a window slides: what is older than the window leaves it within a tenth of its length. */
export const SLICES = 10;

/** Durations and outcomes of tasks over a sliding window, and their counts since the start. */
export class TaskWindow {
  completed = 0;
  failed = 0;
  cancelled = 0;
  #slice = new DurationSketch();
  #durations = new HistogramWindow({ slices: SLICES });
  #successes = new SumWindow({ slices: SLICES });
  #failures = new SumWindow({ slices: SLICES });

  record(outcome: TaskOutcome, seconds: number): void {
    if (outcome === "cancelled") {
      this.cancelled += 1;
      return;
    }
    this.#slice.record(seconds);
    if (outcome === "success") {
      this.completed += 1;
      this.#successes.add(1);
    } else {
      this.failed += 1;
      this.#failures.add(1);
    }
  }

  /** Closes the current slice of time. */
  advance(): void {
    this.#closeSlice();
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
    this.#closeSlice();
    const ended = this.successesInWindow + this.failuresInWindow;
    return {
      completedTasks: this.completed,
      failedTasks: this.failed,
      cancelledTasks: this.cancelled,
      ...(ended > 0 ? { taskSuccessRate: this.successesInWindow / ended, ...this.#percentiles() } : {}),
    };
  }

  #percentiles(): { latencyP50: number; latencyP95: number; latencyP99: number } {
    const at = (q: number): number => this.#durations.quantile(q) ?? 0;
    return { latencyP50: at(0.5), latencyP95: at(0.95), latencyP99: at(0.99) };
  }

  #closeSlice(): void {
    if (this.#slice.count === 0) return;
    this.#durations.add(this.#slice.toPoint());
    this.#slice = new DurationSketch();
  }
}
