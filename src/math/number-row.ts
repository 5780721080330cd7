/** Fields that are numbers of a row, by their names. */
type NumberFields<Name extends string> = { [field in Name]: number };

/** A class whose fields are numbers of a row. */
export interface NumberRowClass<Name extends string> {
  /** How many numbers a row has. */
  readonly width: number;
  new (): NumberRow & NumberFields<Name>;
}

/**
 * An object whose state is a row of numbers: its fields, and then the rows of its parts. It begins with
 * a row of its own, of zeros. `seek` makes it the object of another row, which may be a piece of a long
 * array. So the state of a series can be one block of memory instead of dozens of objects, and one
 * object can serve the rows of many series, one after the other.
 */
export class NumberRow {
  /** How many numbers the row has. */
  readonly width: number;
  protected numbers: Float64Array;
  protected offset = 0;
  readonly #parts: NumberRow[] = [];
  /** Where the row of the next part begins. */
  #end: number;

  protected constructor(fields: number, width: number) {
    this.width = width;
    this.numbers = new Float64Array(width);
    this.#end = fields;
  }

  /** From now on it is the object of the row that begins at an index of an array. */
  seek(numbers: Float64Array, offset: number): void {
    let place = this.#end;
    for (let index = this.#parts.length - 1; index >= 0; index--) {
      const part = this.#parts[index] as NumberRow;
      place -= part.width;
      part.seek(numbers, offset + place);
    }
    this.numbers = numbers;
    this.offset = offset;
  }

  /** Takes over the numbers of another row of the same class. */
  copyFrom({ numbers, offset }: NumberRow): void {
    for (let index = 0; index < this.width; index++)
      this.numbers[this.offset + index] = numbers[offset + index] as number;
  }

  /** Sets all numbers to 0. */
  clear(): void {
    this.numbers.fill(0, this.offset, this.offset + this.width);
  }

  /** Makes another object a part: its row is that after the row of the part before. */
  protected part<Part extends NumberRow>(part: Part): Part {
    this.numbers.set(part.numbers, this.#end);
    part.seek(this.numbers, this.#end);
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

    constructor() {
      super(names.length, width);
    }
  }
  for (const [index, name] of names.entries()) {
    Object.defineProperty(Row.prototype, name, {
      get(this: { numbers: Float64Array; offset: number }) {
        return this.numbers[this.offset + index];
      },
      set(this: { numbers: Float64Array; offset: number }, value: number) {
        this.numbers[this.offset + index] = value;
      },
    });
  }
  return Row as unknown as NumberRowClass<Name>;
}
