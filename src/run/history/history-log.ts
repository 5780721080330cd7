import { log } from "../../logging/component-logger.ts";
import { FileLog } from "../../storage/file-log.ts";

/** Logs what happens to a history file. A problem that goes on is logged once. */
export class HistoryLog extends FileLog {
  readonly #path: string;

  constructor(path: string) {
    super(`the history file ${path}`, "history");
    this.#path = path;
  }

  isReserved(): void {
    log.info(
      `the history file ${this.#path} is kept by this process already, or by one that started it: ` +
        "this process keeps its history in memory",
    );
  }

  takesTooLong(tookMillis: number, millis: number): void {
    const took = Math.round(tookMillis);
    this.cannotBe(
      "written",
      `the last save took ${took} ms, and a process that ends has ${millis} ms; the save before counts`,
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
}
