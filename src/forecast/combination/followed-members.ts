import { BitRing } from "../../math/bit-ring.ts";
import { NestedMedians } from "../../math/nested-medians.ts";
import { NumberRow } from "../../math/number-row.ts";
import { NO_MEMORY, RowMemory } from "../../math/row-memory.ts";
import type { FittedMethod, PlausibleRange } from "../method.ts";
import type { DampedTrend } from "../methods/damped-holt.ts";
import type { LineSums } from "../methods/line-sums.ts";
import { SlidingLine } from "../methods/linear-trend.ts";
import type { PiecewiseTrend } from "../methods/piecewise-trend.ts";
import type { Sawtooth } from "../methods/sawtooth.ts";
import type { FollowingMethods, Voices } from "./following-methods.ts";

/**
 * The members by their classes, in the order in which they are weighted: first the moving medians, of
 * which only the windows are needed. A loop over methods of many classes would take twice as long.
 */
export interface MembersByClass {
  readonly medianWindows: readonly number[];
  readonly dampedTrends: readonly DampedTrend[];
  readonly sawtooth: Sawtooth;
  readonly piecewise: PiecewiseTrend;
  readonly lines: readonly LineSums[];
}

/** How many of the last steps are known to be gaps or not. No line looks further back. */
const KNOWN_STEPS = 256;

/**
 * Methods after their fit, as they follow series point by point. All that they know of a series is one
 * row, and one object serves the rows of all series, one after the other. The moving medians and the
 * lines share the newest values, which have single precision. Their forecasts equal those of the methods
 * that a row was made from, if these take the same values.
 */
export class FollowedMembers implements FollowingMethods {
  readonly size: number;
  readonly width: number;
  readonly #medians: NestedMedians;
  readonly #known = new BitRing(KNOWN_STEPS);
  readonly #members: MembersByClass;
  readonly #rows: readonly NumberRow[];
  /** Where these begin, in numbers from the beginning of a row: how many steps there were, the medians. */
  readonly #stepsBehind: number;
  readonly #mediansBehind: number;
  /** A bit for each member that is followed, but for the medians. */
  readonly #keptBehind: number;
  readonly #bytesBehind: number;
  readonly #windows: number;
  #memory = NO_MEMORY;
  #first = 0;

  constructor(members: MembersByClass) {
    const { medianWindows, dampedTrends, sawtooth, piecewise, lines } = members;
    this.#members = members;
    this.#medians = new NestedMedians(medianWindows);
    this.#windows = medianWindows.length;
    this.#rows = [...dampedTrends, sawtooth, piecewise, ...lines];
    this.size = medianWindows.length + this.#rows.length;
    // The newest values come first. Then follow how many steps there were, who is followed, the medians,
    // the rows of the others, and the bytes.
    this.#stepsBehind = Math.ceil(this.#medians.width / 2);
    this.#keptBehind = this.#stepsBehind + 1;
    this.#mediansBehind = this.#keptBehind + 1;
    this.#bytesBehind = this.#rows.reduce(
      (sum, { width }) => sum + width,
      this.#mediansBehind + this.#windows,
    );
    const byteWidth = this.#medians.byteWidth + this.#known.byteWidth;
    this.width = this.#bytesBehind + Math.ceil(byteWidth / Float64Array.BYTES_PER_ELEMENT);
  }

  /**
   * The row of a series, at the beginning of a memory.
   *
   * @param fitted All members, at the end of the values, which have single precision.
   * @param more How many numbers follow those of the methods.
   */
  rowOf(fitted: readonly FittedMethod[], values: Float64Array, more: number): RowMemory {
    const memory = new RowMemory(new Float64Array(this.width + more));
    const { numbers } = memory;
    this.seek(memory, 0);
    this.#medians.begin(values);
    this.#medians.write(numbers, this.#mediansBehind);
    for (let step = Math.max(0, values.length - KNOWN_STEPS); step < values.length; step++)
      this.#known.set(step, !Number.isNaN(values[step] as number));
    numbers[this.#stepsBehind] = values.length;
    numbers[this.#keptBehind] = 2 ** this.#rows.length - 1;
    const rows = fitted.slice(this.#windows);
    for (const [index, row] of this.#rows.entries()) row.copyFrom(numbersOf(rows[index] as FittedMethod));
    return memory;
  }

  seek(memory: RowMemory, first: number): void {
    if (memory === this.#memory && first === this.#first) return;
    this.#memory = memory;
    this.#first = first;
    let next = first + this.#mediansBehind + this.#windows;
    for (let index = 0; index < this.#rows.length; index++) {
      const row = this.#rows[index] as NumberRow;
      row.moveTo(memory, next);
      next += row.width;
    }
    this.#members.piecewise.forgetForecasts();
    const bytesFrom = Float64Array.BYTES_PER_ELEMENT * (first + this.#bytesBehind);
    this.#medians.seek(memory.singles, 2 * first, memory.bytes, bytesFrom);
    this.#known.seek(memory.bytes, bytesFrom + this.#medians.byteWidth);
  }

  forget(): void {
    this.#memory = NO_MEMORY;
  }

  keepOnly(methods: ReadonlySet<number>): void {
    let kept = 0;
    for (let index = 0; index < this.#rows.length; index++)
      if (methods.has(this.#windows + index)) kept += 2 ** index;
    this.#memory.numbers[this.#first + this.#keptBehind] = kept;
  }

  /** The piecewise trend is always followed: it knows what is plausible. */
  update(given: number): void {
    const value = Math.fround(given);
    const { dampedTrends, sawtooth, piecewise } = this.#members;
    const { numbers } = this.#memory;
    const step = numbers[this.#first + this.#stepsBehind] as number;
    const kept = numbers[this.#first + this.#keptBehind] as number;
    const keptLines = kept >> (dampedTrends.length + 2);
    for (let line = 0; keptLines >> line > 0; line++) if (isIn(keptLines, line)) this.#leave(line, step);
    this.#medians.push(value);
    this.#medians.write(numbers, this.#first + this.#mediansBehind);
    this.#known.set(step, !Number.isNaN(value));
    numbers[this.#first + this.#stepsBehind] = step + 1;
    for (let line = 0; keptLines >> line > 0; line++) if (isIn(keptLines, line)) this.#enter(line, value);
    for (let trend = 0; trend < dampedTrends.length; trend++)
      if (isIn(kept, trend)) (dampedTrends[trend] as DampedTrend).update(value);
    if (isIn(kept, dampedTrends.length)) sawtooth.update(value);
    piecewise.update(value);
  }

  write(steps: number, { methods, from, count }: Voices, into: Float64Array): void {
    const { numbers } = this.#memory;
    const mediansFrom = this.#first + this.#mediansBehind;
    for (let place = 0; place < count; place++) {
      const method = methods[from + place] as number;
      into[place] =
        method < this.#windows
          ? (numbers[mediansFrom + method] as number)
          : this.#at(method - this.#windows, steps);
    }
  }

  /** The forecast of a member that is no median. */
  #at(row: number, steps: number): number {
    const { dampedTrends, sawtooth, piecewise, lines } = this.#members;
    if (row < dampedTrends.length) return (dampedTrends[row] as DampedTrend).at(steps);
    const other = row - dampedTrends.length;
    if (other === 0) return sawtooth.at(steps);
    if (other === 1) return piecewise.at(steps);
    return (lines[other - 2] as LineSums).valueAt(steps);
  }

  #leave(index: number, step: number): void {
    const line = this.#members.lines[index] as LineSums;
    line.leave(this.#valueBefore(step, line.window, line.count));
  }

  #enter(index: number, value: number): void {
    const line = this.#members.lines[index] as LineSums;
    if (!line.enter(value)) this.#recompute(line);
  }

  plausible(steps: number): PlausibleRange | undefined {
    return this.#members.piecewise.plausible(steps);
  }

  /**
   * The value of the step that is `steps` before another, `NaN` for a gap.
   *
   * @param known How many values there are from that step on.
   */
  #valueBefore(step: number, steps: number, known: number): number {
    return step >= steps && this.#known.has(step - steps) ? this.#medians.back(known) : Number.NaN;
  }

  #recompute(line: LineSums): void {
    const end = this.#memory.numbers[this.#first + this.#stepsBehind] as number;
    const start = end - line.window;
    let known = 0;
    for (let step = Math.max(0, start); step < end; step++) if (this.#known.has(step)) known++;
    line.recompute((index) => {
      const value = this.#valueBefore(end, line.window - index, known);
      if (!Number.isNaN(value)) known--;
      return value;
    });
  }
}

function numbersOf(method: FittedMethod): NumberRow {
  if (method instanceof SlidingLine) return method.sums;
  if (method instanceof NumberRow) return method;
  throw new TypeError("a method without a row of numbers cannot be followed");
}

function isIn(bits: number, index: number): boolean {
  return ((bits >> index) & 1) === 1;
}
