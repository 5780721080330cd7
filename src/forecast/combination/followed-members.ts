import { BitRing } from "../../math/bit-ring.ts";
import { NestedMedians } from "../../math/nested-medians.ts";
import { NumberRow } from "../../math/number-row.ts";
import { RowMemory } from "../../math/row-memory.ts";
import type { FittedMethod, PlausibleRange } from "../method.ts";
import type { DampedTrend } from "../methods/damped-holt.ts";
import type { LineSums } from "../methods/line-sums.ts";
import { SlidingLine } from "../methods/linear-trend.ts";
import type { PiecewiseTrend } from "../methods/piecewise-trend.ts";
import type { Sawtooth } from "../methods/sawtooth.ts";
import type { FollowingMethods, SeriesState, StateWidths, Voices } from "./combined.ts";

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
const NO_STATE: SeriesState = {
  memory: new RowMemory(new Float64Array(0)),
  bytes: new Uint8Array(0),
};

/**
 * Methods after their fit, as they follow series point by point. All that they know of a series is one
 * state, and one object serves the states of all series, one after the other. The moving medians and the
 * lines share the newest values, which have single precision. Their forecasts equal those of the methods
 * that a state was made from, if these take the same values.
 */
export class FollowedMembers implements FollowingMethods {
  readonly size: number;
  readonly width: number;
  readonly byteWidth: number;
  readonly #medians: NestedMedians;
  readonly #known = new BitRing(KNOWN_STEPS);
  readonly #members: MembersByClass;
  readonly #rows: readonly NumberRow[];
  /** That of all rows: it takes over the memory of each state. */
  readonly #memory = new RowMemory(new Float64Array(0));
  /** Where these are among the numbers of a state: how many steps there were, and the medians. */
  readonly #stepsAt: number;
  readonly #mediansFrom: number;
  /** A bit for each member that is followed, but for the medians. */
  readonly #keptAt: number;
  readonly #windows: number;
  #state = NO_STATE;

  constructor(members: MembersByClass) {
    const { medianWindows, dampedTrends, sawtooth, piecewise, lines } = members;
    this.#members = members;
    this.#medians = new NestedMedians(medianWindows);
    this.#windows = medianWindows.length;
    this.#rows = [...dampedTrends, sawtooth, piecewise, ...lines];
    this.size = medianWindows.length + this.#rows.length;
    // The newest values come first. Then follow how many steps there were, who is followed, the medians.
    this.#stepsAt = Math.ceil(this.#medians.width / 2);
    this.#keptAt = this.#stepsAt + 1;
    this.#mediansFrom = this.#keptAt + 1;
    this.width = this.#mediansFrom + this.#windows;
    this.byteWidth = this.#medians.byteWidth + this.#known.byteWidth;
    for (const row of this.#rows) {
      row.moveTo(this.#memory, this.width);
      this.width += row.width;
    }
  }

  /**
   * The state of a series.
   *
   * @param fitted All members, at the end of the values, which have single precision.
   * @param more How much follows what belongs to the methods.
   */
  stateOf(fitted: readonly FittedMethod[], values: Float64Array, more: StateWidths): SeriesState {
    const width = this.width + more.width;
    const bytesFrom = width * Float64Array.BYTES_PER_ELEMENT;
    const block = new ArrayBuffer(bytesFrom + this.byteWidth + more.byteWidth);
    const state = {
      memory: new RowMemory(new Float64Array(block, 0, width)),
      bytes: new Uint8Array(block, bytesFrom),
    };
    this.seek(state);
    this.#medians.begin(values);
    this.#medians.write(state.memory.numbers, this.#mediansFrom);
    for (let step = Math.max(0, values.length - KNOWN_STEPS); step < values.length; step++)
      this.#known.set(step, !Number.isNaN(values[step] as number));
    state.memory.numbers[this.#stepsAt] = values.length;
    state.memory.numbers[this.#keptAt] = 2 ** this.#rows.length - 1;
    const rows = fitted.slice(this.#windows);
    for (const [index, row] of this.#rows.entries()) row.copyFrom(rowOf(rows[index] as FittedMethod));
    return state;
  }

  seek(state: SeriesState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#memory.take(state.memory);
    this.#members.piecewise.forgetForecasts();
    this.#medians.seek(state.memory.singles, 0, state.bytes, 0);
    this.#known.seek(state.bytes, this.#medians.byteWidth);
  }

  keepOnly(methods: ReadonlySet<number>): void {
    let kept = 0;
    for (let index = 0; index < this.#rows.length; index++)
      if (methods.has(this.#windows + index)) kept += 2 ** index;
    this.#state.memory.numbers[this.#keptAt] = kept;
  }

  /** The piecewise trend is always followed: it knows what is plausible. */
  update(given: number): void {
    const value = Math.fround(given);
    const { dampedTrends, sawtooth, piecewise } = this.#members;
    const { numbers } = this.#state.memory;
    const step = numbers[this.#stepsAt] as number;
    const kept = numbers[this.#keptAt] as number;
    const keptLines = kept >> (dampedTrends.length + 2);
    for (let line = 0; keptLines >> line > 0; line++) if (isIn(keptLines, line)) this.#leave(line, step);
    this.#medians.push(value);
    this.#medians.write(numbers, this.#mediansFrom);
    this.#known.set(step, !Number.isNaN(value));
    numbers[this.#stepsAt] = step + 1;
    for (let line = 0; keptLines >> line > 0; line++) if (isIn(keptLines, line)) this.#enter(line, value);
    for (let trend = 0; trend < dampedTrends.length; trend++)
      if (isIn(kept, trend)) (dampedTrends[trend] as DampedTrend).update(value);
    if (isIn(kept, dampedTrends.length)) sawtooth.update(value);
    piecewise.update(value);
  }

  write(steps: number, { methods, from, count }: Voices, into: Float64Array): void {
    const { numbers } = this.#state.memory;
    for (let place = 0; place < count; place++) {
      const method = methods[from + place] as number;
      into[place] =
        method < this.#windows
          ? (numbers[this.#mediansFrom + method] as number)
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
    const end = this.#state.memory.numbers[this.#stepsAt] as number;
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

function rowOf(method: FittedMethod): NumberRow {
  if (method instanceof SlidingLine) return method.sums;
  if (method instanceof NumberRow) return method;
  throw new TypeError("a method without a row of numbers cannot be followed");
}

function isIn(bits: number, index: number): boolean {
  return ((bits >> index) & 1) === 1;
}
