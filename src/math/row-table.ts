import { type RowMemory, singlesOf } from "./row-memory.ts";

/** The numbers of a block of rows, twice the same memory. */
interface Block {
  readonly numbers: Float64Array;
  readonly singles: Float32Array;
}

const ROWS_OF_BLOCK = 64;
/** The row of everybody whose row was deleted: what is written there belongs to nobody. */
const NOBODYS_ROW = 0;

/**
 * Rows of numbers that are all as long, for thousands of series. They lie in few large blocks of memory:
 * an array for each would take a quarter of a kilobyte beside its numbers, and the garbage collector
 * would look at each. A row that is deleted is used again.
 */
export class RowTable {
  readonly #width: number;
  readonly #blocks: Block[] = [];
  readonly #free: number[] = [];
  #rows = NOBODYS_ROW + 1;

  /** @param width how many numbers a row has. */
  constructor(width: number) {
    this.#width = width;
  }

  /** Adds a row with these numbers, and returns where it is. */
  add(numbers: Float64Array): number {
    const row = this.#free.pop() ?? this.#rows++;
    const { numbers: all } = this.#blockOf(row);
    all.set(numbers, this.#baseOf(row));
    return row;
  }

  /** Makes room for another row. Returns the row that its owner has from now on: that of nobody. */
  delete(row: number): typeof NOBODYS_ROW {
    if (row !== NOBODYS_ROW) this.#free.push(row);
    return NOBODYS_ROW;
  }

  /** Makes the row the one that the objects of a memory have. */
  seek(memory: RowMemory, row: number): void {
    const { numbers, singles } = this.#blockOf(row);
    memory.numbers = numbers;
    memory.singles = singles;
    memory.base = this.#baseOf(row);
  }

  #baseOf(row: number): number {
    return (row % ROWS_OF_BLOCK) * this.#width;
  }

  #blockOf(row: number): Block {
    const index = Math.floor(row / ROWS_OF_BLOCK);
    let block = this.#blocks[index];
    if (block === undefined) {
      const numbers = new Float64Array(ROWS_OF_BLOCK * this.#width);
      block = { numbers, singles: singlesOf(numbers) };
      this.#blocks[index] = block;
    }
    return block;
  }
}
