import { removeNow, replaceFileNow, unfinishedName } from "../../storage/safe-files.ts";
import type { HistoryLog } from "./history-log.ts";
import type { HistoryParts, HistoryPaths } from "./history-parts.ts";
import type { HistoryRecord } from "./record-lines.ts";
import { bytesOf, RunningSave } from "./write-history.ts";

/** The whole is saved so often, and what was used today as soon as it has changed. */
const WHOLE_EVERY_MILLIS = 60_000;
const TODAY_EVERY_MILLIS = 1000;
/** A large history is saved less often: on average, no more bytes than these in a second. */
const BYTES_PER_SECOND = 1024 * 1024;
/** A disk that takes nothing for so long hangs: then a process that ends does not wait for it. */
const HANGS_AFTER_MILLIS = 2000;
/** Beside an app that works, a save takes longer than at the end, but not by more than this factor. */
const SLOWER_BESIDE_APP = 1.5;

/** Saves the history: the whole now and then, and what was used today soon after it was used. */
export class HistorySaver {
  readonly #paths: HistoryPaths;
  readonly #parts: HistoryParts;
  readonly #log: HistoryLog;
  #isOurs: () => Promise<boolean> = async () => false;
  #timer: { unref(): void } | undefined;
  /** The saves that write, by their file. */
  readonly #running = new Map<string, RunningSave>();
  /** When the disk last took something of the saves that go on. Before each, the lock is looked at. */
  readonly #movedAt = new Map<string, number>();
  readonly #pending = new Map<string, Promise<void>>();
  /** Of the last save. */
  #sequence = 0;
  #savedChanges = 0;
  #savedAlerts = 0;
  /** Whether the disk hung at the last collection. */
  #didHang = false;
  #wholeAt: number | undefined;
  #pauseMillis = WHOLE_EVERY_MILLIS;
  /** How long the last save of the whole took, and when that which goes on has begun. */
  #wholeTookMillis = 0;
  #wholeBeganAt: number | undefined;

  constructor(paths: HistoryPaths, parts: HistoryParts, log: HistoryLog) {
    this.#paths = paths;
    this.#parts = parts;
    this.#log = log;
  }

  /**
   * Takes note of what was loaded: the greatest sequence, and when the whole was last known to be
   * saved. If it was not, it is saved after the next collection.
   */
  loaded(sequence: number, wholeAt: number | undefined): void {
    this.#sequence = sequence;
    this.#wholeAt = wholeAt;
  }

  /** Begins to save. `isOurs` is asked before each save: whether this process has the file. */
  start(isOurs: () => Promise<boolean>): void {
    this.#isOurs = isOurs;
    this.#timer = this.#parts.surroundings.timers.setInterval(() => {
      if (this.#hasUsed) void this.#saveToday();
    }, TODAY_EVERY_MILLIS);
    this.#timer.unref();
  }

  stop(): void {
    if (this.#timer !== undefined) this.#parts.surroundings.timers.clearInterval(this.#timer);
    this.#timer = undefined;
    for (const save of this.#running.values()) save.stop();
  }

  /** Begins to save the whole if it is due. */
  saveIfDue(now: number): void {
    // After a suspension the disk looks as if it hung, for one collection at most.
    if (this.hangs && this.#didHang) this.#log.diskHangs();
    this.#didHang = this.hangs;
    // Actions have begun in this collection, which must count even if they end the process.
    if (this.#parts.alerting.changes !== this.#savedAlerts) void this.#saveToday();
    const last = this.#wholeAt;
    // After the clock was put back, the time of the last save is in the future: save at once.
    if (last !== undefined && now >= last && now - last < this.#pauseMillis) return;
    this.#wholeAt = now;
    void this.#saveWhole();
  }

  /** Resolves when no save goes on. */
  get idle(): Promise<void> {
    return Promise.all(this.#pending.values()).then(() => {});
  }

  /**
   * Saves everything. A save of the whole that goes on is given up: it began too early. If the whole can't be
   * saved in the time that is left, it is not begun, and one that goes on may end.
   */
  async saveAll(millis: number): Promise<void> {
    const { whole, today } = this.#paths;
    if (this.#wholeMillis > millis * SLOWER_BESIDE_APP) {
      const goesOn = this.#pending.has(whole);
      await this.#pending.get(today);
      await this.#saveToday();
      if (goesOn) await this.idle;
      else this.#log.takesTooLong(this.#wholeMillis, millis);
      return;
    }
    this.#running.get(whole)?.stop();
    await this.idle;
    await this.#saveToday();
    await this.#saveWhole();
  }

  /** Saves what was used today, without a pause: for a process that ends now. */
  saveNow(): void {
    if (this.hangs) {
      this.#log.diskHangs();
      return;
    }
    const { today } = this.#paths;
    const wasSaving = this.#running.has(today);
    for (const save of this.#running.values()) removeNow(save.unfinished);
    if (!wasSaving && !this.#hasUsed) return;
    try {
      this.#sequence += 1;
      replaceFileNow(today, unfinishedName(today), bytesOf(this.#sequence, this.#urgent()));
    } catch (error) {
      this.#log.cannotBe("written", error, today);
    }
  }

  /** Whether the disk has not answered a save for a while. */
  get hangs(): boolean {
    const now = this.#parts.surroundings.elapsedMillis();
    return [...this.#movedAt.values()].some((at) => now - at > HANGS_AFTER_MILLIS);
  }

  /** How long a save of the whole takes, as far as that is known. */
  get #wholeMillis(): number {
    const now = this.#parts.surroundings.elapsedMillis();
    return Math.max(this.#wholeTookMillis, now - (this.#wholeBeganAt ?? now));
  }

  get #changes(): number {
    return this.#parts.consumption.changes + this.#parts.alerting.changes;
  }

  get #hasUsed(): boolean {
    return this.#changes !== this.#savedChanges;
  }

  async #saveToday(): Promise<void> {
    const changes = this.#changes;
    const alerts = this.#parts.alerting.changes;
    if ((await this.#save(this.#paths.today, this.#urgent())) === undefined) return;
    this.#savedChanges = changes;
    this.#savedAlerts = alerts;
  }

  async #saveWhole(): Promise<void> {
    const { elapsedMillis } = this.#parts.surroundings;
    const began = elapsedMillis();
    this.#wholeBeganAt ??= began;
    const bytes = await this.#save(this.#paths.whole, this.#everything());
    if (bytes !== undefined) {
      this.#pauseMillis = Math.max(WHOLE_EVERY_MILLIS, (bytes / BYTES_PER_SECOND) * 1000);
      this.#wholeTookMillis = elapsedMillis() - began;
    }
    if (!this.#pending.has(this.#paths.whole)) this.#wholeBeganAt = undefined;
  }

  /** Saves one file, unless it is being saved. Returns the number of bytes if it was saved. */
  async #save(path: string, records: Iterable<HistoryRecord>): Promise<number | undefined> {
    if (this.#pending.has(path)) return undefined;
    const work = this.#write(path, records);
    const pending = work.then(() => {});
    this.#pending.set(path, pending);
    try {
      return await work;
    } finally {
      this.#pending.delete(path);
    }
  }

  async #write(path: string, records: Iterable<HistoryRecord>): Promise<number | undefined> {
    const { surroundings } = this.#parts;
    const onProgress = (): void => {
      this.#movedAt.set(path, surroundings.elapsedMillis());
    };
    let save: RunningSave | undefined;
    onProgress();
    try {
      if (!(await this.#isOurs())) return undefined;
      this.#sequence += 1;
      save = new RunningSave({ path, sequence: this.#sequence, records, onProgress }, surroundings);
      this.#running.set(path, save);
      const bytes = await save.done;
      this.#log.works("written", path);
      return bytes;
    } catch (error) {
      if (save?.isStopped !== true) this.#log.cannotBe("written", error, path);
      return undefined;
    } finally {
      this.#running.delete(path);
      this.#movedAt.delete(path);
    }
  }

  *#everything(): Iterable<HistoryRecord> {
    yield* this.#urgent();
    for (const window of this.#parts.windows.saved()) yield { kind: "window", value: window };
    for (const series of this.#parts.engine.saved()) yield { kind: "series", value: series };
  }

  /** What must not be lost if the process ends now: what was used today, alerts and actions. */
  #urgent(): HistoryRecord[] {
    const { consumption, alerting } = this.#parts;
    return [
      { kind: "today", value: { own: consumption.usedToday(), members: consumption.usedByMembers() } },
      { kind: "alerts", value: alerting.save() },
    ];
  }
}
