import type { MeasuredPoint } from "../core/measured-metric.ts";
import type { ExponentialHistogramPoint } from "../core/metric-point.ts";
import type { Labels } from "../core/series-key.ts";
import type { TaskOutcome } from "./events.ts";
import type { TaskTypePerformance } from "./performance.ts";
import { type RecordedLabels, UNKNOWN_ERROR } from "./recorded-labels.ts";
import { TaskRow, TaskWindow, together } from "./task-durations.ts";

/**
 * Task types of an agent with numbers of their own. Later types count only in the agent's totals.
 */
const MAX_TASK_TYPES = 100;

/** Durations of tasks, as the collections read them. */
export type TaskDurations = MeasuredPoint<ExponentialHistogramPoint>;

/**
 * The ended tasks of one agent, by type and in total. Recording a task counts it once, in the row of
 * its type and its error. Windows take over what is new when they advance or are read.
 */
export class EndedTasks {
  readonly #agentName: string;
  readonly #labels: RecordedLabels;
  readonly #all = new TaskWindow();
  readonly #byType = new Map<string, TasksOfType>();
  readonly #ofOtherTypes = new TasksOfType();

  constructor(agentName: string, labels: RecordedLabels) {
    this.#agentName = agentName;
    this.#labels = labels;
  }

  /** @param errorType the error of a failed task, as the application gives it. */
  record(taskType: string, outcome: TaskOutcome, seconds: number, errorType?: string): void {
    const ofType = this.#byType.get(taskType) ?? this.#ofNewType(taskType);
    if (outcome === "cancelled") ofType.cancelled += 1;
    else {
      const row = ofType.known(outcome, errorType) ?? this.#rowOf(ofType, taskType, outcome, errorType);
      row.record(seconds);
    }
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

  /** What ended since the previous call. */
  collect(): TaskDurations[] {
    this.#updateWindows();
    const collected = new Map<Labels, ExponentialHistogramPoint>();
    for (const { rows } of this.#types()) {
      for (const row of rows) {
        const point = row.collect();
        if (point === undefined) continue;
        // Several types are shown as one where there are too many.
        const before = collected.get(row.labels);
        collected.set(row.labels, before === undefined ? point : together(before, point));
      }
    }
    return Array.from(collected, ([labels, value]) => ({ labels, value }));
  }

  #rowOf(
    ofType: TasksOfType,
    taskType: string,
    outcome: TaskOutcome,
    errorType: string | undefined,
  ): TaskRow {
    const labels =
      outcome === "success"
        ? this.#labels.ofTask(this.#agentName, taskType)
        : this.#labels.ofError(this.#agentName, taskType, errorType);
    const row = ofType.rowWith(labels);
    if (ofType !== this.#ofOtherTypes && labels.task_type === taskType) ofType.remember(row, errorType);
    return row;
  }

  #ofNewType(taskType: string): TasksOfType {
    if (this.#byType.size >= MAX_TASK_TYPES) return this.#ofOtherTypes;
    const ofType = new TasksOfType();
    this.#byType.set(taskType, ofType);
    return ofType;
  }

  #updateWindows(): void {
    for (const ofType of this.#types()) ofType.addNewTo(this.#all);
  }

  *#types(): Iterable<TasksOfType> {
    yield* this.#byType.values();
    yield this.#ofOtherTypes;
  }
}

class TasksOfType {
  readonly window = new TaskWindow();
  readonly rows: TaskRow[] = [];
  cancelled = 0;
  #succeeded: TaskRow | undefined;
  readonly #failed = new Map<string | undefined, TaskRow>();

  /** The row of tasks that ended like this, if it was remembered. */
  known(outcome: "success" | "failure", errorType: string | undefined): TaskRow | undefined {
    return outcome === "success" ? this.#succeeded : this.#failed.get(errorType);
  }

  /** Remembers the row of a success, or of an error type that is shown as it is. */
  remember(row: TaskRow, errorType: string | undefined): void {
    if (row.hasSucceeded) this.#succeeded = row;
    else if (row.labels.error_type === (errorType ?? UNKNOWN_ERROR)) this.#failed.set(errorType, row);
  }

  rowWith(labels: Labels): TaskRow {
    const known = this.rows.find((row) => row.labels === labels);
    if (known !== undefined) return known;
    const row = new TaskRow(labels);
    this.rows.push(row);
    return row;
  }

  /** Adds what is new to the window of this type and to that of all tasks. */
  addNewTo(total: TaskWindow): void {
    for (const row of this.rows) {
      const point = row.takeNew();
      if (point === undefined) continue;
      for (const window of [this.window, total]) window.add(row.hasSucceeded, point);
    }
    if (this.cancelled === 0) return;
    for (const window of [this.window, total]) window.addCancelled(this.cancelled);
    this.cancelled = 0;
  }
}
