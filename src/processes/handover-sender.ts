import { clearInterval, setInterval } from "node:timers";
import type { UsedByMember } from "../agents/used-today.ts";
import { type HandoverState, withPlace } from "./handover-state.ts";
import type { OwnMeasurements } from "./own-measurements.ts";
import type { ReportReceiver } from "./report-connection.ts";
import type { WorkerTotals } from "./worker-totals.ts";

/** Instead of a handover, as JSON: the one before is out of date. */
export const OUT_OF_DATE = "null";

/** So many get the last handover beside the successor: several workers may end at the same time. */
const SPARES = 2;

/** What was used today: handed over with the port. */
export interface UseExchange {
  /** What this process, with this id, and each of its members used today. */
  byEach(id: string): UsedByMember[];
  take(used: UsedByMember): void;
}

/** What is handed over, and how. */
export interface HandoverParts {
  readonly workers: WorkerTotals;
  readonly measurements: OwnMeasurements;
  readonly use: UseExchange;
  /**
   * Sends to the worker with a connection; `null`: its handover is out of date. Returns whether it was
   * sent: the last one is in any case.
   */
  send(connection: string, handover: HandoverState | null, isLast: boolean): boolean;
}

/**
 * Sends what the process with the port knows of all workers to its successor, so that the totals go on
 * when it ends. Only the successor has a handover that can be used.
 */
export class HandoverSender {
  readonly #parts: HandoverParts;
  #timer: NodeJS.Timeout | undefined;
  #isLast = false;

  constructor(parts: HandoverParts) {
    this.#parts = parts;
  }

  /** Sends at an interval: a process that is killed sends no last one. Does not keep the process alive. */
  start(everyMillis: number): void {
    this.#timer = setInterval(() => void this.send(), everyMillis);
    this.#timer.unref();
  }

  /** From now on, a handover is sent again whenever another worker has reported or ended. */
  async sendLast(): Promise<void> {
    clearInterval(this.#timer);
    this.#isLast = true;
    await this.send();
  }

  /** A receiver after whose reports a new successor gets its handover at once, not at the next interval. */
  informing(receiver: ReportReceiver): ReportReceiver {
    return {
      take: (...report) => {
        const isTaken = receiver.take(...report);
        if (this.#isDue) void this.send();
        return isTaken;
      },
      remove: (id) => {
        receiver.remove(id);
        if (this.#isLast) void this.send();
      },
    };
  }

  get #isDue(): boolean {
    const { isSuccessorNew, outdated } = this.#parts.workers;
    return this.#isLast || isSuccessorNew || outdated.length > 0;
  }

  /** Sends now. */
  async send(): Promise<void> {
    const { workers, measurements, use } = this.#parts;
    const isLast = this.#isLast;
    if (!isLast) for (const connection of workers.outdated) this.#sendTo(connection, null, isLast);
    if (workers.connected.length === 0) return;
    const self = { id: measurements.id, shown: await measurements.shown() };
    const used = use.byEach(self.id);
    const receivers = workers.connected.slice(0, isLast ? 1 + SPARES : 1);
    for (const [place, { connection, number }] of receivers.entries())
      this.#sendTo(connection, withPlace(place, { ...workers.stateFor(number, self), used }), isLast);
  }

  #sendTo(connection: string, handover: HandoverState | null, isLast: boolean): void {
    if (this.#parts.send(connection, handover, isLast))
      this.#parts.workers.onHandoverSent(connection, handover);
  }
}
