import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { messageOf } from "../core/text-of.ts";
import { log } from "../logging/component-logger.ts";
import type { AgentConsumption } from "../measure/instruments/agent-consumption.ts";
import { readUsedToday } from "../measure/instruments/used-today.ts";
import type { SeriesStore } from "../series/series-store.ts";
import { holdFile } from "./held-files.ts";

const PREFIX = "file:";
const SAVE_EVERY_MILLIS = 300_000;

/** What is kept over restarts, and where it is told that the file is taken. */
interface HistoryParts {
  readonly store: SeriesStore;
  readonly consumption: AgentConsumption;
  readonly environment: NodeJS.ProcessEnv;
}

/**
 * Keeps the past of all series, and what agents used today, in a file, so that a process that is restarted forecasts
 * at once and a budget of the day is still that of the day. A child process, which inherits the setting, leaves the
 * file to the process that keeps it: two would count each other's tokens as their own.
 */
export class HistoryFile {
  readonly #path: string;
  readonly #parts: HistoryParts;
  #lastAt: number | undefined;
  #letGo: (() => void) | undefined;

  private constructor(path: string, parts: HistoryParts) {
    this.#path = path;
    this.#parts = parts;
  }

  /** For the setting `file:PATH`; `undefined` for `memory`. */
  static from(setting: string, parts: HistoryParts): HistoryFile | undefined {
    return setting.startsWith(PREFIX) ? new HistoryFile(setting.slice(PREFIX.length), parts) : undefined;
  }

  /** Takes the file, where no other process has it: before the application starts one that would take it too. */
  hold(): void {
    this.#letGo ??= holdFile(this.#path, this.#parts.environment);
  }

  /** To be called at every tick: loads what was saved at the first one, and saves now and then. */
  async keep(now: number): Promise<void> {
    const last = this.#lastAt;
    // Where the clock was put back, the time of the last save is no measure any more.
    if (last !== undefined && now >= last && now - last < SAVE_EVERY_MILLIS) return;
    this.#lastAt = now;
    if (last === undefined) await this.#begin(now);
    else await this.#save();
  }

  /** Saves once more. */
  async end(): Promise<void> {
    await this.#save();
    this.#letGo?.();
    this.#letGo = undefined;
  }

  async #begin(now: number): Promise<void> {
    this.hold();
    if (this.#letGo !== undefined) return this.#load(now);
    log.info(
      `the history file ${this.#path} is kept by this process already, or by one that started it: ` +
        "what is measured here is kept in memory",
    );
  }

  /** Takes over what was saved. A file that is not there is the first start; one that is broken is said and passed over. */
  async #load(now: number): Promise<void> {
    let text: string;
    try {
      text = await readFile(this.#path, "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") this.#say("read", error);
      return;
    }
    try {
      const saved = JSON.parse(text);
      this.#goOnWithToday(saved?.today);
      const { store } = this.#parts;
      store.restore(saved);
      store.expire(now);
    } catch (error) {
      this.#say("used", error);
    }
  }

  #goOnWithToday(saved: unknown): void {
    const { used, broken } = readUsedToday(saved);
    this.#parts.consumption.goOnFrom(used);
    if (broken === 0) return;
    const entries = broken === 1 ? "entry" : "entries";
    this.#say("used as a whole", `${broken} ${entries} of what agents used today can't be read`);
  }

  /** Writes beside the file and then renames, so that a process that dies meanwhile leaves the file before whole. */
  async #save(): Promise<void> {
    if (this.#letGo === undefined) return;
    const unfinished = `${this.#path}.${process.pid}.tmp`;
    try {
      await mkdir(dirname(this.#path), { recursive: true });
      const { store, consumption } = this.#parts;
      const kept = { ...store.snapshot(), today: consumption.usedToday() };
      await writeFile(unfinished, JSON.stringify(kept));
      await rename(unfinished, this.#path);
    } catch (error) {
      this.#say("written", error);
    }
  }

  #say(what: string, error: unknown): void {
    log.warn(`the history file ${this.#path} can't be ${what}: ${messageOf(error)}`);
  }
}
