import type { TaskOutcome } from "./events.ts";
import type { TaskTypePerformance } from "./performance.ts";
import { TaskBatch, TaskWindow } from "./task-window.ts";

/**
 * Task types of an agent with numbers of their own. Later types count only in the agent's totals.
 */
const MAX_TASK_TYPES = 100;

/**
 * The ended tasks of one agent, by type and in total. Recording a task counts it once, in the batch
 * of its type. Windows take over the batches when they advance or are read.
 */
export class EndedTasks {
  readonly #all = new TaskWindow();
  readonly #byType = new Map<string, TasksOfType>();
  readonly #ofOtherTypes = new TasksOfType();

  record(taskType: string, outcome: TaskOutcome, seconds: number): void {
    const ofType = this.#byType.get(taskType) ?? this.#ofNewType(taskType);
    ofType.batch.record(outcome, seconds);
  }

  /** Closes the open slice of every window. */
  advance(): void {
    this.#updateWindows();
    this.#all.advance();
    for (const { window } of this.#byType.values()) window.advance();
  }

  /** All tasks together. */
  get total(): TaskWindow {
    this.#updateWindows();
    return this.#all;
  }

  performanceByType(): Record<string, TaskTypePerformance> {
    this.#updateWindows();
    return Object.fromEntries(Array.from(this.#byType, ([type, { window }]) => [type, window.performance()]));
  }

  #ofNewType(taskType: string): TasksOfType {
    if (this.#byType.size >= MAX_TASK_TYPES) return this.#ofOtherTypes;
    const ofType = new TasksOfType();
    this.#byType.set(taskType, ofType);
    return ofType;
  }

  #updateWindows(): void {
    for (const ofType of this.#byType.values()) ofType.addBatchTo(this.#all);
    this.#ofOtherTypes.addBatchTo(this.#all);
  }
}

class TasksOfType {
  readonly window = new TaskWindow();
  batch = new TaskBatch();

  /** Adds the batch to the window of this type and to that of all tasks, and starts a new batch. */
  addBatchTo(total: TaskWindow): void {
    if (this.batch.isEmpty) return;
    this.window.add(this.batch);
    total.add(this.batch);
    this.batch = new TaskBatch();
  }
}
