/** One view of the past: `count` means, each over `points` points, the newest first. */
interface Resolution {
  readonly count: number;
  readonly points: number;
}

const RESOLUTIONS: readonly Resolution[] = [
  { count: 32, points: 1 },
  { count: 24, points: 4 },
  { count: 24, points: 16 },
  { count: 8, points: 128 },
];
/** For these the mean distance between neighbours is an input too. */
const SCATTER: Resolution = { count: 12, points: 16 };
const RECENT_POINTS = 32;
const NUMBERS = 20;

/** What the gate is shown of a whole series, once for all horizons. */
export const SERIES_INPUTS = RESOLUTIONS.reduce((sum, { count }) => sum + count, 0) + SCATTER.count + NUMBERS;

/** What is known of a series beside its values. */
export interface SeriesFacts {
  readonly stepSeconds: number;
  /** The lengths of its seasons in steps, the strongest first. */
  readonly periods: readonly number[];
  /** How far ahead it will be forecast. */
  readonly horizonSteps: number;
}

/** The point and the unit that a series is seen from, so that neither shift nor scale count. */
export interface Measure {
  /** The last value that is no gap. */
  readonly last: number;
  /** The usual change from one point to the next, above 0. */
  readonly unit: number;
}

/**
 * Writes the inputs of a series. Everything is counted from its last value, in its usual change from
 * one point to the next, on a scale that is linear near 0 and logarithmic far away. What lies before the
 * first value is 0.
 *
 * @param values `NaN` for gaps; the first is none.
 * @param into `SERIES_INPUTS` numbers are written.
 */
export function writeSeriesInputs(
  values: Float64Array,
  measure: Measure,
  facts: SeriesFacts,
  into: Float32Array,
): void {
  let place = 0;
  for (const { count, points } of RESOLUTIONS)
    for (let block = 0; block < count; block++)
      into[place++] = seen(meanOf(values, block * points, points) - measure.last, measure.unit);
  for (let block = 0; block < SCATTER.count; block++)
    into[place++] = seen(meanMove(values, block * SCATTER.points, SCATTER.points), measure.unit);
  for (const number of numbersOf(values, measure, facts)) into[place++] = finiteOr0(number);
}

/** Linear near 0, logarithmic far away. A gap is 0. */
export function seen(distance: number, unit: number): number {
  return finiteOr0(Math.asinh(distance / unit));
}

function finiteOr0(value: number): number {
  return Number.isFinite(value) ? value : 0;
}

/** The mean of the points that are `back` to `back + points` before the end; `NaN` without any. */
function meanOf(values: Float64Array, back: number, points: number): number {
  const end = values.length - back;
  let sum = 0;
  let count = 0;
  for (let index = Math.max(0, end - points); index < end; index++) {
    const value = values[index] as number;
    if (Number.isNaN(value)) continue;
    sum += value;
    count++;
  }
  return sum / count;
}

function meanMove(values: Float64Array, back: number, points: number): number {
  const end = values.length - back;
  let sum = 0;
  let count = 0;
  for (let index = Math.max(1, end - points); index < end; index++) {
    const move = Math.abs((values[index] as number) - (values[index - 1] as number));
    if (Number.isNaN(move)) continue;
    sum += move;
    count++;
  }
  return sum / count;
}

function numbersOf(values: Float64Array, { last, unit }: Measure, facts: SeriesFacts): number[] {
  const { stepSeconds, periods, horizonSteps } = facts;
  const length = values.length;
  const moves = movesOf(values);
  const recent = movesOf(values.subarray(Math.max(0, length - RECENT_POINTS)));
  const range = rangeOf(values, last);
  return [
    Math.log(length),
    Math.min(1, length / 32),
    Math.min(1, length / 96),
    Math.min(1, length / 384),
    moves.gaps,
    recent.gaps,
    moves.still,
    recent.still,
    moves.turning,
    recent.turning,
    recent.balance,
    moves.balance,
    Math.log((recent.mean + 1e-3 * unit) / (moves.mean + 1e-3 * unit)),
    seen(moves.largest, unit),
    Math.log(1 + moves.sinceLargest),
    range.below,
    seen(range.highest - range.lowest, unit),
    Math.log(stepSeconds),
    periods.length === 0 ? 0 : 1 + Math.log(length / (periods[0] as number)),
    Math.log(horizonSteps),
  ];
}

/** How a series moves from point to point. */
interface Moves {
  readonly mean: number;
  readonly largest: number;
  readonly sinceLargest: number;
  /** Shares of the points. */
  readonly gaps: number;
  readonly still: number;
  /** How much more often it goes on than it turns, from -1 to 1, by the size of the moves. */
  readonly turning: number;
  /** The sum of the moves over the sum of their sizes. */
  readonly balance: number;
}

function movesOf(values: Float64Array): Moves {
  let [sum, net, largest, sinceLargest, count, still, products, squares] = [0, 0, 0, 0, 0, 0, 0, 0];
  let gaps = 0;
  let before = Number.NaN;
  let moveBefore = 0;
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as number;
    if (Number.isNaN(value)) {
      gaps++;
      continue;
    }
    const move = value - before;
    before = value;
    if (Number.isNaN(move)) continue;
    count++;
    sum += Math.abs(move);
    net += move;
    products += move * moveBefore;
    squares += move * move;
    moveBefore = move;
    if (move === 0) still++;
    if (Math.abs(move) > largest) {
      largest = Math.abs(move);
      sinceLargest = values.length - index;
    }
  }
  return {
    mean: count === 0 ? 0 : sum / count,
    largest,
    sinceLargest,
    gaps: gaps / values.length,
    still: count === 0 ? 1 : still / count,
    turning: squares === 0 ? 0 : products / squares,
    balance: sum === 0 ? 0 : net / sum,
  };
}

/** The range of the values, and the share of them below the last, where equal ones count half. */
function rangeOf(
  values: Float64Array,
  last: number,
): { readonly lowest: number; readonly highest: number; readonly below: number } {
  let lowest = last;
  let highest = last;
  let below = 0;
  let count = 0;
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as number;
    if (Number.isNaN(value)) continue;
    count++;
    if (value < last) below++;
    else if (value === last) below += 0.5;
    if (value < lowest) lowest = value;
    else if (value > highest) highest = value;
  }
  return { lowest, highest, below: below / count };
}
