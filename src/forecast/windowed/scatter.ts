import type { LentRow } from "../../math/lent-row.ts";
import { limited } from "../scaling.ts";
import type { SavedScatter } from "./saved-windowed.ts";

/** Blocks are this share of the window long. */
const BLOCK = 0.1;
/** Squares fade by half after this many windows. */
const MEMORY_WINDOWS = 6;
/** Where the numbers are: the sums of steps and of blocks, then the block that has not ended. */
const STEPS = 0;
const BLOCKS = 2;
const REST = 4;
const SECONDS = 5;

/**
 * How much counts scatter around their expectation: the variance of the sum of one second. It is
 * measured in single steps and in blocks of steps; the larger one counts, because bursts make the
 * scatter of blocks larger than that of steps alone.
 */
export class Scatter {
  static readonly width = 6;
  readonly #windowSeconds: number;
  readonly #row: LentRow;
  readonly #from: number;

  /** @param from where its numbers are in the row. */
  constructor(windowSeconds: number, row: LentRow, from: number) {
    this.#windowSeconds = windowSeconds;
    this.#row = row;
    this.#from = from;
  }

  /** The variance of the sum of one second. */
  get variance(): number {
    return Math.max(mean(this.#sumsAt(STEPS)), mean(this.#sumsAt(BLOCKS)));
  }

  /** Adds by how much the sum of the last `seconds` differed from what was expected. */
  add(rest: number, seconds: number): void {
    this.#square(STEPS, rest, seconds);
    const ofBlock = { rest: limited(this.#at(REST) + rest), seconds: this.#at(SECONDS) + seconds };
    const hasEnded = ofBlock.seconds >= this.#windowSeconds * BLOCK;
    if (hasEnded) this.#square(BLOCKS, ofBlock.rest, ofBlock.seconds);
    this.#put(REST, hasEnded ? 0 : ofBlock.rest);
    this.#put(SECONDS, hasEnded ? 0 : ofBlock.seconds);
  }

  saved(): SavedScatter {
    const block = { rest: this.#at(REST), seconds: this.#at(SECONDS) };
    return { steps: this.#sumsAt(STEPS), blocks: this.#sumsAt(BLOCKS), block };
  }

  restore({ steps, blocks, block }: SavedScatter): void {
    const numbers = [steps.squares, steps.seconds, blocks.squares, blocks.seconds, block.rest, block.seconds];
    this.#row.set(numbers, this.#from);
  }

  #square(sums: number, rest: number, seconds: number): void {
    const kept = 0.5 ** (seconds / (this.#windowSeconds * MEMORY_WINDOWS));
    this.#put(sums, this.#at(sums) * kept + limited(rest * rest));
    this.#put(sums + 1, this.#at(sums + 1) * kept + seconds);
  }

  #sumsAt(sums: number): { squares: number; seconds: number } {
    return { squares: this.#at(sums), seconds: this.#at(sums + 1) };
  }

  #at(index: number): number {
    return this.#row.at(this.#from + index);
  }

  #put(index: number, number: number): void {
    this.#row.put(this.#from + index, number);
  }
}

function mean({ squares, seconds }: { squares: number; seconds: number }): number {
  return seconds > 0 ? squares / seconds : 0;
}
