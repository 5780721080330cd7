import type { ExponentialHistogramPoint } from "../core/metric-point.ts";
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
