import { fingerprint } from "../core/short-name.ts";

const FIRST_SLOTS = 16;
/** The slots of an empty set. Nothing is ever added to them. */
const NO_SLOTS = new Float64Array(1);
/** A slot without a fingerprint. */
const EMPTY = 0;

/**
 * Recognises ids that were added before: at least the last `memory` of them, at most twice as many.
 * Ids are stored as fingerprints, in two generations. When the young generation is full, the old
 * one is forgotten. So remembering an id costs little more than reading it. With 2,000 ids in
 * memory, a new id is taken for a known one about once in 4 * 10^12 times.
 */
export class RecentIds {
  readonly #memory: number;
  #young = new FingerprintSet();
  #old: FingerprintSet | undefined;

  constructor(memory: number) {
    this.#memory = memory;
  }

  has(id: string): boolean {
    const known = fingerprint(id);
    return this.#young.has(known) || this.#old?.has(known) === true;
  }

  /** Remembers an id. Returns `false` if it is known already. */
  add(id: string): boolean {
    const added = fingerprint(id);
    if (this.#old?.has(added) || !this.#young.add(added)) return false;
    if (this.#young.size >= this.#memory) this.#startGeneration();
    return true;
  }

  #startGeneration(): void {
    const forgotten = this.#old ?? new FingerprintSet();
    forgotten.clear();
    this.#old = this.#young;
    this.#young = forgotten;
  }
}

/**
 * A set of fingerprints in one flat array that is at most half full (open addressing with linear
 * probing). Unlike a `Set` of strings it leaves no garbage, and collecting that garbage would cost
 * more than all look-ups.
 */
export class FingerprintSet {
  #slots = NO_SLOTS;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  has(fingerprint: number): boolean {
    return this.#slots[this.#slotFor(fingerprint)] === fingerprint;
  }

  /** Adds a fingerprint (not 0). Returns `false` if it is in the set already. */
  add(fingerprint: number): boolean {
    if (this.#slots === NO_SLOTS) this.#slots = new Float64Array(FIRST_SLOTS);
    const slot = this.#slotFor(fingerprint);
    if (this.#slots[slot] === fingerprint) return false;
    this.#slots[slot] = fingerprint;
    this.#size += 1;
    if (this.#size * 2 > this.#slots.length) this.#grow();
    return true;
  }

  clear(): void {
    if (this.#size > 0) this.#slots.fill(EMPTY);
    this.#size = 0;
  }

  /** The slot that holds a fingerprint, or the empty slot for it. */
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
