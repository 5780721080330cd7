import type { ScopeMetrics } from "@opentelemetry/sdk-metrics";
import type { MeasuredMetric } from "../core/measured-metric.ts";
import type { FellowProcesses } from "../prometheus/port-sharing.ts";
import { type ShownByWorker, sumOfWorkers, withWorker } from "./sum-of-workers.ts";
import { isShown, type WorkerReport } from "./worker-report.ts";

/** Workers that have ended and are kept apart, so that one whose line broke is not counted twice when it is back. */
const MOST_ENDED = 64;

interface Worker {
  number: number;
  shown: readonly ScopeMetrics[];
  /** The line that it reports by; absent: it has ended, or was not heard of yet. */
  line: string | undefined;
}

/** What the process that shows all workers knows of them: another one goes on with that when it ends. */
export interface WorkersState {
  readonly id: string;
  /** The number of the one that is to go on. */
  readonly number: number;
  readonly ended: readonly ScopeMetrics[];
  readonly workers: readonly {
    readonly id: string;
    readonly number: number;
    readonly shown: readonly ScopeMetrics[];
  }[];
}

/**
 * The other processes that do the same work as this one: the workers of a cluster. What they count is added up, here and
 * in what is forecast; a worker that has ended leaves what it has counted behind.
 */
export class Workers implements FellowProcesses {
  readonly #workers = new Map<string, Worker>();
  #ended: readonly ScopeMetrics[] = [];
  #measured: MeasuredMetric[] = [];
  #ownNumber: number | undefined;
  #ownId: string | undefined;
  #hasGoneOn = false;

  /** This process is a worker too, known by this id: its levels bear its number. */
  isWorker(id: string, number = 1): void {
    this.#ownId ??= id;
    this.#ownNumber ??= number;
  }

  /** @param line what it reports by; when that is closed, the worker has ended. */
  take(line: string, { id, shown, measured, will }: WorkerReport): void {
    const worker = this.#workers.get(id) ?? { number: this.#freeNumber(), shown, line };
    // One whose line broke may have lost its number.
    if (worker.line === undefined && this.#takenNumbers().has(worker.number))
      worker.number = this.#freeNumber();
    worker.shown = shown;
    worker.line = line;
    this.#workers.set(id, worker);
    for (const metric of measured) this.#measured.push(measuredBy(metric, worker.number));
    const state = will === undefined || this.#ownId === undefined ? undefined : readState(will);
    if (state !== undefined) this.goOnFrom(state);
  }

  /** A line is closed. */
  remove(line: string): void {
    for (const worker of this.#workers.values()) if (worker.line === line) worker.line = undefined;
    this.#foldEnded();
  }

  /** What workers have measured since this was asked for last, and this process too where it is one. */
  takeMeasured(own: readonly MeasuredMetric[]): MeasuredMetric[] {
    const number = this.#ownNumber;
    const ofWorkers = this.#measured;
    this.#measured = [];
    return [...(number === undefined ? own : own.map((metric) => measuredBy(metric, number))), ...ofWorkers];
  }

  /** What this process and all workers show; undefined where there are none. */
  sumWith(own: readonly ScopeMetrics[]): ScopeMetrics[] | undefined {
    if (this.#workers.size === 0 && this.#ended.length === 0 && this.#ownNumber === undefined)
      return undefined;
    return sumOfWorkers([{ shown: own, number: this.#ownNumber }, ...this.#shown()]);
  }

  /** The worker that has been here longest is to go on when this process ends. */
  get heir(): { readonly line: string; readonly number: number } | undefined {
    for (const { line, number } of this.#workers.values()) if (line !== undefined) return { line, number };
    return undefined;
  }

  /** @param self how this process is known to the one that goes on, and what it shows itself. */
  stateFor(number: number, self: { id: string; shown: readonly ScopeMetrics[] }): WorkersState {
    const workers = Array.from(this.#workers, ([id, worker]) => ({
      id,
      number: worker.number,
      shown: worker.shown,
    }));
    return {
      id: self.id,
      number,
      ended: this.#ended,
      workers: [...workers, { ...self, number: this.#ownNumber ?? 0 }],
    };
  }

  /** Goes on where another process has ended: once, since who takes a port has one that had it before. */
  goOnFrom(state: WorkersState): void {
    if (this.#hasGoneOn) return;
    this.#hasGoneOn = true;
    this.#ended = state.ended;
    for (const { id, number, shown } of state.workers)
      if (id !== this.#ownId && !this.#workers.has(id))
        this.#workers.set(id, { number, shown, line: undefined });
  }

  *#shown(): Iterable<ShownByWorker> {
    yield { shown: this.#ended, hasEnded: true };
    for (const { shown, number, line } of this.#workers.values())
      yield { shown, number, hasEnded: line === undefined };
  }

  #takenNumbers(): ReadonlySet<number | undefined> {
    const here = [...this.#workers.values()].filter(({ line }) => line !== undefined);
    return new Set([this.#ownNumber, ...here.map(({ number }) => number)]);
  }

  #freeNumber(): number {
    const taken = this.#takenNumbers();
    let number = 1;
    while (taken.has(number)) number += 1;
    return number;
  }

  #foldEnded(): void {
    const ended = [...this.#workers].filter(([, { line }]) => line === undefined);
    for (const [id, { shown }] of ended.slice(0, Math.max(0, ended.length - MOST_ENDED))) {
      this.#ended = sumOfWorkers([
        { shown: this.#ended, hasEnded: true },
        { shown, hasEnded: true },
      ]);
      this.#workers.delete(id);
    }
  }
}

/** What another process has told of workers; undefined when that is nothing that can be gone on from. */
export function readState(line: string): WorkersState | undefined {
  try {
    const { id, number, ended, workers } = JSON.parse(line) as Partial<WorkersState>;
    if (typeof id !== "string" || typeof number !== "number" || !isShown(ended)) return undefined;
    if (!Array.isArray(workers) || !workers.every(({ shown }) => isShown(shown))) return undefined;
    return { id, number, ended, workers };
  } catch {
    return undefined;
  }
}

/** A level of one worker is another's too. */
function measuredBy(metric: MeasuredMetric, number: number): MeasuredMetric {
  if (metric.kind !== "level") return metric;
  const points = metric.points.map(({ labels, value }) => ({ labels: withWorker(labels, number), value }));
  return { ...metric, points };
}
