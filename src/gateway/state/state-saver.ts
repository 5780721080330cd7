import type { SlotFile, SlotSurroundings } from "./slot-file.ts";
import { type FlushOptions, type FlushResult, StateFlush } from "./state-flush.ts";
import type { StateRecord } from "./state-record.ts";

const FLUSH_EVERY_MILLIS = 60_000;
/** A large state is written less often: on average, no more bytes than these in a second. */
const BYTES_PER_SECOND = 4 * 1024 * 1024;
/** A disk that takes nothing for so long hangs: then nothing waits for it. */
const HANGS_AFTER_MILLIS = 2000;

/** Flushes a state now and then, one flush at a time. */
export class StateSaver {
  readonly #files: ReadonlyMap<number, SlotFile>;
  readonly #isReady: () => Promise<boolean>;
  readonly #surroundings: SlotSurroundings;
  readonly #flushMillis: number;
  #turn = 0;
  #flush: StateFlush | undefined;
  #going: Promise<FlushResult | undefined> | undefined;
  /** When the disk last took something of the flush that goes on. */
  #movedAt = 0;
  /** Whether the disk hung at the last collection. */
  #didHang = false;
  #dueAt = Number.NEGATIVE_INFINITY;

  /** @param isReady asked before each flush: whether the files are still ours. */
  constructor(
    files: ReadonlyMap<number, SlotFile>,
    isReady: () => Promise<boolean>,
    surroundings: SlotSurroundings,
    flushMillis = FLUSH_EVERY_MILLIS,
  ) {
    this.#files = files;
    this.#isReady = isReady;
    this.#surroundings = surroundings;
    this.#flushMillis = flushMillis;
  }

  /** Takes note that the disk has answered. */
  moved(): void {
    this.#movedAt = this.#now;
  }

  /** Whether the disk has not answered a flush for a while. */
  get hangs(): boolean {
    return this.#going !== undefined && this.#now - this.#movedAt > HANGS_AFTER_MILLIS;
  }

  /** Whether it is time for a flush, and none goes on. */
  get isDue(): boolean {
    return this.#going === undefined && this.#now >= this.#dueAt;
  }

  /** Resolves when no flush goes on. */
  get idle(): Promise<void> {
    return Promise.resolve(this.#going).then(() => {});
  }

  flushIfDue(records: () => Iterable<StateRecord>, options: FlushOptions): void {
    const { hangs } = this;
    // After a suspension the disk looks as if it hung, for one collection at most.
    if (hangs && this.#didHang) this.#surroundings.log.diskHangs();
    this.#didHang = hangs;
    if (!this.isDue) return;
    void this.flush({ [Symbol.iterator]: () => records()[Symbol.iterator]() }, options);
  }

  /** @returns `undefined` if nothing was written. */
  async flush(records: Iterable<StateRecord>, options: FlushOptions): Promise<FlushResult | undefined> {
    if (this.#going !== undefined) return undefined;
    const startedAt = this.#now;
    this.moved();
    this.#going = this.#run(records, options);
    const result = await this.#going;
    this.#going = undefined;
    const leastMillis = ((result?.bytes ?? 0) / BYTES_PER_SECOND) * 1000;
    this.#dueAt = startedAt + Math.max(this.#flushMillis, leastMillis);
    return result;
  }

  /** Gives up the flush that goes on. What it has not committed does not count. */
  stop(): void {
    this.#flush?.stop();
  }

  /** Gives up the flush that goes on, and waits until it has ended. */
  async giveUp(): Promise<void> {
    this.stop();
    await this.#going;
  }

  async #run(records: Iterable<StateRecord>, options: FlushOptions): Promise<FlushResult | undefined> {
    this.#turn += 1;
    const flush = new StateFlush(this.#files, this.#turn, this.#surroundings);
    this.#flush = flush;
    try {
      return (await this.#isReady()) ? await flush.run(records, options) : undefined;
    } catch (error) {
      if (!flush.isStopped) this.#surroundings.log.cannotBe("written", error);
      return undefined;
    }
  }

  get #now(): number {
    return this.#surroundings.clock.elapsedMillis();
  }
}
