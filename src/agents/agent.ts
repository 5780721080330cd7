import type { DropReason } from "../core/drop-reason.ts";
import { ConcurrencyRecord } from "./concurrency-record.ts";
import { ConsumedResources } from "./consumed-resources.ts";
import { EndedTasks, type TaskDurations } from "./ended-tasks.ts";
import type { TaskOutcome } from "./events.ts";
import { Failures } from "./failures.ts";
import type { AgentPerformance } from "./performance.ts";
import { RareWindow } from "./rare-window.ts";
import { RecentIds } from "./recent-ids.ts";
import { type AgentOptions, newRooms, type SharedRoom } from "./shared-room.ts";
import { SLICES } from "./task-durations.ts";

/** The maximum of open tasks, and of open failures, if there is room. More are dropped and counted. */
const MAX_OPEN = 10_000;
/** At least this many ids of ended tasks, and of recovered failures, are remembered. */
const REMEMBERED_IDS = 1000;

/** One agent: open tasks and failures, counts since the start, and a sliding window. */
export class Agent {
  readonly name: string;
  readonly failures: Failures;
  readonly concurrency = new ConcurrencyRecord();
  lastHeardAt: number;
  /** Up to when the time with active tasks was counted. */
  #countedUntil: number;
  readonly #room: SharedRoom;
  readonly #sliceMillis: number;
  #sliceEndsAt: number;
  /** Allocated when it is needed, as all that most agents never need: there may be very many agents. */
  #open: Map<string, string> | undefined;
  #anonymous = 0;
  /** Ids of ended tasks: a second record with the same id is a duplicate. */
  readonly #ended = new RecentIds(REMEMBERED_IDS);
  readonly #tasks: EndedTasks;
  readonly #resources: ConsumedResources;
  readonly #succeededSteps = new RareWindow();
  readonly #failedSteps = new RareWindow();
  readonly #recoverySeconds = new RareWindow();
  readonly #recoveries = new RareWindow();
  #recovered = 0;
  #failedRecoveries = 0;

  constructor(
    name: string,
    { windowMillis, labels, rooms = newRooms(), currentTrace }: AgentOptions,
    now: number,
  ) {
    this.name = name;
    this.#room = rooms.openTasks;
    this.#resources = new ConsumedResources(rooms.resources);
    this.failures = new Failures({
      maxOpen: MAX_OPEN,
      remembered: REMEMBERED_IDS,
      room: rooms.openFailures,
    });
    this.#tasks = new EndedTasks(name, labels, rooms.taskTypes, currentTrace);
    this.lastHeardAt = now;
    this.#countedUntil = now;
    this.#sliceMillis = windowMillis / SLICES;
    this.#sliceEndsAt = now + this.#sliceMillis;
  }

  get activeTasks(): number {
    return (this.#open?.size ?? 0) + this.#anonymous;
  }

  /** Slides the window to `now` and records that the agent was heard of. */
  hear(now: number): void {
    if (this.activeTasks > 0) this.concurrency.addTime(now - this.#countedUntil, this.activeTasks);
    this.#countedUntil = now;
    this.lastHeardAt = now;
    this.slideTo(now);
  }

  /** Gives back the room that all agents share: the agent, which has no open task, is forgotten. */
  leave(): void {
    this.failures.leave();
    this.#tasks.leave();
    this.#resources.leave();
  }

  /** The process goes on after a pause, in which no task got on. */
  resume(now: number): void {
    this.#countedUntil = now;
    this.concurrency.dropPeriod();
  }

  slideTo(now: number): void {
    if (now < this.#sliceEndsAt) return;
    const passed = Math.floor((now - this.#sliceEndsAt) / this.#sliceMillis) + 1;
    for (let slice = 0; slice < Math.min(passed, SLICES); slice += 1) this.#advance();
    this.#sliceEndsAt += passed * this.#sliceMillis;
  }

  startTask(taskId: string, taskType: string): DropReason | undefined {
    this.#open ??= new Map();
    if (this.#open.has(taskId) || this.#ended.has(taskId)) return "duplicate_task";
    const { size } = this.#open;
    if (size >= MAX_OPEN || !this.#room.take(size)) return "max_open_tasks";
    this.#open.set(taskId, taskType);
    this.#tasks.begin(taskType);
    return undefined;
  }

  /** Counts a task without an id as active until `endAnonymous`. */
  startAnonymous(taskType: string): void {
    this.#anonymous += 1;
    this.#tasks.begin(taskType);
  }

  endAnonymous(taskType: string, outcome: TaskOutcome, seconds: number, errorType?: string): void {
    this.#anonymous -= 1;
    if (outcome !== "cancelled") this.concurrency.countEnd();
    // A span may end before it starts, by a clock that was set.
    this.#tasks.record(taskType, outcome, seconds >= 0 && seconds < Infinity ? seconds : 0, errorType);
  }

  withdrawAnonymous(): void {
    this.#anonymous -= 1;
  }

  endTask(
    taskId: string,
    taskType: string,
    outcome: TaskOutcome,
    seconds: number,
    errorType?: string,
  ): DropReason | undefined {
    if (!this.#ended.add(taskId)) return "duplicate_task";
    if (this.#open?.delete(taskId)) {
      this.#room.giveBack(this.#open.size + 1, this.#open.size);
      if (outcome !== "cancelled") this.concurrency.countEnd();
    }
    this.#tasks.record(taskType, outcome, seconds, errorType);
    return undefined;
  }

  cancelTask(taskId: string): DropReason | undefined {
    const taskType = this.#open?.get(taskId);
    if (taskType === undefined) return this.#ended.has(taskId) ? "duplicate_task" : "unknown_task";
    return this.endTask(taskId, taskType, "cancelled", 0);
  }

  /** Counts an attempt that is not the end of a task. */
  countAttempt(outcome: "success" | "failure"): void {
    (outcome === "success" ? this.#succeededSteps : this.#failedSteps).add(1);
  }

  recovered(seconds: number): void {
    this.#recovered += 1;
    this.#recoverySeconds.add(seconds);
    this.#recoveries.add(1);
  }

  /** Counts a recovery that did not succeed, unless no such failure is open. */
  recoveryFailed(failureId: string): DropReason | undefined {
    const dropped = this.failures.recoveryFailed(failureId);
    if (dropped === undefined) this.#failedRecoveries += 1;
    return dropped;
  }

  /** Records how much of each resource the agent has consumed so far. */
  consume(resources: Readonly<Record<string, number>>): void {
    this.#resources.record(resources);
  }

  /** The durations of the tasks that ended since the previous call. */
  collectTasks(): readonly TaskDurations[] {
    return this.#tasks.collect();
  }

  performance(now: number): AgentPerformance {
    this.slideTo(now);
    const averageRecoveryTime = this.#recoverySeconds.total / this.#recoveries.total;
    return {
      agentName: this.name,
      ...this.#tasks.total.performance(),
      ...this.#attemptRates(),
      ...(Number.isFinite(averageRecoveryTime) ? { averageRecoveryTime } : {}),
      activeTasks: this.activeTasks,
      recoveredFailures: this.#recovered,
      failedRecoveries: this.#failedRecoveries,
      resourceConsumption: this.#resources.all(),
      byTaskType: this.#tasks.performanceByType(),
      openFailures: this.failures.list(),
    };
  }

  #attemptRates(): { successRate?: number; failureRate?: number } {
    const { successesInWindow, failuresInWindow } = this.#tasks.total;
    const successes = successesInWindow + this.#succeededSteps.total;
    const failures = failuresInWindow + this.#failedSteps.total;
    const attempts = successes + failures;
    return attempts > 0 ? { successRate: successes / attempts, failureRate: failures / attempts } : {};
  }

  #advance(): void {
    this.#tasks.advance();
    const sums = [this.#succeededSteps, this.#failedSteps, this.#recoverySeconds, this.#recoveries];
    for (const sum of sums) sum.advance();
  }
}
