import { log } from "./component-logger.ts";

/** Counts skipped data by reason, and logs the first of each reason. */
export class SkipLog {
  readonly #counts = new Map<string, number>();

  /** @param detail what was skipped, for the log line. */
  skip(reason: string, detail: string, times = 1): void {
    const before = this.#counts.get(reason) ?? 0;
    this.#counts.set(reason, before + times);
    if (before === 0) this.logFirst(`skipped (${reason}): ${detail}`);
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
