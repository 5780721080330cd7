import { basename, dirname, resolve } from "node:path";
import { DiskPatience, RELEASE_MILLIS, RETRY_MILLIS } from "../../storage/disk-patience.ts";
import { FileLock } from "../../storage/file-lock.ts";
import { isWithin } from "../../storage/is-within.ts";
import { createFolder, removeUnfinished } from "../../storage/safe-files.ts";
import { onProcess } from "../../system/process-events.ts";
import { reserveFile } from "../reserved-files.ts";
import { HistoryLog } from "./history-log.ts";
import type { HistoryParts, HistoryPaths } from "./history-parts.ts";
import { HistorySaver } from "./history-saver.ts";
import { loadHistory } from "./load-history.ts";

const PREFIX = "file:";
/** How long the process waits for the last save. */
const LAST_SAVE_MILLIS = 1200;

/**
 * Keeps the history in a file over restarts: the series with what was learnt of them, and what
 * agents used today. After a restart the process forecasts as if it had gone on, and daily totals
 * go on. Of several processes with the same setting, one uses the file: they would count each
 * other's tokens as their own.
 */
export class HistoryFile {
  readonly #paths: HistoryPaths;
  readonly #parts: HistoryParts;
  readonly #lock: FileLock;
  readonly #log: HistoryLog;
  readonly #saver: HistorySaver;
  readonly #patience: DiskPatience;
  #release: (() => void) | undefined;
  #isReservedElsewhere = false;
  #isOpen = false;
  #isClosed = false;
  #retryAt = Number.NEGATIVE_INFINITY;
  #stopWatching: (() => void) | undefined;

  private constructor(path: string, parts: HistoryParts) {
    this.#paths = { whole: path, today: `${path}.today` };
    this.#parts = parts;
    this.#lock = new FileLock(path);
    this.#log = new HistoryLog(path);
    this.#saver = new HistorySaver(this.#paths, parts, this.#log);
    this.#patience = new DiskPatience(parts.hurry);
  }

  /** The file of the setting `file:PATH`; `undefined` for the setting `memory`. */
  static from(setting: string, parts: HistoryParts): HistoryFile | undefined {
    if (!setting.startsWith(PREFIX)) return undefined;
    const path = setting.slice(PREFIX.length);
    try {
      return new HistoryFile(resolve(path), parts);
    } catch (error) {
      // The working directory was deleted.
      new HistoryLog(path).cannotBe("used", error);
      return undefined;
    }
  }

  /**
   * Reserves the file unless another process has. Call it before the application starts child
   * processes, which would reserve it themselves.
   */
  reserve(): void {
    if (this.#isReservedElsewhere) return;
    this.#release ??= reserveFile(this.#paths.whole, this.#parts.surroundings.environment);
    if (this.#release !== undefined) return;
    this.#isReservedElsewhere = true;
  }

  /**
   * Loads the file before the first collection. If it can't be used then, it is tried again later.
   * Never waits long.
   */
  async beforeCollection(now: number): Promise<void> {
    if (this.#isOpen || this.#isClosed || now < this.#retryAt) return;
    const noAnswer = await this.#patience.begin(() => this.#open());
    if (noAnswer !== undefined) this.#log.cannotBe("read", noAnswer);
  }

  /** Begins to save what is due. */
  afterCollection(now: number): void {
    if (this.#isOpen) this.#saver.saveIfDue(now);
  }

  /** Resolves when no save is going on. */
  get idle(): Promise<void> {
    return this.#saver.idle;
  }

  /** Saves everything now. Takes little more than a second at most. */
  async save(): Promise<void> {
    if (!this.#isOpen || this.#saver.hangs) return;
    await isWithin(LAST_SAVE_MILLIS, this.#saver.saveAll(LAST_SAVE_MILLIS));
  }

  /** Saves for the last time and releases the file. Takes little more than a second at most. */
  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#isOpen) {
      const isSaved =
        !this.#saver.hangs && (await isWithin(LAST_SAVE_MILLIS, this.#saver.saveAll(LAST_SAVE_MILLIS)));
      if (!isSaved) this.#log.diskHangs();
      this.#stopWatching?.();
      this.#saver.stop();
      this.#isOpen = false;
      const released = this.#lock.release();
      if (isSaved) await isWithin(RELEASE_MILLIS, released);
    }
    this.#release?.();
    this.#release = undefined;
  }

  async #open(): Promise<void> {
    this.reserve();
    if (this.#isReservedElsewhere) {
      this.#retryAt = Number.POSITIVE_INFINITY;
      return this.#log.isReserved();
    }
    try {
      await createFolder(dirname(this.#paths.whole)).catch((error) => this.#log.cannotBe("written", error));
      const lock = await this.#lock.take();
      if (lock === "theirs") return this.#log.isInUse();
      if (lock === "impossible") this.#log.isNotLocked();
      await this.#load();
      if (this.#isClosed) return await this.#lock.release();
      this.#isOpen = true;
      this.#saver.start(() => this.#stillOurs());
      this.#stopWatching = onProcess("exit", this.#atExit);
    } catch (error) {
      this.#log.cannotBe("read", error);
      this.#retryAt = this.#parts.clock.now() + RETRY_MILLIS;
      await this.#lock.release();
    }
  }

  async #load(): Promise<void> {
    const { engine, consumption, windows, alerting, clock, surroundings } = this.#parts;
    const { sequence, isSound } = await loadHistory(this.#paths, {
      clock: surroundings,
      log: this.#log,
      restorer: {
        today: (own, ofMembers) => consumption.restoreToday(own, ofMembers),
        window: (saved) => windows.restore(saved, clock.now(), clock.ranMillis()),
        alerts: (saved) => alerting.restore(saved),
        series: (saved) => engine.restore(saved, clock.now()),
      },
      onProgress: this.#patience.answered,
    });
    engine.expireRestored(clock.now());
    this.#saver.loaded(sequence, isSound ? clock.now() : undefined);
    this.#log.works("read");
    const { whole } = this.#paths;
    const names = Object.values(this.#paths).map((path) => basename(path));
    await removeUnfinished(dirname(whole), (name) => names.includes(name)).catch(() => {});
  }

  /** Whether this process still has the lock. */
  async #stillOurs(): Promise<boolean> {
    if ((await this.#lock.take()) !== "theirs") return true;
    this.#stopWatching?.();
    this.#saver.stop();
    this.#isOpen = false;
    this.#retryAt = Number.POSITIVE_INFINITY;
    this.#log.isInUse();
    return false;
  }

  readonly #atExit = (): void => {
    const { hangs } = this.#saver;
    this.#saver.saveNow();
    if (!hangs) this.#lock.releaseNow();
  };
}
