import { setTimeout as delay } from "node:timers/promises";
import type { KafkaSettings } from "../../config/gateway/kafka-settings.ts";
import { log } from "../../logging/component-logger.ts";
import { LogOnce } from "../../logging/log-once.ts";
import { isWithin } from "../../storage/is-within.ts";
import type { Receiver } from "../receivers/otlp-receivers.ts";
import { HeldPartitions } from "./held-partitions.ts";
import { type Kafka, loadKafka } from "./kafka-package.ts";
import { Membership } from "./membership.ts";
import { Mutex } from "./mutex.ts";
import type { PartitionHomes } from "./partition-homes.ts";
import { PartitionReader } from "./partition-reader.ts";
import { PartitionStates, type PartitionStatesOptions } from "./partition-states.ts";
import { reasonOf } from "./reason-of.ts";
import { RecordIntake, type RecordIntakeParts } from "./record-intake.ts";

/** How long it waits after something went wrong, and until forecasts are made. */
const PAUSE_MILLIS = 1000;
const IDLE_MILLIS = 100;
const HANG_CHECK_MILLIS = 500;
/** How long the end waits for what goes on. A broker answers a fetch within half a second. */
const LAST_READ_MILLIS = 700;
const LAST_COMMIT_MILLIS = 300;
const CLOSE_MILLIS = 300;

/** What the receiver needs beside its settings. */
export interface KafkaReceiverParts
  extends RecordIntakeParts,
    Pick<PartitionStatesOptions, "directory" | "clock" | "saveMillis"> {
  readonly homes: PartitionHomes;
  /** Whether the state of what does not come from Kafka is loaded. */
  isLoaded(): boolean;
}

/**
 * Reads OTLP metrics from a Kafka topic. What is known of a partition is saved with the offset that it is
 * good for, and reading goes on from there. So no point is lost or counted twice, however a process ends.
 */
export class KafkaReceiver implements Receiver {
  readonly port = undefined;
  readonly #settings: KafkaSettings;
  readonly #parts: KafkaReceiverParts;
  readonly #states: PartitionStates;
  readonly #held: HeldPartitions;
  readonly #reader: PartitionReader;
  /** Nothing is read while forecasts are made, nor while they are saved. */
  readonly #mutex = new Mutex();
  readonly #logged = new LogOnce();
  #kafka: Kafka | undefined;
  #membership: Membership | undefined;
  #hasCollected = false;
  #hasRead = false;
  #isEnding = false;
  #endOfCollection: (() => void) | undefined;
  #loop = Promise.resolve();
  /** The commit that goes on. */
  #commit: Promise<void> | undefined;

  constructor(settings: KafkaSettings, parts: KafkaReceiverParts) {
    this.#settings = settings;
    this.#parts = parts;
    this.#states = new PartitionStates({
      ...parts,
      topic: settings.topic,
      isMember: () => this.#membership?.isMember === true,
    });
    this.#held = new HeldPartitions(this.#states, parts.homes, parts.saved);
    this.#reader = new PartitionReader({
      topic: settings.topic,
      held: this.#held,
      records: new RecordIntake(settings.format, parts),
      mutex: this.#mutex,
      counts: parts.counts,
    });
  }

  /** @throws Error if the package of Kafka is not installed, or if a file of the settings can't be read. */
  async start(): Promise<void> {
    this.#kafka = await loadKafka();
    this.#membership = this.#newMembership();
    this.#loop = this.#run();
  }

  /** Stops reading. `close` saves. A broker that does not answer is not waited for. */
  async shutdown(): Promise<void> {
    this.#isEnding = true;
    await isWithin(LAST_READ_MILLIS, this.#loop);
  }

  /** Why there is nothing from Kafka yet; `undefined`: there is, as far as there can be. */
  get notReadyBecause(): string | undefined {
    return this.#hasRead ? undefined : "it has not read from Kafka yet";
  }

  get stateBytes(): number {
    return this.#states.bytes;
  }

  /** How many records of each partition are not read yet. */
  *lags(): Iterable<readonly [partition: number, records: number]> {
    for (const [partition, { next, end }] of this.#held.all)
      if (end !== undefined) yield [partition, Math.max(0, Number(end - next))];
  }

  /** Waits until nothing is being read or saved. Call it before each collection. */
  async beforeCollection(): Promise<void> {
    this.#endOfCollection?.();
    const turn = this.#mutex.take();
    // A disk that hangs must not keep forecasts from being made. The save before counts then.
    while (!(await isWithin(HANG_CHECK_MILLIS, turn))) if (this.#states.hangs) this.#states.giveUp();
    this.#endOfCollection = await turn;
  }

  /** Reads on, or saves first. Call it after each collection. */
  afterCollection(): void {
    this.#hasCollected = true;
    const end = this.#endOfCollection;
    this.#endOfCollection = undefined;
    if (end === undefined) return;
    if (this.#held.all.size === 0 || !this.#states.isDue) end();
    else void this.#save(end);
  }

  /** Saves for the last time. The group keeps the partitions for this member until its session ends. */
  async close(): Promise<void> {
    this.#endOfCollection?.();
    await this.#save(await this.#mutex.take());
    await isWithin(LAST_COMMIT_MILLIS, this.#commit ?? Promise.resolve());
    await isWithin(CLOSE_MILLIS, this.#membership?.close() ?? Promise.resolve());
  }

  async #run(): Promise<void> {
    // Windows are taken over after those of the last process, whose clock goes on.
    while (!this.#isEnding && !(this.#hasCollected && this.#parts.isLoaded())) await delay(IDLE_MILLIS);
    let hasJoined = false;
    while (!this.#isEnding) {
      try {
        if (this.#membership?.isBroken) {
          await this.#replaceMembership();
          hasJoined = false;
        }
        if (!hasJoined) await this.#membership?.join();
        hasJoined = true;
        if (this.#membership !== undefined) await this.#reader.readOn(this.#membership);
        this.#hasRead = true;
      } catch (error) {
        // The end closes connections that a request waits for.
        if (this.#isEnding) return;
        this.#cannotRead(error);
        await delay(PAUSE_MILLIS);
      }
    }
  }

  /** Saves, and then commits to Kafka. Neither forecasts nor reading wait for the commit. Never rejects. */
  async #save(end: () => void): Promise<void> {
    const saved = await this.#held.save().finally(end);
    // Kafka may answer late. The next commit includes what this one would have.
    if (saved.size === 0 || this.#commit !== undefined || this.#membership?.isSettled !== true) return;
    this.#commit = this.#tell(this.#membership, saved).finally(() => {
      this.#commit = undefined;
    });
  }

  async #tell(membership: Membership, saved: ReadonlyMap<number, number>): Promise<void> {
    try {
      await membership.commit(saved);
      this.#parts.counts.kafkaCommitted();
    } catch (error) {
      const message = reasonOf(error);
      this.#logged.log(`commit ${message}`, () =>
        log.warn(`Kafka: offsets can't be committed: ${message}; the saved state has them`),
      );
    }
  }

  #newMembership(): Membership {
    return new Membership(this.#kafka as Kafka, this.#settings, {
      leaving: () => this.#leaving(),
      rebalanced: () => this.#parts.counts.kafkaRebalanced(),
      failed: (error) => this.#cannotRead(error),
    });
  }

  /** Saves what is about to go to other members, while they wait. */
  async #leaving(): Promise<void> {
    const assigned = new Set(this.#membership?.assigned);
    const leaving = [...this.#held.all.keys()].filter((partition) => !assigned.has(partition));
    if (leaving.length === 0) return;
    await this.#mutex.during(async () => {
      // Without any assignment, this may be no member any more: then it is another one's to save.
      if (assigned.size > 0) await this.#held.save();
      for (const partition of leaving) this.#held.give(partition);
    });
  }

  async #replaceMembership(): Promise<void> {
    await this.#membership?.close();
    await this.#mutex.during(async () => {
      for (const partition of this.#held.all.keys()) this.#held.give(partition);
    });
    this.#membership = this.#newMembership();
  }

  #cannotRead(error: unknown): void {
    const message = reasonOf(error);
    this.#logged.log(message, () => log.error(`can't read from Kafka: ${message}; it is tried again`));
  }
}
