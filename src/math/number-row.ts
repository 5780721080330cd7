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
 * a memory of its own. `moveTo` makes it the object of a row of another memory. So the state of a series
 * can be one block of memory instead of dozens of objects, and one object can serve the rows of many
 * series, one after the other.
 */
export class NumberRow {
  /** How many numbers the row has. */
  readonly width: number;
  protected memory: RowMemory;
  protected offset = 0;
  readonly #parts: NumberRow[] = [];
  /** Where the row of the next part begins. */
  #end: number;

  protected constructor(fields: number, width: number) {
    this.width = width;
    this.memory = new RowMemory(new Float64Array(width));
    this.#end = fields;
  }

  /** From now on it is the object of the row that begins at an offset of a memory. */
  moveTo(memory: RowMemory, offset: number): void {
    const by = offset - this.offset;
    for (const part of this.#parts) part.moveTo(memory, part.offset + by);
    this.memory = memory;
    this.offset = offset;
  }

  /** Moves to a row of another memory, and takes its numbers along. */
  carryTo(memory: RowMemory, offset: number): void {
    const numbers = this.memory.numbers.subarray(this.first, this.first + this.width);
    memory.numbers.set(numbers, memory.base + offset);
    this.moveTo(memory, offset);
  }

  /** Takes over the numbers of another row of the same class. */
  copyFrom(other: NumberRow): void {
    const { numbers } = other.memory;
    this.memory.numbers.set(numbers.subarray(other.first, other.first + other.width), this.first);
  }

  /** Sets all numbers to 0. */
  clear(): void {
    this.memory.numbers.fill(0, this.first, this.first + this.width);
  }

  /** The index of its first number among those of its memory. */
  protected get first(): number {
    return this.memory.base + this.offset;
  }

  /** Makes another object a part: its row is that after the row of the part before. */
  protected part<Part extends NumberRow>(part: Part): Part {
    part.carryTo(this.memory, this.offset + this.#end);
    this.#parts.push(part);
    this.#end += part.width;
    return part;
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
      get(this: { memory: RowMemory; offset: number }) {
        return this.memory.numbers[this.memory.base + this.offset + index];
      },
      set(this: { memory: RowMemory; offset: number }, value: number) {
        this.memory.numbers[this.memory.base + this.offset + index] = value;
      },
    });
  }
  return Row as unknown as NumberRowClass<Name>;
}
