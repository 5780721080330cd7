import type { TaskOutcome } from "./events.ts";
import type { TaskTypePerformance } from "./performance.ts";
import { TaskSlice } from "./task-slice.ts";
import { TaskWindow } from "./task-window.ts";

/** Task types of an agent that are told apart; later ones count in the agent's totals alone. */
const MAX_TASK_TYPES = 100;

/** The tasks of one agent that have ended, by type and all together. To record one is to count it once. */
export class EndedTasks {
  readonly #all = new TaskWindow();
  readonly #byType = new Map<string, TasksOfType>();
  readonly #ofOtherTypes = new TasksOfType();

  record(taskType: string, outcome: TaskOutcome, seconds: number): void {
    const ofType = this.#byType.get(taskType) ?? this.#ofNewType(taskType);
    ofType.slice.record(outcome, seconds);
  }

  /** Closes the open slice of every window. */
  advance(): void {
    this.#settle();
    this.#all.advance();
    for (const { window } of this.#byType.values()) window.advance();
  }

  /** All tasks together. */
  get total(): TaskWindow {
    this.#settle();
    return this.#all;
  }

  performanceByType(): Record<string, TaskTypePerformance> {
    this.#settle();
    return Object.fromEntries(Array.from(this.#byType, ([type, { window }]) => [type, window.performance()]));
  }

  #ofNewType(taskType: string): TasksOfType {
    if (this.#byType.size >= MAX_TASK_TYPES) return this.#ofOtherTypes;
    const ofType = new TasksOfType();
    this.#byType.set(taskType, ofType);
    return ofType;
  }

  /** Brings the windows up to date. */
  #settle(): void {
    for (const ofType of this.#byType.values()) ofType.settle(this.#all);
    this.#ofOtherTypes.settle(this.#all);
  }
}

class TasksOfType {
  readonly window = new TaskWindow();
  slice = new TaskSlice();

  settle(total: TaskWindow): void {
    if (this.slice.isEmpty) return;
    this.window.take(this.slice);
    total.take(this.slice);
    this.slice = new TaskSlice();
  }
}
