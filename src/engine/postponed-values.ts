import type { Bounds } from "../core/bounds.ts";
import { NOBODYS_ROW, RowTable } from "../math/row-table.ts";

/**
 * How many values the models of a calm series take at once. So what is known of a series is brought from memory
 * once for all of them.
 */
export const COLLECTIONS_AT_ONCE = 6;
/** How many times of collections are kept. A value waits longer than usual if a collection fails. */
const KNOWN_TIMES = 64;
/** A row: how many values wait, the bounds of values that may wait, when it is its turn, and the values. */
const COUNT = 0;
const LOWER = 1;
const UPPER = 2;
const OFFSET = 3;
const FIRST = 4;
const WIDTH = FIRST + COLLECTIONS_AT_ONCE;

/** Bounds that are not those of anything: no value is within them. */
const noValues = new Float64Array(WIDTH).fill(Number.NaN);
noValues[COUNT] = 0;

/**
 * The values that the models of calm series have not taken yet, for all series of an engine. A value waits
 * if it is within what was expected of it, and until somebody reads the series or the collection comes
 * that is the turn of the series.
 */
export class PostponedValues {
  readonly #rows = new RowTable(WIDTH);
  /** When the last collections were, by the remainder of their number. */
  readonly #times = new Float64Array(KNOWN_TIMES);
  readonly #stepMillis: number;
  /** The number of the present collection, counted by the clock: a later process counts alike. */
  #beat = Number.NaN;
  /** Whether the present collection is one step after the last one. */
  #isInStep = true;

  /** @param stepMillis the time between two collections. */
  constructor(stepMillis: number) {
    this.#stepMillis = stepMillis;
  }

  /** A collection begins. Collections have consecutive numbers. `at`: in epoch milliseconds. */
  begin(turn: number, at: number): void {
    this.#times[turn % KNOWN_TIMES] = at;
    const beat = Math.round(at / this.#stepMillis);
    this.#isInStep = Number.isNaN(this.#beat) || beat === this.#beat + 1;
    this.#beat = beat;
  }

  /**
   * A row for a series. None of its values may wait before there are bounds.
   *
   * @param phase from 0 to 1: where the series is among all. It decides when it is its turn.
   */
  add(phase: number): number {
    const row = this.#rows.add(noValues);
    const { numbers } = this.#rows.blockOf(row);
    numbers[this.#rows.firstOf(row) + OFFSET] = Math.floor(phase * COLLECTIONS_AT_ONCE);
    return row;
  }

  /** Makes room for another row. Returns the row that its series has from now on: that of nobody. */
  delete(row: number): typeof NOBODYS_ROW {
    return this.#rows.delete(row);
  }

  /** Values within these bounds may wait from now on. */
  await(row: number, { lower, upper }: Required<Bounds>): void {
    const { numbers } = this.#rows.blockOf(row);
    const first = this.#rows.firstOf(row);
    numbers[first + LOWER] = lower;
    numbers[first + UPPER] = upper;
  }

  /** The bounds of values that may wait; `undefined` for a series without a row. */
  boundsOf(row: number): Required<Bounds> | undefined {
    if (row === NOBODYS_ROW) return undefined;
    const { numbers } = this.#rows.blockOf(row);
    const first = this.#rows.firstOf(row);
    return { lower: numbers[first + LOWER] as number, upper: numbers[first + UPPER] as number };
  }

  /**
   * Whether it is the turn of a series in the present collection. In one that is out of step, it is that of
   * all: after a pause much may have changed, and a row has no room for the values of more collections.
   */
  isTurnOf(row: number): boolean {
    if (!this.#isInStep) return true;
    const offset = this.#rows.blockOf(row).numbers[this.#rows.firstOf(row) + OFFSET] as number;
    return (this.#beat + offset) % COLLECTIONS_AT_ONCE === 0;
  }

  /** Whether the value of the present collection waits from now on. */
  take(row: number, value: number): boolean {
    if (row === NOBODYS_ROW || this.isTurnOf(row)) return false;
    const { numbers } = this.#rows.blockOf(row);
    const first = this.#rows.firstOf(row);
    const isExpected =
      value >= (numbers[first + LOWER] as number) && value <= (numbers[first + UPPER] as number);
    const count = numbers[first + COUNT] as number;
    // The next number belongs to another series.
    if (!isExpected || count === COLLECTIONS_AT_ONCE) return false;
    numbers[first + FIRST + count] = value;
    numbers[first + COUNT] = count + 1;
    return true;
  }

  /** Whether values of a series wait. */
  has(row: number): boolean {
    return (
      row !== NOBODYS_ROW && (this.#rows.blockOf(row).numbers[this.#rows.firstOf(row) + COUNT] as number) > 0
    );
  }

  /**
   * Gives the values that wait, oldest first, and when they were collected. None waits from then on.
   *
   * @param turn the number of the collection that the newest of them is of.
   */
  release(row: number, turn: number, take: (at: number, value: number) => void): void {
    if (!this.has(row)) return;
    const { numbers } = this.#rows.blockOf(row);
    const first = this.#rows.firstOf(row);
    const count = numbers[first + COUNT] as number;
    numbers[first + COUNT] = 0;
    for (let index = 0; index < count; index += 1) {
      const at = this.#times[(turn - count + 1 + index) % KNOWN_TIMES] as number;
      take(at, numbers[first + FIRST + index] as number);
    }
  }
}
