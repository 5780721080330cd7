const FIRST_SIZE = 4;
const MAX_SIZE = 64;
const NOTHING = new Float64Array(0);

/**
 * Values that were recorded and wait to be counted, many at once. Between the other work of an
 * application each step of counting one value waits for memory; for many in a row it does not. So
 * recording costs a third. The room grows with the number of values: few values need little.
 */
export class WaitingValues {
  #values = NOTHING;
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** Adds a value. Returns whether there is no more room: then take all before the next one. */
  add(value: number): boolean {
    if (this.#count === this.#values.length) this.#grow();
    this.#values[this.#count] = value;
    this.#count += 1;
    return this.#count === MAX_SIZE;
  }

  /** The values since the previous call. They are valid until the next value is added. */
  take(): Float64Array {
    const taken = this.#values.subarray(0, this.#count);
    this.#count = 0;
    return taken;
  }

  /** Gives back the memory, when there are no values. */
  release(): void {
    this.#values = NOTHING;
  }

  #grow(): void {
    const grown = new Float64Array(Math.max(FIRST_SIZE, this.#values.length * 2));
    grown.set(this.#values);
    this.#values = grown;
  }
}
