import { log } from "./component-logger.ts";

/** Counts skipped data by reason, and logs the first of each kind. */
export class SkipLog {
  readonly #counts = new Map<string, number>();
  readonly #logged = new Set<string>();

  /**
   * @param detail what was skipped, for the log line. A function is called only for the first of a kind.
   * @param kind the first of each kind is logged. There must be few kinds. Default: the reason.
   */
  skip(reason: string, detail: string | (() => string), times = 1, kind = reason): void {
    this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + times);
    if (this.#logged.has(kind)) return;
    this.#logged.add(kind);
    this.logFirst(`skipped (${reason}): ${typeof detail === "string" ? detail : detail()}`);
  }

  /**
   * Counts data whose reading threw an error of the application. The line of the first has no message
   * of the error, which may hold a value; the level `debug` has the whole error.
   *
   * @param detail what was skipped, and what kind of error it was.
   */
  skipThrown(reason: string, detail: string, error: unknown, kind = reason): void {
    if (!this.#logged.has(kind)) log.debug(`skipped (${reason})`, error);
    this.skip(reason, detail, 1, kind);
  }

  /** Logs the first of several events. The caller counts the later ones. */
  logFirst(message: string): void {
    log.warn(`${message}. Later ones are only counted.`);
  }

  /** The number of skips by reason. */
  get counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }
}
