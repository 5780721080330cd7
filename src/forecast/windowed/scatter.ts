import { limited } from "../scaling.ts";
import type { SavedScatter } from "./saved-windowed.ts";

/** Blocks are this share of the window long. */
const BLOCK = 0.1;
/** Squares fade by half after this many windows. */
const MEMORY_WINDOWS = 6;

/**
 * How much counts scatter around their expectation: the variance of the sum of one second. It is
 * measured in single steps and in blocks of steps; the larger one counts, because bursts make the
 * scatter of blocks larger than that of steps alone.
 */
export class Scatter {
  readonly #windowSeconds: number;
  #steps = { squares: 0, seconds: 0 };
  #blocks = { squares: 0, seconds: 0 };
  #block = { rest: 0, seconds: 0 };

  constructor(windowSeconds: number) {
    this.#windowSeconds = windowSeconds;
  }

  /** The variance of the sum of one second. */
  get variance(): number {
    return Math.max(mean(this.#steps), mean(this.#blocks));
  }

  /** Adds by how much the sum of the last `seconds` differed from what was expected. */
  add(rest: number, seconds: number): void {
    this.#square(this.#steps, rest, seconds);
    this.#block.rest = limited(this.#block.rest + rest);
    this.#block.seconds += seconds;
    if (this.#block.seconds < this.#windowSeconds * BLOCK) return;
    this.#square(this.#blocks, this.#block.rest, this.#block.seconds);
    this.#block = { rest: 0, seconds: 0 };
  }

  saved(): SavedScatter {
    return { steps: { ...this.#steps }, blocks: { ...this.#blocks }, block: { ...this.#block } };
  }

  restore({ steps, blocks, block }: SavedScatter): void {
    this.#steps = { ...steps };
    this.#blocks = { ...blocks };
    this.#block = { ...block };
  }

  #square(sums: { squares: number; seconds: number }, rest: number, seconds: number): void {
    const kept = 0.5 ** (seconds / (this.#windowSeconds * MEMORY_WINDOWS));
    sums.squares = sums.squares * kept + limited(rest * rest);
    sums.seconds = sums.seconds * kept + seconds;
  }
}

function mean({ squares, seconds }: { squares: number; seconds: number }): number {
  return seconds > 0 ? squares / seconds : 0;
}
