import { log } from "./component-logger.ts";

/** Counts skipped data by reason, and logs the first of each kind. */
export class SkipLog {
  readonly #counts = new Map<string, number>();
  readonly #logged = new Set<string>();

  /**
   * @param detail what was skipped, for the log line.
   * @param kind the first of each kind is logged. There must be few kinds. Default: the reason.
   */
  skip(reason: string, detail: string, times = 1, kind = reason): void {
    this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + times);
    if (this.#logged.has(kind)) return;
    this.#logged.add(kind);
    this.logFirst(`skipped (${reason}): ${detail}`);
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
