import { weightedQuantiles } from "../math/weighted-quantile.ts";
import { AgeWeights } from "./age-weights.ts";
import type { HorizonErrors } from "./backtest/errors.ts";
import { positionOn, sharedHorizons } from "./backtest/horizon-grid.ts";
import { type Intervals, noOffsets, type Offsets } from "./method.ts";

/**
 * The weight of an error halves after this many points, because the scatter of a series changes.
 */
const ageWeights = new AgeWeights(200);
/** A horizon with fewer errors has the interval of the horizon before. */
const MIN_ERRORS = 12;
/** The shares of errors below each bound: of the 95 % and the 80 % interval, then the upper ones. */
const SHARES = Float64Array.of(0.025, 0.1, 0.9, 0.975);

/** How much intervals are widened, where errors are few and where there are none. */
export interface Widening {
  /** The relative widening of an interval that looks as far ahead as the history goes back. */
  readonly at80: number;
  readonly at95: number;
  /** The limit of that distance, in lengths of the history. */
  readonly furthest: number;
  /** The power of the distance that widens intervals beyond the last tested horizon. */
  readonly power: number;
  /** The further power beyond `UNKNOWN_FROM` times that horizon. */
  readonly unknownPower: number;
}

/** Beyond this many times the last tested horizon, the growth of errors is unknown. */
const UNKNOWN_FROM = 4;

/**
 * The widening for levels, calibrated on public operational series. Errors at long horizons are few
 * and similar, so their quantiles are too narrow, most in the tails. Beyond `UNKNOWN_FROM` times
 * the last tested horizon, or beyond the history, the growth of errors is unknown. It is set
 * between that of noise, which does not grow, and that of a random walk, which grows with the
 * square root.
 */
export const LEVEL_WIDENING: Widening = {
  at80: 0.2,
  at95: 1.75,
  furthest: 4,
  power: 0.1,
  unknownPower: 0.25,
};

/**
 * The widening for totals, calibrated on sums of public request, byte and event counts. The error
 * of a total is the error of its rate times the distance. The longer the distance, the fewer
 * examples the history holds.
 */
export const TOTAL_WIDENING: Widening = { at80: 3, at95: 4, furthest: 1 / 3, power: 1, unknownPower: 0 };

/**
 * Conformal intervals: the quantiles of the forecaster's own out-of-sample errors at each horizon.
 * Recent errors weigh more. An interval is never narrower than one at a shorter horizon.
 * https://en.wikipedia.org/wiki/Conformal_prediction
 */
export class ConformalIntervals implements Intervals {
  readonly #horizons: readonly number[];
  /** The four offsets at the first horizon, then at the second, and so on: bare numbers take little. */
  readonly #offsets: readonly number[];
  readonly #validPoints: number;
  readonly #widening: Widening;

  constructor(tested: readonly HorizonErrors[], validPoints: number, widening = LEVEL_WIDENING) {
    const used = tested.filter(({ errors }, index) => index === 0 || errors.length >= MIN_ERRORS);
    this.#horizons = sharedHorizons(used.map(({ horizon }) => horizon));
    const offsets: number[] = [];
    for (let index = 0; index < used.length; index++) pushOffsets(used[index] as HorizonErrors, offsets);
    // An array that grows keeps spare room, which its slice has not.
    this.#offsets = offsets.slice();
    this.#validPoints = validPoints;
    this.#widening = widening;
  }

  /**
   * The offsets at any number of steps ahead, interpolated between the tested horizons and growing
   * slowly beyond.
   */
  at(steps: number, into = noOffsets()): Readonly<Offsets> {
    const { below, above, share } = positionOn(this.#horizons, steps);
    const { at80, at95, furthest } = this.#widening;
    const distance = Math.min(steps / this.#validPoints, furthest);
    const longest = this.#horizons[this.#horizons.length - 1] as number;
    const beyond = steps > longest ? this.#wideningBeyond(steps / longest) : 1;
    const wider80 = beyond * (1 + at80 * distance);
    const wider95 = beyond * (1 + at95 * distance);
    const left = 4 * below;
    const right = 4 * above;
    into.lower95 = wider95 * this.#between(left, right, share);
    into.lower80 = wider80 * this.#between(left + 1, right + 1, share);
    into.upper80 = wider80 * this.#between(left + 2, right + 2, share);
    into.upper95 = wider95 * this.#between(left + 3, right + 3, share);
    return into;
  }

  /** How much wider an interval is, this many times further ahead than the longest tested horizon. */
  #wideningBeyond(timesTested: number): number {
    const { power, unknownPower } = this.#widening;
    return timesTested ** power * Math.max(1, timesTested / UNKNOWN_FROM) ** unknownPower;
  }

  #between(left: number, right: number, share: number): number {
    return (this.#offsets[left] as number) * (1 - share) + (this.#offsets[right] as number) * share;
  }
}

// Scratch: the weights of the errors at one horizon, the shares of them below its bounds, and its bounds.
let weights = new Float64Array(0);
const shares = new Float64Array(SHARES.length);
const quantiles = new Float64Array(SHARES.length);

/** Adds the offsets at the next horizon. They are not nearer than those at the horizon before. */
function pushOffsets({ errors, age }: HorizonErrors, offsets: number[]): void {
  const count = errors.length;
  const before = offsets.length - SHARES.length;
  if (count > 0) findQuantiles(errors, age);
  for (let bound = 0; bound < SHARES.length; bound++) {
    const own = count === 0 ? 0 : (1 + 8 / count ** 2) * (quantiles[bound] as number);
    const nearest = before < 0 ? 0 : (offsets[before + bound] as number);
    offsets.push((SHARES[bound] as number) < 0.5 ? Math.min(nearest, own) : Math.max(nearest, own));
  }
}

/**
 * With few errors the outer quantiles lie beyond the observed ones: rank (n + 1) p as in conformal
 * prediction, and a little wider.
 */
function findQuantiles(errors: Float64Array, age: Int32Array): void {
  const count = errors.length;
  const newest = age[count - 1] as number;
  if (weights.length < count) weights = new Float64Array(2 * count);
  for (let index = 0; index < count; index++) weights[index] = ageWeights.of((age[index] as number) - newest);
  for (let bound = 0; bound < SHARES.length; bound++)
    shares[bound] = 0.5 + ((SHARES[bound] as number) - 0.5) * (1 + 1 / count);
  weightedQuantiles(errors, weights, shares, quantiles);
}
