/** The maximum of remembered keys. Messages with further keys are not logged. */
const MAX_KEYS = 1000;

/** Logs a message once per key, for messages that would otherwise come with every scrape. */
export class LogOnce {
  readonly #logged = new Set<string>();

  /** Calls `write`, unless it was called for the same key before. */
  log(key: string, write: () => void): void {
    if (this.#logged.has(key) || this.#logged.size >= MAX_KEYS) return;
    this.#logged.add(key);
    write();
  }
}
