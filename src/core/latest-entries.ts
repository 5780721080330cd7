/** Maximum of entries that are kept. */
const MAX_ENTRIES = 1000;

/** A map that keeps what was added last. */
export class LatestEntries<Value> {
  readonly #entries = new Map<string, Value>();

  add(key: string, value: Value): void {
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size < MAX_ENTRIES) break;
      this.#entries.delete(oldest);
    }
    this.#entries.set(key, value);
  }

  get(key: string): Value | undefined {
    return this.#entries.get(key);
  }

  clear(): void {
    this.#entries.clear();
  }
}
