import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { diag } from "@opentelemetry/api";
import type { SeriesStore } from "../series/series-store.ts";

const PREFIX = "file:";
const SAVE_EVERY_MILLIS = 300_000;

/** Keeps the past of all series in a file, so that a process that is restarted forecasts at once. */
export class HistoryFile {
  readonly #path: string;
  readonly #store: SeriesStore;
  #lastAt: number | undefined;

  private constructor(path: string, store: SeriesStore) {
    this.#path = path;
    this.#store = store;
  }

  /** For the setting `file:PATH`; `undefined` for `memory`. */
  static from(setting: string, store: SeriesStore): HistoryFile | undefined {
    return setting.startsWith(PREFIX) ? new HistoryFile(setting.slice(PREFIX.length), store) : undefined;
  }

  /** To be called at every tick: loads what was saved at the first one, and saves now and then. */
  async keep(now: number): Promise<void> {
    const last = this.#lastAt;
    if (last !== undefined && now - last < SAVE_EVERY_MILLIS) return;
    this.#lastAt = now;
    if (last === undefined) await this.load(now);
    else await this.save();
  }

  /** Takes over what was saved. A file that is not there is the first start; one that is broken is said and passed over. */
  async load(now: number): Promise<void> {
    let text: string;
    try {
      text = await readFile(this.#path, "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") this.#say("read", error);
      return;
    }
    try {
      this.#store.restore(JSON.parse(text));
      this.#store.expire(now);
    } catch (error) {
      this.#say("used", error);
    }
  }

  /** Writes beside the file and then renames, so that a process that dies meanwhile leaves the file before whole. */
  async save(): Promise<void> {
    const unfinished = `${this.#path}.${process.pid}.tmp`;
    try {
      await mkdir(dirname(this.#path), { recursive: true });
      await writeFile(unfinished, JSON.stringify(this.#store.snapshot()));
      await rename(unfinished, this.#path);
    } catch (error) {
      this.#say("written", error);
    }
  }

  #say(what: string, error: unknown): void {
    diag.warn(
      `otel-forecast: the history file ${this.#path} can't be ${what}: ${error instanceof Error ? error.message : error}`,
    );
  }
}
