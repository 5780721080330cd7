import { access, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { readUsedToday } from "../agents/used-today.ts";
import { messageOf } from "../core/text-of.ts";
import { log } from "../logging/component-logger.ts";
import type { AgentConsumption } from "../measure/instruments/agent-consumption.ts";
import type { SeriesStore } from "../series/series-store.ts";
import { reserveFile } from "./reserved-files.ts";

const PREFIX = "file:";
const SAVE_EVERY_MILLIS = 300_000;

/** What is saved, and the variables that list the reserved files. */
interface HistoryParts {
  readonly store: SeriesStore;
  readonly consumption: AgentConsumption;
  readonly environment: NodeJS.ProcessEnv;
}

/**
 * Saves the samples of all series, and what agents used today, to a file. After a restart the
 * process forecasts at once, and daily totals go on. A child process inherits the setting but does
 * not use the file: two processes would count each other's tokens as their own.
 */
export class HistoryFile {
  readonly #path: string;
  readonly #parts: HistoryParts;
  #lastAt: number | undefined;
  #release: (() => void) | undefined;

  private constructor(path: string, parts: HistoryParts) {
    this.#path = path;
    this.#parts = parts;
  }

  /** The file of the setting `file:PATH`; `undefined` for the setting `memory`. */
  static from(setting: string, parts: HistoryParts): HistoryFile | undefined {
    return setting.startsWith(PREFIX) ? new HistoryFile(setting.slice(PREFIX.length), parts) : undefined;
  }

  /**
   * Reserves the file unless another process has. Call it before the application starts child
   * processes, which would reserve it themselves.
   */
  reserve(): void {
    this.#release ??= reserveFile(this.#path, this.#parts.environment);
  }

  /**
   * Loads the file at the first call, and saves it every five minutes after. Call it before every
   * collection.
   */
  async loadOrSave(now: number): Promise<void> {
    const last = this.#lastAt;
    // After the clock was put back, the time of the last save is in the future: save at once.
    if (last !== undefined && now >= last && now - last < SAVE_EVERY_MILLIS) return;
    this.#lastAt = now;
    if (last === undefined) await this.#loadIfReserved(now);
    else await this.#save();
  }

  /** Saves for the last time and releases the file. */
  async close(): Promise<void> {
    await this.#save();
    this.#release?.();
    this.#release = undefined;
  }

  async #loadIfReserved(now: number): Promise<void> {
    this.reserve();
    if (this.#release !== undefined) return this.#load(now);
    log.info(
      `the history file ${this.#path} is kept by this process already, or by one that started it: ` +
        "this process keeps its history in memory",
    );
  }

  /**
   * Restores what was saved. A file that does not exist means the first start. A file that cannot
   * be used is logged, and the process starts without a history.
   */
  async #load(now: number): Promise<void> {
    let text: string;
    try {
      text = await readFile(this.#path, "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") this.#warn("read", error);
      return;
    }
    try {
      const saved = JSON.parse(text);
      this.#restoreToday(saved?.today, saved?.todayOfMembers);
      const { store } = this.#parts;
      store.restore(saved);
      store.expire(now);
    } catch (error) {
      this.#warn("used", error);
    }
  }

  #restoreToday(saved: unknown, savedOfMembers: unknown): void {
    const own = readUsedToday(saved);
    const ofMembers = readUsedToday(savedOfMembers);
    this.#parts.consumption.restoreToday(own.used, ofMembers.used);
    const broken = own.broken + ofMembers.broken;
    if (broken === 0) return;
    const entries = broken === 1 ? "entry" : "entries";
    this.#warn("used as a whole", `${broken} ${entries} of what agents used today can't be read`);
  }

  /**
   * Writes a new file and renames it: a process that dies while it writes leaves the old file
   * whole.
   */
  async #save(): Promise<void> {
    if (this.#release === undefined) return;
    const unfinished = `${this.#path}.${process.pid}.tmp`;
    try {
      await createFolder(dirname(this.#path));
      const { store, consumption } = this.#parts;
      const today = consumption.usedToday();
      const saved = { ...store.snapshot(), today, todayOfMembers: consumption.usedByMembers() };
      await writeFile(unfinished, JSON.stringify(saved));
      await rename(unfinished, this.#path);
    } catch (error) {
      this.#warn("written", error);
    }
  }

  #warn(problem: string, error: unknown): void {
    log.warn(`the history file ${this.#path} can't be ${problem}: ${messageOf(error)}`);
  }
}

/**
 * Creates a folder and its missing parents one by one: Node's recursive way never ends under
 * `/proc`.
 */
async function createFolder(path: string): Promise<void> {
  if (await exists(path)) return;
  await createFolder(dirname(path));
  try {
    await mkdir(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return dirname(path) === path;
  }
}
