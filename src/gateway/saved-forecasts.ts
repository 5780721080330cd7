import { realpathSync } from "node:fs";
import type { Hurry } from "../core/hurry.ts";
import type { YieldingClock } from "../core/yielding-runner.ts";
import type { ForecastPipeline } from "../run/forecast-pipeline.ts";
import { JoinedSeries } from "./joined-series.ts";
import { Loading } from "./loading.ts";
import { SlotStore } from "./state/slot-store.ts";
import type { LoadedRecord, StateRecord } from "./state/state-record.ts";
import { type PartitionOf, recordsOf } from "./state-records.ts";
import type { StreamTable } from "./streams/stream-table.ts";

/** What the state of a gateway is kept with. */
export interface SavedForecastsParts {
  readonly clock: YieldingClock;
  readonly hurry: Hurry;
  /** The time between two saves. Default: that of the store. */
  readonly flushMillis?: number | undefined;
  readonly streams: StreamTable;
  /** Which partition of Kafka labels belong to. What belongs to one is kept with it. Default: to none. */
  readonly partitionOf?: PartitionOf;
}

/**
 * Keeps what a gateway has learnt in its folder: series with their models, the windows that rates and
 * percentiles are made of, what today comes to, the last totals of streams, and alerts.
 */
export class SavedForecasts {
  /** The time in which the state is loaded. A disk that does not answer is not waited for. */
  readonly loading = new Loading();
  readonly #store: SlotStore;
  readonly #parts: SavedForecastsParts;
  readonly #series = new JoinedSeries();
  #windows: unknown[] = [];
  /** Of damaged files. Only what was counted today is taken from them. */
  #olderWindows: unknown[] = [];
  #clock: unknown;
  #isTakenOver = false;
  /** That of the configuration now: what is read late goes there. */
  #pipeline: ForecastPipeline | undefined;

  constructor(directory: string, parts: SavedForecastsParts) {
    const { clock, hurry, flushMillis } = parts;
    this.#parts = parts;
    const every = flushMillis === undefined ? {} : { flushMillis };
    this.#store = new SlotStore({ directory: realFolder(directory), clock, hurry, ...every });
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
    this.#pipeline = pipeline;
    if (this.#isTakenOver) return;
    await this.#store.open((record) => this.#pipeline !== undefined && this.#take(record, this.#pipeline));
    this.loading.end();
    if (!this.#store.isOpen) return;
    this.#isTakenOver = true;
    this.#takeOverWindows(pipeline);
    this.#parts.streams.excuse(pipeline.windows.millisSince(this.#clock, pipeline.clock.now()));
    this.#series.clear();
    pipeline.engine.expireRestored(pipeline.clock.now());
  }

  /** Windows go on, unless the disk has answered so late that this process has begun some of its own. */
  #takeOverWindows({ windows, clock }: ForecastPipeline): void {
    const now = clock.now();
    if (windows.hasCollected) windows.adopt(this.#windows, this.#clock, now);
    else
      for (const window of [this.#clock, ...this.#windows]) windows.restore(window, now, clock.ranMillis());
    windows.adopt(this.#olderWindows, undefined, now);
    this.#windows = [];
    this.#olderWindows = [];
  }

  /** Begins to save, if it is time to. Call it after each collection. */
  afterCollection(pipeline: ForecastPipeline): void {
    this.#store.flushIfDue(() => this.#recordsOf(pipeline), { isWhole: true });
  }

  /** Saves for the last time. */
  async close(pipeline: ForecastPipeline): Promise<void> {
    await this.#store.close(this.#recordsOf(pipeline), { isWhole: true });
  }

  #recordsOf(pipeline: ForecastPipeline): Iterable<StateRecord> {
    const { streams, partitionOf = () => undefined } = this.#parts;
    return recordsOf({ pipeline, streams }, partitionOf);
  }

  /** Returns whether the record can be used. */
  #take(record: LoadedRecord, { engine, alerting, windows, clock }: ForecastPipeline): boolean {
    const { kind, data, isLatest } = record;
    if (this.#series.isPart(record)) {
      const series = this.#series.take(record);
      return series === undefined || (series !== false && engine.restore(series, clock.now()));
    }
    if (kind === "alerts") return alerting.restore(data);
    if (kind === "window") this.#takeWindow(record, { windows, clock });
    // What was counted since an older total is counted already.
    else if (!isLatest) return false;
    else if (kind === "stream") return this.#parts.streams.restore(data);
    else if (kind === "clock") this.#clock = data;
    else return false;
    return true;
  }

  /** A file may be read only when all others have been taken over. */
  #takeWindow(
    { data, isLatest }: LoadedRecord,
    { windows, clock }: Pick<ForecastPipeline, "windows" | "clock">,
  ): void {
    if (this.#isTakenOver) windows.adopt([data], isLatest ? this.#clock : undefined, clock.now());
    else (isLatest ? this.#windows : this.#olderWindows).push(data);
  }
}

/**
 * The folder that a link leads to: systemd makes one for a service with a user of its own. Links inside
 * of the folder are refused.
 */
function realFolder(directory: string): string {
  try {
    return realpathSync(directory);
  } catch {
    // It is not there yet, or can't be read: that is said when it is opened.
    return directory;
  }
}
