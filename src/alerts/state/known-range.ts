const BLOCK_MILLIS = 3_600_000;
const BLOCKS = 24;

interface Block {
  readonly number: number;
  lowest: number;
  highest: number;
}

/** The range of a series over about the last day, from the extremes of each hour. */
export class KnownRange {
  readonly #blocks: Block[] = [];
  #lowest = Number.POSITIVE_INFINITY;
  #highest = Number.NEGATIVE_INFINITY;

  /** `Infinity` before the first value. */
  get lowest(): number {
    return this.#lowest;
  }

  /** `-Infinity` before the first value. */
  get highest(): number {
    return this.#highest;
  }

  add(at: number, value: number): void {
    const number = Math.floor(at / BLOCK_MILLIS);
    const last = this.#blocks.at(-1);
    if (last?.number !== number) {
      this.#blocks.push({ number, lowest: value, highest: value });
      while ((this.#blocks[0] as Block).number <= number - BLOCKS) this.#blocks.shift();
      this.#lowest = Math.min(...this.#blocks.map(({ lowest }) => lowest));
      this.#highest = Math.max(...this.#blocks.map(({ highest }) => highest));
      return;
    }
    last.lowest = Math.min(last.lowest, value);
    last.highest = Math.max(last.highest, value);
    this.#lowest = Math.min(this.#lowest, value);
    this.#highest = Math.max(this.#highest, value);
  }
}
