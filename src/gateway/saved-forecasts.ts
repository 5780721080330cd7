import type { Hurry } from "../core/hurry.ts";
import { seriesId } from "../core/series-key.ts";
import type { YieldingClock } from "../core/yielding-runner.ts";
import type { ForecastPipeline } from "../run/forecast-pipeline.ts";
import { isRecord } from "../series/series-snapshot.ts";
import { SlotStore } from "./state/slot-store.ts";
import type { LoadedRecord, StateRecord } from "./state/state-record.ts";

/** The clock of all windows, and all alerts, are one record each. */
const ALL = "all";

/**
 * Keeps what a gateway has learnt in its folder: series with their models, the windows that rates and
 * percentiles are made of, what today comes to, and alerts.
 */
export class SavedForecasts {
  readonly #store: SlotStore;
  #windows: unknown[] = [];
  #clock: unknown;
  #isTakenOver = false;

  constructor(directory: string, { clock, hurry }: { readonly clock: YieldingClock; readonly hurry: Hurry }) {
    this.#store = new SlotStore({ directory, clock, hurry });
  }

  /** The bytes on the disk. */
  get bytes(): number {
    return this.#store.bytes;
  }

  /** Whether the state of the last process is loaded. */
  get isLoaded(): boolean {
    return this.#store.isOpen;
  }

  /** Resolves when nothing is being saved. */
  get idle(): Promise<void> {
    return this.#store.idle;
  }

  /** Loads the state, once. Call it before each collection. Never waits long. */
  async beforeCollection(pipeline: ForecastPipeline): Promise<void> {
    if (this.#isTakenOver) return;
    await this.#store.open((record) => this.#take(record, pipeline));
    if (!this.#store.isOpen) return;
    this.#isTakenOver = true;
    for (const window of [this.#clock, ...this.#windows])
      pipeline.windows.restore(window, pipeline.clock.now(), pipeline.clock.ranMillis());
    this.#windows = [];
    pipeline.engine.expireRestored(pipeline.clock.now());
  }

  /** Begins to save, if it is time to. Call it after each collection. */
  afterCollection(pipeline: ForecastPipeline): void {
    this.#store.flushIfDue(() => recordsOf(pipeline), { isWhole: true });
  }

  /** Saves for the last time. */
  async close(pipeline: ForecastPipeline): Promise<void> {
    await this.#store.close(recordsOf(pipeline), { isWhole: true });
  }

  /** Returns whether the record can be used. */
  #take({ kind, data }: LoadedRecord, { engine, alerting, clock }: ForecastPipeline): boolean {
    if (kind === "series") return engine.restore(data, clock.now());
    if (kind === "alerts") return alerting.restore(data);
    if (kind === "clock") this.#clock = data;
    else if (kind === "window") this.#windows.push(data);
    else return false;
    return true;
  }
}

/** What is saved of a pipeline. Each record is made when it is written. */
function* recordsOf({ engine, windows, alerting }: ForecastPipeline): Generator<StateRecord, undefined> {
  yield { kind: "alerts", id: ALL, data: () => alerting.save() };
  for (const window of windows.saved()) {
    const id = isRecord(window) && typeof window.id === "string" ? window.id : undefined;
    yield { kind: id === undefined ? "clock" : "window", id: id ?? ALL, data: () => window };
  }
  for (const series of engine.saved()) yield { kind: "series", id: seriesId(series.key), data: () => series };
}
