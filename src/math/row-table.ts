import { RowMemory } from "./row-memory.ts";

const ROWS_OF_BLOCK = 64;
/** The row of everybody who has no row, or whose row was deleted: what is written there belongs to nobody. */
export const NOBODYS_ROW = 0;

/**
 * Rows of numbers that are all as long, for thousands of series. They lie in few large blocks of memory:
 * an array for each would take a quarter of a kilobyte beside its numbers, and the garbage collector
 * would look at each. A row that is deleted is used again.
 */
export class RowTable {
  readonly #width: number;
  readonly #blocks: RowMemory[] = [];
  readonly #free: number[] = [];
  #rows = NOBODYS_ROW + 1;

  /** @param width how many numbers a row has. */
  constructor(width: number) {
    this.#width = width;
  }

  /**
   * Adds a row that begins with these numbers, and returns its number in the table. A row that was used
   * before keeps what lies behind them.
   */
  add(numbers: Float64Array): number {
    const row = this.#free.pop() ?? this.#rows++;
    this.blockOf(row).numbers.set(numbers, this.firstOf(row));
    return row;
  }

  /** Makes room for another row. Returns the row that its owner has from now on: that of nobody. */
  delete(row: number): typeof NOBODYS_ROW {
    if (row !== NOBODYS_ROW) this.#free.push(row);
    return NOBODYS_ROW;
  }

  /** The memory that a row is in. */
  blockOf(row: number): RowMemory {
    const index = Math.floor(row / ROWS_OF_BLOCK);
    let block = this.#blocks[index];
    if (block === undefined) {
      block = new RowMemory(new Float64Array(ROWS_OF_BLOCK * this.#width));
      this.#blocks[index] = block;
    }
    return block;
  }

  /** The index of its first number there. */
  firstOf(row: number): number {
    return (row % ROWS_OF_BLOCK) * this.#width;
  }
}
