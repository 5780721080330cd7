import { randomUUID } from "node:crypto";
import type { ScopeMetrics } from "@opentelemetry/sdk-metrics";
import type { MeasuredMetric } from "../core/measured-metric.ts";
import type { WorkerReport } from "./worker-report.ts";
import type { Workers } from "./workers.ts";

/** What is kept for a process that does not take it: of so many metrics. */
const MOST_UNTOLD = 20_000;

/**
 * What the application's instruments measure in this process. It is forecast here, together with that of other workers;
 * or told to the process that shows this one, which forecasts the sum.
 */
export class OwnWork {
  readonly #workers: Workers;
  readonly #shown: () => Promise<ScopeMetrics[]>;
  readonly #onDropped: (metrics: number) => void;
  readonly #untold: MeasuredMetric[] = [];
  #isTold = false;
  #will: string | undefined;
  #id: string | undefined;

  /** @param parts `shown` gives what an endpoint of this process would show; `onDropped` is told what could not be kept. */
  constructor(parts: {
    workers: Workers;
    shown: () => Promise<ScopeMetrics[]>;
    onDropped: (metrics: number) => void;
  }) {
    this.#workers = parts.workers;
    this.#shown = parts.shown;
    this.#onDropped = parts.onDropped;
  }

  /** Made when it is first asked for: to make it takes milliseconds, and a process alone needs none. */
  get id(): string {
    this.#id ??= randomUUID();
    return this.#id;
  }

  /** Whether another process forecasts it. */
  set isTold(isTold: boolean) {
    this.#isTold = isTold;
  }

  /** Goes with the next report, once. */
  set will(will: string | undefined) {
    this.#will = will;
  }

  /** Of what was measured just now: what is to be forecast here. */
  share(measured: readonly MeasuredMetric[]): readonly MeasuredMetric[] {
    for (const metric of measured) this.#untold.push(metric);
    if (!this.#isTold) return this.#workers.takeMeasured(this.#untold.splice(0));
    const tooMany = this.#untold.length - MOST_UNTOLD;
    if (tooMany > 0) this.#onDropped(this.#untold.splice(0, tooMany).length);
    return [];
  }

  /** As an endpoint of this process alone would show it. */
  shown(): Promise<ScopeMetrics[]> {
    return this.#shown();
  }

  /** What was measured since the last report goes with this one. */
  async report(): Promise<WorkerReport> {
    const shown = await this.#shown();
    const will = this.#will;
    this.#will = undefined;
    const report = { id: this.id, shown, measured: this.#untold.splice(0) };
    return will === undefined ? report : { ...report, will };
  }
}
