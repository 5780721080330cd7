const FIRST_SLOTS = 16;
/** A slot without a fingerprint. */
const EMPTY = 0;

/**
 * A set of fingerprints in one flat array, at most half full (open addressing with linear probing). Next to a `Set` of
 * the texts it leaves nothing to the garbage collector, which costs more than all the looking up.
 */
export class FingerprintSet {
  #slots = new Float64Array(FIRST_SLOTS);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  has(fingerprint: number): boolean {
    return this.#slots[this.#slotFor(fingerprint)] === fingerprint;
  }

  /** Adds a fingerprint (not 0); `false` when it is there already. */
  add(fingerprint: number): boolean {
    const slot = this.#slotFor(fingerprint);
    if (this.#slots[slot] === fingerprint) return false;
    this.#slots[slot] = fingerprint;
    this.#size += 1;
    if (this.#size * 2 > this.#slots.length) this.#grow();
    return true;
  }

  clear(): void {
    this.#slots.fill(EMPTY);
    this.#size = 0;
  }

  /** Where a fingerprint is, or would be. */
  #slotFor(fingerprint: number): number {
    const mask = this.#slots.length - 1;
    let slot = fingerprint & mask;
    while (this.#slots[slot] !== EMPTY && this.#slots[slot] !== fingerprint) slot = (slot + 1) & mask;
    return slot;
  }

  #grow(): void {
    const before = this.#slots;
    this.#slots = new Float64Array(before.length * 2);
    for (const fingerprint of before)
      if (fingerprint !== EMPTY) this.#slots[this.#slotFor(fingerprint)] = fingerprint;
  }
}
