import type { ScopeMetrics } from "@opentelemetry/sdk-metrics";
import type { MeasuredMetric } from "../core/measured-metric.ts";
import type { PeerProcesses } from "../prometheus/port-sharing.ts";
import { type HandoverState, readHandover } from "./handover-state.ts";
import { type ShownByWorker, sumOfWorkers, withWorker } from "./sum-of-workers.ts";
import type { WorkerMetrics } from "./worker-metrics.ts";

/**
 * Maximum of ended workers that are kept apart, so that a worker that connects again is not counted
 * twice.
 */
const MAX_ENDED = 64;

interface Worker {
  number: number;
  shown: readonly ScopeMetrics[];
  /** The connection that it reports by; absent: it has ended, or has not connected yet. */
  connection: string | undefined;
  /** The number of its end among all ends; absent before its first end. */
  end?: number;
}

/**
 * Adds up what the workers of a cluster count: in what is shown, and in what is forecast. What a
 * worker has counted stays in the totals after it ends.
 */
export class WorkerTotals implements PeerProcesses {
  readonly #workers = new Map<string, Worker>();
  /** The connections of the workers that have a handover, by which they would continue the totals. */
  readonly #holders = new Set<string>();
  #ended: readonly ScopeMetrics[] = [];
  #measured: MeasuredMetric[] = [];
  #ownNumber: number | undefined;
  #ownId: string | undefined;
  #hasContinued = false;
  #ends = 0;

  /** Counts this process as a worker too. Its number labels its levels. The first call counts. */
  addSelf(id: string, number = 1): void {
    this.#ownId ??= id;
    this.#ownNumber ??= number;
  }

  /** @param connection what the worker reports by; the worker has ended when that is removed. */
  take(connection: string, { id, shown, measured, handover }: WorkerMetrics): void {
    const worker = this.#workers.get(id) ?? { number: this.#freeNumber(), shown, connection };
    // While a worker was not connected, another may have got its number.
    if (worker.connection === undefined && this.#takenNumbers().has(worker.number))
      worker.number = this.#freeNumber();
    worker.shown = shown;
    worker.connection = connection;
    this.#workers.set(id, worker);
    for (const metric of measured) this.#measured.push(measuredBy(metric, worker.number));
    if (handover !== undefined) this.#holders.add(connection);
    if (handover === undefined || this.#ownId === undefined || this.#hasContinued) return;
    const state = readHandover(handover);
    if (state !== undefined) this.continueFrom(state);
  }

  /** The number of the worker that reports by this connection; `undefined` if no worker does. */
  numberOf(connection: string): number | undefined {
    for (const worker of this.#workers.values()) if (worker.connection === connection) return worker.number;
    return undefined;
  }

  /** A connection was closed. */
  remove(connection: string): void {
    this.#holders.delete(connection);
    for (const worker of this.#workers.values()) if (worker.connection === connection) this.#end(worker);
    this.#foldEnded();
  }

  /**
   * What workers have measured since the last call, and `own`, labelled if this process is a
   * worker.
   */
  takeMeasured(own: readonly MeasuredMetric[]): MeasuredMetric[] {
    const number = this.#ownNumber;
    const ofWorkers = this.#measured;
    this.#measured = [];
    return [...(number === undefined ? own : own.map((metric) => measuredBy(metric, number))), ...ofWorkers];
  }

  /** What this process and all workers show; `undefined` without workers. */
  sumWith(own: readonly ScopeMetrics[]): ScopeMetrics[] | undefined {
    if (this.#workers.size === 0 && this.#ended.length === 0 && this.#ownNumber === undefined)
      return undefined;
    return sumOfWorkers([{ shown: own, number: this.#ownNumber }, ...this.#shown()]);
  }

  /**
   * What this process and the workers that it has itself show, while another process shows it. Workers
   * that it showed as one of them report to that process.
   */
  withOwnWorkers(own: readonly ScopeMetrics[]): readonly ScopeMetrics[] {
    return this.#ownNumber === undefined ? (this.sumWith(own) ?? own) : own;
  }

  /**
   * The workers that are connected. The one that has been longest is the successor: it takes the port when
   * this process ends.
   */
  get connected(): { readonly connection: string; readonly number: number }[] {
    return [...this.#workers.values()].flatMap(({ connection, number }) =>
      connection === undefined ? [] : { connection, number },
    );
  }

  get #successor(): string | undefined {
    return this.connected[0]?.connection;
  }

  /** Whether the successor has no handover yet. */
  get isSuccessorNew(): boolean {
    const current = this.#successor;
    return current !== undefined && !this.#holders.has(current);
  }

  /**
   * The connections of workers that have an older handover and are not the successor. If they kept
   * it, they could take the port before the successor, and lose what was counted since.
   */
  get outdated(): string[] {
    const current = this.#successor;
    return [...this.#holders].filter((connection) => connection !== current);
  }

  /** A worker has received a handover, or is to forget the one that it had. */
  onHandoverSent(connection: string, handover: HandoverState | null): void {
    if (handover === null) this.#holders.delete(connection);
    else this.#holders.add(connection);
  }

  /**
   * @param number of the successor.
   * @param self the id of this process, and what it shows itself.
   */
  stateFor(number: number, self: { id: string; shown: readonly ScopeMetrics[] }): HandoverState {
    // Those that are connected come last: for the next process they end last, since they connect to it.
    const connected = [...this.#workers].filter(([, { connection }]) => connection !== undefined);
    const workers = [...this.#byEnd(), ...connected].map(([id, { number, shown }]) => ({
      id,
      number,
      shown,
    }));
    return {
      id: self.id,
      number,
      ended: this.#ended,
      workers: [...workers, { ...self, number: this.#ownNumber ?? 0 }],
    };
  }

  /**
   * Continues the totals of the process that had the port before. Counts once, since there is one
   * such process.
   */
  continueFrom(state: HandoverState): void {
    if (this.#hasContinued) return;
    this.#hasContinued = true;
    this.#addEnded(state.ended);
    for (const { id, number, shown } of state.workers)
      if (id !== this.#ownId && !this.#workers.has(id))
        this.#workers.set(id, this.#end({ number, shown, connection: undefined }));
  }

  *#shown(): Iterable<ShownByWorker> {
    yield { shown: this.#ended, hasEnded: true };
    for (const { shown, number, connection } of this.#workers.values())
      yield { shown, number, hasEnded: connection === undefined };
  }

  #takenNumbers(): ReadonlySet<number | undefined> {
    const connected = [...this.#workers.values()].filter(({ connection }) => connection !== undefined);
    return new Set([this.#ownNumber, ...connected.map(({ number }) => number)]);
  }

  #freeNumber(): number {
    const taken = this.#takenNumbers();
    let number = 1;
    while (taken.has(number)) number += 1;
    return number;
  }

  #end(worker: Worker): Worker {
    worker.connection = undefined;
    this.#ends += 1;
    worker.end = this.#ends;
    return worker;
  }

  /** The workers that have ended, the first one first. */
  #byEnd(): [string, Worker][] {
    const ended = [...this.#workers].filter(([, { connection }]) => connection === undefined);
    return ended.sort(([, one], [, other]) => (one.end ?? 0) - (other.end ?? 0));
  }

  #foldEnded(): void {
    const ended = this.#byEnd();
    for (const [id, { shown }] of ended.slice(0, Math.max(0, ended.length - MAX_ENDED))) {
      this.#addEnded(shown);
      this.#workers.delete(id);
    }
  }

  #addEnded(shown: readonly ScopeMetrics[]): void {
    this.#ended = sumOfWorkers([
      { shown: this.#ended, hasEnded: true },
      { shown, hasEnded: true },
    ]);
  }
}

/** Levels of several workers can't be added up: each has the label of its worker. */
function measuredBy(metric: MeasuredMetric, number: number): MeasuredMetric {
  if (metric.kind !== "level") return metric;
  const points = metric.points.map(({ labels, value }) => ({ labels: withWorker(labels, number), value }));
  return { ...metric, points };
}
