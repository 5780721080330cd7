import type { DataPoint } from "@opentelemetry/sdk-metrics";
import type { LabelOwner } from "../core/label-owner.ts";
import { Pace, type Steps } from "../core/yielding-runner.ts";
import { type Column, type Period, RowPoints } from "./late-points.ts";

/** The row of an owner whose row was deleted. Numbers that are put into it are dropped. */
export const NO_ROW = -1;

const FIRST_CAPACITY = 4;
/** Between two looks at the clock. To look at a row is quick. */
const ROWS_BETWEEN = 256;

/**
 * Numbers that are published together: a row has one for each of several metrics, which are the
 * columns. A number that is put needs no object and no look-up, and the numbers of a row lie side
 * by side in memory. Points are made when they are read.
 */
export class PublishedRows {
  readonly #columns: number;
  readonly #owners: (LabelOwner | undefined)[] = [];
  /** The rows that were deleted, to be used again. */
  readonly #free: number[] = [];
  #values = new Float64Array(0);
  /** 1 for each number that is published, 0 for the others. */
  #shown = new Uint8Array(0);

  constructor(columns: number) {
    this.#columns = columns;
  }

  /** A new row, in which nothing is published yet. */
  add(owner: LabelOwner): number {
    const row = this.#free.pop() ?? this.#owners.length;
    this.#owners[row] = owner;
    if (this.#owners.length * this.#columns > this.#values.length) this.#grow();
    return row;
  }

  /** Publishes a number from now on. */
  put(row: number, column: number, value: number): void {
    if (row === NO_ROW) return;
    const place = row * this.#columns + column;
    this.#values[place] = value;
    this.#shown[place] = 1;
  }

  /** Publishes nothing in this column until the next number. */
  remove(row: number, column: number): void {
    if (row === NO_ROW) return;
    this.#shown[row * this.#columns + column] = 0;
  }

  /** Publishes a number, or nothing if there is none. */
  putOrRemove(row: number, column: number, value: number | undefined): void {
    if (value === undefined) this.remove(row, column);
    else this.put(row, column, value);
  }

  /** Publishes nothing of the row any more. Returns what is the owner's row from now on: none. */
  delete(row: number): typeof NO_ROW {
    if (row === NO_ROW) return NO_ROW;
    this.#owners[row] = undefined;
    this.#shown.fill(0, row * this.#columns, (row + 1) * this.#columns);
    this.#free.push(row);
    return NO_ROW;
  }

  /** The rows as they are now. */
  read(): ReadRows {
    return new ReadRows(this.#columns, this.#owners.slice(), this.#values.slice(), this.#shown.slice());
  }

  #grow(): void {
    const capacity = Math.max(FIRST_CAPACITY * this.#columns, this.#values.length * 2);
    const values = new Float64Array(capacity);
    values.set(this.#values);
    this.#values = values;
    const shown = new Uint8Array(capacity);
    shown.set(this.#shown);
    this.#shown = shown;
  }
}

/**
 * Rows as they were at one moment. Points of thousands of series are made in many small steps, and a
 * collection that comes between these must not change what is read.
 */
export class ReadRows {
  readonly #columns: number;
  readonly #owners: readonly (LabelOwner | undefined)[];
  readonly #values: Float64Array;
  readonly #shown: Uint8Array;

  constructor(
    columns: number,
    owners: readonly (LabelOwner | undefined)[],
    values: Float64Array,
    shown: Uint8Array,
  ) {
    this.#columns = columns;
    this.#owners = owners;
    this.#values = values;
    this.#shown = shown;
  }

  /** Adds the points of all numbers in a column that are published. */
  *addPoints(into: DataPoint<unknown>[], column: number, { start, end }: Period): Steps<void> {
    const pace = new Pace();
    for (let row = 0; row < this.#owners.length; row += 1) {
      if (this.#isShown(row, column)) {
        const attributes = (this.#owners[row] as LabelOwner).labelsOf(column);
        into.push({ attributes, startTime: start, endTime: end, value: this.#valueAt(row, column) });
      }
      if (pace.isDue()) yield;
    }
  }

  /** The same points, each of which is made when it is read. */
  *latePoints(column: number, period: Period): Steps<RowPoints> {
    const pace = new Pace(ROWS_BETWEEN);
    const rows = new Int32Array(this.#owners.length);
    let length = 0;
    for (let row = 0; row < this.#owners.length; row += 1) {
      if (this.#isShown(row, column)) rows[length++] = row;
      if (pace.isDue()) yield;
    }
    const read: Column = {
      number: column,
      period,
      ownerOf: (row) => this.#owners[row] as LabelOwner,
      valueOf: (row) => this.#valueAt(row, column),
    };
    return new RowPoints(read, rows.slice(0, length));
  }

  #isShown(row: number, column: number): boolean {
    return this.#owners[row] !== undefined && this.#shown[row * this.#columns + column] !== 0;
  }

  #valueAt(row: number, column: number): number {
    return this.#values[row * this.#columns + column] as number;
  }
}
