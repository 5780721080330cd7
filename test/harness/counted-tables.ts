import { RowTables } from "../../src/math/row-tables.ts";

/** Tables that know how many of their rows are in use. */
export class CountedTables extends RowTables {
  inUse = 0;
  readonly #counted = new Set<object>();

  override of(width: number) {
    const table = super.of(width);
    if (this.#counted.has(table)) return table;
    this.#counted.add(table);
    const [add, remove] = [table.add.bind(table), table.delete.bind(table)];
    table.add = (numbers) => {
      this.inUse += 1;
      return add(numbers);
    };
    table.delete = (row) => {
      this.inUse -= 1;
      return remove(row);
    };
    return table;
  }
}
