import { originsOf, testedHorizons } from "./origins.ts";

/** The place of a forecast whose actual value is a gap, or lies beyond the end. */
const NOWHERE = -1;

/** The forecasts of several methods at one number of steps ahead, and the actual values. */
export interface HorizonWalk {
  readonly horizon: number;
  /** The actual values, one for each origin that has one. */
  readonly actual: Float64Array;
  /** How many points ago each of them was. */
  readonly age: Int32Array;
  /**
   * The forecasts: those of all methods at the first origin, then at the second, and so on. Valid
   * until the next walk.
   */
  readonly predicted: Float64Array;
}

/**
 * The forecasts of all walks, one walk after the other. They are many and soon used up, so the next
 * backtest writes over them.
 */
let scratch = new Float64Array(0);

function scratchOf(length: number): Float64Array {
  if (scratch.length < length) scratch = new Float64Array(length);
  return scratch;
}

/** The forecasts of a backtest: where each belongs, and what it is compared with. */
export class HorizonTests {
  readonly horizons: readonly number[];
  /** The indices of the points that are forecast one step ahead. */
  readonly origins: Int32Array;
  readonly walks: readonly HorizonWalk[];
  /** For each origin and, within it, each horizon: the place of the first method's forecast. */
  readonly #places: Int32Array;
  readonly #predicted: Float64Array;

  constructor(values: Float64Array, start: number, horizonSteps: number, methods: number) {
    this.horizons = testedHorizons(values.length, horizonSteps);
    this.origins = originsOf(values, start);
    const cells = this.origins.length * this.horizons.length;
    this.#places = new Int32Array(cells).fill(NOWHERE);
    this.#predicted = scratchOf(cells * methods);
    const actual = new Float64Array(cells);
    const age = new Int32Array(cells);
    let end = 0;
    this.walks = this.horizons.map((horizon, column) => {
      const from = end;
      for (let row = 0; row < this.origins.length; row++) {
        const target = (this.origins[row] as number) + horizon - 1;
        if (target >= values.length) break;
        if (Number.isNaN(values[target] as number)) continue;
        this.#places[row * this.horizons.length + column] = end * methods;
        actual[end] = values[target] as number;
        age[end] = values.length - 1 - target;
        end++;
      }
      return {
        horizon,
        actual: actual.subarray(from, end),
        age: age.subarray(from, end),
        predicted: this.#predicted.subarray(from * methods, end * methods),
      };
    });
  }

  /** Keeps the forecasts of a method before an origin, at each horizon. */
  keep(method: number, origin: number, forecasts: Float64Array): void {
    const first = origin * forecasts.length;
    for (let column = 0; column < forecasts.length; column++) {
      const place = this.#places[first + column] as number;
      if (place !== NOWHERE) this.#predicted[place + method] = forecasts[column] as number;
    }
  }

  /** Keeps a forecast that is the same at each horizon. */
  keepConstant(method: number, origin: number, forecast: number): void {
    const first = origin * this.horizons.length;
    for (let column = 0; column < this.horizons.length; column++) {
      const place = this.#places[first + column] as number;
      if (place !== NOWHERE) this.#predicted[place + method] = forecast;
    }
  }

  /**
   * Keeps the forecasts of the first methods, which are the same at each horizon. All forecasts that
   * belong to one place are written at once.
   *
   * @param forecasts Those of the first method before each origin, then those of the second, and so on.
   */
  keepConstants(methods: number, forecasts: Float64Array): void {
    const rows = this.origins.length;
    const columns = this.horizons.length;
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const place = this.#places[row * columns + column] as number;
        if (place === NOWHERE) continue;
        for (let method = 0; method < methods; method++)
          this.#predicted[place + method] = forecasts[method * rows + row] as number;
      }
    }
  }
}
