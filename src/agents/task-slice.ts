import { DurationSketch } from "./duration-sketch.ts";
import type { TaskOutcome } from "./events.ts";

/** Tasks that have ended lately, as they come: the cheap half of a window, which is brought up to date in batches. */
export class TaskSlice {
  completed = 0;
  failed = 0;
  cancelled = 0;
  readonly durations = new DurationSketch();

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
