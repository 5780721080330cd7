import type { HrTime } from "@opentelemetry/api";
import type { DataPoint } from "@opentelemetry/sdk-metrics";
import { LABEL_SET, type LabelOwner, type LateLabelled, OWNER } from "../core/label-owner.ts";
import type { Labels } from "../core/series-key.ts";
import { Pace, type Steps } from "../core/yielding-runner.ts";

/** The times of all points of one collection. */
export interface Period {
  readonly start: HrTime;
  readonly end: HrTime;
}

/** The point of a number in a row, for who remembers its labels by their owner. */
class RowPoint implements DataPoint<number>, LateLabelled {
  readonly [OWNER]: LabelOwner;
  readonly [LABEL_SET]: number;
  readonly startTime: HrTime;
  readonly endTime: HrTime;
  readonly value: number;
  readonly #column: number;

  constructor(owner: LabelOwner, column: number, { start, end }: Period, value: number) {
    this[OWNER] = owner;
    this[LABEL_SET] = owner.labelSetOf(column);
    this.startTime = start;
    this.endTime = end;
    this.value = value;
    this.#column = column;
  }

  get attributes(): Labels {
    return this[OWNER].labelsOf(this.#column);
  }
}

/** The row of an owner whose row was deleted. Numbers that are put into it are dropped. */
export const NO_ROW = -1;

const FIRST_CAPACITY = 4;

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

  /**
   * Adds the points of all numbers in a column that are published.
   *
   * @param areLate whether their labels are made only when they are read.
   */
  *addPoints(into: DataPoint<unknown>[], column: number, period: Period, areLate: boolean): Steps<void> {
    const pace = new Pace();
    const { start, end } = period;
    for (let row = 0; row < this.#owners.length; row += 1) {
      const owner = this.#owners[row];
      const place = row * this.#columns + column;
      if (owner === undefined || this.#shown[place] === 0) continue;
      const value = this.#values[place] as number;
      into.push(
        areLate
          ? new RowPoint(owner, column, period, value)
          : { attributes: owner.labelsOf(column), startTime: start, endTime: end, value },
      );
      if (pace.isDue()) yield;
    }
  }
}
