import { messageOf } from "../core/text-of.ts";
import { log } from "../logging/component-logger.ts";

/** Why nothing is written. It is always the same text, which is logged once. */
const NO_ANSWER = "the disk takes too long to answer; the save before counts";

/** The part of a file's name that is another one each time, in the messages of errors. */
const UNFINISHED = /\.[0-9a-f]{12}\.tmp\b/g;
/** The path in the message of an error: of several files, one may have a problem first each time. */
const PATH = / '[^']*'/g;

/** Logs what happens to a file or folder that outlives the process. A problem that goes on is logged once. */
export class FileLog {
  readonly #subject: string;
  readonly #kept: string;
  readonly #last = new Map<string, string>();

  /**
   * @param subject such as `the history file /var/lib/app/history`.
   * @param kept what is in it, such as `history`.
   */
  constructor(subject: string, kept: string) {
    this.#subject = subject;
    this.#kept = kept;
  }

  /**
   * Logs that it can't be read, used or written.
   *
   * @param file which one of its files, if they are written one by one.
   */
  cannotBe(done: "read" | "used" | "used as a whole" | "written", error: unknown, file = ""): void {
    this.#once(`${done} ${file}`, `can't be ${done}: ${messageOf(error).replaceAll(UNFINISHED, "")}`);
  }

  /** Logs that it can't be written because the disk hangs. */
  diskHangs(): void {
    this.cannotBe("written", NO_ANSWER);
  }

  /** It can be read or written again. */
  works(done: "read" | "written", file = ""): void {
    this.#last.delete(`${done} ${file}`);
    this.#last.delete(`${done} `);
  }

  isInUse(): void {
    this.#once(
      "read ",
      `is in use by another process: this process keeps its ${this.#kept} in memory until that one ends`,
    );
  }

  isNotLocked(): void {
    log.info(`${this.#subject} can't be locked here: of two processes that use it, the last one wins`);
  }

  #once(problem: string, what: string): void {
    const kind = what.replaceAll(PATH, "");
    // On a full or read-only disk all files have the same problem.
    if ([...this.#last.values()].includes(kind)) return;
    this.#last.set(problem, kind);
    log.warn(`${this.#subject} ${what}`);
  }
}
