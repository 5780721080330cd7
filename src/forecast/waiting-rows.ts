import { NOBODYS_ROW, type RowTable } from "../math/row-table.ts";
import type { RowTables } from "../math/row-tables.ts";

/** So many rows are a page. With larger pages, more of their rows would be empty. */
const ROWS_OF_PAGE = 4;
/** The first number of a page is the page after it. */
const NEXT = 0;
const FIRST_ROW = 1;
/** A page that no other one comes after. */
const LAST_PAGE = Float64Array.of(NOBODYS_ROW);

/**
 * A queue of rows of numbers that wait for a time, oldest first. The first number of a row is this
 * time. At most `capacity` rows wait: a new one replaces the oldest. They are on pages of a table that
 * the queues of all series share: a queue that becomes longer copies nothing, and a short one takes little.
 */
export class WaitingRows {
  readonly #capacity: number;
  readonly #width: number;
  readonly #pages: RowTable;
  /** Nobody's until the first row: a young series forecasts nothing. */
  #oldest: number = NOBODYS_ROW;
  #newest: number = NOBODYS_ROW;
  /** Where the oldest row is on its page. */
  #first = 0;
  #length = 0;

  constructor(tables: RowTables, capacity: number, width: number) {
    this.#pages = tables.of(FIRST_ROW + ROWS_OF_PAGE * width);
    this.#capacity = capacity;
    this.#width = width;
  }

  get length(): number {
    return this.#length;
  }

  /** The time of the oldest row; `undefined` when no row waits. */
  get nextAt(): number | undefined {
    if (this.#length === 0) return undefined;
    return this.#numbersOf(this.#oldest)[this.#placeOf(this.#oldest, this.#first)];
  }

  /** The next row, to be filled with numbers. */
  add(): Float64Array {
    if (this.#length === this.#capacity) this.#removeFirst();
    const place = (this.#first + this.#length) % ROWS_OF_PAGE;
    if (place === 0 || this.#length === 0) this.#addPage();
    this.#length += 1;
    return this.#rowOn(this.#newest, place);
  }

  /** Removes and returns the oldest row; valid until another one is added, here or elsewhere. */
  take(): Float64Array | undefined {
    if (this.#length === 0) return undefined;
    const row = this.#rowOn(this.#oldest, this.#first);
    this.#removeFirst();
    return row;
  }

  /** Removes and returns the oldest row whose time has come; valid until another one is added. */
  takeDue(at: number): Float64Array | undefined {
    return (this.nextAt ?? Number.POSITIVE_INFINITY) <= at ? this.take() : undefined;
  }

  /** Moves the times of all rows, after the clock was set. */
  shiftTimes(millis: number): void {
    for (const row of this.#rows()) row[0] = (row[0] as number) + millis;
  }

  /** The numbers of all rows, oldest first. */
  saved(): Float64Array {
    const saved = new Float64Array(this.#length * this.#width);
    let end = 0;
    for (const row of this.#rows()) {
      saved.set(row, end);
      end += this.#width;
    }
    return saved;
  }

  /** Adds the rows that were saved. */
  restore(saved: Float64Array): void {
    for (let from = 0; from + this.#width <= saved.length; from += this.#width)
      this.add().set(saved.subarray(from, from + this.#width));
  }

  /** Removes all rows, and gives their pages back. */
  clear(): void {
    while (this.#length > 0) this.#removeFirst();
  }

  *#rows(): Iterable<Float64Array> {
    let page = this.#oldest;
    for (let index = 0; index < this.#length; index += 1) {
      const place = (this.#first + index) % ROWS_OF_PAGE;
      if (place === 0 && index > 0) page = this.#after(page);
      yield this.#rowOn(page, place);
    }
  }

  #addPage(): void {
    const page = this.#pages.add(LAST_PAGE);
    if (this.#length === 0) {
      this.#oldest = page;
      this.#first = 0;
    } else this.#numbersOf(this.#newest)[this.#pages.firstOf(this.#newest) + NEXT] = page;
    this.#newest = page;
  }

  #removeFirst(): void {
    this.#first += 1;
    this.#length -= 1;
    if (this.#length > 0 && this.#first < ROWS_OF_PAGE) return;
    const page = this.#oldest;
    this.#oldest = this.#after(page);
    this.#first = 0;
    this.#pages.delete(page);
  }

  #after(page: number): number {
    // As an integer, a field needs no memory of its own.
    return (this.#numbersOf(page)[this.#pages.firstOf(page) + NEXT] as number) | 0;
  }

  #rowOn(page: number, place: number): Float64Array {
    const start = this.#placeOf(page, place);
    return this.#numbersOf(page).subarray(start, start + this.#width);
  }

  #placeOf(page: number, place: number): number {
    return this.#pages.firstOf(page) + FIRST_ROW + place * this.#width;
  }

  #numbersOf(page: number): Float64Array {
    return this.#pages.blockOf(page).numbers;
  }
}
