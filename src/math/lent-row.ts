import type { RowMemory } from "./row-memory.ts";
import type { RowTable } from "./row-table.ts";
import type { RowTables } from "./row-tables.ts";

/**
 * A row of a table, for as long as its owner needs it. An array of its own would take a third of a
 * kilobyte beside its numbers.
 */
export class LentRow {
  readonly #table: RowTable;
  #row: number;
  #block: RowMemory;
  #first: number;

  private constructor(table: RowTable, width: number) {
    this.#table = table;
    this.#row = table.add(new Float64Array(width));
    this.#block = table.blockOf(this.#row);
    this.#first = table.firstOf(this.#row);
  }

  /** A new row of `width` numbers. All of them are 0. */
  static of(tables: RowTables, width: number): LentRow {
    return new LentRow(tables.of(width), width);
  }

  /** The numbers of this row and of others. */
  get numbers(): Float64Array {
    return this.#block.numbers;
  }

  /** The index of its first number among them. */
  get first(): number {
    return this.#first;
  }

  at(index: number): number {
    return this.#block.numbers[this.#first + index] as number;
  }

  put(index: number, number: number): void {
    this.#block.numbers[this.#first + index] = number;
  }

  /** A copy of some of its numbers. */
  slice(from: number, end: number): Float64Array {
    return this.#block.numbers.slice(this.#first + from, this.#first + end);
  }

  /** Takes over numbers, from an index on. */
  set(numbers: ArrayLike<number>, from = 0): void {
    this.#block.numbers.set(numbers, this.#first + from);
  }

  /** Gives the row back. What is written from then on belongs to nobody. */
  giveBack(): void {
    this.#row = this.#table.delete(this.#row);
    this.#block = this.#table.blockOf(this.#row);
    this.#first = this.#table.firstOf(this.#row);
  }
}
