import { countValid } from "../gaps.ts";
import { horizonGrid } from "./horizon-grid.ts";

/** The maximum number of origins of a backtest: enough for quantiles, few enough to be fast. */
const MAX_ORIGINS = 150;
/** A horizon is tested when the history is at least this many times as long. */
const LENGTH_PER_HORIZON = 3;
/** The place of a forecast whose actual value is a gap, or lies beyond the end. */
const NOWHERE = -1;

/** The forecasts of several methods at one number of steps ahead, and the actual values. */
export interface HorizonWalk {
  readonly horizon: number;
  /** The actual values, one for each origin that has one. */
  readonly actual: Float64Array;
  /** How many points ago each of them was. */
  readonly age: Int32Array;
  /** The forecasts: those of all methods at the first origin, then at the second, and so on. */
  readonly predicted: Float64Array;
}

/** The forecasts of a backtest: where each belongs, and what it is compared with. */
export class HorizonTests {
  readonly horizons: readonly number[];
  /** The indices of the points that are forecast one step ahead. */
  readonly origins: Int32Array;
  readonly walks: readonly HorizonWalk[];
  /** For each origin and, within it, each horizon: the place of the first method's forecast. */
  readonly #places: Int32Array;
  /** The forecasts of all walks, one walk after the other. */
  readonly #predicted: Float64Array;

  constructor(values: Float64Array, start: number, horizonSteps: number, methods: number) {
    const longest = Math.max(1, Math.min(horizonSteps, Math.floor(values.length / LENGTH_PER_HORIZON)));
    this.horizons = horizonGrid(longest);
    this.origins = originsOf(values, start);
    const cells = this.origins.length * this.horizons.length;
    this.#places = new Int32Array(cells).fill(NOWHERE);
    this.#predicted = new Float64Array(cells * methods);
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
}

/** The newest origins, evenly spaced. They lie before points that are not gaps. */
function originsOf(values: Float64Array, start: number): Int32Array {
  let toCome = countValid(values.subarray(start));
  const stride = Math.max(1, Math.ceil(toCome / MAX_ORIGINS));
  const origins = new Int32Array(Math.ceil(toCome / stride));
  let count = 0;
  for (let next = start; next < values.length; next++) {
    if (Number.isNaN(values[next] as number)) continue;
    toCome--;
    if (toCome % stride === 0) origins[count++] = next;
  }
  return origins;
}
