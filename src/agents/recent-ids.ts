import { fingerprint } from "../core/fingerprint.ts";
import { FingerprintSet } from "./fingerprint-set.ts";

/**
 * Ids that were added lately, so that one that comes back is known: at least the last `memory` of them, at most twice
 * as many. They are kept as fingerprints and forgotten by the generation, so that to remember an id costs little more
 * than to read it. A new id is taken for one of 2,000 others once in 4 * 10^12 times.
 */
export class RecentIds {
  readonly #memory: number;
  #young = new FingerprintSet();
  #old = new FingerprintSet();

  constructor(memory: number) {
    this.#memory = memory;
  }

  has(id: string): boolean {
    const known = fingerprint(id);
    return this.#young.has(known) || this.#old.has(known);
  }

  /** Remembers an id; `false` when it is remembered already. */
  add(id: string): boolean {
    const added = fingerprint(id);
    if (this.#old.has(added) || !this.#young.add(added)) return false;
    if (this.#young.size >= this.#memory) this.#startGeneration();
    return true;
  }

  #startGeneration(): void {
    const forgotten = this.#old;
    forgotten.clear();
    this.#old = this.#young;
    this.#young = forgotten;
  }
}
