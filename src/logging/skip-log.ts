import { log } from "./component-logger.ts";

/** Counts what was not taken, by reason, and says so through `diag` the first time that each reason occurs. */
export class SkipLog {
  readonly #counts = new Map<string, number>();

  skip(reason: string, detail: string, times = 1): void {
    const before = this.#counts.get(reason) ?? 0;
    this.#counts.set(reason, before + times);
    if (before === 0) this.say(`skipped (${reason}): ${detail}`);
  }

  /** One line about something that is counted from now on. */
  say(what: string): void {
    log.warn(`${what}. Later ones are only counted.`);
  }

  get counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }
}
