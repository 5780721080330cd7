import { log } from "../../logging/component-logger.ts";
import { LogOnce } from "../../logging/log-once.ts";
import { FileLog } from "../../storage/file-log.ts";

/** Logs what happens to the state of a gateway. A problem that goes on is logged once. */
export class StateLog extends FileLog {
  readonly #once = new LogOnce();

  constructor(directory: string) {
    super(`the state folder ${directory}`, "state");
  }

  /** Logs that the file of a slot was damaged. */
  isDamaged(path: string, damage: string, keptAs: string): void {
    log.warn(
      `the state file ${path} is damaged: ${damage}. What is whole of it is used; as it was it is kept as ${keptAs}`,
    );
  }

  isNewer(path: string, version: number): void {
    log.warn(
      `the state file ${path} is of version ${version}, which is newer than this package: it is left alone, and the state of its series is not saved`,
    );
  }

  /** Logs the first record of a kind that can't be saved. */
  cannotSave(kind: string, reason: string): void {
    this.#once.log(kind, () => {
      log.warn(`a ${kind} can't be saved: ${reason}. Later ones are only counted.`);
    });
  }
}
