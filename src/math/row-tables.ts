import { RowTable } from "./row-table.ts";

/**
 * Widths are rounded up to a multiple of this many numbers. With more tables, each would have rows that
 * nobody uses: whoever gets a new row may need another width than before.
 */
const WIDTH_STEP = 64;

/** Tables of rows that are not all as long. */
export class RowTables {
  readonly #tables = new Map<number, RowTable>();
  readonly #widthStep: number;

  /** @param widthStep 1 if few widths are asked for. */
  constructor(widthStep = WIDTH_STEP) {
    this.#widthStep = widthStep;
  }

  /** The table of the rows that have this many numbers, or a few more. */
  of(width: number): RowTable {
    const rounded = this.#widthStep * Math.ceil(width / this.#widthStep);
    let table = this.#tables.get(rounded);
    if (table === undefined) {
      table = new RowTable(rounded);
      this.#tables.set(rounded, table);
    }
    return table;
  }
}
