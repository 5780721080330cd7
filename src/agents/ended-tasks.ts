import type { TraceMoment } from "../core/exemplar.ts";
import type { MeasuredPoint } from "../core/measured-metric.ts";
import type { ExponentialHistogramPoint } from "../core/metric-point.ts";
import type { Labels } from "../core/series-key.ts";
import { ExponentialSketch } from "../statistics/exponential-sketch.ts";
import type { TaskOutcome } from "./events.ts";
import type { TaskTypePerformance } from "./performance.ts";
import { type RecordedLabels, UNKNOWN_ERROR } from "./recorded-labels.ts";
import type { SharedRoom } from "./shared-room.ts";
import { TaskSketch, TaskWindow, together } from "./task-durations.ts";

/**
 * Task types of an agent with numbers of their own, if there is room. Later types count only in the
 * agent's totals.
 */
const MAX_TASK_TYPES = 100;

/** Durations of tasks, as the collections read them. */
export type TaskDurations = MeasuredPoint<ExponentialHistogramPoint>;

/** Many agents have no tasks at all, or none since the last collection. */
const NO_DURATIONS: readonly TaskDurations[] = [];

/**
 * The ended tasks of one agent, by type and in total. Recording a task counts it once, in the sketch
 * of its type and its error. Windows take over what is new when they advance or are read.
 */
export class EndedTasks {
  readonly #agentName: string;
  readonly #labels: RecordedLabels;
  readonly #room: SharedRoom;
  readonly #byType = new Map<string, TasksOfType>();
  /** Of an agent with too many types. */
  #ofOtherTypes: TasksOfType | undefined;
  /** All tasks, once they are of several types. Most agents have one: its tasks are all. */
  #all: TaskWindow | undefined;
  /** The type of the last task that has begun while none had ended. */
  #begunType: string | undefined;

  readonly #currentTrace: (() => TraceMoment | undefined) | undefined;

  constructor(
    agentName: string,
    labels: RecordedLabels,
    room: SharedRoom,
    currentTrace?: () => TraceMoment | undefined,
  ) {
    this.#currentTrace = currentTrace;
    this.#agentName = agentName;
    this.#labels = labels;
    this.#room = room;
  }

  /** Gives back the room that all agents share. */
  leave(): void {
    this.#room.giveBack(this.#byType.size, 0);
  }

  /** A task has begun. While none has ended, the next collection shows that there were none so far. */
  begin(taskType: string): void {
    this.#begunType = taskType;
  }

  /** @param errorType the error of a failed task, as the application gives it. */
  record(taskType: string, outcome: TaskOutcome, seconds: number, errorType?: string): void {
    const ofType = this.#byType.get(taskType) ?? this.#ofNewType(taskType);
    if (outcome === "cancelled") ofType.cancelled += 1;
    else {
      const sketch = ofType.known(outcome, errorType) ?? this.#sketchOf(ofType, taskType, outcome, errorType);
      sketch.record(seconds, this.#currentTrace);
    }
  }

  /** Closes the open slice of every window. */
  advance(): void {
    this.#updateWindows();
    this.#all?.advance();
    for (const { window } of this.#byType.values()) window.advance();
  }

  /** All tasks together. */
  get total(): TaskWindow {
    this.#updateWindows();
    if (this.#all !== undefined) return this.#all;
    const [only] = this.#byType.values();
    return only?.window ?? new TaskWindow();
  }

  performanceByType(): Record<string, TaskTypePerformance> {
    this.#updateWindows();
    return Object.fromEntries(Array.from(this.#byType, ([type, { window }]) => [type, window.performance()]));
  }

  /** What ended since the previous call. Of an agent that has only begun tasks: that none ended. */
  collect(): readonly TaskDurations[] {
    if (this.#byType.size === 0 && this.#ofOtherTypes === undefined) return this.#noneEnded();
    this.#updateWindows();
    let collected: Map<Labels, ExponentialHistogramPoint> | undefined;
    for (const { sketches } of this.#types()) {
      for (const sketch of sketches) {
        const point = sketch.collect();
        if (point === undefined) continue;
        collected ??= new Map();
        // Several types are shown as one where there are too many.
        const before = collected.get(sketch.labels);
        collected.set(sketch.labels, before === undefined ? point : together(before, point));
      }
    }
    if (collected === undefined) return NO_DURATIONS;
    return Array.from(collected, ([labels, value]) => ({ labels, value }));
  }

  /** So counters of tasks begin at 0, and PromQL's `increase` sees the first task. */
  #noneEnded(): readonly TaskDurations[] {
    if (this.#begunType === undefined) return NO_DURATIONS;
    const labels = this.#labels.ofTask(this.#agentName, this.#begunType);
    this.#begunType = undefined;
    return [{ labels, value: new ExponentialSketch().toPoint() }];
  }

  #sketchOf(
    ofType: TasksOfType,
    taskType: string,
    outcome: TaskOutcome,
    errorType: string | undefined,
  ): TaskSketch {
    const labels =
      outcome === "success"
        ? this.#labels.ofTask(this.#agentName, taskType)
        : this.#labels.ofError(this.#agentName, taskType, errorType);
    const sketch = ofType.sketchWith(labels);
    if (ofType !== this.#ofOtherTypes && labels.task_type === taskType) ofType.remember(sketch, errorType);
    return sketch;
  }

  #ofNewType(taskType: string): TasksOfType {
    if (this.#byType.size === 1) this.#all ??= this.total.copy();
    if (this.#byType.size >= MAX_TASK_TYPES || !this.#room.take(this.#byType.size)) {
      this.#ofOtherTypes ??= new TasksOfType();
      return this.#ofOtherTypes;
    }
    const ofType = new TasksOfType();
    this.#byType.set(taskType, ofType);
    return ofType;
  }

  #updateWindows(): void {
    for (const ofType of this.#types()) ofType.addNewTo(this.#all);
  }

  *#types(): Iterable<TasksOfType> {
    yield* this.#byType.values();
    if (this.#ofOtherTypes !== undefined) yield this.#ofOtherTypes;
  }
}

class TasksOfType {
  readonly window = new TaskWindow();
  sketches: readonly TaskSketch[] = [];
  cancelled = 0;
  #succeeded: TaskSketch | undefined;
  #failed: Map<string | undefined, TaskSketch> | undefined;

  /** The sketch of tasks that ended like this, if it was remembered. */
  known(outcome: "success" | "failure", errorType: string | undefined): TaskSketch | undefined {
    return outcome === "success" ? this.#succeeded : this.#failed?.get(errorType);
  }

  /** Remembers the sketch of a success, or of an error type that is shown as it is. */
  remember(sketch: TaskSketch, errorType: string | undefined): void {
    if (sketch.hasSucceeded) this.#succeeded = sketch;
    else if (sketch.labels.error_type === (errorType ?? UNKNOWN_ERROR)) {
      this.#failed ??= new Map();
      this.#failed.set(errorType, sketch);
    }
  }

  sketchWith(labels: Labels): TaskSketch {
    const known = this.sketches.find((sketch) => sketch.labels === labels);
    if (known !== undefined) return known;
    const sketch = new TaskSketch(labels);
    // An array that grows keeps spare room, and there are thousands of agents.
    this.sketches = this.sketches.concat(sketch);
    return sketch;
  }

  /** Adds what is new to the window of this type and to that of all tasks, if that is another one. */
  addNewTo(total: TaskWindow | undefined): void {
    for (const sketch of this.sketches) {
      const point = sketch.takeNew();
      if (point === undefined) continue;
      this.window.add(sketch.hasSucceeded, point);
      total?.add(sketch.hasSucceeded, point);
    }
    if (this.cancelled === 0) return;
    this.window.addCancelled(this.cancelled);
    total?.addCancelled(this.cancelled);
    this.cancelled = 0;
  }
}
