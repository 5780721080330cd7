import type { HrTime } from "@opentelemetry/api";
import type { DataPoint } from "@opentelemetry/sdk-metrics";
import { LABEL_SET, type LabelOwner, type LateLabelled, OWNER } from "../core/label-owner.ts";
import type { Labels } from "../core/series-key.ts";

/** The times of all points of one collection. */
export interface Period {
  readonly start: HrTime;
  readonly end: HrTime;
}

/** The numbers of a column, by row. */
export interface Column {
  readonly number: number;
  readonly period: Period;
  ownerOf(row: number): LabelOwner;
  valueOf(row: number): number;
}

/** The point of a number in a row, for who remembers its labels by their owner. */
class RowPoint implements DataPoint<number>, LateLabelled {
  readonly #column: Column;
  readonly #row: number;

  constructor(column: Column, row: number) {
    this.#column = column;
    this.#row = row;
  }

  get [OWNER](): LabelOwner {
    return this.#column.ownerOf(this.#row);
  }

  get [LABEL_SET](): number {
    return this[OWNER].labelSetOf(this.#column.number);
  }

  get attributes(): Labels {
    return this[OWNER].labelsOf(this.#column.number);
  }

  get value(): number {
    return this.#column.valueOf(this.#row);
  }

  get startTime(): HrTime {
    return this.#column.period.start;
  }

  get endTime(): HrTime {
    return this.#column.period.end;
  }
}

/** What our writers read of the points of a metric: arrays have it, too. */
export type ReadablePoints<Value = unknown> = Pick<readonly DataPoint<Value>[], "length" | "at">;

/** The points of some rows of a column, each of which is made when it is read. */
export class RowPoints implements ReadablePoints<number> {
  readonly #column: Column;
  readonly #rows: Int32Array;

  constructor(column: Column, rows: Int32Array) {
    this.#column = column;
    this.#rows = rows;
  }

  get length(): number {
    return this.#rows.length;
  }

  at(index: number): RowPoint | undefined {
    const row = this.#rows[index];
    return row === undefined ? undefined : new RowPoint(this.#column, row);
  }
}

/**
 * The points of one metric, each of which is made when it is read. A page of 100,000 series has more than a
 * million points: the garbage collector would copy and trace those that are held at the same time.
 */
export class LatePoints<Value> implements ReadablePoints<Value> {
  readonly length: number;
  readonly #parts: readonly ReadablePoints<Value>[];
  /** The part that was read last, and the index of its first point: points are read one after the other. */
  #part = 0;
  #first = 0;

  constructor(parts: readonly ReadablePoints<Value>[]) {
    this.#parts = parts.filter(({ length }) => length > 0);
    this.length = parts.reduce((length, part) => length + part.length, 0);
  }

  at(index: number): DataPoint<Value> | undefined {
    if (index < this.#first) this.#part = this.#first = 0;
    for (; this.#part < this.#parts.length; this.#part += 1) {
      const part = this.#parts[this.#part] as ReadablePoints<Value>;
      if (index < this.#first + part.length) return part.at(index - this.#first);
      this.#first += part.length;
    }
    this.#part = this.#first = 0;
    return undefined;
  }
}
