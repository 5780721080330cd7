/**
 * The lines of a text that comes in parts, without their endings. A line that is longer than
 * `maxLength` characters is `undefined`: it is read to its end, and not kept.
 */
export async function* boundedLines(
  parts: AsyncIterable<string>,
  maxLength: number,
): AsyncGenerator<string | undefined> {
  const line = new GrowingLine(maxLength);
  for await (const part of parts) {
    let start = 0;
    for (const { index } of part.matchAll(/[\r\n]/g)) {
      line.add(part.slice(start, index));
      yield line.taken();
      start = index + 1;
    }
    line.add(part.slice(start));
  }
  yield line.taken();
}

class GrowingLine {
  readonly #maxLength: number;
  #parts: string[] = [];
  #length = 0;

  constructor(maxLength: number) {
    this.#maxLength = maxLength;
  }

  add(text: string): void {
    this.#length += text.length;
    if (this.#length > this.#maxLength) this.#parts = [];
    else this.#parts.push(text);
  }

  /** Returns the line and begins the next one. `undefined`: the line was too long. */
  taken(): string | undefined {
    const line = this.#length > this.#maxLength ? undefined : this.#parts.join("");
    this.#parts = [];
    this.#length = 0;
    return line;
  }
}
