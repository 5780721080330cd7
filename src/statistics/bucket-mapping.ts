/** Scales up to this have a table. At finer scales a table would not fit the processor's cache. */
const MAX_TABLE_SCALE = 8;

const MANTISSA_BITS = 20;
const MANTISSA = 2 ** MANTISSA_BITS - 1;
const EXPONENT_BIAS = 1023;

/** To read the bits of a number. Only the higher half has the exponent. */
const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);
const IS_LITTLE_ENDIAN = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;
const HIGH = IS_LITTLE_ENDIAN ? 1 : 0;
const LOW = 1 - HIGH;

/**
 * The buckets of exponential histograms of one scale. Bucket `i` holds the values in
 * `(base^i, base^(i+1)]`, with `base = 2^(2^-scale)`.
 *
 * An octave is cut into cells of equal width, so narrow that none has two bounds. The first bits of
 * a number's mantissa are its cell. So its bucket is read from a table, and compared with one bound:
 * a logarithm takes several times as long (the table of DynaHist by Otmar Ertl,
 * https://github.com/dynatrace-oss/dynahist). Without a table, and for numbers below 2^-1022, the
 * logarithm is used; that of a power of two is exact.
 */
export class BucketMapping {
  static readonly #ofScales = new Map<number, BucketMapping>();

  readonly scale: number;
  readonly #bucketsPerOctave: number;
  readonly #hasTable: boolean;
  /** By cell: the number of the first bound that is not below the start of the cell. */
  readonly #bounds: Uint16Array;
  /** By number: the mantissa of a bound, in two parts. */
  readonly #high: Uint32Array;
  readonly #low: Uint32Array;
  readonly #cellShift: number;

  private constructor(scale: number) {
    this.scale = scale;
    this.#bucketsPerOctave = 2 ** scale;
    this.#hasTable = scale >= 0 && scale <= MAX_TABLE_SCALE;
    const cellBits = this.#hasTable ? scale + 1 : 0;
    this.#cellShift = MANTISSA_BITS - cellBits;
    this.#bounds = new Uint16Array(2 ** cellBits);
    this.#high = new Uint32Array(this.#hasTable ? this.#bucketsPerOctave + 1 : 0);
    this.#low = new Uint32Array(this.#high.length);
    if (this.#hasTable) this.#fill();
  }

  static of(scale: number): BucketMapping {
    let mapping = BucketMapping.#ofScales.get(scale);
    if (mapping === undefined) {
      mapping = new BucketMapping(scale);
      BucketMapping.#ofScales.set(scale, mapping);
    }
    return mapping;
  }

  /** The bucket of a finite number above 0. */
  indexOf(value: number): number {
    double[0] = value;
    const high = words[HIGH] as number;
    const exponent = high >>> MANTISSA_BITS;
    if (!this.#hasTable || exponent === 0)
      return (Math.ceil(Math.log2(value) * this.#bucketsPerOctave) - 1) | 0;
    const mantissa = high & MANTISSA;
    const bound = this.#bounds[mantissa >>> this.#cellShift] as number;
    const boundHigh = this.#high[bound] as number;
    const isAbove =
      mantissa > boundHigh ||
      (mantissa === boundHigh && (words[LOW] as number) > (this.#low[bound] as number));
    return ((exponent - EXPONENT_BIAS) << this.scale) + bound - (isAbove ? 0 : 1);
  }

  #fill(): void {
    for (const bound of this.#high.keys()) {
      double[0] = 2 ** (bound / this.#bucketsPerOctave);
      // The last bound is the first of the next octave: above every mantissa.
      const isLast = bound === this.#bucketsPerOctave;
      this.#high[bound] = isLast ? 2 ** MANTISSA_BITS : (words[HIGH] as number) & MANTISSA;
      this.#low[bound] = words[LOW] as number;
    }
    let bound = 0;
    for (const cell of this.#bounds.keys()) {
      while ((this.#high[bound] as number) < cell << this.#cellShift) bound += 1;
      this.#bounds[cell] = bound;
    }
  }
}
