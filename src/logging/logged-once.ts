/** So many different things are remembered as said; what comes after these is not said at all. */
const maxRemembered = 1000;

/** Keeps a message that would come with every scrape from being said more than once. */
export class LoggedOnce {
  readonly #said = new Set<string>();

  /** Calls `say` unless it was called for the same `key` before. */
  about(key: string, say: () => void): void {
    if (this.#said.has(key) || this.#said.size >= maxRemembered) return;
    this.#said.add(key);
    say();
  }
}
