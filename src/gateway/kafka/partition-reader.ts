import { setTimeout as delay } from "node:timers/promises";
import { log } from "../../logging/component-logger.ts";
import type { GatewayCounts } from "../self-observation.ts";
import { type Fetched, fetchRecords, outOfRange, type Position } from "./fetch-records.ts";
import type { HeldPartitions } from "./held-partitions.ts";
import type { Membership } from "./membership.ts";
import type { Mutex } from "./mutex.ts";
import { NAME, type RecordIntake } from "./record-intake.ts";

/** How long it waits while it has nothing to read. */
const IDLE_MILLIS = 100;

/** What partitions are read into. */
export interface PartitionReaderParts {
  readonly topic: string;
  readonly held: HeldPartitions;
  readonly records: RecordIntake;
  /** Nothing is read while another one has it. */
  readonly mutex: Mutex;
  readonly counts: GatewayCounts;
}

/** Reads on in the partitions that are assigned to a member. */
export class PartitionReader {
  readonly #parts: PartitionReaderParts;

  constructor(parts: PartitionReaderParts) {
    this.#parts = parts;
  }

  /**
   * Reads once from each broker, in the partitions that are assigned now. Waits a little without any. What goes wrong
   * with one partition does not keep the others from being read.
   *
   * @throws the first thing that went wrong, when all others are read.
   */
  async readOn(membership: Membership): Promise<void> {
    const errors: unknown[] = [];
    const attempt = (work: Promise<void>): Promise<void> => work.catch((error) => void errors.push(error));
    for (const partition of membership.assigned) await attempt(this.#begin(partition, membership));
    await this.#giveOthers(membership);
    const fetched = await this.#read(membership);
    for (const error of fetched) await attempt(this.#recover(membership, error));
    if (errors.length > 0) throw errors[0];
  }

  /** Takes a partition that is assigned. */
  async #begin(partition: number, membership: Membership): Promise<void> {
    const { held, mutex } = this.#parts;
    if (held.all.has(partition)) return;
    // Forecasts do not wait for a disk or a broker.
    const begin = await held.load(partition, () => membership.beginningOf(partition));
    await mutex.during(async () => {
      // It may have moved to another member meanwhile, which goes on with its state.
      if (membership.assigned.includes(partition)) begin();
    });
  }

  /** Gives away the partitions that are not assigned any more. */
  async #giveOthers({ assigned }: Membership): Promise<void> {
    const { held, mutex } = this.#parts;
    for (const partition of held.all.keys())
      if (!assigned.includes(partition)) await mutex.during(async () => held.give(partition));
  }

  /** @returns what went wrong. */
  async #read(membership: Membership): Promise<unknown[]> {
    const { topic, held } = this.#parts;
    if (held.all.size === 0) {
      await delay(IDLE_MILLIS);
      return [];
    }
    const positions = Array.from(held.all, ([partition, { next }]) => ({ partition, next }));
    const { fetched, errors } = await fetchRecords(membership.consumer, topic, positions);
    for (const one of fetched) await this.#parts.mutex.during(() => this.#take(one, positions));
    return errors;
  }

  async #take({ partition, records, next, end }: Fetched, positions: readonly Position[]): Promise<void> {
    const held = this.#parts.held.all.get(partition);
    // It may have moved to another member meanwhile, and back.
    if (held === undefined || held.next !== positions.find((it) => it.partition === partition)?.next) return;
    await this.#parts.records.take(held.intake, records);
    held.next = next;
    held.end = end;
  }

  /** Goes on where the topic begins, if the offset of a partition is none that it has. */
  async #recover(membership: Membership, error: unknown): Promise<void> {
    const partitions = outOfRange(error);
    if (partitions.length === 0) throw error;
    for (const partition of partitions) {
      const first = await membership.edgeOf(partition, "earliest");
      const end = await membership.edgeOf(partition, "latest");
      const held = this.#parts.held.all.get(partition);
      if (held === undefined) continue;
      if (held.next < first) this.#hasLost(partition, first - held.next);
      else if (held.next > end)
        log.warn(
          `Kafka: partition ${partition} ends at offset ${end}, before offset ${held.next}, which is the next to be read: the topic was created again, or a broker has lost its last records; it is read from offset ${first}`,
        );
      else continue;
      held.next = first;
      held.end = end;
    }
  }

  #hasLost(partition: number, records: bigint): void {
    const next = this.#parts.held.all.get(partition)?.next ?? 0n;
    log.warn(
      `Kafka: offset ${next} of partition ${partition} is not kept any more: it is read from offset ${next + records}, and what was between is lost`,
    );
    this.#parts.counts.refused(NAME, "out_of_retention", Number(records));
  }
}
