/** Calls that have ended are remembered up to so many, by what they were of. */
const MAX_REMEMBERED = 1000;

interface Kept<Call> {
  readonly call: Call;
  open: number;
  closedAt: number;
}

/** Which calls are under way, and which were until when. Calls of one key are as one. */
export class OpenCalls<Call> {
  readonly #elapsedMillis: () => number;
  readonly #keyOf: (call: Call) => string;
  readonly #calls = new Map<string, Kept<Call>>();

  /** @param elapsedMillis milliseconds of a clock that never goes back. */
  constructor(elapsedMillis: () => number, keyOf: (call: Call) => string) {
    this.#elapsedMillis = elapsedMillis;
    this.#keyOf = keyOf;
  }

  /** The function that comes back closes the call, once. */
  opened(call: Call): () => void {
    const key = this.#keyOf(call);
    const kept = this.#calls.get(key) ?? { call, open: 0, closedAt: 0 };
    // The latest go last, so that the first is the one to forget.
    this.#calls.delete(key);
    this.#calls.set(key, kept);
    kept.open += 1;
    this.#forgetTheOldest();
    let isOpen = true;
    return () => {
      if (!isOpen) return;
      isOpen = false;
      kept.open -= 1;
      kept.closedAt = this.#elapsedMillis();
    };
  }

  /** A call like that which is under way or, where `since` is given, was at some time since then. */
  find(isIt: (call: Call) => boolean, since = Number.POSITIVE_INFINITY): Call | undefined {
    for (const { call, open, closedAt } of this.#calls.values())
      if ((open > 0 || closedAt >= since) && isIt(call)) return call;
    return undefined;
  }

  #forgetTheOldest(): void {
    if (this.#calls.size <= MAX_REMEMBERED) return;
    for (const [key, { open }] of this.#calls) {
      if (open > 0) continue;
      this.#calls.delete(key);
      return;
    }
  }
}
