/** Maximum of calls that are remembered, each with the last time. */
const MAX_REMEMBERED = 1000;

interface RememberedCall<Call> {
  readonly call: Call;
  open: number;
  closedAt: number;
}

/** The calls that are open, and when others were closed. Calls with the same key are one. */
export class RememberedCalls<Call> {
  readonly #elapsedMillis: () => number;
  readonly #keyOf: (call: Call) => string;
  readonly #areSame: (one: Call, other: Call) => boolean;
  readonly #calls = new Map<string, RememberedCall<Call>>();
  /** The last of the calls. Most agents repeat theirs: then no key is made, and nothing is moved. */
  #latest: RememberedCall<Call> | undefined;

  /** @param areSame whether two calls have the same key. */
  constructor(
    elapsedMillis: () => number,
    keyOf: (call: Call) => string,
    areSame: (one: Call, other: Call) => boolean,
  ) {
    this.#elapsedMillis = elapsedMillis;
    this.#keyOf = keyOf;
    this.#areSame = areSame;
  }

  opened(call: Call): () => void {
    const remembered = this.#remembered(call);
    remembered.open += 1;
    this.#forgetOldest();
    let isOpen = true;
    return () => {
      if (!isOpen) return;
      isOpen = false;
      remembered.open -= 1;
      remembered.closedAt = this.#elapsedMillis();
    };
  }

  find(isIt: (call: Call) => boolean, since = Number.POSITIVE_INFINITY): Call | undefined {
    for (const { call, open, closedAt } of this.#calls.values())
      if ((open > 0 || closedAt >= since) && isIt(call)) return call;
    return undefined;
  }

  #remembered(call: Call): RememberedCall<Call> {
    if (this.#latest !== undefined && this.#areSame(this.#latest.call, call)) return this.#latest;
    const key = this.#keyOf(call);
    const remembered = this.#calls.get(key) ?? { call, open: 0, closedAt: 0 };
    // The latest go last: then the first is the one to forget.
    this.#calls.delete(key);
    this.#calls.set(key, remembered);
    this.#latest = remembered;
    return remembered;
  }

  #forgetOldest(): void {
    if (this.#calls.size <= MAX_REMEMBERED) return;
    for (const [key, { open }] of this.#calls) {
      if (open > 0) continue;
      this.#calls.delete(key);
      return;
    }
  }
}
