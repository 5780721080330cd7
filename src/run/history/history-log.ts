import { messageOf } from "../../core/text-of.ts";
import { log } from "../../logging/component-logger.ts";

/** Logs what happens to a history file. A problem that goes on is logged once. */
export class HistoryLog {
  readonly #path: string;
  readonly #last = new Map<string, string>();

  constructor(path: string) {
    this.#path = path;
  }

  /** Logs that the file can't be read, used or written. */
  cannotBe(done: "read" | "used" | "used as a whole" | "written", error: unknown): void {
    this.#once(done, `can't be ${done}: ${messageOf(error)}`);
  }

  /** It can be read or written again. */
  works(done: "read" | "written"): void {
    this.#last.delete(done);
  }

  isInUse(): void {
    this.#once(
      "read",
      "is in use by another process: this process keeps its history in memory until that one ends",
    );
  }

  isReserved(): void {
    log.info(
      `the history file ${this.#path} is kept by this process already, or by one that started it: ` +
        "this process keeps its history in memory",
    );
  }

  isNotLocked(): void {
    log.info(
      `the history file ${this.#path} can't be locked here: of two processes that use it, the last one wins`,
    );
  }

  isDamaged(path: string, damage: string, keptAs: string): void {
    log.warn(
      `the history file ${path} is damaged: ${damage}. What is whole is used; the file as it was is kept as ${keptAs}`,
    );
  }

  isNewer(path: string, version: number, keptAs: string): void {
    log.warn(
      `the history file ${path} is of version ${version}, which is newer than this package: a new history begins; the file as it was is kept as ${keptAs}`,
    );
  }

  #once(problem: string, what: string): void {
    if (this.#last.get(problem) === what) return;
    this.#last.set(problem, what);
    log.warn(`the history file ${this.#path} ${what}`);
  }
}
