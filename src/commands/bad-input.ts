/** An unusable input. The message has the file, the line if there is one, and what was expected. */
export class BadInput extends Error {
  /** What is wrong, one line each. */
  readonly lines: readonly string[];

  constructor(...lines: readonly string[]) {
    super(lines.join("\n"));
    this.lines = lines;
  }
}
