/**
 * Measures each turn of the event loop by the CPU time of the main thread. On a shared machine a
 * turn can take long by the clock because another process was running.
 */
export class TurnWatch {
  #longest = 0;
  #turnedAt = threadMillis();
  #next = setImmediate(() => this.#turn());

  #turn() {
    const now = threadMillis();
    this.#longest = Math.max(this.#longest, now - this.#turnedAt);
    this.#turnedAt = now;
    this.#next = setImmediate(() => this.#turn());
  }

  /** The longest turn until now, or since the last call. */
  async takeLongest() {
    await new Promise((resolve) => setImmediate(resolve));
    const longest = this.#longest;
    this.#longest = 0;
    return longest;
  }

  stop() {
    clearImmediate(this.#next);
  }
}

/** The CPU time of this thread. */
export function threadMillis() {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
