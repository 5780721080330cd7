import { messageOf } from "../../core/text-of.ts";
import type { SavedSeries } from "../../engine/series-parts.ts";
import { log } from "../../logging/component-logger.ts";
import { isRecord } from "../../series/series-snapshot.ts";
import { labelsPartOf } from "../../views/view-routes.ts";
import { JoinedSeries } from "../joined-series.ts";
import type { SlotFile } from "../state/slot-file.ts";
import type { LoadedRecord, SlotOffsets, StateRecord } from "../state/state-record.ts";
import { ALL, labelsOfAlert, partitionRecordsOf, type SavedParts, windowClockOf } from "../state-records.ts";
import type { IntakePartition } from "../streams/partition-intake.ts";
import { labelsKey, type PartitionHomes } from "./partition-homes.ts";
import type { PartitionStates } from "./partition-states.ts";

/** A partition that this process reads. */
export interface HeldPartition {
  /** Where its points go. */
  readonly intake: IntakePartition;
  /** The offset of the next record. */
  next: bigint;
  /** The offset after the last record, as the broker said last. */
  end: bigint | undefined;
}

/** What was loaded of a partition, by the kinds of the records. */
interface Loaded {
  readonly streams: unknown[];
  readonly parts: JoinedSeries;
  readonly series: SavedSeries[];
  readonly windows: unknown[];
  /** Of a damaged file. Only what was counted today is taken from them. */
  readonly olderWindows: unknown[];
  clock: unknown;
  alerts: unknown;
  since: number | undefined;
}

/** The name of the offset in the file of a partition. */
const OFFSET = "next";

/**
 * What a gateway has of the partitions that are assigned to it. Only one of its methods may run at a time, but
 * `load`, which changes nothing.
 */
export class HeldPartitions {
  readonly #states: PartitionStates;
  readonly #homes: PartitionHomes;
  readonly #parts: () => SavedParts;
  readonly #held = new Map<number, HeldPartition>();

  /** @param parts what the series of the partitions are in. Another configuration has others. */
  constructor(states: PartitionStates, homes: PartitionHomes, parts: () => SavedParts) {
    this.#states = states;
    this.#homes = homes;
    this.#parts = parts;
  }

  get all(): ReadonlyMap<number, HeldPartition> {
    return this.#held;
  }

  /**
   * Reads the saved state of a partition. It waits for the disk, and for a broker if there is no state.
   *
   * @param beginningOf where to begin without one.
   * @returns what begins with the partition, where its state ends.
   */
  async load(partition: number, beginningOf: () => Promise<bigint>): Promise<() => void> {
    const loaded: Loaded = {
      ...{ streams: [], parts: new JoinedSeries(), series: [], windows: [], olderWindows: [] },
      ...{ clock: undefined, alerts: undefined, since: undefined },
    };
    const file = await this.#load(partition, loaded);
    const offset = file.offsets?.[OFFSET];
    const next = offset === undefined ? await beginningOf() : BigInt(offset);
    const from = offset === undefined ? "no saved state of it is here" : "where its saved state ends";
    return () => {
      log.info(`Kafka: partition ${partition} is read from offset ${next}: ${from}`);
      this.#states.take(file);
      this.#begin(partition, next, loaded);
    };
  }

  #begin(partition: number, next: bigint, loaded: Loaded): void {
    const { streams, pipeline } = this.#parts();
    const now = pipeline.clock.now();
    const intake: IntakePartition = {
      number: partition,
      startedAt: loaded.since ?? now,
      found: (labels) => this.#homes.set(labelsKey(labels), partition),
    };
    for (const stream of loaded.streams) streams.restore(stream, intake);
    streams.excuse(pipeline.windows.millisSince(loaded.clock, now), partition);
    for (const series of loaded.series) this.#restoreSeries(series, partition);
    for (const window of [...loaded.windows, ...loaded.olderWindows])
      if (isRecord(window) && typeof window.id === "string")
        this.#homes.set(labelsPartOf(window.id), partition);
    pipeline.windows.adopt(loaded.windows, loaded.clock, now);
    pipeline.windows.adopt(loaded.olderWindows, undefined, now);
    if (loaded.alerts !== undefined) pipeline.alerting.restore(loaded.alerts);
    pipeline.engine.expireRestored(now);
    this.#held.set(partition, { intake, next, end: undefined });
  }

  /** Forgets a partition, its series and their alerts: they are those of another member, which goes on. */
  give(partition: number): void {
    const { streams, pipeline } = this.#parts();
    const isOfIt = (key: string): boolean => this.#homes.of(key) === partition;
    streams.forgetPartition(partition);
    pipeline.forgetSources((labels) => isOfIt(labelsKey(labels)));
    pipeline.alerting.forget((id) => isOfIt(labelsOfAlert(id)));
    pipeline.windows.drop((id) => isOfIt(labelsPartOf(id)));
    pipeline.engine.forget(pipeline.engine.keysOf(({ labels }) => isOfIt(labelsKey(labels))));
    this.#homes.forget(partition);
    this.#states.give(partition);
    this.#held.delete(partition);
  }

  /**
   * Saves everything, and how far the partitions are read.
   *
   * @returns the offsets that are saved.
   */
  async save(): Promise<ReadonlyMap<number, number>> {
    const offsets = new Map<number, SlotOffsets>();
    for (const [partition, { next }] of this.#held) offsets.set(partition, { [OFFSET]: Number(next) });
    this.#homes.beginNaming();
    const result = await this.#states.save(this.#records(), offsets);
    this.#homes.endNaming(result !== undefined);
    const saved = new Map<number, number>();
    if (result === undefined) return saved;
    for (const [partition, { next }] of this.#held)
      if (!result.failed.has(partition)) saved.set(partition, Number(next));
    return saved;
  }

  *#records(): Iterable<StateRecord> {
    const parts = this.#parts();
    const clock = windowClockOf(parts.pipeline);
    for (const [slot, { intake }] of this.#held) {
      yield { kind: "clock", id: ALL, slot, data: () => clock };
      yield { kind: "since", id: ALL, slot, data: () => intake.startedAt };
    }
    yield* partitionRecordsOf(parts, (key) => this.#homes.of(key));
  }

  async #load(partition: number, loaded: Loaded): Promise<SlotFile> {
    try {
      return await this.#states.load(partition, (record) => sortInto(loaded, record));
    } catch (error) {
      // Without a cause, which would be all that is said of it.
      throw new Error(`the state of partition ${partition} can't be read: ${messageOf(error)}`);
    }
  }

  #restoreSeries(series: SavedSeries, partition: number): void {
    const { engine, clock } = this.#parts().pipeline;
    if (engine.restore(series, clock.now())) this.#homes.set(labelsKey(series.key.labels), partition);
  }
}

function sortInto(loaded: Loaded, record: LoadedRecord): void {
  const { kind, data, isLatest } = record;
  if (loaded.parts.isPart(record)) {
    const series = loaded.parts.take(record);
    if (series !== undefined && series !== false) loaded.series.push(series);
  } else if (kind === "alerts") loaded.alerts = data;
  else if (kind === "window") (isLatest ? loaded.windows : loaded.olderWindows).push(data);
  // What was counted since an older total is counted already.
  else if (!isLatest) return;
  else if (kind === "stream") loaded.streams.push(data);
  else if (kind === "clock") loaded.clock = data;
  else if (kind === "since" && typeof data === "number") loaded.since = data;
}
