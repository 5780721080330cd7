import { randomUUID } from "node:crypto";
import type { ScopeMetrics } from "@opentelemetry/sdk-metrics";
import type { MeasuredMetric } from "../core/measured-metric.ts";
import type { WorkerMetrics } from "./worker-metrics.ts";
import type { WorkerTotals } from "./worker-totals.ts";

/** Maximum of metrics that wait to be reported. */
const MAX_WAITING = 20_000;

/**
 * What the application's instruments measure in this process. It is forecast here, together with
 * what other workers measure. If another process shows this one, it is reported to that process,
 * which forecasts the sum.
 */
export class OwnMeasurements {
  readonly #workers: WorkerTotals;
  readonly #shown: () => Promise<ScopeMetrics[]>;
  readonly #onDropped: (metrics: number) => void;
  readonly #waiting: MeasuredMetric[] = [];
  #isReported = false;
  #handover: string | undefined;
  #id: string | undefined;

  /**
   * @param parts.shown what an endpoint of this process would show.
   * @param parts.onDropped receives the count of metrics that were dropped, because no process
   * takes the reports.
   */
  constructor(parts: {
    workers: WorkerTotals;
    shown: () => Promise<ScopeMetrics[]>;
    onDropped: (metrics: number) => void;
  }) {
    this.#workers = parts.workers;
    this.#shown = parts.shown;
    this.#onDropped = parts.onDropped;
  }

  /**
   * Identifies this thread or process. Created at the first call: that takes milliseconds, and only
   * members need it.
   */
  get id(): string {
    this.#id ??= randomUUID();
    return this.#id;
  }

  /** Whether another process forecasts what is measured here. */
  set isReported(isReported: boolean) {
    this.#isReported = isReported;
  }

  /** The handover to send with the next report, once; `undefined` if it was sent. */
  get handover(): string | undefined {
    return this.#handover;
  }

  set handover(handover: string | undefined) {
    this.#handover = handover;
  }

  /** Takes what was measured just now, and returns what is to be forecast here. */
  share(measured: readonly MeasuredMetric[]): readonly MeasuredMetric[] {
    for (const metric of measured) this.#waiting.push(metric);
    if (!this.#isReported) return this.#workers.takeMeasured(this.#waiting.splice(0));
    for (const metric of this.#workers.takeMeasured([])) this.#waiting.push(metric);
    const tooMany = this.#waiting.length - MAX_WAITING;
    if (tooMany > 0) this.#onDropped(this.#waiting.splice(0, tooMany).length);
    return [];
  }

  /** What an endpoint of this process alone would show. */
  shown(): Promise<ScopeMetrics[]> {
    return this.#shown();
  }

  /** Takes back what nobody got, for the next report, or to be forecast here. */
  takeBack({ measured, handover }: WorkerMetrics): void {
    this.#waiting.unshift(...measured);
    this.#handover ??= handover;
  }

  /** Includes everything that was measured since the last report. */
  async report(): Promise<WorkerMetrics> {
    const shown = this.#workers.withOwnWorkers(await this.#shown());
    const handover = this.#handover;
    this.#handover = undefined;
    const report = { id: this.id, shown, measured: this.#waiting.splice(0) };
    return handover === undefined ? report : { ...report, handover };
  }
}
