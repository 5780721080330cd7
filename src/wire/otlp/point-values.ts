import { isInExponentialRange } from "../../core/exponential-range.ts";
import type { ExponentialBuckets, HistogramPoint } from "../../core/metric-point.ts";
import type { StreamIntake } from "../../core/point-intake.ts";
import { MAX_BUCKETS, type Rejection } from "./export-result.ts";

const NO_BUCKETS: ExponentialBuckets = { offset: 0, bucketCounts: [] };

/** The value of a point, while it is read. One object serves all points. */
export interface PointValue {
  /** Forgets the point before. */
  clear(): void;
  /** Called when all of the point was read. Returns why it is rejected. */
  finish(): Rejection | undefined;
  /** Hands the value to its stream. */
  hand(stream: StreamIntake, at: number, startAt: number): void;
}

/** The value of a gauge or a sum. */
export class NumberValue implements PointValue {
  #value = 0;
  #isKnown = false;

  set(value: number): void {
    this.#value = value;
    this.#isKnown = true;
  }

  clear(): void {
    this.#isKnown = false;
  }

  finish(): Rejection | undefined {
    return this.#isKnown ? undefined : "no_value";
  }

  hand(stream: StreamIntake, at: number, startAt: number): void {
    stream.number(this.#value, at, startAt);
  }
}

/** What both kinds of histograms have. */
abstract class HistogramValue implements PointValue {
  count = 0;
  /** `NaN` if the sender has none: a sum of values that may be negative is not allowed. */
  sum = Number.NaN;
  min: number | undefined;
  max: number | undefined;
  #point: HistogramPoint | undefined;

  clear(): void {
    this.count = 0;
    this.sum = Number.NaN;
    this.min = undefined;
    this.max = undefined;
  }

  finish(): Rejection | undefined {
    const point = this.point();
    if (typeof point === "string") return point;
    this.#point = point;
    return undefined;
  }

  hand(stream: StreamIntake, at: number, startAt: number): void {
    if (this.#point !== undefined) stream.histogram(this.#point, at, startAt);
  }

  /** The histogram, or why it is rejected. */
  protected abstract point(): HistogramPoint | Rejection;

  protected common(): Pick<HistogramPoint, "count" | "sum" | "min" | "max"> {
    const { count, sum, min, max } = this;
    return { count, sum, ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
  }
}

/** A histogram with explicit boundaries. */
export class ExplicitValue extends HistogramValue {
  boundaries: number[] = [];
  counts: number[] = [];

  override clear(): void {
    super.clear();
    this.boundaries = [];
    this.counts = [];
  }

  protected override point(): HistogramPoint | Rejection {
    const { boundaries, counts } = this;
    if (boundaries.length > MAX_BUCKETS || counts.length > MAX_BUCKETS) return "oversized";
    // Without boundaries there is one bucket. A sender may leave it out.
    const all = boundaries.length === 0 && counts.length === 0 ? [this.count] : counts;
    if (all.length !== boundaries.length + 1 || !isAscending(boundaries)) return "invalid_histogram";
    if (!all.every(isCount)) return "invalid_histogram";
    return { kind: "explicit", ...this.common(), boundaries, counts: all };
  }
}

/** An exponential histogram. */
export class ExponentialValue extends HistogramValue {
  scale = 0;
  zeroCount = 0;
  positive = NO_BUCKETS;
  negative = NO_BUCKETS;

  override clear(): void {
    super.clear();
    this.scale = 0;
    this.zeroCount = 0;
    this.positive = NO_BUCKETS;
    this.negative = NO_BUCKETS;
  }

  protected override point(): HistogramPoint | Rejection {
    const { scale, zeroCount, positive, negative } = this;
    if (positive.bucketCounts.length > MAX_BUCKETS || negative.bucketCounts.length > MAX_BUCKETS)
      return "oversized";
    if (!(isInExponentialRange(this) && isCount(zeroCount))) return "invalid_histogram";
    if (!(positive.bucketCounts.every(isCount) && negative.bucketCounts.every(isCount)))
      return "invalid_histogram";
    return { kind: "exponential", ...this.common(), scale, zeroCount, positive, negative };
  }
}

/** Adds a number to a list of buckets, unless there are too many already. */
export function addBucket(numbers: number[], number: number): void {
  if (numbers.length <= MAX_BUCKETS) numbers.push(number);
}

/** JSON has room for counts that are fractions, negative or no numbers. Nothing can be made of these. */
function isCount(number: number): boolean {
  return Number.isSafeInteger(number) && number >= 0;
}

function isAscending(numbers: readonly number[]): boolean {
  for (let index = 1; index < numbers.length; index += 1)
    if (!((numbers[index - 1] as number) < (numbers[index] as number))) return false;
  return !Number.isNaN(numbers[0]);
}
