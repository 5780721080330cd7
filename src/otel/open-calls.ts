/** The calls of one callback that have not ended. */
export class OpenCalls {
  /** When each began, the oldest first. */
  readonly #open = new Set<{ readonly begunAt: number }>();

  /** How long the oldest call has run; `-1` if none runs. */
  longestMillis(): number {
    for (const { begunAt } of this.#open) return performance.now() - begunAt;
    return -1;
  }

  /** Runs a call and follows it until its end. */
  async follow(run: () => unknown): Promise<void> {
    const call = { begunAt: performance.now() };
    this.#open.add(call);
    try {
      await run();
    } finally {
      this.#open.delete(call);
    }
  }
}
