import { RowMemory } from "./row-memory.ts";

/** Fields that are numbers of a row, by their names. */
type NumberFields<Name extends string> = { [Field in Name]: number };

/** A class whose fields are numbers of a row. */
export interface NumberRowClass<Name extends string> {
  /** How many numbers a row has. */
  readonly width: number;
  /** @param more How many numbers a row of this object has beyond that. */
  new (more?: number): NumberRow & NumberFields<Name>;
}

/**
 * An object whose state is a row of numbers: its fields, and then the rows of its parts. It begins with
 * a memory of its own. `moveTo` makes it the object of another row. So the state of a series can be one
 * block of memory instead of dozens of objects, and one object can serve the rows of many series, one
 * after the other.
 */
export class NumberRow {
  /** How many numbers the row has. */
  readonly width: number;
  protected memory: RowMemory;
  /** The index of its first number in the memory. */
  protected first = 0;
  /** Its parts and theirs, and how far behind the first number of this row their first one is. */
  readonly #parts: { readonly row: NumberRow; readonly behind: number }[] = [];
  /** Where the row of the next part begins. */
  #end: number;

  protected constructor(fields: number, width: number) {
    this.width = width;
    this.memory = new RowMemory(new Float64Array(width));
    this.#end = fields;
  }

  /** From now on it is the object of the row that begins at an index of a memory. */
  moveTo(memory: RowMemory, first: number): void {
    this.#seek(memory, first);
    for (let index = 0; index < this.#parts.length; index++) {
      const { row, behind } = this.#parts[index] as { row: NumberRow; behind: number };
      row.#seek(memory, first + behind);
    }
  }

  /** Moves to a row of another memory, and takes its numbers along. */
  carryTo(memory: RowMemory, first: number): void {
    memory.numbers.set(this.#row, first);
    this.moveTo(memory, first);
  }

  /** Takes over the numbers of another row of the same class. */
  copyFrom(other: NumberRow): void {
    this.memory.numbers.set(other.#row, this.first);
  }

  /** Sets all numbers to 0. */
  clear(): void {
    this.memory.numbers.fill(0, this.first, this.first + this.width);
  }

  /** Makes another object a part: its row is that after the row of the part before. */
  protected part<Part extends NumberRow>(part: Part): Part {
    part.carryTo(this.memory, this.first + this.#end);
    this.#parts.push({ row: part, behind: this.#end });
    for (const { row, behind } of part.#parts) this.#parts.push({ row, behind: this.#end + behind });
    this.#end += part.width;
    return part;
  }

  get #row(): Float64Array {
    return this.memory.numbers.subarray(this.first, this.first + this.width);
  }

  #seek(memory: RowMemory, first: number): void {
    this.memory = memory;
    this.first = first;
  }
}

/**
 * A class to extend, with one field for each name.
 *
 * @param parts The classes of its parts, or how many more numbers a row has.
 */
export function numberRow<const Name extends string>(
  names: readonly Name[],
  ...parts: readonly (number | { readonly width: number })[]
): NumberRowClass<Name> {
  const widths = parts.map((part) => (typeof part === "number" ? part : part.width));
  const width = widths.reduce((sum, each) => sum + each, names.length);
  class Row extends NumberRow {
    static readonly width = width;

    constructor(more = 0) {
      super(names.length, width + more);
    }
  }
  for (const [index, name] of names.entries()) {
    Object.defineProperty(Row.prototype, name, {
      get(this: { memory: RowMemory; first: number }) {
        return this.memory.numbers[this.first + index];
      },
      set(this: { memory: RowMemory; first: number }, value: number) {
        this.memory.numbers[this.first + index] = value;
      },
    });
  }
  return Row as unknown as NumberRowClass<Name>;
}
