const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** How deep the array `data.result` of an answer is. */
const RESULT_DEPTH = 3;
/** The longest answer without its series: status, errors and warnings. */
const MAX_FRAME_BYTES = 2 ** 20;

/**
 * Cuts the answer of a Prometheus API into its series while it arrives, so that a long answer is
 * neither kept as a whole nor parsed in one go.
 *
 * The series are the objects in `data.result`: `{"status":...,"data":{"resultType":...,
 * "result":[{...},{...}]}}`. The rest of the answer is its frame.
 */
export class AnswerCutter {
  #depth = 0;
  #isInString = false;
  #isEscaped = false;
  /** Which of the outermost brackets are those of arrays. */
  readonly #isArray = [false, false, false];
  #hasSeries = false;
  #isInSeries = false;
  #series: Buffer[] = [];
  readonly #frame: Buffer[] = [];
  #frameBytes = 0;

  /** The texts of the series that end in this part of the answer. */
  *take(part: Uint8Array): Iterable<string> {
    const bytes = Buffer.from(part.buffer, part.byteOffset, part.byteLength);
    let from = 0;
    for (let index = 0; index < bytes.length; index++) {
      const place = this.#placeOf(bytes[index] as number);
      if (place === undefined) continue;
      if (place === "end") yield this.#seriesWith(bytes.subarray(from, index + 1));
      else this.#keepFrame(bytes.subarray(from, index));
      from = place === "begin" ? index : index + 1;
    }
    const rest = bytes.subarray(from);
    if (this.#isInSeries) this.#series.push(Buffer.from(rest));
    else this.#keepFrame(rest);
  }

  /** The answer without its series. */
  get frame(): string {
    return Buffer.concat(this.#frame).toString();
  }

  get #isInResult(): boolean {
    if (this.#depth !== RESULT_DEPTH) return false;
    const [outer, data, result] = this.#isArray;
    return outer === false && data === false && result === true;
  }

  /** Reads on by a byte: whether a series begins or ends with it, or it is a comma between two. */
  #placeOf(byte: number): "begin" | "end" | "between" | undefined {
    if (this.#isInString) this.#takeOfString(byte);
    else if (byte === QUOTE) this.#isInString = true;
    else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) return this.#open(byte);
    else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) return this.#close();
    else if (byte === COMMA && this.#hasSeries && this.#isInResult) return "between";
    return undefined;
  }

  #takeOfString(byte: number): void {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (byte === BACKSLASH) this.#isEscaped = true;
    else if (byte === QUOTE) this.#isInString = false;
  }

  #open(byte: number): "begin" | undefined {
    const isSeries = byte === OPEN_OBJECT && this.#isInResult;
    if (this.#depth < RESULT_DEPTH) this.#isArray[this.#depth] = byte === OPEN_ARRAY;
    this.#depth += 1;
    if (!isSeries) return undefined;
    this.#isInSeries = true;
    this.#hasSeries = true;
    return "begin";
  }

  #close(): "end" | undefined {
    this.#depth -= 1;
    if (!this.#isInSeries || this.#depth !== RESULT_DEPTH) return undefined;
    this.#isInSeries = false;
    return "end";
  }

  #seriesWith(end: Buffer): string {
    if (this.#series.length === 0) return end.toString();
    const whole = Buffer.concat([...this.#series, end]);
    this.#series = [];
    return whole.toString();
  }

  #keepFrame(bytes: Buffer): void {
    if (bytes.length === 0 || this.#frameBytes >= MAX_FRAME_BYTES) return;
    this.#frame.push(Buffer.from(bytes));
    this.#frameBytes += bytes.length;
  }
}
